import { createHash } from 'node:crypto';
import type { CodeMap } from '../../src/adapter/concept-map.ts';
import type { ReadRequest } from '../../src/adapter/contract.ts';
import type { Answer } from '../../src/adapter/documents/document.ts';
import type { ObservedShift, Page, Rejected } from '../../src/adapter/observation.ts';
import { DAY, type Instant, instant, plus } from '../../src/domain/instant.ts';
import { hull, type Interval, intersection } from '../../src/domain/interval.ts';
import type { RosterDocument } from './client.ts';
import { readCsv } from './csv.ts';
import { type Cursor, formatCursor, parseCursor } from './cursor.ts';
import { readIcs } from './ics.ts';
import { readJson } from './json.ts';
import type { RosterSettings } from './manifest.ts';
import { normalize } from './normalize.ts';
import type { Published, ZoneOfWhom } from './record.ts';
import { type Whose, whose } from './whose.ts';

/**
 * A roster as pages. A document has no changes, only a whole text that is as it was or is not: as they all were gives no
 * shifts; else all of all of them are given, so that what is missing is gone.
 */

export type Source = {
  readonly documents: readonly RosterDocument[];
  readonly settings: RosterSettings;
  readonly zoneOf: (calendar: string) => string;
  readonly tasks: CodeMap;
};

/** A shift that has begun may be withdrawn still; and series are expanded a day further than asked, once a day. */
const MARGIN_MILLISECONDS = DAY;
const SHIFTS_PER_PAGE = 500;

type Text = Extract<Answer, { kind: 'text' }>;

/** @throws Fault */
export async function* readRoster(
  source: Source,
  { calendars, cursor: given, window, signal }: ReadRequest,
): AsyncGenerator<Page> {
  const settings = digest(JSON.stringify([source.settings, calendars.map((id) => [id, source.zoneOf(id)])]));
  const cursor = given === null ? null : parseCursor(given);
  if (
    given !== null &&
    (cursor?.settings !== settings || cursor.documents.length !== source.documents.length)
  ) {
    yield { kind: 'cursorExpired' };
    return;
  }
  const known = cursor !== null && window.end <= cursor.expandedTo ? cursor : null;
  const answers = await answersOf(source.documents, known, signal);
  const truth = truthOf(answers.all);
  if (answers.texts === null) {
    yield { kind: 'end', complete: null, cursor: formatCursor(answers.cursor), ...truth };
    return;
  }
  const range = {
    start: plus(window.start, -MARGIN_MILLISECONDS),
    end: plus(window.end, MARGIN_MILLISECONDS),
  };
  const zone = source.zoneOf(calendars[0] ?? '');
  const of = whose(calendars, source.settings.calendars);
  const extents: (Interval | null)[] = [];
  for (const [index, { text }] of answers.texts.entries()) {
    const document = source.documents[index];
    if (!document) continue;
    const published = parsed(document, text, { source, calendars, of, zone, range });
    const { shifts, rejected } = normalize(published.records, document.calendar, of, source.tasks);
    const given = shifts.filter(({ interval }) => interval.end > range.start);
    yield* pages(given, [...published.rejected, ...rejected]);
    extents.push(extentOf(published, given, range));
  }
  const documents = answers.texts.map(({ validators, text }) => ({ ...validators, hash: digest(text) }));
  yield {
    kind: 'end',
    complete: common(extents),
    cursor: formatCursor({ documents, settings, expandedTo: range.end }),
    ...truth,
  };
}

type Read =
  | { readonly texts: null; readonly all: readonly Answer[]; readonly cursor: Cursor }
  | { readonly texts: readonly Text[]; readonly all: readonly Answer[] };

/** Asks for what has changed; once anything has, for all of the rest as well. */
async function answersOf(
  documents: readonly RosterDocument[],
  known: Cursor | null,
  signal: AbortSignal,
): Promise<Read> {
  const answers: Answer[] = [];
  let isChanged = known === null;
  for (const [index, document] of documents.entries()) {
    const before = known?.documents[index] ?? null;
    const answer = await document.get(isChanged ? null : before, signal);
    isChanged ||= answer.kind === 'text' && digest(answer.text) !== before?.hash;
    answers.push(answer);
  }
  if (known !== null && !isChanged) {
    const now = known.documents.map((before, index) => {
      const answer = answers[index];
      return answer?.kind === 'text' ? { ...before, ...answer.validators } : before;
    });
    return { texts: null, all: answers, cursor: { ...known, documents: now } };
  }
  const texts: Text[] = [];
  for (const [index, document] of documents.entries()) {
    const answer = answers[index];
    const whole = answer?.kind === 'text' ? answer : await document.get(null, signal);
    if (whole.kind === 'text') texts.push(whole);
  }
  return { texts, all: texts };
}

type Place = {
  readonly source: Source;
  readonly calendars: readonly string[];
  readonly of: Whose;
  /** Of who is linked to no calendar. */
  readonly zone: string;
  readonly range: Interval;
};

function parsed(
  document: RosterDocument,
  text: string,
  { source, calendars, of, zone, range }: Place,
): Published {
  const linked = new Set(calendars);
  const zoneOf: ZoneOfWhom = (practitioner, place) => {
    const calendar = document.calendar ?? (practitioner === null ? null : of(practitioner, place));
    return calendar !== null && linked.has(calendar) ? source.zoneOf(calendar) : zone;
  };
  switch (document.format) {
    case 'json':
      return readJson(text, zoneOf);
    case 'csv':
      return readCsv(text, zoneOf, document.calendar !== null);
    case 'ics':
      return readIcs(text, zoneOf(null, null), range);
  }
}

/** In which all shifts of the document are known. What says of no period has all that there are. */
function extentOf({ period }: Published, shifts: readonly ObservedShift[], range: Interval): Interval | null {
  if (period === null) return null;
  if (period !== 'all') return period;
  return hull([range, ...shifts.map(({ interval }) => interval)]);
}

const common = (extents: readonly (Interval | null)[]): Interval | null =>
  extents.reduce<Interval | null>(
    (all, each) => (all && each ? intersection(all, each) : null),
    extents[0] ?? null,
  );

function* pages(shifts: readonly ObservedShift[], rejected: readonly Rejected[]): Generator<Page> {
  if (rejected.length > 0) yield { kind: 'rows', rows: [], removed: [], rejected };
  for (let at = 0; at < shifts.length; at += SHIFTS_PER_PAGE) {
    const some = shifts.slice(at, at + SHIFTS_PER_PAGE);
    yield { kind: 'rows', rows: [], removed: [], rejected: [], shifts: some };
  }
}

/** As old as the oldest of them, where a cache gave one. */
function truthOf(answers: readonly Answer[]): { readonly trueAt?: Instant } {
  const told = answers.flatMap(({ trueAt }) => trueAt ?? []);
  return told.length === 0 ? {} : { trueAt: instant(Math.min(...told)) };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
