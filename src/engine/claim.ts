import type { Written } from '../adapter/contract.ts';
import { markOf, type ObservedBusy } from '../adapter/observation.ts';
import type { BusyKind, BusyPeriod } from '../domain/busy.ts';
import { type Instant, plus } from '../domain/instant.ts';
import type { Fingerprint, Listing } from '../domain/listing.ts';
import { actorOf } from '../domain/schedule.ts';
import { situate } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { endBooking } from './end-booking.ts';
import { CLAIM_MILLISECONDS } from './lease.ts';
import type { IdentifierWrite } from './ports/appointments.ts';
import type { EngineEvent } from './ports/events.ts';
import type { Recorded, SlotDetails, Transaction } from './ports/store.ts';
import type { WhoComes } from './who-comes.ts';

/** Time that somebody asked us for: it is taken in the database first, then at the platform that offers it. */
export type Claim = {
  readonly slot: SlotDetails;
  readonly busy: BusyPeriod;
  /** How it stands at the platform that offers the slot. */
  readonly listing: Listing;
  readonly document: string;
  readonly identifiers: readonly IdentifierWrite[];
};

export function newClaim(
  context: Context,
  slot: SlotDetails,
  what: {
    readonly busy: Pick<BusyPeriod, 'kind' | 'originId' | 'expiresAt'>;
    readonly listing: { readonly kind: Listing['kind']; readonly desired: Fingerprint };
    readonly comment: string | null;
    readonly identifiers?: readonly IdentifierWrite[];
  },
): Claim {
  const { clock, ids } = context.environment;
  const now = clock.now();
  const busy: BusyPeriod = {
    ...what.busy,
    id: ids.next(),
    actorId: actorOf(context.directory.schedule(slot.scheduleId)),
    scheduleId: slot.scheduleId,
    interval: slot.interval,
    lane: null,
    changedAt: now,
  };
  const listing: Listing = {
    ...what.listing,
    connectionId: slot.connectionId,
    calendar: slot.calendar,
    subjectId: busy.id,
    scheduleId: slot.scheduleId,
    interval: slot.interval,
    home: 'asked',
    known: null,
    unsure: true,
    externalId: null,
    revision: null,
    sequence: null,
    knownAt: now,
  };
  const document = context.documents.appointment(busy, { slotId: slot.id, comment: what.comment });
  return { slot, busy, listing, document, identifiers: what.identifiers ?? [] };
}

/** @returns whether the time, and a sole identifier, were free this instant; if so they are ours. */
export function takeTime(context: Context, claim: Claim, who: WhoComes): Promise<boolean> {
  const { slot, busy, listing, document, identifiers } = claim;
  const { directory, store } = context;
  const at = busy.changedAt;
  const capacity = directory.capacityOf(slot.scheduleId);
  const wanted = {
    slotId: slot.id,
    busy,
    capacity,
    appointment: {
      id: busy.id,
      scheduleId: slot.scheduleId,
      slotId: slot.id,
      // Until the platform, or the policy, says more: a process that dies now has told nobody that it is booked.
      status: 'pending' as const,
      document,
      identifiers,
      ...who,
    },
    listing,
    // After that delivery looks there what became of it.
    leaseUntil: plus(at, CLAIM_MILLISECONDS),
    events: [claimEvent(busy, slot, 'appointment.claimed', at)],
  };
  if (capacity === 1) return store.claimSlot(wanted, at);
  return store.transaction(async (transaction) => {
    await transaction.lockActors([busy.actorId]);
    await makeRoom(transaction, context, busy);
    return transaction.claimSlot(wanted, at);
  });
}

/** Where there is room, and only in pieces of several lanes, others change theirs. */
async function makeRoom(transaction: Transaction, { directory }: Context, busy: BusyPeriod): Promise<void> {
  const involved = { subjectIds: [], actorIds: [busy.actorId], intervals: [busy.interval] };
  const draft = new Draft(await situate(transaction, directory, involved), directory, busy.changedAt);
  draft.makeRoom(busy);
  await transaction.apply(draft.changes(), draft.at);
}

/** Gives the time back. Nothing stands at the platform but a hold that it was made of, if any: delivery takes that away. */
export async function undo(
  context: Context,
  { listing, busy }: Pick<Claim, 'listing' | 'busy'>,
): Promise<void> {
  const { known, externalId, revision, sequence } = listing;
  const before = { known, externalId, revision, sequence };
  await context.store.recordKnown(listing, before, context.environment.clock.now());
  await endBooking(context, busy.id, 'appointment.refused');
}

/** What stands at the platform under our mark, of that kind; null also where it can't be read now. */
export async function lookUp(
  context: Context,
  { slot, busy }: Pick<Claim, 'slot' | 'busy'>,
  kind: BusyKind,
): Promise<ObservedBusy | null> {
  const { platform } = context.platforms.get(slot.connectionId);
  try {
    const found = (await platform.readBack?.(slot.calendar, markOf(busy.id))) ?? [];
    return found.find((row): row is ObservedBusy => row.kind === 'busy' && row.busyKind === kind) ?? null;
  } catch {
    return null;
  }
}

export const recordedOf = (
  { desired }: Pick<Listing, 'desired'>,
  { externalId, revision, sequence }: Omit<Extract<Written, { outcome: 'done' }>, 'outcome'>,
): Recorded => ({ known: desired, externalId, revision, sequence });

export const claimEvent = (
  { id, scheduleId, interval }: BusyPeriod,
  { connectionId }: Pick<SlotDetails, 'connectionId'>,
  type: 'appointment.claimed' | 'appointment.booked' | 'appointment.accepted' | 'appointment.held',
  at: Instant,
): EngineEvent => ({ type, at, connectionId, busyId: id, scheduleId, interval });
