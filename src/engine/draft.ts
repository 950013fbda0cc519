import { type BusyPeriod, isLocking } from '../domain/busy.ts';
import type { Conflict } from '../domain/conflict.ts';
import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import { hull, type Interval, overlaps } from '../domain/interval.ts';
import { chainOf, dealLanes, freeLane, hasRoom, isFull } from '../domain/lanes.ts';
import { type Listing, type ListingKey, listingKey } from '../domain/listing.ts';
import { Conflicts } from './conflicts.ts';
import type { AppointmentStatus, AppointmentWrite } from './ports/appointments.ts';
import type { EngineEvent } from './ports/events.ts';
import type { Changes } from './ports/store.ts';

/** What is known before a decision. */
export type Situation = {
  /** Every listing of every subject that is involved, and what is awaited in their time. */
  readonly listings: readonly Listing[];
  /** All live busy periods of the actors around the times that are involved. */
  readonly live: readonly BusyPeriod[];
  /** All conflicts of these periods whose two bookings meet, settled or not. */
  readonly conflicts: readonly Conflict[];
};

/**
 * The time of some actors while one batch is decided: starts from the situation, takes what the batch decides, and
 * tells in the end what is to be written. Lanes and conflicts follow from the rest, so they are settled here.
 */
export class Draft {
  readonly at: Instant;
  readonly #directory: Directory;
  readonly #live: Map<string, BusyPeriod>;
  readonly #listings = new Map<string, Listing>();
  /** Keys of the listings of a subject, and of those that a platform knows by an id of its own. */
  readonly #bySubject = new Map<string, Set<string>>();
  readonly #byExternalId = new Map<string, string>();
  /** What is awaited somewhere, or was: its key. */
  readonly #awaited = new Set<string>();
  readonly #awaitedBefore: readonly Listing[];
  readonly #touched = new Set<string>();
  readonly #actors = new Set<string>();
  readonly #intervals: Interval[] = [];
  readonly #changedListings = new Set<string>();
  readonly #ended = new Map<string, BusyPeriod>();
  readonly #before: ReadonlySet<string>;
  readonly #appointments = new Map<string, AppointmentWrite>();
  readonly #statuses = new Map<string, AppointmentStatus>();
  readonly #events: EngineEvent[] = [];
  readonly #conflicts: Conflicts;

  constructor(situation: Situation, directory: Directory, at: Instant) {
    this.at = at;
    this.#directory = directory;
    this.#live = new Map(situation.live.map((busy) => [busy.id, busy]));
    this.#before = new Set(this.#live.keys());
    for (const listing of situation.listings) this.#index(listing);
    this.#awaitedBefore = situation.listings.filter(isAwaited);
    this.#conflicts = new Conflicts(situation.conflicts, (id) => this.live(id), at);
  }

  /** The live busy period, or null. */
  live(id: string): BusyPeriod | null {
    return this.#live.get(id) ?? null;
  }

  listing(key: ListingKey): Listing | null {
    return this.#listings.get(listingKey(key)) ?? null;
  }

  /** By the platform's own id; slots and busy periods have ids of their own. */
  listingAt(connectionId: string, externalId: string, isOffer: boolean): Listing | null {
    const key = this.#byExternalId.get(externalKey(connectionId, externalId, isOffer));
    return key === undefined ? null : (this.#listings.get(key) ?? null);
  }

  listingsOf(subjectId: string): Listing[] {
    return [...(this.#bySubject.get(subjectId) ?? [])].flatMap((key) => this.#listings.get(key) ?? []);
  }

  putListing(listing: Listing): void {
    const key = listingKey(listing);
    const before = this.#listings.get(key);
    if (before && sameListing(before, listing)) return;
    this.#index(listing);
    this.#changedListings.add(key);
  }

  /** Puts a busy period into the lock where there is room, else outside of it. */
  place(busy: Omit<BusyPeriod, 'lane'>): BusyPeriod {
    const placed = { ...busy, lane: isLocking(busy.kind) ? this.makeRoom(busy) : null };
    const actorBefore = this.#live.get(busy.id)?.actorId ?? busy.actorId;
    this.#set(placed);
    this.#fillLanes(busy.actorId);
    if (actorBefore !== busy.actorId) this.#fillLanes(actorBefore);
    return placed;
  }

  /** @returns the lane in which it finds room, others may have changed theirs for it; null = there is none. */
  makeRoom(busy: Omit<BusyPeriod, 'lane'>): number | null {
    const capacity = this.#capacity(busy);
    const around = this.beside(busy);
    const free = freeLane(busy.interval, capacity, around);
    if (free !== null || !hasRoom(busy.interval, capacity, around)) return free;
    const laned = [...this.#live.values()].filter(
      ({ id, actorId, lane }) => id !== busy.id && actorId === busy.actorId && lane !== null,
    );
    const wanted = { ...busy, lane: null };
    const dealt = dealLanes([wanted, ...chainOf(busy.interval, laned)]);
    for (const [other, lane] of dealt)
      if (other !== wanted && other.lane !== lane) this.#set({ ...other, lane });
    return dealt.get(wanted) ?? null;
  }

  /** @param heirId whoever is to have its lane before all that wait longer; null = nobody. */
  end(id: string, heirId: string | null = null): void {
    const busy = this.#live.get(id);
    if (!busy) return;
    this.#live.delete(id);
    this.#touch(busy);
    this.#ended.set(id, busy);
    this.#fillLanes(busy.actorId, heirId);
  }

  putAppointment(appointment: AppointmentWrite): void {
    this.#appointments.set(appointment.id, appointment);
    this.#statuses.delete(appointment.id);
  }

  setAppointmentStatus(id: string, status: AppointmentStatus): void {
    this.#statuses.set(id, status);
  }

  tell(event: EngineEvent): void {
    this.#events.push(event);
  }

  /**
   * Whether a booking is awaited there, in whose way this block of another would be. One that cannot land, since
   * something else stands there in its time, is none's business: a person may take days to settle that.
   */
  isAwaited(block: Listing): boolean {
    return [...this.#awaited].some((key) => {
      const listing = this.#listings.get(key);
      const isThere = listing?.connectionId === block.connectionId && listing.calendar === block.calendar;
      if (!listing || !isThere || !isAwaited(listing)) return false;
      return isInWay({ id: block.subjectId, ...block }, listing) && !this.#isTaken(listing);
    });
  }

  /** Whether something else of the platform's own stands there in that time. */
  #isTaken({ connectionId, calendar, subjectId, interval }: Listing): boolean {
    return [...this.#live.values()].some(
      (busy) =>
        isInWay(busy, { subjectId, interval }) &&
        this.listingsOf(busy.id).some(
          (listing) =>
            listing.home !== null &&
            listing.known !== null &&
            listing.connectionId === connectionId &&
            listing.calendar === calendar,
        ),
    );
  }

  /**
   * Whose blocks on other platforms this batch may change: what it touched; where an actor has several lanes, what stands
   * beside it, since the last lane that is taken or given back closes or opens the time of all; and what until now
   * was in the way of a booking that its platform was still to be told of.
   */
  get concerned(): ReadonlySet<string> {
    const found = new Set(this.#touched);
    const isReached = ({ interval }: { readonly interval: Interval }): boolean =>
      this.#intervals.some((touched) => overlaps(touched, interval));
    const awaited = this.#awaitedBefore.filter(isReached);
    for (const busy of this.#live.values()) {
      if (!this.#actors.has(busy.actorId)) continue;
      const wasInWay = awaited.some((listing) => isInWay(busy, listing));
      if (wasInWay || (this.#capacity(busy) > 1 && isReached(busy))) found.add(busy.id);
    }
    return found;
  }

  /** Whatever else is live in its time. */
  beside(busy: Omit<BusyPeriod, 'lane'>): BusyPeriod[] {
    return [...this.#live.values()].filter(
      (other) =>
        other.id !== busy.id && other.actorId === busy.actorId && overlaps(other.interval, busy.interval),
    );
  }

  /** Whether this live period leaves nobody else room at some moment of its time. */
  isFull(busy: BusyPeriod): boolean {
    return isFull(busy.interval, this.#capacity(busy), [busy, ...this.beside(busy)]);
  }

  /** The time that this batch changed, before and after: slots there may have another status now. */
  get affected(): { readonly actorIds: readonly string[]; readonly window: Interval | null } {
    return { actorIds: [...this.#actors], window: hull(this.#intervals) };
  }

  /** Those of the periods as they now stand; more of them may come about, and others be over, before the end. */
  get conflicts(): Conflicts {
    for (const id of this.#touched) {
      const busy = this.#live.get(id);
      if (busy?.kind !== 'appointment') continue;
      for (const other of this.beside(busy)) this.#conflicts.meet(busy, other);
    }
    return this.#conflicts;
  }

  /**
   * An agenda of a platform has one time twice, as far as we know. It seldom sells so: rather the end of the first was
   * told, and the word of it lost.
   */
  get isOverbooked(): boolean {
    return this.conflicts.found.some(({ a, b }) => {
      const [one, other] = [this.live(a.busyId), this.live(b.busyId)];
      const isTheirs = one !== null && one.originId !== null && one.originId === other?.originId;
      return isTheirs && one.scheduleId === other.scheduleId;
    });
  }

  changes(): Changes {
    const conflicts = this.conflicts.changes();
    return {
      busy: [...this.#touched].flatMap((id) => this.#live.get(id) ?? []),
      ended: [...this.#ended.keys()],
      passed: [...this.#ended.values()].filter(({ id }) => !this.#before.has(id)),
      listings: [...this.#changedListings].flatMap((key) => this.#listings.get(key) ?? []),
      appointments: [...this.#appointments.values()],
      appointmentStatuses: [...this.#statuses].map(([id, status]) => ({ id, status })),
      conflicts: conflicts.map(({ conflict }) => conflict),
      events: [...this.#events, ...conflicts.flatMap(({ events }) => events)],
    };
  }

  #index(listing: Listing): void {
    const key = listingKey(listing);
    this.#listings.set(key, listing);
    if (isAwaited(listing)) this.#awaited.add(key);
    const siblings = this.#bySubject.get(listing.subjectId);
    if (siblings) siblings.add(key);
    else this.#bySubject.set(listing.subjectId, new Set([key]));
    if (listing.externalId !== null) {
      const isOffer = listing.kind === 'offer';
      this.#byExternalId.set(externalKey(listing.connectionId, listing.externalId, isOffer), key);
    }
  }

  #touch(busy: BusyPeriod): void {
    this.#touched.add(busy.id);
    this.#actors.add(busy.actorId);
    this.#intervals.push(busy.interval);
  }

  #set(busy: BusyPeriod): void {
    const before = this.#live.get(busy.id);
    if (before) this.#touch(before);
    this.#touch(busy);
    this.#live.set(busy.id, busy);
    this.#ended.delete(busy.id);
  }

  #capacity(busy: Pick<BusyPeriod, 'scheduleId'>): number {
    return this.#directory.capacityOf(busy.scheduleId);
  }

  /** A lane came free: a booking that was outside of the lock for want of one takes it, the oldest first. */
  #fillLanes(actorId: string, firstId: string | null = null): void {
    const isLater = ({ id }: BusyPeriod): number => (id === firstId ? 0 : 1);
    const waiting = [...this.#live.values()]
      .filter((busy) => busy.actorId === actorId && busy.lane === null && isLocking(busy.kind))
      .sort((a, b) => isLater(a) - isLater(b) || a.changedAt - b.changedAt || (a.id < b.id ? -1 : 1));
    for (const busy of waiting) {
      const lane = this.makeRoom(busy);
      if (lane !== null) this.#set({ ...busy, lane });
    }
  }
}

/** A booking stands, and its platform, which was down, is still to be told. */
const isAwaited = ({ home, kind, desired, known }: Listing): boolean =>
  home === 'stands' && kind === 'booking' && desired !== null && desired !== known;

/** A block of the one, at the other's platform, would have the other refused there. */
export const isInWay = (
  one: Pick<BusyPeriod, 'id' | 'interval'>,
  { subjectId, interval }: Pick<Listing, 'subjectId' | 'interval'>,
): boolean => one.id !== subjectId && overlaps(one.interval, interval);

const externalKey = (connectionId: string, externalId: string, isOffer: boolean): string =>
  `${connectionId}\n${isOffer}\n${externalId}`;

const sameListing = (a: Listing, b: Listing): boolean =>
  a.desired === b.desired &&
  a.known === b.known &&
  a.unsure === b.unsure &&
  a.externalId === b.externalId &&
  a.revision === b.revision &&
  a.sequence === b.sequence &&
  a.interval.start === b.interval.start &&
  a.interval.end === b.interval.end &&
  a.kind === b.kind &&
  a.home === b.home &&
  a.scheduleId === b.scheduleId;
