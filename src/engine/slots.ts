import { hash } from 'node:crypto';
import { type ObservedSlot, subjectOf } from '../adapter/observation.ts';
import type { Instant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { SlotAttributes } from '../domain/slot.ts';
import type { Batch } from './batch.ts';
import type { Context } from './context.ts';
import { derivedId } from './identity.ts';
import type { SlotDifference, SlotWrite, Transaction } from './ports/store.ts';

/** Slots that a platform offers of its own: taken as they are, since the platform's word is all there is about them. */

export type SlotChanges = {
  readonly written: readonly ChangedSlot[];
  readonly removed: readonly ChangedSlot[];
};
/** No more than what follows from a change needs: the texts of a page must not be kept until its end. */
type ChangedSlot = Pick<SlotWrite, 'id' | 'scheduleId' | 'interval'>;

const PORTION = 1000;

export const NO_SLOTS: SlotChanges = { written: [], removed: [] };

/** @param missing external ids of those that are not there any more. */
export async function writeSlotChanges(
  transaction: Transaction,
  context: Context,
  batch: Batch,
  missing: readonly string[],
  at: Instant,
): Promise<SlotChanges> {
  const own = batch.rows.filter(
    (row): row is ObservedSlot => row.kind === 'slot' && subjectOf(row.mark) === null,
  );
  const written = own.length > 0 ? await writeChanged(transaction, context, batch.connectionId, own, at) : [];
  const gone = [
    ...batch.removed.flatMap((removal) => (removal.kind === 'slot' ? [removal.externalId] : [])),
    ...missing,
  ];
  const removed = gone.length > 0 ? await transaction.removeSlots(batch.connectionId, gone) : [];
  return { written, removed };
}

async function writeChanged(
  transaction: Transaction,
  context: Context,
  connectionId: string,
  slots: readonly ObservedSlot[],
  at: Instant,
): Promise<ChangedSlot[]> {
  const seen = new Map<string, { slot: ObservedSlot; content: string }>();
  for (const slot of slots)
    seen.set(slot.externalId, { slot, content: slotContent(slot.interval, slot.attributes) });
  const keys = [...seen].map(([externalId, { slot, content }]) => ({
    externalId,
    content,
    sequence: slot.sequence,
  }));
  const differing = await transaction.slotsDiffering(connectionId, keys);
  const toWrite = ({ externalId, id }: SlotDifference): SlotWrite[] => {
    const found = seen.get(externalId);
    const calendar = found && context.directory.calendar(connectionId, found.slot.calendar);
    if (!found || !calendar) return [];
    const write = {
      id: id ?? derivedId('slot', connectionId, externalId),
      connectionId,
      calendar: found.slot.calendar,
      externalId,
      scheduleId: calendar.scheduleId,
      interval: found.slot.interval,
      attributes: found.slot.attributes,
      content: found.content,
      revision: found.slot.revision,
      sequence: found.slot.sequence,
    };
    return [{ ...write, document: context.documents.slot(write) }];
  };
  return writeInPortions(transaction, differing, toWrite, at);
}

/** The documents of one portion are made while the database writes the one before. */
async function writeInPortions(
  transaction: Transaction,
  differing: readonly SlotDifference[],
  toWrite: (difference: SlotDifference) => SlotWrite[],
  at: Instant,
): Promise<ChangedSlot[]> {
  const written: ChangedSlot[] = [];
  let before: Promise<unknown> = Promise.resolve();
  for (let first = 0; first < differing.length; first += PORTION) {
    const portion = differing.slice(first, first + PORTION);
    const created = portion.filter(({ id }) => id === null).flatMap(toWrite);
    const changed = portion.filter(({ id }) => id !== null).flatMap(toWrite);
    const writing = Promise.all([transaction.insertSlots(created, at), transaction.writeSlots(changed, at)]);
    // Should the one before fail, this one fails with its transaction, and nobody waits for it any more.
    writing.catch(() => undefined);
    await before;
    before = writing;
    for (const slots of [created, changed])
      for (const { id, scheduleId, interval } of slots) written.push({ id, scheduleId, interval });
  }
  await before;
  return written;
}

/** Hash of all that a slot says: two readings of the same slot cost one comparison of short texts. */
export const slotContent = (interval: Interval, attributes: SlotAttributes): string =>
  hash(
    'md5',
    `${interval.start}/${interval.end}/${attributes.availableSince}/${attributes.eligibility}/${attributes.reasons}/${attributes.reorientation}/${attributes.mode}/${attributes.bookingUrl}`,
    'base64',
  );
