import type { Entry } from './entries.ts';
import type { Calendar, Listing, Schedule, Standing } from './model.ts';

/** How an entry stands on each platform: where it was read, and where it is mirrored to. */

export type OriginRow = {
  readonly type: 'origin';
  readonly connection: string;
  readonly known: Standing;
  /** When its platform was last read whole; null = never. */
  readonly confirmedAt: string | null;
  readonly stale: boolean;
};

export type Row = OriginRow | (Listing & { readonly type: 'listing' });

export function standingsOf(entry: Entry, schedules: readonly Schedule[]): readonly Row[] {
  const calendarOf = (connection: string, schedule: string): Calendar | undefined =>
    schedules.find(({ id }) => id === schedule)?.calendars.find((each) => each.connection === connection);
  const origin = (connection: string, schedule: string, known: Standing): OriginRow => {
    const calendar = calendarOf(connection, schedule);
    const { confirmedAt = null, stale = true, editedHere = false } = calendar ?? {};
    return { type: 'origin', connection, known, confirmedAt, stale: stale && !editedHere };
  };
  const listed = (listings: readonly Listing[]): Row[] =>
    listings.map((each) => ({ ...each, type: 'listing' }));
  if (entry.type === 'slot') {
    return entry.slots.flatMap((slot) => [
      origin(slot.connection, slot.schedule, slot.status === 'free' ? 'open' : 'closed'),
      ...listed(slot.listings),
    ]);
  }
  const { period } = entry;
  const own = period.listings.some(({ connection }) => connection === period.origin);
  const read =
    period.origin === null || own ? [] : [origin(period.origin, period.schedule, STANDING[period.kind])];
  return [...read, ...listed(period.listings)];
}

const STANDING = { appointment: 'booked', hold: 'held', block: 'closed' } as const;
