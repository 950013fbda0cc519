import type { Pace } from '../adapter/pace.ts';

/** The platform's limits on this side: the thread asks for a turn before each call, and says when that has ended. */
export type Turns = {
  readonly ask: (id: number) => void;
  /** The call has ended, or is not wanted any more. */
  readonly end: (id: number) => void;
  /** Whether the thread waits for one, which is not its own fault. */
  readonly areAwaited: () => boolean;
  /** Gives back every one, as of calls that have ended. */
  readonly close: () => void;
};

export function createTurns(pace: Pace, grant: (id: number) => void): Turns {
  const held = new Map<number, () => void>();
  const awaited = new Map<number, AbortController>();

  const ask = (id: number): void => {
    const unwanted = new AbortController();
    awaited.set(id, unwanted);
    const call = (): Promise<void> =>
      new Promise((ended) => {
        awaited.delete(id);
        held.set(id, ended);
        grant(id);
      });
    pace(call, unwanted.signal).catch(() => awaited.delete(id));
  };

  const end = (id: number): void => {
    awaited.get(id)?.abort();
    held.get(id)?.();
    held.delete(id);
  };

  return {
    ask,
    end,
    areAwaited: () => awaited.size > 0,
    close: () => {
      for (const id of [...awaited.keys(), ...held.keys()]) end(id);
    },
  };
}
