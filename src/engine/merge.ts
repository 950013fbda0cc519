import { type ObservedBusy, subjectOf } from '../adapter/observation.ts';
import { type BusyPeriod, isOurHold } from '../domain/busy.ts';
import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import { sameInterval } from '../domain/interval.ts';
import { busyFingerprint, type Fingerprint, type Listing } from '../domain/listing.ts';
import { actorOf, type Calendar } from '../domain/schedule.ts';
import { decide, isStale, type Sight, tellsNothing, theirsOf } from './decide.ts';
import { Draft, type Situation } from './draft.ts';
import { derivedId } from './identity.ts';
import { matcher, type Row, type Rows } from './match.ts';
import { planBlocks, seenOffer } from './mirror.ts';
import { isLateHold, isPastHold, isStoodFor } from './our-hold.ts';
import { type MayCancel, settleByPolicy } from './policy.ts';
import type { Documents } from './ports/documents.ts';

/** Time that was observed at one connection, all seen at the same moment. Pure: state in, what to write out. */
export type Sightings = Rows & {
  /** The latest instant at which all of it can have been true. */
  readonly asOf: Instant;
  /** What is known not to be there. */
  readonly absent: readonly Missed[];
};

/**
 * `reading`: a complete one did not meet it. `removal`: the platform told that the record with the id that we know is
 * gone, and nothing of any other record.
 */
export type Missed =
  | { readonly by: 'reading'; readonly listing: Listing }
  | { readonly by: 'removal'; readonly listing: Listing; readonly sequence: number | null };

export type Merged = {
  /** What it changes. */
  readonly draft: Draft;
  /** A sight was too old to decide and differs from what we know: the same must be read again. */
  readonly lookAgain: boolean;
};

export type MergeContext = {
  readonly directory: Directory;
  readonly documents: Documents;
  readonly at: Instant;
  /** Whether a policy may have a booking cancelled there. */
  readonly mayCancel: MayCancel;
  /** Whether the platform can be asked for what stands under a mark. */
  readonly readsBack: boolean;
};

export function merge(sightings: Sightings, situation: Situation, context: MergeContext): Merged {
  const merging = new Merging(sightings, situation, context);
  for (const observed of sightings.present) merging.present(observed);
  for (const missed of sightings.absent) merging.absent(missed);
  settleByPolicy(merging.draft, context.directory, context.mayCancel);
  planBlocks(merging.draft, context.directory);
  return { draft: merging.draft, lookAgain: merging.lookAgain };
}

class Merging {
  readonly draft: Draft;
  lookAgain = false;
  readonly #sightings: Sightings;
  readonly #context: MergeContext;
  readonly #match: ReturnType<typeof matcher>;

  constructor(sightings: Sightings, situation: Situation, context: MergeContext) {
    this.#sightings = sightings;
    this.#context = context;
    this.#match = matcher(sightings);
    this.draft = new Draft(situation, context.directory, context.at);
  }

  present(observed: Row): void {
    const { connectionId } = this.#sightings;
    const calendar = this.#context.directory.calendar(connectionId, observed.calendar);
    if (!calendar) return;
    const match = this.#match(observed, this.draft);
    switch (match.kind) {
      case 'overtaken':
        this.lookAgain = true;
        break;
      case 'copy':
        this.#disown(observed, calendar, derivedId('copy', connectionId, observed.externalId));
        break;
      case 'doubtful':
        this.draft.putListing({ ...match.listing, unsure: true });
        break;
      case 'listed':
        this.#compare(observed, match.listing, calendar);
        break;
      case 'new':
        this.#meet(observed, calendar);
    }
  }

  /** A booking under a mark that we lost is somebody's visit all the same; only what we mirrored is taken away. */
  #meet(observed: Row, calendar: Calendar): void {
    const subjectId = subjectOf(observed.mark);
    const isVisit = subjectId === null || (observed.kind === 'busy' && observed.busyKind !== 'block');
    if (observed.kind === 'busy' && isVisit) this.#adopt(observed, calendar);
    else if (subjectId !== null) this.#disown(observed, calendar, subjectId);
  }

  #compare(observed: Row, listing: Listing, calendar: Calendar): void {
    const seen =
      observed.kind === 'slot'
        ? seenOffer(listing, observed.interval)
        : listing.kind === 'block'
          ? busyFingerprint('block', observed.interval)
          : observedFingerprint(observed);
    const shown = { ...listing, externalId: observed.externalId, revision: observed.revision };
    // A fingerprint names no agenda, so a booking that went to another at the same hour is told by where it stands.
    const isElsewhere =
      listing.kind === 'booking' && listing.desired !== null && listing.calendar !== observed.calendar;
    const sight = { seen, sequence: observed.sequence, asOf: this.#sightings.asOf };
    const isSame =
      listing.externalId === observed.externalId || (listing.kind === 'booking' && !isStoodFor(listing));
    // The versions of two records tell nothing of each other.
    const verdict = this.#decide(isSame ? listing : { ...listing, sequence: null }, sight, isElsewhere);
    if (verdict === 'stale' || verdict === 'end') return;
    const follows = (verdict === 'follow' || isElsewhere) && !isLateHold(observed, listing);
    if (follows && observed.kind === 'busy') this.#follow(shown, observed, calendar);
    else this.#acknowledge(shown, seen, observed.sequence, this.#isStillUnsure(listing, seen));
  }

  absent(missed: Missed): void {
    // As this very batch may have left it.
    const listing = this.draft.listing(missed.listing) ?? missed.listing;
    const sequence = missed.by === 'removal' ? missed.sequence : null;
    const verdict = this.#decide(listing, { seen: null, sequence, asOf: this.#sightings.asOf });
    if (verdict === 'acknowledge' || (verdict === 'end' && isPastHold(listing))) {
      // A removal tells nothing of what a write under way may have made anew.
      const isOld = missed.by === 'removal' && listing.known === null;
      const unsure = isOld ? listing.unsure : this.#isStillUnsure(listing, null);
      this.#acknowledge({ ...listing, revision: null }, null, sequence, unsure);
    } else if (verdict === 'end') this.#end(listing, sequence);
  }

  #decide(listing: Listing, sight: Sight, isElsewhere = false): ReturnType<typeof decide> {
    // What somebody tells may be old, and this is what we knew before it was gone: only a look says more.
    if (this.#sightings.settledAt !== null && tellsNothing(listing, sight)) {
      this.lookAgain = true;
      return 'stale';
    }
    const verdict = decide(listing, sight);
    const byTime = listing.sequence === null || sight.sequence === null || tellsNothing(listing, sight);
    if (
      verdict === 'stale' &&
      byTime &&
      isStale(listing, sight) &&
      (isElsewhere || theirsOf(listing, sight.seen) !== 'unchanged')
    ) {
      this.lookAgain = true;
    }
    return verdict;
  }

  /** Time that somebody took at the platform. */
  #adopt(observed: ObservedBusy, calendar: Calendar): void {
    const id = derivedId('busy', this.#sightings.connectionId, observed.externalId);
    const fingerprint = observedFingerprint(observed);
    this.#placeAt(id, observed, calendar);
    this.draft.putListing({
      connectionId: this.#sightings.connectionId,
      calendar: observed.calendar,
      subjectId: id,
      kind: 'booking',
      home: 'stands',
      scheduleId: calendar.scheduleId,
      interval: observed.interval,
      desired: fingerprint,
      known: fingerprint,
      unsure: false,
      externalId: observed.externalId,
      revision: observed.revision,
      sequence: observed.sequence,
      knownAt: this.draft.at,
    });
  }

  #follow(listing: Listing, observed: ObservedBusy, calendar: Calendar): void {
    const fingerprint = observedFingerprint(observed);
    this.#placeAt(listing.subjectId, observed, calendar);
    if (listing.calendar !== observed.calendar) this.draft.putListing(vacated(listing));
    this.draft.putListing({
      ...listing,
      home: 'stands',
      calendar: observed.calendar,
      scheduleId: calendar.scheduleId,
      interval: observed.interval,
      desired: fingerprint,
      known: fingerprint,
      unsure: false,
      sequence: observed.sequence,
      knownAt: this.draft.at,
    });
  }

  /** Our mark on something that we do not want there: a write of ours whose subject is gone, or a second one. */
  #disown(observed: Row, calendar: Calendar, subjectId: string): void {
    this.draft.putListing({
      connectionId: this.#sightings.connectionId,
      calendar: observed.calendar,
      subjectId,
      kind: observed.kind === 'slot' ? 'offer' : 'block',
      home: null,
      scheduleId: calendar.scheduleId,
      interval: observed.interval,
      desired: null,
      known:
        observed.kind === 'slot'
          ? (`offer/${observed.interval.start}/${observed.interval.end}/?` as Fingerprint)
          : observedFingerprint(observed),
      unsure: false,
      externalId: observed.externalId,
      revision: observed.revision,
      sequence: observed.sequence,
      knownAt: this.draft.at,
    });
  }

  /**
   * A write may be under way, and land after this was seen though its process is dead by then: only what is as we want
   * it, or a look on purpose, ends the doubt.
   */
  #isStillUnsure({ unsure, desired }: Listing, seen: Fingerprint | null): boolean {
    return unsure && seen !== desired && this.#context.readsBack;
  }

  #acknowledge(listing: Listing, seen: Fingerprint | null, sequence: number | null, unsure: boolean): void {
    const isThere = listing.home !== null && seen !== null && seen === listing.desired;
    const next: Listing = {
      ...listing,
      home: isThere ? 'stands' : listing.home,
      known: seen,
      unsure,
      sequence: sequence ?? listing.sequence,
    };
    // A look that taught nothing new leaves the row alone: most of a reading is that.
    const changed = listing.known !== seen || listing.unsure !== unsure;
    this.draft.putListing(changed ? { ...next, knownAt: this.draft.at } : next);
    if (isThere && listing.kind === 'booking' && listing.known !== seen) this.#confirm(listing.subjectId);
  }

  /** A booking or a hold of ours has landed, and the answer that said so was lost. */
  #confirm(busyId: string): void {
    const busy = this.draft.live(busyId);
    if (!busy) return;
    this.draft.place(busy);
    if (busy.kind === 'hold') return;
    this.draft.setAppointmentStatus(busyId, 'booked');
    this.draft.tell(this.#event('appointment.booked', busy));
  }

  #end(listing: Listing, sequence: number | null): void {
    const busy = this.draft.live(listing.subjectId);
    this.draft.putListing({
      ...listing,
      desired: null,
      known: null,
      unsure: false,
      revision: null,
      sequence: sequence ?? listing.sequence,
      knownAt: this.draft.at,
    });
    if (!busy) return;
    this.draft.end(busy.id);
    if (busy.kind === 'appointment' || isOurHold(busy)) {
      this.draft.setAppointmentStatus(busy.id, 'cancelled');
    }
    this.draft.tell({ ...this.#event('busy.ended', busy), busyKind: busy.kind });
  }

  #placeAt(id: string, observed: ObservedBusy, calendar: Calendar): void {
    const before = this.draft.live(id);
    const busy = this.draft.place({
      id,
      actorId: actorOf(this.#context.directory.schedule(calendar.scheduleId)),
      scheduleId: calendar.scheduleId,
      kind: observed.busyKind,
      interval: observed.interval,
      originId: before ? before.originId : this.#sightings.connectionId,
      expiresAt: observed.busyKind === 'hold' ? observed.expiresAt : null,
      changedAt: earlierOf(observed.changedAt, this.draft.at),
    });
    const moved =
      before !== null &&
      (before.scheduleId !== busy.scheduleId || !sameInterval(before.interval, busy.interval));
    if (!before || moved || before.kind !== busy.kind) {
      const type = moved ? 'busy.moved' : 'busy.observed';
      this.draft.tell({ ...this.#event(type, busy), busyKind: busy.kind });
    }
    if (busy.kind === 'appointment') {
      this.draft.putAppointment({
        id,
        scheduleId: busy.scheduleId,
        slotId: null,
        status: 'booked',
        document: this.#context.documents.appointment(busy, { slotId: null, comment: null }),
        sealedPatient: null,
      });
    }
  }

  #event<Type extends string>(type: Type, busy: BusyPeriod) {
    return {
      type,
      at: this.draft.at,
      connectionId: busy.originId,
      busyId: busy.id,
      scheduleId: busy.scheduleId,
      interval: busy.interval,
    };
  }
}

const observedFingerprint = (observed: ObservedBusy): Fingerprint =>
  busyFingerprint(observed.busyKind, observed.interval, observed.expiresAt);

/** The platform moved it to another agenda, where it has a listing of its own. */
const vacated = (listing: Listing): Listing => ({
  ...listing,
  desired: null,
  known: null,
  unsure: false,
  externalId: null,
});

// A platform's clock may run ahead; nothing happened later than now.
const earlierOf = (changedAt: Instant | null, at: Instant): Instant =>
  changedAt !== null && changedAt < at ? changedAt : at;
