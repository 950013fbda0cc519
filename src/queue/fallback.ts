import type { Queue } from '../engine/ports/queue.ts';

/** A queue on a server that may be away. */
export type ServedQueue = Queue & { readonly isAway: () => boolean };

/**
 * Goes on in this process while the server of the queue is away: the mirror must not wait for it. Every process that works
 * does so, and none does twice what another does: a feed has one reader and a listing one writer by their leases in the
 * database. What is woken meanwhile is woken at the server too, once it is back.
 */
export const withFallback = (served: ServedQueue, own: Queue): Queue => ({
  wake: (work, delayMilliseconds) => {
    served.wake(work, delayMilliseconds);
    if (served.isAway()) own.wake(work, delayMilliseconds);
  },
  start: async (handler) => {
    await Promise.all([served.start(handler), own.start(handler)]);
  },
  stop: async () => {
    await Promise.all([served.stop(), own.stop()]);
  },
});
