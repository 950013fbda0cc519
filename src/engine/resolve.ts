import type { BusyPeriod } from '../domain/busy.ts';
import { conflictState, loserOf, otherSide, type Settlement } from '../domain/conflict.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { publish, situate, type Written, write } from './commit.ts';
import { type Context, canCancel } from './context.ts';
import { Draft } from './draft.ts';
import { giveUp } from './give-up.ts';
import { isVacant, planBlocks } from './mirror.ts';
import type { ConflictDetails, ConflictReader, ResolveCommand, ResolveOutcome } from './ports/conflicts.ts';
import type { Transaction } from './ports/store.ts';
import { cancelByHand } from './reasons.ts';
import { NO_SLOTS } from './slots.ts';

/** What a person said, without when. */
export type Order = Settlement extends infer Each ? (Each extends unknown ? Omit<Each, 'at'> : never) : never;

/**
 * A person settles a conflict by keeping one of the two, or both. Whoever is to go is over at once, here and on every
 * mirror, and whoever stays is in the lock, in one transaction; the platform of the booking that is to go learns of it by
 * delivery, as of any cancellation.
 */
export async function keep(
  context: Context,
  reader: ConflictReader,
  id: string,
  command: Exclude<ResolveCommand, { resolution: 'move' }>,
): Promise<ResolveOutcome> {
  const found = await reader.conflict(id);
  if (!found) return { outcome: 'unknown-conflict' };
  return answered(found, command) ?? carryOut(context, reader, found, command);
}

/** What there is to say of a conflict that is not open; null of one that is. */
export function answered(conflict: ConflictDetails, command: ResolveCommand): ResolveOutcome | null {
  if (conflictState(conflict) === 'open') return null;
  return { outcome: isSame(conflict.settlement, command) ? 'resolved' : 'not-open', conflict };
}

function isSame(settlement: Settlement | null, command: ResolveCommand): boolean {
  if (settlement?.resolution !== 'move' || command.resolution !== 'move')
    return settlement?.resolution === command.resolution;
  return settlement.side === command.side && settlement.slotId === command.slotId;
}

/** Settles it, if it is still open once nobody else can change it. */
export async function carryOut(
  context: Context,
  reader: ConflictReader,
  conflict: ConflictDetails,
  order: Order,
): Promise<ResolveOutcome> {
  const result = await context.store.transaction((transaction) =>
    settle(transaction, context, conflict, order),
  );
  if (result.outcome === 'refused') return { outcome: 'not-cancellable', reason: result.reason };
  if (result.outcome === 'written') publish(context, result.written);
  const after = (await reader.conflict(conflict.id)) ?? conflict;
  if (result.outcome === 'written') return { outcome: 'resolved', conflict: after };
  // Somebody was faster: a person, or the platform.
  return answered(after, order) ?? { outcome: 'not-open', conflict: after };
}

type Settled =
  | { readonly outcome: 'written'; readonly written: Written }
  | { readonly outcome: 'refused'; readonly reason: Bilingual }
  | { readonly outcome: 'late' };

async function settle(
  transaction: Transaction,
  context: Context,
  { id, actorId, bookings }: ConflictDetails,
  order: Order,
): Promise<Settled> {
  const { directory, environment } = context;
  await transaction.lockActors([actorId]);
  const situation = await situate(transaction, directory, {
    subjectIds: [bookings.a.busyId, bookings.b.busyId],
    actorIds: [],
    intervals: [],
  });
  const draft = new Draft(situation, directory, environment.clock.now());
  const conflict = draft.conflicts.known(id);
  if (!conflict || conflict.settlement) return { outcome: 'late' };
  const side = order.resolution === 'move' ? order.side : loserOf(order.resolution);
  const loser = side && draft.live(bookings[side].busyId);
  if (side && loser) {
    const reason = whyNotCancellable(context, draft, loser);
    if (reason !== null) return { outcome: 'refused', reason };
    giveUp(draft, loser, bookings[otherSide(side)].busyId);
  }
  draft.conflicts.settle(id, { ...order, at: draft.at });
  planBlocks(draft, directory);
  const written = await write(transaction, context, draft, NO_SLOTS);
  if (order.resolution === 'move')
    await transaction.passIdentifiers(bookings[order.side].busyId, order.toBusyId, draft.at);
  return { outcome: 'written', written };
}

/** Null = its platform takes the cancellation, or knows nothing of it that would have to be cancelled. */
function whyNotCancellable(context: Context, draft: Draft, { id }: BusyPeriod): Bilingual | null {
  const standing = draft.listingsOf(id).find((listing) => listing.kind === 'booking' && !isVacant(listing));
  if (!standing || (standing.known === null && !standing.unsure)) return null;
  const { connectionId } = standing;
  if (canCancel(context, connectionId)) return null;
  return cancelByHand(connectionId);
}
