import { hash } from 'node:crypto';
import { type ObservedSlot, subjectOf } from '../adapter/observation.ts';
import type { Instant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { SlotAttributes } from '../domain/slot.ts';
import type { Batch } from './batch.ts';
import type { Context } from './context.ts';
import { derivedId } from './identity.ts';
import type { SlotWrite, Transaction } from './ports/store.ts';

/** Slots that a platform offers of its own: taken as they are, since the platform's word is all there is about them. */

export type SlotChanges = {
  readonly written: readonly ChangedSlot[];
  /** External ids of those that are new. */
  readonly created: readonly string[];
  readonly removed: readonly (ChangedSlot & Pick<SlotWrite, 'calendar'>)[];
};
/** No more than what follows from a change needs: the texts of a page must not be kept until its end. */
type ChangedSlot = Pick<SlotWrite, 'id' | 'scheduleId' | 'interval'>;

const PORTION = 500;

export const NO_SLOTS: SlotChanges = { written: [], created: [], removed: [] };

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
  const { written, created } =
    own.length > 0 ? await writeChanged(transaction, context, batch, own, at) : NO_SLOTS;
  const gone = [
    ...batch.removed.filter(({ kind }) => kind === 'slot'),
    ...missing.map((externalId) => ({ externalId, sequence: null })),
  ];
  const removed = gone.length > 0 ? await transaction.removeSlots(batch.connectionId, gone, at) : [];
  return { written, created, removed };
}

/**
 * In portions, so that the database compares one and writes another while the documents of a third are made. No slot is
 * in two of them.
 */
async function writeChanged(
  transaction: Transaction,
  context: Context,
  { connectionId }: Batch,
  slots: readonly ObservedSlot[],
  at: Instant,
): Promise<Pick<SlotChanges, 'written' | 'created'>> {
  const latest = [...new Map(slots.map((slot) => [slot.externalId, slot])).values()];
  const compare = (first: number): Promise<Changed> | null =>
    first < latest.length
      ? ahead(changedOf(transaction, connectionId, latest.slice(first, first + PORTION)))
      : null;
  const written: ChangedSlot[] = [];
  const added: string[] = [];
  let comparing = compare(0);
  let writing: Promise<unknown> = Promise.resolve();
  for (let next = PORTION; comparing !== null; next += PORTION) {
    const comparingNext = compare(next);
    const changed = await comparing;
    const toWrite = (found: Found[]) => found.flatMap((each) => slotWrite(context, connectionId, each) ?? []);
    const [created, replaced] = [toWrite(changed.created), toWrite(changed.replaced)];
    for (const { externalId } of created) added.push(externalId);
    const before = writing;
    writing = ahead(
      Promise.all([transaction.insertSlots(created, at), transaction.writeSlots(replaced, at)]),
    );
    await before;
    for (const part of [created, replaced])
      for (const { id, scheduleId, interval } of part) written.push({ id, scheduleId, interval });
    comparing = comparingNext;
  }
  await writing;
  return { written, created: added };
}

/** Should it fail, then so does its transaction, and perhaps nobody waits for it any more. */
function ahead<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

type Found = { readonly slot: ObservedSlot; readonly content: string; readonly id: string };
type Changed = { readonly created: Found[]; readonly replaced: Found[] };

/** Those that differ from what is stored. */
async function changedOf(
  transaction: Transaction,
  connectionId: string,
  slots: readonly ObservedSlot[],
): Promise<Changed> {
  const seen = new Map(
    slots.map((slot) => [
      slot.externalId,
      { slot, content: slotContent(slot.interval, slot.attributes), sequence: slot.sequence },
    ]),
  );
  const keys = [...seen].map(([externalId, { content, sequence }]) => ({ externalId, content, sequence }));
  const changed: Changed = { created: [], replaced: [] };
  for (const { externalId, id } of await transaction.slotsDiffering(connectionId, keys)) {
    const found = seen.get(externalId);
    if (!found) continue;
    if (id === null) changed.created.push({ ...found, id: derivedId('slot', connectionId, externalId) });
    else changed.replaced.push({ ...found, id });
  }
  return changed;
}

/** Null = of a calendar that nobody linked. */
function slotWrite(context: Context, connectionId: string, { slot, content, id }: Found): SlotWrite | null {
  const calendar = context.directory.calendar(connectionId, slot.calendar);
  if (!calendar) return null;
  const write = {
    id,
    connectionId,
    calendar: slot.calendar,
    externalId: slot.externalId,
    scheduleId: calendar.scheduleId,
    interval: slot.interval,
    attributes: slot.attributes,
    content,
    revision: slot.revision,
    sequence: slot.sequence,
  };
  return { ...write, document: context.documents.slot(write) };
}

/** Hash of all that a slot says: two readings of the same slot cost one comparison of short texts. */
export const slotContent = (interval: Interval, attributes: SlotAttributes): string =>
  hash(
    'md5',
    `${interval.start}/${interval.end}/${attributes.availableSince}/${attributes.eligibility}/${attributes.reasons}/${attributes.reorientation}/${attributes.mode}/${attributes.bookingUrl}`,
    'base64',
  );
