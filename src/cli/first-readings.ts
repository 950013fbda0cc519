import type { EventListener } from '../engine/ports/events.ts';

export type FirstReadings = {
  readonly listener: EventListener;
  /** Every connection has been read, or has been found down; at the latest after `limitMilliseconds`. */
  readonly done: Promise<void>;
};

/** The first readings bring all that stands on the platforms, which is nothing that just happened. */
export function firstReadings(connectionIds: readonly string[], limitMilliseconds: number): FirstReadings {
  const missing = new Set(connectionIds);
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    // A gateway that could not start has nothing to wait for.
    const limit = setTimeout(resolve, limitMilliseconds).unref();
    finish = () => {
      clearTimeout(limit);
      resolve();
    };
  });
  return {
    done,
    listener: (event) => {
      if (event.type !== 'feed.read' && event.type !== 'connection.down') return;
      missing.delete(event.connectionId);
      if (missing.size === 0) finish();
    },
  };
}
