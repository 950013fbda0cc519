import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import { overlaps } from '../domain/interval.ts';
import { busyFingerprint, isOver, type Listing, listingKey } from '../domain/listing.ts';
import { isOffered } from '../domain/offering.ts';
import { actorOf, type Handed } from '../domain/schedule.ts';
import { isAt, isFed, newListing, type Place, placeOf, type Sold } from './mirror.ts';
import type { LimitedOffering } from './ports/offerings.ts';
import type { StoredOffer } from './ports/store.ts';
import type { CalendarKey, Seen, SlotMark } from './ports/stretches.ts';
import { allottedOf, type Holder, holderOf, maySell, takesPart } from './shares.ts';

/**
 * Which platform may sell a slot: none where its schedule is not on offer, and where time is allotted one at a time. A slot
 * that its own platform may not sell is withheld there, by a block under the slot's id. Allotted time changes hands in three
 * steps: it is closed at all others; these are read, since most platforms let a block stand over what they sold before it
 * came; and what is free then is opened at the one. So there is no moment in which two sell it. Pure.
 */

/** `awaited`: open as soon as it is known to be closed at the others, and what they sold before is known. */
type Leave = 'open' | 'closed' | 'awaited';

export type Around = {
  readonly directory: Directory;
  /** All slots that overlap those that are decided on, these among them. */
  readonly slots: readonly StoredOffer[];
  /** Of the slots. */
  readonly existing: readonly Listing[];
  readonly sold: readonly Sold[];
  readonly handed: readonly Handed[];
  /** Of these schedules those that are not, or not for all time, on offer. */
  readonly limited: readonly LimitedOffering[];
  /** How far the calendars of these schedules are known. */
  readonly seen: readonly Seen[];
  readonly at: Instant;
};

/** @returns a function of a slot, the connection that would sell it, and whether we want it on offer there already. */
export function leaves(around: Around): (slot: StoredOffer, connectionId: string, isOpen: boolean) => Leave {
  const { directory, slots, handed, limited, at } = around;
  const offerings = new Map(limited.map((offering) => [offering.scheduleId, offering]));
  const isClosedElsewhere = closedElsewhere(around);
  const holders = new Map<string, (interval: StoredOffer['interval']) => Holder>();
  return (slot, connectionId, isOpen) => {
    const { scheduleId, interval } = slot;
    const offering = offerings.get(scheduleId);
    if (offering && !isOffered(offering, interval, offering.closed)) return 'closed';
    const allotted = allottedOf(directory, scheduleId);
    if (!allotted || !takesPart(allotted, connectionId)) return 'open';
    let holderAt = holders.get(scheduleId);
    if (!holderAt) {
      const ofSchedule = handed.filter((each) => each.scheduleId === scheduleId);
      holderAt = holderOf(allotted, { zone: directory.zoneOf(scheduleId), handed: ofSchedule, at });
      holders.set(scheduleId, holderAt);
    }
    const holder = holderAt(interval);
    if (!maySell(allotted, connectionId, holder)) return 'closed';
    if (holder === 'all' || isOpen) return 'open';
    // Somebody was faster; whoever ends that has the slot looked at again.
    if (slot.status !== 'free') return 'closed';
    const rivals = (other: StoredOffer): boolean =>
      other.scheduleId === scheduleId && overlaps(other.interval, interval);
    return slots.filter(rivals).every((other) => isClosedElsewhere(other, connectionId)) ? 'open' : 'awaited';
  };
}

/** Whether nobody can book a slot on any other platform that takes part: neither where it comes from nor where it is fed to. */
function closedElsewhere({ directory, existing, sold, seen }: Around) {
  const listings = new Map(existing.map((listing) => [listingKey(listing), listing]));
  const isSoldAt = soldAt(sold);
  const asOf = new Map(seen.map((each) => [placeKey(each), each.asOf]));
  return (slot: StoredOffer, connectionId: string): boolean => {
    const allotted = allottedOf(directory, slot.scheduleId);
    return directory
      .calendarsOf(actorOf(directory.schedule(slot.scheduleId)))
      .filter((calendar) => calendar.connectionId !== connectionId)
      .filter((calendar) => allotted !== null && takesPart(allotted, calendar.connectionId))
      .every((calendar) => {
        const isItsOwn = isAt(calendar, placeOf(slot));
        if (!isItsOwn && !isFed(calendar, slot)) return true;
        const { connectionId, externalId } = calendar;
        const listing = listings.get(
          listingKey({ connectionId, calendar: externalId, subjectId: slot.slotId }),
        );
        const known = listing?.known ?? null;
        const isSettled = !listing || isSettledBefore(listing, asOf.get(placeKey(listing)) ?? null);
        // A block closes what is there by itself; what is fed is closed where no offer stands.
        return (isSettled && (known !== null) === isItsOwn) || isSoldAt(calendar, slot);
      });
  };
}

/**
 * Whether it stands as we want it, and did so before the instant as of which all that stands on its calendar is known: what
 * was sold there while it was being closed is then known too.
 * @param asOf null = the calendar was never read.
 */
export const isSettledBefore = (
  { desired, known, unsure, knownAt }: Pick<Listing, 'desired' | 'known' | 'unsure' | 'knownAt'>,
  asOf: Instant | null,
): boolean => !unsure && desired === known && asOf !== null && knownAt < asOf;

const placeKey = ({ connectionId, calendar }: CalendarKey): string => `${connectionId}\n${calendar}`;

/**
 * How the slots stand at their own platforms.
 * @returns marks and listings that are to be other than they are.
 */
export function withheld(
  slots: readonly StoredOffer[],
  around: Around,
  mayLeave: ReturnType<typeof leaves>,
): { marks: SlotMark[]; listings: Listing[] } {
  const { directory, existing, sold, at } = around;
  const listings = new Map(existing.map((listing) => [listingKey(listing), listing]));
  const isSoldAt = soldAt(sold);
  const marks: SlotMark[] = [];
  const wanted: Listing[] = [];
  for (const slot of slots) {
    const { connectionId, calendar, slotId: subjectId } = slot;
    const key = { connectionId, calendar, subjectId };
    const listing = listings.get(listingKey(key)) ?? null;
    if (slot.interval.end <= at) {
      // It was moved there: the block that stands where it was before closes nothing of it any more.
      if (listing && listing.desired !== null && !isOver(listing, at))
        wanted.push({ ...listing, desired: null });
      continue;
    }
    const own = mayLeave(slot, slot.connectionId, !slot.withheld);
    const isWithheld = own !== 'open';
    const fed = directory.calendarsOf(actorOf(directory.schedule(slot.scheduleId))).find((calendar) => {
      const { connectionId, externalId } = calendar;
      const offer = listings.get(listingKey({ connectionId, calendar: externalId, subjectId: slot.slotId }));
      const isOffered = (offer?.desired ?? null) !== null;
      return isFed(calendar, slot) && mayLeave(slot, connectionId, isOffered) === 'awaited';
    });
    const awaitedBy = own === 'awaited' ? slot.connectionId : (fed?.connectionId ?? null);
    if (isWithheld !== slot.withheld || awaitedBy !== slot.awaitedBy)
      marks.push({ slotId: slot.slotId, withheld: isWithheld, awaitedBy });
    const desired = isWithheld ? busyFingerprint('block', slot.interval) : null;
    if ((listing?.desired ?? null) === desired) continue;
    // Over a booking that stands there none is laid, nor moved: it closes the time as well, and most would refuse.
    if (desired !== null && isSoldAt(placeOf(slot), slot)) continue;
    wanted.push(
      listing
        ? { ...listing, desired, interval: slot.interval }
        : { ...newListing('block', slot), ...key, desired },
    );
  }
  return { marks, listings: wanted };
}

const soldAt =
  (sold: readonly Sold[]) =>
  (place: Place, { interval }: StoredOffer): boolean =>
    sold.some(({ busy, home }) => isAt(place, home) && overlaps(busy.interval, interval));
