import type { Clock } from '../domain/environment.ts';

/** Of the events of a reading, which are thousands, one look hears. */
const SOON_MILLISECONDS = 50;

/**
 * Wakes those who look again every so often. Nothing depends on it: whoever does not hear it looks a little later.
 */
export type Bell = {
  readonly ring: () => void;
  /** The same a little later, once for all who ask for it until then. */
  readonly ringSoon: () => void;
  /** How often it was rung. */
  readonly rings: () => number;
  /** Resolves when it has been rung more than `heard` times, after `milliseconds`, or when the signal is aborted. */
  readonly wait: (heard: number, milliseconds: number, signal: AbortSignal) => Promise<void>;
};

export function createBell(clock: Pick<Clock, 'sleep'>): Bell {
  let rings = 0;
  let next = new AbortController();
  let isSoon = false;
  const ring = (): void => {
    rings += 1;
    const waiting = next;
    next = new AbortController();
    waiting.abort();
  };
  return {
    ring,
    ringSoon() {
      if (isSoon) return;
      isSoon = true;
      void clock.sleep(SOON_MILLISECONDS).then(() => {
        isSoon = false;
        ring();
      });
    },
    rings: () => rings,
    async wait(heard, milliseconds, signal) {
      if (rings > heard || signal.aborted) return;
      await clock.sleep(milliseconds, AbortSignal.any([next.signal, signal])).catch(() => undefined);
    },
  };
}
