import { z } from 'zod';
import { type CodeMap, type CodeMaps, translate } from '../../src/adapter/concept-map.ts';
import { issuesOf } from '../../src/adapter/http.ts';
import {
  type Mark,
  markOf,
  type Observation,
  type Rejected,
  subjectOf,
} from '../../src/adapter/observation.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import {
  ELIGIBILITIES,
  MODES,
  REASONS,
  type SlotAttributes,
  UNKNOWN_ATTRIBUTES,
} from '../../src/domain/slot.ts';
import { Booking, type EventType, Uid } from './wire.ts';

export type Normalized = { readonly rows: Observation[]; readonly rejected: Rejected[] };

/** Under this key our mark stands in the metadata of a booking. */
export const MARK_KEY = 'passerelle';

const Identified = z.object({ uid: Uid });
/** What a slug looks like; anything else is not repeated. */
const CODE = /^[\w.:-]{1,64}$/;

export const slotId = ({ id }: Pick<EventType, 'id'>, { start }: Interval): string =>
  `${id}@${formatInstant(start)}`;

/** The event type of a slot of ours; null where it is none. */
export function eventTypeIn(slot: string | null): number | null {
  const found = /^(\d{1,12})@/.exec(slot ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

export function markIn({ metadata }: Pick<Booking, 'metadata'>): Mark | null {
  const text = metadata?.[MARK_KEY];
  const subject = subjectOf(typeof text === 'string' ? text : null);
  return subject === null ? null : markOf(subject);
}

/** What its status says: a request that nobody confirmed yet takes the time too, since its patient waits for it. */
export const isStanding = ({ status }: Pick<Booking, 'status'>): boolean =>
  status === 'accepted' || status === 'pending';

/** Slots of an event type as its slug and the ConceptMaps describe it; a code that is unmapped is reported on each. */
export function createSlots(
  maps: CodeMaps,
): (eventType: EventType, times: readonly Interval[]) => Normalized {
  const reason = maps.map('cal-com-reason');
  const eligibility = maps.map('cal-com-eligibility');
  const mode = maps.map('cal-com-mode');
  return (eventType, times) => {
    const unmapped: string[] = [];
    const shown = CODE.test(eventType.slug) ? eventType.slug : '(not a code)';
    const of = <Ours extends string>(map: CodeMap, allowed: readonly Ours[], what: string) =>
      translate([eventType.slug], map, allowed, () =>
        unmapped.push(`unmapped code ${shown} of an event type, for its ${what}`),
      );
    const attributes: SlotAttributes = {
      ...UNKNOWN_ATTRIBUTES,
      reasons: of(reason, REASONS, 'reason'),
      eligibility: of(eligibility, ELIGIBILITIES, 'eligibility'),
      mode: of(mode, MODES, 'mode')?.[0] ?? null,
    };
    const normalized: Normalized = { rows: [], rejected: [] };
    for (const time of times) {
      const externalId = slotId(eventType, time);
      const calendar = String(eventType.ownerId);
      const common = { externalId, calendar, interval: time, mark: null, revision: null, sequence: null };
      normalized.rows.push({ kind: 'slot', ...common, attributes });
      for (const why of unmapped) normalized.rejected.push({ externalId, reason: why, raw: eventType });
    }
    return normalized;
  };
}

/** The bookings that can be read, and those that cannot. */
export function bookingsIn(records: readonly unknown[]): {
  readonly bookings: readonly Booking[];
  readonly rejected: readonly Rejected[];
} {
  const bookings: Booking[] = [];
  const rejected: Rejected[] = [];
  for (const record of records) {
    const parsed = Booking.safeParse(record);
    if (parsed.success) bookings.push(parsed.data);
    else {
      const externalId = Identified.safeParse(record).data?.uid ?? null;
      rejected.push({ externalId, reason: issuesOf(parsed.error), raw: record });
    }
  }
  return { bookings, rejected };
}

/** Null for whom it takes no time: it is cancelled, or other hosts' only. */
export function busyOf(booking: Booking, calendars: ReadonlySet<string>): Observation | null {
  const calendar = booking.hosts.map(({ id }) => String(id)).find((id) => calendars.has(id));
  if (calendar === undefined || !isStanding(booking)) return null;
  return {
    kind: 'busy',
    externalId: booking.uid,
    calendar,
    interval: interval(booking.start, booking.end),
    mark: markIn(booking),
    revision: null,
    sequence: null,
    busyKind: 'appointment',
    expiresAt: null,
    changedAt: booking.updatedAt ?? booking.createdAt ?? null,
  };
}
