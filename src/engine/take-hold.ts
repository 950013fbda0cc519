import type { BusyPeriod } from '../domain/busy.ts';
import { plus } from '../domain/instant.ts';
import { sameInterval } from '../domain/interval.ts';
import { isFull } from '../domain/lanes.ts';
import { busyFingerprint, type Listing } from '../domain/listing.ts';
import { type Claim, claimEvent } from './claim.ts';
import { publish, situate, write } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { isReachable } from './gate.ts';
import { CLAIM_MILLISECONDS } from './lease.ts';
import { planBlocks } from './mirror.ts';
import type { IdentifierWrite } from './ports/appointments.ts';
import type { Recorded, SlotDetails } from './ports/store.ts';
import { NO_SLOTS } from './slots.ts';
import type { WhoComes } from './who-comes.ts';

/** A hold of ours on its way to be an appointment, and back where nothing comes of that. */

/** What is taken, and the hold that it was made of. */
export type Taken = Claim & { readonly held: Held };

export type Held = {
  readonly busy: BusyPeriod;
  /** How it stood at the platform that offers the slot, or may have where that is not sure; null = it stood nowhere. */
  readonly listing: Listing | null;
};

/**
 * Makes an appointment of a hold, still to be booked at its platform. A hold that is over does as well, as long as nobody
 * else has its time, and one that its platform, which was down, is still to be told of. While that is down nobody waits for
 * what is being written: delivery finds out what became of it, and books over it.
 * @returns `taken`: somebody else has its time, or it is no hold. `unsettled`: it is being written to its platform this
 * moment, or looked for there.
 */
export async function takeHold(
  context: Context,
  slot: SlotDetails,
  holdId: string,
  wanted: {
    readonly who: WhoComes;
    readonly comment: string | null;
    readonly identifiers: readonly IdentifierWrite[];
  },
): Promise<Taken | 'taken' | 'unsettled'> {
  const { directory, store, environment } = context;
  const at = environment.clock.now();
  return store.transaction(async (transaction) => {
    const [subject] = await transaction.busyByIds([holdId]);
    if (!subject) return 'taken';
    await transaction.lockActors([subject.actorId]);
    // As it is now that nobody else can change it.
    const [before] = await transaction.busyByIds([holdId]);
    if (before?.kind !== 'hold' || before.scheduleId !== slot.scheduleId) return 'taken';
    if (!sameInterval(before.interval, slot.interval) || slot.interval.end <= at) return 'taken';
    const { connectionId, calendar } = slot;
    const situation = await situate(transaction, directory, {
      subjectIds: [holdId],
      actorIds: [before.actorId],
      intervals: [before.interval],
    });
    const others = situation.live.filter((busy) => busy.id !== holdId && busy.actorId === before.actorId);
    if (isFull(before.interval, directory.capacityOf(before.scheduleId), others)) return 'taken';
    const row = situation.listings.find(
      (listing) =>
        listing.subjectId === holdId &&
        listing.connectionId === connectionId &&
        listing.calendar === calendar,
    );
    if (row?.unsure && isReachable(context, slot)) return 'unsettled';
    const draft = new Draft(situation, directory, at);
    const busy: BusyPeriod = draft.place({
      ...before,
      kind: 'appointment',
      originId: connectionId,
      expiresAt: null,
      changedAt: at,
    });
    const wasHeld = situation.live.some(({ id }) => id === holdId);
    const nothing = { known: null, externalId: null, revision: null, sequence: null };
    const listing: Listing = {
      connectionId,
      calendar,
      subjectId: holdId,
      kind: 'booking',
      // What a hold that still stands has closed stays closed.
      home: wasHeld && row?.home === 'stands' ? 'stands' : 'asked',
      scheduleId: slot.scheduleId,
      interval: slot.interval,
      desired: busyFingerprint('appointment', slot.interval),
      // The hold, or the block in its place, for whoever books over it, or takes it away where nothing comes of that.
      ...(row ? recordedIn(row) : nothing),
      unsure: true,
      knownAt: at,
    };
    draft.putListing(listing);
    const { identifiers } = wanted;
    const document = context.documents.appointment(busy, { slotId: slot.id, comment: wanted.comment });
    draft.putAppointment({
      id: holdId,
      scheduleId: slot.scheduleId,
      slotId: slot.id,
      status: 'pending',
      document,
      identifiers,
      ...wanted.who,
    });
    draft.tell(claimEvent(busy, slot, 'appointment.claimed', at));
    planBlocks(draft, directory);
    await write(transaction, context, draft, NO_SLOTS);
    await transaction.leaseListing(listing, plus(at, CLAIM_MILLISECONDS));
    return { slot, busy, listing, document, identifiers, held: { busy: before, listing: row ?? null } };
  });
}

/**
 * Its platform can't be reached to book it: it stays held as long as it was promised, and nothing is kept of who was to
 * come.
 * @returns whether it does; nothing was changed where its time is over by the database's clock, or it was ended.
 */
export async function keepHold(
  context: Context,
  { slot, busy, listing, held }: Omit<Taken, 'document' | 'identifiers'>,
): Promise<boolean> {
  const { directory, store, environment, documents } = context;
  const { expiresAt } = held.busy;
  if (expiresAt === null || expiresAt <= (await store.now())) return false;
  const at = environment.clock.now();
  const written = await store.transaction(async (transaction) => {
    await transaction.lockActors([busy.actorId]);
    const involved = { subjectIds: [busy.id], actorIds: [], intervals: [] };
    const draft = new Draft(await situate(transaction, directory, involved), directory, at);
    const row = draft.listing(listing);
    if (draft.live(busy.id)?.kind !== 'appointment' || !row || row.known === row.desired) return null;
    const kept = draft.place({ ...held.busy, changedAt: at });
    // Where a block stood in its place it may be gone by now.
    const before = held.listing ?? { ...row, desired: null };
    draft.putListing({ ...before, unsure: true, knownAt: at });
    draft.putAppointment({
      id: busy.id,
      scheduleId: busy.scheduleId,
      slotId: slot.id,
      status: 'pending',
      document: documents.appointment(kept, { slotId: slot.id, comment: null }),
      sealedPatient: null,
      patient: null,
    });
    draft.tell(claimEvent(busy, slot, 'appointment.held', at));
    planBlocks(draft, directory);
    const done = await write(transaction, context, draft, NO_SLOTS);
    await transaction.releaseListing(listing);
    return done;
  });
  if (written) publish(context, written);
  return written !== null;
}

const recordedIn = ({ known, externalId, revision, sequence }: Listing): Recorded => ({
  known,
  externalId,
  revision,
  sequence,
});
