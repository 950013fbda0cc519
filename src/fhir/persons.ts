import { patientResource } from '../../mappings/fhir/patient.ts';
import { ADMINISTRATOR } from '../domain/access.ts';
import type { Clock } from '../domain/environment.ts';
import { namProblem, normalNam } from '../domain/health-number.ts';
import { formatInstant } from '../domain/instant.ts';
import type { Reader } from '../engine/ports/front.ts';
import type { Erased, PatientKeeper, PatientRow, Persons } from '../engine/ports/patients.ts';
import type { Seal } from '../engine/ports/seal.ts';
import type { VersionReader } from '../engine/ports/versions.ts';
import { metaHead } from './answer.ts';
import { detailsOf, type PatientDependencies, withNumbers } from './patients.ts';
import { ANY, appointmentText, appointmentTextFor } from './rows.ts';
import { isUuid } from './values.ts';

/** What is known of one person, for who asks for it or wants it gone: LRSSS and P-39.1 (docs/privacy.md). */

export type PersonsDependencies = {
  readonly patients: PatientDependencies;
  readonly reader: Pick<Reader, 'searchAppointments'>;
  readonly versions: Pick<VersionReader, 'appointmentVersions'>;
  readonly keeper: Pick<PatientKeeper, 'erasePatients' | 'rejectedRaw' | 'eraseRaw'>;
  readonly seal: Pick<Seal, 'openText'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Told of their ids. */
  readonly onErased: (ids: readonly string[]) => void;
};

/** More than anybody has. */
const APPOINTMENTS_MAX = 10_000;
const VERSIONS_MAX = 1_000;
const RAW_BATCH = 100;
/** That who asks may do this has been settled before. */
const CLINIC = { caller: ADMINISTRATOR } as const;

export const createPersons = (dependencies: PersonsDependencies): Persons => ({
  async export(who) {
    const ids = await idsOf(dependencies.patients, who);
    const known = await Promise.all(ids.map((id) => entriesOf(dependencies, id)));
    const unread = await unreadOf(dependencies, await numbersOf(dependencies, who, ids));
    const entries = [...known.flat(), ...unread.map(({ text }) => binaryOf(text))];
    if (entries.length === 0) return null;
    const timestamp = formatInstant(dependencies.clock.now());
    return `{"resourceType":"Bundle","type":"collection","timestamp":"${timestamp}","entry":[${entries.join(',')}]}`;
  },

  async erase(who): Promise<Erased> {
    const { patients, keeper, onErased } = dependencies;
    const ids = await idsOf(patients, who);
    const unread = await unreadOf(dependencies, await numbersOf(dependencies, who, ids));
    const rejected = unread.length === 0 ? 0 : await keeper.eraseRaw(unread.map(({ key }) => key));
    const erased = await keeper.erasePatients(ids);
    if (ids.length > 0) onErased(ids);
    return { patients: ids, ...erased, rejected };
  },
});

async function idsOf(patients: PatientDependencies, who: string): Promise<readonly string[]> {
  if (!isUuid(who)) return withNumbers(patients)([normalNam(who)]);
  // Also one whose details cannot be opened: it is there to be erased.
  return (await rowOf(patients, who)) ? [who] : [];
}

async function rowOf({ reader, isKept }: PatientDependencies, id: string): Promise<PatientRow | null> {
  if (!isKept) return null;
  const query = { ids: [id], anyUpdated: null };
  const [row] = await reader.searchPatients(query, { after: null, descending: false, limit: 1 });
  return row ?? null;
}

/** The Patient, and every version of every appointment, newest first. */
async function entriesOf({ patients, reader, versions }: PersonsDependencies, id: string): Promise<string[]> {
  const row = await rowOf(patients, id);
  const details = await detailsOf(patients, id);
  if (!row || !details) return [];
  patients.onRead([id]);
  const patient = `${JSON.stringify(patientResource(id, details)).slice(0, -1)},${metaHead(row.version, row.updatedMs)}}}`;
  const appointments = await reader.searchAppointments({
    ...ANY,
    ids: null,
    patientIds: [id],
    limit: APPOINTMENTS_MAX,
  });
  const entries = [`{"resource":${patient}}`];
  for (const appointment of appointments) {
    entries.push(`{"resource":${appointmentTextFor(appointment, CLINIC)}}`);
    const former = await versions.appointmentVersions({
      of: { id: appointment.id, version: null, at: { fromMs: null, beforeMs: null } },
      ...{ sinceMs: null, after: null, limit: VERSIONS_MAX },
    });
    const older = former.filter(({ version }) => version !== appointment.version);
    entries.push(...older.map((each) => `{"resource":${appointmentText(each)}}`));
  }
  return entries;
}

/** Health insurance numbers: of those who are kept, and what was asked for, where it has their form: a part of one is in others too. */
async function numbersOf(
  { patients }: PersonsDependencies,
  who: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const details = await Promise.all(ids.map((id) => detailsOf(patients, id)));
  const known = details.flatMap((each) => (each?.nam ? [each.nam] : []));
  const asked = normalNam(who);
  return namProblem(asked, null) === 'form' ? known : [...known, asked];
}

/** Records that could not be read, and have the number in them, however it is written there. */
async function unreadOf(
  { keeper, seal }: PersonsDependencies,
  numbers: readonly string[],
): Promise<readonly { readonly key: string; readonly text: string }[]> {
  const found: { readonly key: string; readonly text: string }[] = [];
  if (numbers.length === 0) return found;
  for (let after: string | null = null; ; ) {
    const rows = await keeper.rejectedRaw({ after, limit: RAW_BATCH });
    for (const { key, sealed } of rows) {
      const text = textOf(seal, sealed);
      const normal = normalNam(text);
      if (numbers.some((number) => normal.includes(number))) found.push({ key, text });
    }
    after = rows.at(-1)?.key ?? null;
    if (after === null) return found;
  }
}

/** What is no resource of R4, as it came. */
const binaryOf = (text: string): string =>
  `{"resource":${JSON.stringify({
    resourceType: 'Binary',
    contentType: 'text/plain; charset=utf-8',
    data: Buffer.from(text, 'utf8').toString('base64'),
  })}}`;

/** Empty when it cannot be opened, of which who made the seal has heard. */
function textOf(seal: Pick<Seal, 'openText'>, sealed: Uint8Array): string {
  try {
    return seal.openText(sealed, 'rejected');
  } catch {
    return '';
  }
}
