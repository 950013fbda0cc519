import type { BusyPeriod } from '../domain/busy.ts';
import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import { hull, type Interval } from '../domain/interval.ts';
import { type Listing, listingKey } from '../domain/listing.ts';
import { actorOf, type Calendar } from '../domain/schedule.ts';
import { type Sold, wantedOffers } from './mirror.ts';
import { NOTHING, type StoredOffer, type Transaction } from './ports/store.ts';
import type { CalendarKey } from './ports/stretches.ts';
import { scheduleReleasedUntil } from './release.ts';
import { allottedOf } from './shares.ts';
import type { SlotChanges } from './slots.ts';
import { type Around, leaves, withheld } from './withhold.ts';

/** Whose time has changed, and when; which slots were written or removed. */
export type Affected = {
  readonly actorIds: readonly string[];
  readonly window: Interval | null;
  readonly slots: SlotChanges;
  /** Besides those that sharing or publishing concerns: what they withheld under another rule is to be opened. */
  readonly scheduleIds?: readonly string[];
  readonly at: Instant;
};

/**
 * How slots stand on platforms, brought into line with what has just been written: those that we publish elsewhere, and
 * those that are withheld where they come from. The actors must be locked.
 * @returns the listings that it changed.
 */
export async function alignSlots(
  transaction: Transaction,
  directory: Directory,
  affected: Affected,
): Promise<Listing[]> {
  const { slots, at } = affected;
  const removedIds = slots.removed.map((slot) => slot.id);
  const orphaned = removedIds.length > 0 ? await transaction.listingsBySubject(removedIds) : [];
  const gone = orphaned.map((listing) => ({ ...listing, desired: null }));
  const { marks, listings } = await plan(transaction, directory, affected);
  const changed = [...gone, ...listings];
  if (changed.length > 0) await transaction.apply({ ...NOTHING, listings: changed }, at);
  await transaction.markSlots(marks, at);
  return changed;
}

async function plan(transaction: Transaction, directory: Directory, affected: Affected) {
  const { slots, at } = affected;
  const actorIds = actorsOf(directory, affected);
  const limited = actorIds.length > 0 ? await transaction.limitedOfferings(actorIds) : [];
  const scheduleIds = schedulesOf(directory, actorIds, [
    ...(affected.scheduleIds ?? []),
    ...limited.map(({ scheduleId }) => scheduleId).filter((id) => directory.hasSchedule(id)),
  ]);
  const window = hull([
    ...slots.written.map((slot) => slot.interval),
    ...(affected.window ? [affected.window] : []),
  ]);
  if (scheduleIds.length === 0 || window === null) return { marks: [], listings: [] };
  const offers = await transaction.offersOverlapping(scheduleIds, window);
  const around = await surroundingsOf(transaction, directory, { scheduleIds, offers, window, limited, at });
  const mayLeave = leaves(around);
  const published = wantedOffers(offers, {
    directory,
    existing: around.existing,
    sold: around.sold,
    maySell: (offer, connectionId, isOffered) => mayLeave(offer, connectionId, isOffered) === 'open',
    releasedUntil: new Map(scheduleIds.map((id) => [id, scheduleReleasedUntil(directory, id, at)])),
    at,
  });
  const before = new Map(around.existing.map((listing) => [listingKey(listing), listing.desired]));
  const changed = published.filter((listing) => before.get(listingKey(listing)) !== listing.desired);
  const { marks, listings } = withheld(offers, around, mayLeave);
  return { marks, listings: [...changed, ...listings] };
}

/** All that a decision about these slots depends on. */
async function surroundingsOf(
  transaction: Transaction,
  directory: Directory,
  {
    scheduleIds,
    offers,
    window,
    limited,
    at,
  }: Pick<Around, 'limited' | 'at'> & {
    readonly scheduleIds: readonly string[];
    readonly offers: readonly StoredOffer[];
    readonly window: Interval;
  },
) {
  const allotted = scheduleIds.filter((id) => allottedOf(directory, id) !== null);
  const wide = hull([window, ...offers.map((offer) => offer.interval)]) ?? window;
  // Where time is allotted a slot depends on all that it overlaps, and that may reach out of the window.
  const isWider = allotted.length > 0 && (wide.start < window.start || wide.end > window.end);
  const slots = isWider ? await transaction.offersOverlapping(scheduleIds, wide) : offers;
  const handed = allotted.length > 0 ? await transaction.handedUnits(allotted) : [];
  const actorIds = [...new Set(scheduleIds.map((id) => actorOf(directory.schedule(id))))];
  const calendars = allotted.flatMap((id) => directory.calendarsOf(actorOf(directory.schedule(id))));
  const seen = calendars.length > 0 ? await transaction.calendarsSeen(calendars.map(keyOf)) : [];
  const live = await transaction.busyOverlapping(actorIds, isWider ? wide : window);
  const subjectIds = [...slots.map((slot) => slot.slotId), ...live.map((busy) => busy.id)];
  const existing = subjectIds.length > 0 ? await transaction.listingsBySubject(subjectIds) : [];
  return { directory, slots, existing, sold: withHomes(live, existing), handed, limited, seen, at };
}

const keyOf = ({ connectionId, externalId }: Calendar): CalendarKey => ({
  connectionId,
  calendar: externalId,
});

/** Whose slots or time have changed. */
const actorsOf = (directory: Directory, { actorIds, slots }: Affected): string[] => [
  ...new Set([...actorIds, ...slots.written.map((slot) => actorOf(directory.schedule(slot.scheduleId)))]),
];

/** Their schedules where some calendar is fed from them or their time is allotted, and these others. */
function schedulesOf(directory: Directory, actorIds: readonly string[], others: readonly string[]): string[] {
  const concerned = actorIds.flatMap((actor) =>
    directory
      .calendarsOf(actor)
      .filter(
        ({ topology, scheduleId }) => topology === 'publish' || allottedOf(directory, scheduleId) !== null,
      )
      .map(({ scheduleId }) => scheduleId),
  );
  return [...new Set([...concerned, ...others])];
}

function withHomes(live: readonly BusyPeriod[], listings: readonly Listing[]): Sold[] {
  const homes = new Map<string, Sold['home']>();
  for (const { kind, home, desired, known, subjectId, connectionId, calendar } of listings) {
    if (kind === 'booking' && (known !== null || (home === 'stands' && desired !== null)))
      homes.set(subjectId, { connectionId, externalId: calendar });
  }
  return live.map((busy) => ({ busy, home: homes.get(busy.id) ?? null }));
}
