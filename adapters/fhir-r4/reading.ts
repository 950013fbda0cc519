import { z } from 'zod';
import type { Platform, ReadRequest } from '../../src/adapter/contract.ts';
import type { Page } from '../../src/adapter/observation.ts';
import type { Clock } from '../../src/domain/environment.ts';
import { DAY, formatInstant, type Instant, instant, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { calendarOf } from './calendar.ts';
import type { Client, Parameters } from './client.ts';
import { type Cursor, fromWhen, hashOf, readCursor, writeCursor } from './cursor.ts';
import type { Settings } from './manifest.ts';
import { type Calendar, keyOf, type Normalizer } from './normalize.ts';
import { Id, type Type } from './wire.ts';

/** What lasts longer is not seen: R4 searches by when a slot or an appointment begins, and not by when it ends. */
const LOOKBACK_MILLISECONDS = 32 * DAY;

const beginning = (name: string, from: Instant, to: Instant): Parameters => [
  [name, `ge${formatInstant(from)}`],
  [name, `lt${formatInstant(to)}`],
];

/** What may take time in it. */
export const appointmentsIn = ({ actor }: Calendar, { start, end }: Interval): Parameters => [
  ['actor', actor],
  ...beginning('date', plus(start, -LOOKBACK_MILLISECONDS), end),
];
export const blocksIn = ({ id }: Calendar, { start, end }: Interval): Parameters => [
  ['schedule', `Schedule/${id}`],
  ['status', 'busy-unavailable'],
  ...beginning('start', plus(start, -LOOKBACK_MILLISECONDS), end),
];
const slotsIn = ({ id }: Calendar, { start, end }: Interval): Parameters => [
  ['schedule', `Schedule/${id}`],
  ...beginning('start', plus(start, -DAY), end),
];

type Search = readonly [Type, Parameters];

/** Appointments last: a booking that comes while the slots are read is seen. */
const whole = (calendar: Calendar, window: Interval): readonly Search[] => [
  ['Slot', slotsIn(calendar, window)],
  ['Slot', blocksIn(calendar, { start: window.start, end: plus(window.start, -DAY) })],
  ['Appointment', appointmentsIn(calendar, window)],
];

/** Whenever it is: what was moved out of the window has to be heard of too. */
const changed = ({ id, actor }: Calendar, from: Instant): readonly Search[] => [
  [
    'Slot',
    [
      ['schedule', `Schedule/${id}`],
      ['_lastUpdated', `ge${formatInstant(from)}`],
    ],
  ],
  [
    'Appointment',
    [
      ['actor', actor],
      ['_lastUpdated', `ge${formatInstant(from)}`],
    ],
  ],
];

export type ReadingOptions = {
  readonly client: Client;
  readonly normalize: Normalizer;
  readonly settings: Pick<Settings, 'changes'>;
  readonly clock: Pick<Clock, 'now'>;
};

export function createReading({ client, normalize, settings, clock }: ReadingOptions): Platform['read'] {
  async function* read(
    id: string,
    last: Cursor | null,
    window: Interval,
    signal: AbortSignal,
  ): AsyncGenerator<Page> {
    const calendar = calendarOf(await client.schedule(id, signal));
    const searches = last === null ? whole(calendar, window) : changed(calendar, fromWhen(last));
    const versions: Version[] = [];
    const met = new Set<string>();
    let began: Instant | null = null;
    let nameless = false;
    for (const [type, parameters] of searches) {
      for await (const page of client.search(type, parameters, signal)) {
        began ??= timeIn(page.date) ?? clock.now();
        const fresh = page.resources.filter((resource) => {
          const version = versionOf(resource);
          if (version === null) return true;
          // Pages that move while they are read show a row twice.
          if (met.has(version.key)) return false;
          met.add(version.key);
          versions.push(version);
          return !last?.seen.has(version.hash);
        });
        const { rows, removed, rejected } = normalize(calendar, fresh);
        nameless ||= rejected.some(({ externalId }) => externalId === null);
        // Of a whole reading, what is not among the rows is gone anyway.
        yield { kind: 'rows', rows, removed: last === null ? [] : removed, rejected };
      }
    }
    const since = began ?? clock.now();
    yield {
      kind: 'end',
      // A record without a readable id may be any of those that are missing, so none of them is known to be gone.
      complete: last === null && !nameless ? window : null,
      cursor: settings.changes === 'snapshot' ? null : writeCursor({ since, seen: recent(versions, since) }),
    };
  }

  async function* expired(): AsyncGenerator<Page> {
    yield { kind: 'cursorExpired' };
  }

  return ({ calendars, cursor, window, signal }: ReadRequest) => {
    const [id, ...more] = calendars;
    // capabilities.feed: each calendar is read by itself.
    if (id === undefined || more.length > 0) throw new RangeError('one calendar at a time');
    if (cursor === null) return read(id, null, window, signal);
    const last = settings.changes === 'snapshot' ? null : readCursor(cursor);
    return last === null ? expired() : read(id, last, window, signal);
  };
}

type Version = { readonly key: string; readonly hash: string; readonly at: number };

const Versioned = z.looseObject({
  resourceType: z.string(),
  id: Id,
  meta: z.looseObject({ versionId: z.string().optional(), lastUpdated: z.string() }),
});

/** Null = it cannot be told from other versions, so it is always news. */
function versionOf(resource: unknown): Version | null {
  const parsed = Versioned.safeParse(resource).data;
  if (!parsed) return null;
  const key = keyOf(parsed.resourceType, parsed.id);
  const { lastUpdated, versionId } = parsed.meta;
  return { key, hash: hashOf(key, versionId ?? lastUpdated), at: Date.parse(lastUpdated) };
}

/** Those that the next reading will be shown again. */
function recent(versions: readonly Version[], since: Instant): ReadonlySet<string> {
  const from = fromWhen({ since });
  return new Set(versions.flatMap(({ hash, at }) => (at >= from ? [hash] : [])));
}

function timeIn(date: string | null): Instant | null {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? null : instant(at);
}
