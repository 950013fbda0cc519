import { observationsOf } from '../adapter/asking/listed.ts';
import type { ListedTime, ListRead } from '../adapter/contract.ts';
import type { Observation, Page, Removal } from '../adapter/observation.ts';
import { midnight, readLocal, toLocal } from '../adapter/zone.ts';
import { DAY, type Instant, later, plus } from '../domain/instant.ts';
import { hull, type Interval } from '../domain/interval.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { Context } from './context.ts';
import { feedOf } from './feeds.ts';
import { observe } from './observe.ts';
import type { FeedKey } from './ports/feeds.ts';
import type { ListCommand, ListOutcome } from './ports/lists.ts';
import type { Brought, ReadOptions, ReadResult } from './read-options.ts';
import {
  beingRead,
  LIST_FROM_AHEAD,
  LIST_TOO_OLD,
  NO_DAYS,
  NO_SUCH_DAY,
  takesNoLists,
  unknownCalendar,
} from './reasons.ts';
import { recognize } from './recognize.ts';

/**
 * What a person copied from a platform's screen goes the way of a reading, as of when they saw it: so nothing skips a step. A
 * list that is complete for some days says what is gone as well, within the limits of a reading.
 */

/** Nobody knows any more what was on a screen so long ago. */
const OLD_MILLISECONDS = 7 * DAY;
/** A clock of a person's machine. */
const AHEAD_MILLISECONDS = 60_000;
const TRIES_MAX = 40;
const AGAIN_MILLISECONDS = 50;

export type Read = (feed: FeedKey, options: ReadOptions) => Promise<ReadResult>;

/** @param read observes, and remembers what it confirmed. */
export async function takeList(
  context: Context,
  read: Read,
  connectionId: string,
  command: ListCommand,
): Promise<ListOutcome> {
  const { platforms, directory, environment } = context;
  const { platform } = platforms.get(connectionId);
  const calendars = directory.calendarsOn(connectionId).map(({ externalId }) => externalId);
  const now = environment.clock.now();
  const seenAt = command.seenAt ?? now;
  const reason = whyNot(context, connectionId, command, seenAt, calendars);
  if (reason !== null || !platform.readList)
    return { outcome: 'refused', reason: reason ?? takesNoLists(connectionId) };
  const { text, calendar } = command;
  const list = await platform.readList({ kind: 'text', text, calendar, calendars, seenAt });
  if (list.wrong.length > 0 && !command.partial) return { outcome: 'wrong-lines', wrong: list.wrong };
  const named =
    calendar === null
      ? calendars.filter((each) => list.rows.some((row) => row.calendar === each))
      : [calendar];
  const parts = named.map((each) => partOf(context, connectionId, each, list, command, seenAt));
  const wrong = parts.find((part) => 'reason' in part);
  if (wrong) return { outcome: 'refused', reason: wrong.reason };
  const done: { calendar: string; confirmed: boolean; isSuspect: boolean }[] = [];
  let slotsChanged = 0;
  for (const part of parts) {
    if ('reason' in part) continue;
    const result = await take(context, read, connectionId, part, earlierOf(seenAt, now));
    if (result.outcome !== 'read') return { outcome: 'unavailable', reason: beingRead(connectionId) };
    slotsChanged += result.slotsChanged;
    done.push({
      calendar: part.calendar,
      confirmed: result.confirmedAt !== null,
      isSuspect: result.isSuspect,
    });
  }
  return { outcome: 'read', rows: list.rows.length, slotsChanged, wrong: list.wrong, calendars: done };
}

const earlierOf = (seenAt: Instant, now: Instant): Instant => (seenAt < now ? seenAt : now);

function whyNot(
  context: Context,
  connectionId: string,
  { calendar, complete }: ListCommand,
  seenAt: Instant,
  calendars: readonly string[],
): Bilingual | null {
  const now = context.environment.clock.now();
  if (calendar !== null && !calendars.includes(calendar)) return unknownCalendar(connectionId);
  if (seenAt > plus(now, AHEAD_MILLISECONDS)) return LIST_FROM_AHEAD;
  if (seenAt < plus(now, -OLD_MILLISECONDS)) return LIST_TOO_OLD;
  const days = [complete?.from ?? null, complete?.to ?? null].filter((day) => day !== null);
  return days.every(isDay) ? null : NO_SUCH_DAY;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    readLocal(`${text}T00:00`, 'UTC');
    return true;
  } catch {
    return false;
  }
}

type Part = {
  readonly calendar: string;
  readonly rows: readonly Observation[];
  readonly removed: readonly Removal[];
  /** Null = it is not complete. */
  readonly complete: Interval | null;
  readonly isWhole: boolean;
};

/** What the list says of one calendar. */
function partOf(
  { directory }: Context,
  connectionId: string,
  calendar: string,
  list: ListRead,
  { complete, partial }: ListCommand,
  seenAt: Instant,
): Part | { readonly reason: Bilingual } {
  const rows = list.rows.filter((row) => row.calendar === calendar);
  const removed = list.removed.filter((each) => each.calendar === calendar);
  const part = { calendar, rows, removed };
  // A line that could not be read may have been any.
  if (complete === null || (partial && list.wrong.length > 0))
    return { ...part, complete: null, isWhole: false };
  const found = directory.calendar(connectionId, calendar);
  const zone = directory.zoneOf(found?.scheduleId ?? '');
  const days = daysOf(complete, rows, zone);
  if (days === null) return { reason: NO_DAYS };
  const window = { start: later(days.start, seenAt), end: days.end };
  if (window.end <= window.start) return { ...part, complete: null, isWhole: false };
  const horizon = directory.connection(connectionId).horizonMilliseconds;
  const isWhole = days.start <= seenAt && days.end >= plus(seenAt, horizon - DAY);
  return { ...part, complete: window, isWhole };
}

function daysOf(
  { from, to }: NonNullable<ListCommand['complete']>,
  rows: readonly Observation[],
  zone: string,
): Interval | null {
  const listed = hull(rows.map(({ interval }) => interval));
  const first = from ?? (listed && toLocal(listed.start, zone).slice(0, 10));
  const last = to ?? (listed && toLocal(plus(listed.end, -1), zone).slice(0, 10));
  if (first === null || last === null) return null;
  const start = midnight(readLocal(`${first}T12:00`, zone).at, zone, 0);
  const end = midnight(readLocal(`${last}T12:00`, zone).at, zone, 1);
  return start < end ? { start, end } : null;
}

/** As a reading of its feed; one that is under way is waited for. */
async function take(
  context: Context,
  read: Read,
  connectionId: string,
  { calendar, rows, removed, complete, isWhole }: Part,
  seenAt: Instant,
): Promise<ReadResult> {
  const around = hull(rows.map(({ interval }) => interval));
  const ours = around ? await context.store.listingsOfOurs(connectionId, [calendar], around) : [];
  const known = recognize(rows, ours);
  const feed = feedOf(context, { connectionId, calendar });
  // One calendar says nothing of the others that are read with it.
  const confirms = isWhole && feed.feedId === calendar;
  const brought: Brought = {
    asOf: seenAt,
    calendars: [calendar],
    async *pages(): AsyncGenerator<Page> {
      yield { kind: 'rows', rows: known, removed, rejected: [] };
      yield { kind: 'end', complete, cursor: null, trueAt: confirms ? seenAt : null };
    },
  };
  const { clock } = context.environment;
  const signal = new AbortController().signal;
  for (let tries = 1; ; tries += 1) {
    const result = await read(feed, { force: true, brought, signal });
    if (result.outcome !== 'skipped' || tries === TRIES_MAX) return result;
    await clock.sleep(AGAIN_MILLISECONDS);
  }
}

/** A person's word of times of one calendar, as of now. @returns whether it is known by now. */
export async function takeWord(
  context: Context,
  connectionId: string,
  calendar: string,
  times: readonly ListedTime[],
): Promise<boolean> {
  const { platform } = context.platforms.get(connectionId);
  const { rows, removed } =
    (await platform.readList?.({ kind: 'times', times })) ?? observationsOf(times, false);
  const part = { calendar, rows, removed, complete: null, isWhole: false };
  const read: Read = (feed, options) => observe(context, feed, options);
  const now = context.environment.clock.now();
  return (await take(context, read, connectionId, part, now)).outcome === 'read';
}
