import { type Instant, MINUTE } from '../domain/instant.ts';

/** How much is recorded of what anybody can cause without end, so that a flood of it fills no disk. */

export type Bound = {
  /** How many of this kind were left out before this one; null = this one is left out as well. */
  readonly admit: (kind: string) => number | null;
};

const WINDOW_MILLISECONDS = MINUTE;
const MOST = 30;
const KINDS_MAX = 1_000;

type Window = { begunAt: Instant; admitted: number; leftOut: number };

/** 30 of a kind a minute. The next one after that minute says how many there were besides. */
export function createBound(now: () => Instant): Bound {
  const windows = new Map<string, Window>();
  return {
    admit(kind) {
      const at = now();
      // Kinds have ids of callers in them: whoever makes thousands of those shares one window.
      const key = windows.has(kind) || windows.size < KINDS_MAX ? kind : '';
      const window = windows.get(key) ?? { begunAt: at, admitted: 0, leftOut: 0 };
      windows.set(key, window);
      if (at - window.begunAt < WINDOW_MILLISECONDS && window.admitted >= MOST) {
        window.leftOut += 1;
        return null;
      }
      const { leftOut } = window;
      if (at - window.begunAt >= WINDOW_MILLISECONDS) Object.assign(window, { begunAt: at, admitted: 0 });
      window.admitted += 1;
      window.leftOut = 0;
      return leftOut;
    },
  };
}
