import type { EventListener } from '../engine/ports/events.ts';

export type FirstReadings = {
  readonly listener: EventListener;
  /** Resolves once each of these connections has been read, or has been found down; at the latest after `limitMilliseconds`. */
  readonly of: (connectionIds: readonly string[]) => Promise<void>;
};

/** The first readings bring all that stands on the platforms, which is nothing that just happened. */
export function firstReadings(limitMilliseconds: number): FirstReadings {
  const heard = new Set<string>();
  let onHeard: () => void = () => undefined;
  return {
    of: (connectionIds) =>
      new Promise<void>((resolve) => {
        // A gateway that could not start has nothing to wait for.
        const limit = setTimeout(resolve, limitMilliseconds).unref();
        onHeard = () => {
          if (!connectionIds.every((id) => heard.has(id))) return;
          clearTimeout(limit);
          resolve();
        };
        onHeard();
      }),
    listener: (event) => {
      if (event.type !== 'feed.read' && event.type !== 'connection.down') return;
      heard.add(event.connectionId);
      onHeard();
    },
  };
}
