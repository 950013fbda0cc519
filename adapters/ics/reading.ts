import { createHash } from 'node:crypto';
import type { ReadRequest } from '../../src/adapter/contract.ts';
import type { Answer } from '../../src/adapter/documents/document.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { calendarsIn } from '../../src/adapter/icalendar/feed.ts';
import { offerOf } from '../../src/adapter/icalendar/offer.ts';
import { daysLater, localDay } from '../../src/adapter/icalendar/plan.ts';
import type { Supply } from '../../src/adapter/icalendar/settings.ts';
import type { Zones } from '../../src/adapter/icalendar/zones.ts';
import type { Observation, Page, Rejected } from '../../src/adapter/observation.ts';
import { DAY, type Instant, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Wall } from '../../src/domain/recurrence/wall.ts';
import type { Client } from './client.ts';
import { type Cursor, formatCursor, parseCursor } from './cursor.ts';
import { type Normalized, normalize } from './normalize.ts';

/**
 * A feed as pages. It has no changes, only a whole text that is as it was or is not: as it was gives no rows; else all of
 * it is given, so that what is missing is gone.
 */

export type Calendar = {
  readonly id: string;
  /** IANA: of floating times and whole days. */
  readonly zone: string;
  readonly zones: Zones;
  readonly events: 'appointment' | 'block';
  readonly owner: string | null;
  readonly supply: Supply | null;
};

/** Series are expanded a day further than asked, so that a window that moves with the clock costs one reading a day. */
const AHEAD_MILLISECONDS = DAY;
const ROWS_PER_PAGE = 500;
/** Far more than anybody's agenda, and less than what a hostile feed could have expanded. */
const ROWS_MAX = 50_000;

/** @param now the horizon of slots counts from it. @throws Fault */
export async function* readFeed(
  client: Client,
  calendar: Calendar,
  { cursor: given, window, signal }: ReadRequest,
  now: Instant,
): AsyncGenerator<Page> {
  const { supply, zone } = calendar;
  const horizon = supply === null ? null : daysLater(localDay(now, zone), supply.horizonDays);
  const cursor = given === null ? null : parseCursor(given);
  const settings = fingerprint(calendar);
  if (given !== null && cursor?.settings !== settings) {
    yield { kind: 'cursorExpired' };
    return;
  }
  // New days have come into the window, and what the text says of them was not given yet.
  const rolls =
    cursor !== null && (window.end > cursor.expandedTo || (horizon ?? 0) > (cursor.plannedTo ?? 0));
  const known = rolls ? null : cursor;
  const answer = await client.get(calendar.id, known, signal);
  if (answer.kind === 'same') {
    yield { kind: 'end', complete: null, cursor: given, ...truthOf(answer) };
    return;
  }
  const hash = hashOf(answer.text);
  if (known?.hash === hash) {
    yield {
      kind: 'end',
      complete: null,
      cursor: formatCursor({ ...known, ...answer.validators }),
      ...truthOf(answer),
    };
    return;
  }
  const expandedTo = plus(window.end, AHEAD_MILLISECONDS);
  const range = { start: window.start, end: expandedTo };
  const { rows, rejected, isUncertain } = contentOf(answer.text, calendar, range, horizon);
  yield* pages(rows, rejected);
  const next: Cursor = { ...answer.validators, hash, settings, expandedTo, plannedTo: horizon };
  yield {
    kind: 'end',
    complete: isUncertain ? null : range,
    cursor: formatCursor(next),
    ...truthOf(answer),
  };
}

function contentOf(text: string, calendar: Calendar, range: Interval, horizon: Wall | null) {
  const { id, zone, zones, events, owner, supply } = calendar;
  const read: Normalized[] = [];
  let count = 0;
  for (const each of calendarsIn(text)) {
    const normalized = normalize(each, { calendar: id, zones, events, owner, range });
    count += normalized.rows.length;
    if (count > ROWS_MAX) throw new Fault('malformed', `the feed of ${id}: more than ${ROWS_MAX} times`);
    read.push(normalized);
  }
  const from = localDay(range.start, zone);
  const offered =
    supply === null || horizon === null || from >= horizon
      ? { slots: [], rejected: [] }
      : offerOf(
          { calendar: id, supply, zone, zones },
          { from, to: horizon },
          read.flatMap(({ offering }) => offering),
        );
  const rows = new Map<string, Observation>();
  for (const row of [...read.flatMap((each) => each.rows), ...offered.slots]) {
    rows.set(`${row.kind} ${row.externalId}`, row);
  }
  return {
    rows: [...rows.values()],
    rejected: [...read.flatMap((each) => each.rejected), ...offered.rejected],
    // A slot is named by when it begins: which of them an availability that can't be read would offer, nobody knows.
    isUncertain: read.some((each) => each.isUncertain) || offered.rejected.length > 0,
  };
}

function* pages(rows: readonly Observation[], rejected: readonly Rejected[]): Generator<Page> {
  if (rejected.length > 0) yield { kind: 'rows', rows: [], removed: [], rejected };
  for (let at = 0; at < rows.length; at += ROWS_PER_PAGE) {
    yield { kind: 'rows', rows: rows.slice(at, at + ROWS_PER_PAGE), removed: [], rejected: [] };
  }
}

const truthOf = ({ trueAt }: Answer): { readonly trueAt?: Instant } => (trueAt === null ? {} : { trueAt });

/** DTSTAMP of a published calendar says when it was written, so many servers change it with each answer (3.8.7.2). */
const hashOf = (text: string): string => digest(text.replace(/^DTSTAMP[:;].*$/gim, ''));

const fingerprint = ({ events, owner, supply, zone }: Calendar): string =>
  digest(JSON.stringify({ events, owner, supply, zone }));

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
