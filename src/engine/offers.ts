import type { BusyPeriod } from '../domain/busy.ts';
import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import { hull, type Interval } from '../domain/interval.ts';
import type { Listing } from '../domain/listing.ts';
import { actorOf, type Calendar } from '../domain/schedule.ts';
import { wantedOffers } from './mirror.ts';
import type { Transaction } from './ports/store.ts';
import { scheduleReleasedUntil } from './release.ts';
import type { SlotChanges } from './slots.ts';

/** Whose time has changed, and when; which slots were written or removed. */
export type Affected = {
  readonly actorIds: readonly string[];
  readonly window: Interval | null;
  readonly slots: SlotChanges;
  readonly at: Instant;
};

/** Slots that we publish on other platforms: their listings, brought into line with what has just been written. */
export async function planOffers(
  transaction: Transaction,
  directory: Directory,
  affected: Affected,
): Promise<Listing[]> {
  const { slots, at } = affected;
  const removedIds = slots.removed.map((slot) => slot.id);
  const orphaned = removedIds.length > 0 ? await transaction.listingsBySubject(removedIds) : [];
  const gone = orphaned.map((listing) => ({ ...listing, desired: null }));
  const scheduleIds = publishedSchedules(directory, affected);
  const window = hull([
    ...slots.written.map((slot) => slot.interval),
    ...(affected.window ? [affected.window] : []),
  ]);
  if (scheduleIds.length === 0 || window === null) return gone;
  const offers = await transaction.offersOverlapping(scheduleIds, window);
  const actorIds = [...new Set(scheduleIds.map((id) => actorOf(directory.schedule(id))))];
  const live = await transaction.busyOverlapping(actorIds, window);
  const subjectIds = [...offers.map((offer) => offer.slotId), ...live.map((busy) => busy.id)];
  const listings = subjectIds.length > 0 ? await transaction.listingsBySubject(subjectIds) : [];
  const wanted = wantedOffers(offers, {
    directory,
    existing: listings,
    sold: withHomes(live, listings),
    releasedUntil: new Map(scheduleIds.map((id) => [id, scheduleReleasedUntil(directory, id, at)])),
    at,
  });
  const before = new Map(listings.map((listing) => [placeOf(listing), listing.desired]));
  return [...gone, ...wanted.filter((listing) => before.get(placeOf(listing)) !== listing.desired)];
}

/** The schedules whose slots or time have changed and that some calendar is fed from. */
function publishedSchedules(directory: Directory, { actorIds, slots }: Affected): string[] {
  const actors = new Set([
    ...actorIds,
    ...slots.written.map((slot) => actorOf(directory.schedule(slot.scheduleId))),
  ]);
  const published = [...actors].flatMap((actor) =>
    directory
      .calendarsOf(actor)
      .flatMap((calendar) => (calendar.topology === 'publish' ? [calendar.scheduleId] : [])),
  );
  return [...new Set(published)];
}

type Sold = {
  readonly busy: BusyPeriod;
  readonly home: Pick<Calendar, 'connectionId' | 'externalId'> | null;
};

function withHomes(live: readonly BusyPeriod[], listings: readonly Listing[]): Sold[] {
  const homes = new Map<string, Sold['home']>();
  for (const { kind, known, subjectId, connectionId, calendar } of listings) {
    if (kind === 'booking' && known !== null) homes.set(subjectId, { connectionId, externalId: calendar });
  }
  return live.map((busy) => ({ busy, home: homes.get(busy.id) ?? null }));
}

const placeOf = (listing: Listing): string =>
  `${listing.connectionId}\n${listing.calendar}\n${listing.subjectId}`;
