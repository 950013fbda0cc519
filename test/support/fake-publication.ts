import type { After } from '../../src/engine/ports/front.ts';
import type {
  PublicationQuery,
  PublicationReader,
  PublishedSlot,
} from '../../src/engine/ports/publication.ts';
import type { World } from './fake-ports.ts';

/** The port of what is published, over the slots of a fake world. */
export function fakePublication(world: World): PublicationReader {
  const slots = (query: PublicationQuery, after: After | null): PublishedSlot[] => {
    if (world.failure) throw world.failure;
    const { start, schedules, confirmedCalendars, since } = query;
    return world.slots
      .filter((row) => row.startMs >= start.fromMs && row.startMs < start.beforeMs)
      .filter((row) => since === null || row.updatedMs >= since.changedFromMs)
      .filter(
        (row) =>
          after === null || row.startMs > after.atMs || (row.startMs === after.atMs && row.id > after.id),
      )
      .sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1))
      .flatMap((row) => {
        const schedule = schedules.find(({ id }) => id === row.scheduleId);
        if (!schedule) return [];
        const isConfirmed = confirmedCalendars.some(
          (each) => each.connectionId === row.connectionId && each.calendar === row.calendar,
        );
        const isReleased = schedule.releasedUntilMs === null || row.startMs < schedule.releasedUntilMs;
        const isOpen = !row.withheld && isConfirmed && isReleased;
        const { id, scheduleId, startMs, endMs, version } = row;
        const status = row.status === 'free' && !isOpen ? 'busy-unavailable' : row.status;
        const { comment } = JSON.parse(`${row.document}}`);
        return {
          id,
          scheduleId,
          startMs,
          endMs,
          status,
          bookingUrl: comment === undefined ? null : JSON.stringify(comment),
          mark: String(markOf(`${id}/${version}/${status}`)),
        };
      });
  };
  return {
    publishedSlots: async (query, after, limit) => slots(query, after).slice(0, limit),
    publicationTally: async (query) => {
      const all = slots(query, null);
      return { slots: all.length, marks: all.reduce((sum, { mark }) => sum + BigInt(mark), 0n) };
    },
  };
}

/** FNV-1a. */
function markOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
