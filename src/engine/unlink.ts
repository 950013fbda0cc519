import { instant } from '../domain/instant.ts';
import { actorOf } from '../domain/schedule.ts';
import type { Context } from './context.ts';
import { endLive } from './end-booking.ts';
import { alignSlots } from './offers.ts';
import { realign } from './realign.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * What is left of calendars that the configuration does not have any more, or has for another schedule. Nobody reads them, so
 * what was free there is unknown and goes, with what was published of it, and so does what only that platform closed; what
 * was booked stays, since a patient has a confirmation (docs/configuration.md, «What is taken out»).
 */
export async function dropUnlinked(context: Context): Promise<void> {
  const { directory, store, queue, environment } = context;
  const { calendars, connections } = directory.entries;
  // A file that is not there is read as one that has nothing: that is no reason to forget what was known.
  if (connections.length === 0) return;
  const at = environment.clock.now();
  const woken = new Set<string>();
  for (const {
    connectionId,
    scheduleId,
    externalIds,
    isEditedHere,
    startMs,
    endMs,
  } of await store.unlinkedSlots(calendars)) {
    const actorIds = directory.hasSchedule(scheduleId) ? [actorOf(directory.schedule(scheduleId))] : [];
    if (isEditedHere) {
      // Nobody but us has them; they only are on offer nowhere.
      await realign(context, [{ scheduleId, window: { start: instant(startMs), end: instant(endMs) } }], at);
      continue;
    }
    const changed = await store.transaction(async (transaction) => {
      await transaction.lockActors(actorIds);
      const gone = externalIds.map((externalId) => ({ externalId, sequence: null }));
      const removed = await transaction.removeSlots(connectionId, gone, at);
      const slots = { ...NO_SLOTS, removed };
      return alignSlots(transaction, directory, { actorIds: [], window: null, slots, at });
    });
    for (const each of changed) woken.add(each.connectionId);
  }
  for (const connectionId of woken) queue.wake({ kind: 'deliver', connectionId });
  for (const busyId of await store.unlinkedBlocks(calendars, at)) {
    await endLive(context, busyId, (draft, { kind, originId, scheduleId, interval }) => {
      const event = { at: draft.at, connectionId: originId, busyId, busyKind: kind, scheduleId, interval };
      return { type: 'busy.ended', ...event };
    });
  }
}
