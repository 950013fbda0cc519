import type { IncomingMessage } from 'node:http';
import express, { type Response, type Router } from 'express';
import { toCsv } from '../contingency/csv.ts';
import type { KeptSheet, Sheets } from '../contingency/keeper.ts';
import { type Sheet, type SheetEntry, visitsIn, withoutPatients } from '../contingency/sheet.ts';
import { fileName, type Language, zoneOf } from '../contingency/words.ts';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import { formatInstant, type Instant, SECOND } from '../domain/instant.ts';
import type { AuditEvent, Auditor } from '../engine/ports/audit.ts';
import { notRecorded } from '../fhir/auditing.ts';
import { require } from '../fhir/authorize.ts';
import { languageOf } from '../fhir/language.ts';
import { Refused } from '../fhir/outcomes.ts';
import { maySeePatients } from '../fhir/patient-access.ts';
import { eventOf } from './auditing.ts';
import { callerOf } from './authentication.ts';
import * as routes from './contract/contingency.ts';
import type { Shown } from './contract/route.ts';
import { mount, mountRaw } from './mount.ts';

/**
 * The contingency sheet, as JSON, CSV and PDF: from memory, so also while the database does not answer. Whoever gets it is
 * recorded as having seen these patients, in the chain or, while that cannot be written, in the spool (docs/decisions/0034).
 */

export type ContingencyDependencies = {
  readonly directory: Directory;
  readonly sheets: Sheets;
  readonly auditor: Pick<Auditor, 'record'>;
  /** Rejects where it could not be written. */
  readonly spool: (event: AuditEvent, at: Instant) => Promise<void>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
};

type Format = 'json' | 'csv' | 'pdf';

/** Longer than it takes a database that answers. */
const AUDIT_MILLISECONDS = 3 * SECOND;
/** SMART App Launch 2: who lists appointments. Who comes is shown to whoever may also read patients. */
const NEEDS = [{ type: 'Appointment', permission: 's' }] as const;

export function contingencyApi(dependencies: ContingencyDependencies): Router {
  const { clock } = dependencies;
  const router = express.Router();
  const oneByOne = inTurn();

  mount(router, routes.readContingency, async ({ request, query, reply }) => {
    const { sheet, isStale } = await shown(dependencies, request, query().organization, 'json');
    return reply(200, answerOf(sheet, isStale, clock.now()));
  });

  mountRaw(router, routes.readContingencyCsv, async ({ request, query }, response) => {
    const { organization, lang } = query();
    const language = languageFor(request, lang);
    const { sheet, isStale } = await shown(dependencies, request, organization, 'csv');
    const bytes = Buffer.from(toCsv(sheet, language, isStale), 'utf8');
    attach(response, sheet, { bytes, type: 'text/csv; charset=utf-8', ending: 'csv', language });
  });

  mountRaw(router, routes.readContingencyPdf, async ({ request, query }, response) => {
    const { organization, lang, paper } = query();
    const language = languageFor(request, lang);
    const { sheet, isStale } = await shown(dependencies, request, organization, 'pdf');
    // It has fonts and more to load, and is seldom asked for.
    const { toPdf } = await import('../contingency/pdf.ts');
    const bytes = await oneByOne(() => toPdf(sheet, { language, paper, isStale }));
    attach(response, sheet, { bytes, type: 'application/pdf', ending: 'pdf', language });
  });
  return router;
}

/** What may be shown to who asks, once that is recorded. @throws Refused */
async function shown(
  dependencies: ContingencyDependencies,
  request: IncomingMessage,
  organization: string | undefined,
  format: Format,
): Promise<KeptSheet> {
  const caller = callerOf(request);
  require(caller, NEEDS);
  const found = await dependencies.sheets.of(organizationOf(organization, dependencies.directory));
  if (!found) throw noSheet();
  const sheet = maySeePatients({ caller }) ? found.sheet : withoutPatients(found.sheet);
  await record(dependencies, request, { ...found, sheet }, format);
  return { ...found, sheet };
}

/** @throws Refused where it could be recorded nowhere: then it is not shown. */
async function record(
  { auditor, spool, sheets, clock }: ContingencyDependencies,
  request: IncomingMessage,
  { sheet, isStale }: KeptSheet,
  format: Format,
): Promise<void> {
  const shown = visitsIn(sheet).filter(({ patient }) => patient !== null);
  const event = eventOf(request, {
    type: 'contingency.read',
    action: 'R',
    entities: [
      `Organization/${sheet.organization.id}`,
      ...shown.map(({ id }) => `Appointment/${id}`),
      ...new Set(shown.flatMap(({ patient }) => (patient?.id ? [`Patient/${patient.id}`] : []))),
    ],
    detail: { format, asOf: formatInstant(sheet.asOf), stale: String(isStale) },
  });
  const at = clock.now();
  if (!sheets.isCutOff() && (await isWritten(auditor.record(event), clock))) return;
  try {
    await spool(event, at);
  } catch {
    throw notRecorded();
  }
}

/** False = it failed, or takes too long: then it may be written twice, and the id of the request tells. */
async function isWritten(writing: Promise<void>, clock: ContingencyDependencies['clock']): Promise<boolean> {
  const done = new AbortController();
  const late = clock.sleep(AUDIT_MILLISECONDS, done.signal).then(
    () => false,
    () => false,
  );
  const written = writing.then(
    () => true,
    () => false,
  );
  return Promise.race([written, late]).finally(() => done.abort());
}

/** A page takes its time to set: of several who ask at once, one after the other, so that all else is answered in between. */
function inTurn(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** @throws Refused unless it is one that who asks may see, and it is clear which. */
function organizationOf(given: string | undefined, { entries: { organizations } }: Directory): string {
  const [only] = organizations;
  if (given === undefined && only && organizations.length === 1) return only.id;
  const found = organizations.find(({ id }) => id === given);
  if (found) return found.id;
  throw new Refused('invalid-parameter', {
    diagnostics: {
      fr: 'organization : l’id d’une organisation, une fois, comme les donne GET /api/status',
      en: 'organization: the id of one organization, once, as GET /api/status gives them',
    },
    expression: 'http.organization',
  });
}

const noSheet = (): Refused =>
  new Refused(
    'no-sheet',
    {
      diagnostics: {
        fr: 'il n’y a pas de feuille : la base de données ne répond pas, et la dernière feuille est échue ou n’a jamais été faite',
        en: 'there is no sheet: the database does not answer, and the last sheet is over or was never made',
      },
    },
    { 'retry-after': '30' },
  );

/** What is asked for before Accept-Language, since a link cannot say the latter. */
const languageFor = ({ headers }: IncomingMessage, asked: Language | undefined): Language =>
  asked ?? languageOf(headers['accept-language']);

type File = {
  readonly bytes: Buffer;
  readonly type: string;
  readonly ending: string;
  readonly language: Language;
};

function attach(response: Response, sheet: Sheet, { bytes, type, ending, language }: File): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    'content-language': language,
    // Ids of organizations are of letters, digits, - and . only.
    'content-disposition': `attachment; filename="${fileName(sheet, ending, zoneOf(sheet))}"`,
    'cache-control': 'no-store',
    vary: 'Accept-Language',
  });
  response.end(bytes);
}

const text = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

const answerOf = (sheet: Sheet, isStale: boolean, now: Instant): Shown<typeof routes.Sheet> => ({
  at: formatInstant(now),
  stale: isStale,
  asOf: formatInstant(sheet.asOf),
  organization: sheet.organization,
  namesPatients: sheet.namesPatients,
  sources: sheet.sources.map(({ connectionId, title, confirmedAt, stale }) => ({
    connection: connectionId,
    title,
    confirmedAt: text(confirmedAt),
    stale,
  })),
  locations: sheet.locations.map((location) => ({
    ...location,
    schedules: location.schedules.map((schedule) => ({
      ...schedule,
      days: schedule.days.map(({ date, entries }) => ({ date, entries: entries.map(entryJson) })),
    })),
  })),
});

function entryJson(
  entry: SheetEntry,
): Shown<typeof routes.Sheet>['locations'][number]['schedules'][number]['days'][number]['entries'][number] {
  const [start, end] = [formatInstant(entry.interval.start), formatInstant(entry.interval.end)];
  if (entry.kind === 'free') {
    const { places, platforms, stale, bookableFrom } = entry;
    return {
      kind: 'free',
      start,
      end,
      places,
      platforms: [...platforms],
      stale,
      bookableFrom: text(bookableFrom),
    };
  }
  const { id, state, inConflict, heldUntil, platform, confirmation, patient, comment, reasons } = entry;
  return {
    ...{ kind: 'visit', appointment: id, start, end, state, conflict: inConflict },
    ...{ heldUntil: text(heldUntil), platform, confirmation, patient, comment, reasons: [...reasons] },
  };
}
