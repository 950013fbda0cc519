import type { BusyPeriod } from '../domain/busy.ts';
import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import { overlaps, sameInterval } from '../domain/interval.ts';
import {
  busyFingerprint,
  type Fingerprint,
  isOver,
  type Listing,
  type ListingKind,
  listingKey,
} from '../domain/listing.ts';
import type { Calendar } from '../domain/schedule.ts';
import type { Draft } from './draft.ts';
import type { StoredOffer } from './ports/store.ts';

/** What we want of the platforms: follows from the canonical state and the calendars alone. */

export type Place = Pick<Calendar, 'connectionId' | 'externalId'>;

/**
 * The blocks that a live busy period calls for: on every calendar of its actor that has slots of its own, except the
 * one where it stands, and those that are in our own database; of a hold not where a person would close it. A booking that its platform has not confirmed yet (`confirmed` false) calls for none.
 */
export function wantedBlocks(
  busy: BusyPeriod,
  options: { directory: Directory; home: Place | null; confirmed: boolean; at: Instant },
): Listing[] {
  const { directory, home, confirmed, at } = options;
  if (!confirmed || busy.interval.end <= at) return [];
  return (
    directory
      .calendarsOf(busy.actorId)
      .filter(({ topology, connectionId }) => topology === 'block' && !directory.isEditedHere(connectionId))
      .filter((calendar) => !isAt(calendar, home))
      // A hold is over before a person has closed anything for it.
      .filter(({ connectionId }) => busy.kind !== 'hold' || !directory.asksPeople(connectionId))
      .map((calendar) => ({
        connectionId: calendar.connectionId,
        calendar: calendar.externalId,
        subjectId: busy.id,
        ...newListing('block', { scheduleId: calendar.scheduleId, interval: busy.interval }),
        desired: busyFingerprint('block', busy.interval),
      }))
  );
}

/** Whether the slots of the calendar are made by us, of such as this. */
export const isFed = (
  calendar: Calendar,
  { scheduleId, ...source }: Pick<StoredOffer, 'scheduleId' | 'connectionId' | 'calendar'>,
): boolean =>
  calendar.topology === 'publish' && calendar.scheduleId === scheduleId && !isAt(calendar, placeOf(source));

/** The platforms where a slot can be on offer: its own, and those that are fed with it. @param calendars of its actor. */
export const sellersOf = (
  slot: Pick<StoredOffer, 'scheduleId' | 'connectionId' | 'calendar'>,
  calendars: readonly Calendar[],
): string[] => [
  slot.connectionId,
  ...calendars.filter((calendar) => isFed(calendar, slot)).map(({ connectionId }) => connectionId),
];

/** Of an agenda that is not configured any more nothing is on offer. */
const isLinked = (directory: Directory, { scheduleId, connectionId, calendar }: StoredOffer): boolean =>
  directory.calendar(connectionId, calendar)?.scheduleId === scheduleId;

/** Where a slot comes from. */
export const placeOf = ({
  connectionId,
  calendar,
}: Pick<StoredOffer, 'connectionId' | 'calendar'>): Place => ({
  connectionId,
  externalId: calendar,
});

export const isAt = (calendar: Place, place: Place | null): boolean =>
  place !== null && calendar.connectionId === place.connectionId && calendar.externalId === place.externalId;

/** Brings the blocks elsewhere into line with the busy periods that the draft changed. */
export function planBlocks(draft: Draft, directory: Directory): void {
  for (const id of draft.concerned) {
    const busy = draft.live(id);
    const listings = draft.listingsOf(id);
    const there = listings.find((listing) => listing.home !== null && !isVacant(listing)) ?? null;
    const home = there && { connectionId: there.connectionId, externalId: there.calendar };
    const confirmed = there?.home !== 'asked';
    const wanted = (
      busy && draft.isFull(busy) ? wantedBlocks(busy, { directory, home, confirmed, at: draft.at }) : []
    ).filter((block) => !draft.isAwaited(block));
    for (const block of wanted) {
      const before = draft.listing(block);
      const { desired, interval, scheduleId } = block;
      draft.putListing(before ? { ...before, desired, interval, scheduleId } : block);
    }
    const isWanted = new Set(wanted.map((block) => placeKey(block)));
    for (const listing of listings) {
      // Time that has passed is left as it stands: nobody can book it any more.
      const isPast = busy !== null && isOver(listing, draft.at);
      const isMirror = listing.kind === 'block' && (listing.home === null || busy === null);
      if (isMirror && !isPast && !isWanted.has(placeKey(listing)))
        draft.putListing({ ...listing, desired: null });
    }
  }
}

export const isVacant = (listing: Listing): boolean => listing.desired === null && listing.known === null;

const placeKey = (key: Pick<Listing, 'connectionId' | 'calendar'>): string =>
  `${key.connectionId}\n${key.calendar}`;

/** Content and interval of a slot that we publish; the interval first, since a platform may keep no more of it. */
export const offerFingerprint = (offer: Pick<StoredOffer, 'interval' | 'content'>): Fingerprint =>
  `offer/${offer.interval.start}/${offer.interval.end}/${offer.content}` as Fingerprint;

/** A live busy period, with the calendar where it stands. */
export type Sold = { readonly busy: BusyPeriod; readonly home: Place | null };

/**
 * What we want published of these slots, on the calendars that are fed by Passerelle: each slot while it is free,
 * released, and that platform's to sell. One that was sold on the very calendar stays as it is there, under the booking, which is that platform's
 * own: most would not let it be withdrawn, and it is on offer again once that booking is over.
 */
export function wantedOffers(
  offers: readonly StoredOffer[],
  options: {
    directory: Directory;
    existing: readonly Listing[];
    /** Around the slots. */
    sold: readonly Sold[];
    maySell: (offer: StoredOffer, connectionId: string, isOffered: boolean) => boolean;
    /** By schedule: slots that start then or later are not offered yet; null = all are. */
    releasedUntil: ReadonlyMap<string, Instant | null>;
    at: Instant;
  },
): Listing[] {
  const { directory, existing, sold, maySell, releasedUntil, at } = options;
  const before = new Map(existing.map((listing) => [listingKey(listing), listing]));
  const isReleased = ({ scheduleId, interval }: StoredOffer): boolean => {
    const until = releasedUntil.get(scheduleId) ?? null;
    return until === null || interval.start < until;
  };
  const wanted: Listing[] = [];
  for (const offer of offers) {
    const isPast = offer.interval.end <= at;
    for (const calendar of directory.calendarsOf(directory.schedule(offer.scheduleId).practitionerId)) {
      if (!isFed(calendar, offer)) continue;
      const key = {
        connectionId: calendar.connectionId,
        calendar: calendar.externalId,
        subjectId: offer.slotId,
      };
      const listing = before.get(listingKey(key)) ?? null;
      if (isPast) {
        // Its slot was moved there: where it stood before nothing is on offer any more.
        if (listing && !isOver(listing, at)) wanted.push({ ...listing, desired: null });
        continue;
      }
      const soldHere = sold.some(
        ({ busy, home }) => isAt(calendar, home) && overlaps(busy.interval, offer.interval),
      );
      if (soldHere && listing) {
        wanted.push({ ...listing, desired: listing.known });
        continue;
      }
      const isWanted =
        offer.status === 'free' &&
        isLinked(directory, offer) &&
        isReleased(offer) &&
        maySell(offer, calendar.connectionId, (listing?.desired ?? null) !== null);
      const desired = isWanted ? offerFingerprint(offer) : null;
      if (!listing && desired === null) continue;
      wanted.push(
        listing
          ? { ...listing, desired, interval: offer.interval }
          : { ...newListing('offer', offer), ...key, desired },
      );
    }
  }
  return wanted;
}

/** Nothing stands there yet. */
export const newListing = (
  kind: ListingKind,
  { scheduleId, interval }: Pick<Listing, 'scheduleId' | 'interval'>,
): Omit<Listing, 'connectionId' | 'calendar' | 'subjectId' | 'desired'> => ({
  kind,
  home: null,
  scheduleId,
  interval,
  known: null,
  unsure: false,
  externalId: null,
  revision: null,
  sequence: null,
  knownAt: 0 as Instant,
});

/**
 * The fingerprint of a slot of ours as a platform shows it: what we knew, as long as its times are the ones that we
 * published, since no platform gives back every attribute as it was written.
 */
export function seenOffer(listing: Listing, interval: Listing['interval']): Fingerprint {
  const known = listing.known ?? listing.desired;
  if (known !== null && sameInterval(interval, listing.interval)) return known;
  return `offer/${interval.start}/${interval.end}/?` as Fingerprint;
}
