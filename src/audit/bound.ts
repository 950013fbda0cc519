import { type Instant, MINUTE } from '../domain/instant.ts';

/** How much is recorded of what anybody can cause without end, so that a flood of it fills no disk. */

export type Bound<Said> = {
  /** How many of this kind were left out before this one; null = this one is left out as well. */
  readonly admit: (kind: string, said: Said) => number | null;
  /**
   * Of each kind the last that was left out, and how many were before it, where nothing has come since that says so. Each is
   * given once. @param isEnd also of those whose minute is not over.
   */
  readonly takeLeftOut: (isEnd: boolean) => readonly { readonly said: Said; readonly before: number }[];
};

const WINDOW_MILLISECONDS = MINUTE;

type LeftOut<Said> = { readonly said: Said; readonly before: number };
type Window<Said> = { begunAt: Instant; admitted: number; leftOut: LeftOut<Said> | null };

/**
 * So many of a kind a minute. The next one after that minute says how many there were besides.
 * @param kindsMax kinds have ids of callers in them: who comes after so many shares one window with all others.
 */
export function createBound<Said>(
  now: () => Instant,
  { most, kindsMax }: { readonly most: number; readonly kindsMax: number },
): Bound<Said> {
  const windows = new Map<string, Window<Said>>();
  const isOver = ({ begunAt }: Window<Said>): boolean => now() - begunAt >= WINDOW_MILLISECONDS;

  function windowOf(kind: string): Window<Said> {
    if (!windows.has(kind) && windows.size >= kindsMax) {
      for (const [each, window] of windows) if (isOver(window) && !window.leftOut) windows.delete(each);
    }
    const key = windows.has(kind) || windows.size < kindsMax ? kind : '';
    const window = windows.get(key) ?? { begunAt: now(), admitted: 0, leftOut: null };
    windows.set(key, window);
    return window;
  }

  return {
    admit(kind, said) {
      const window = windowOf(kind);
      const leftOut = window.leftOut ? window.leftOut.before + 1 : 0;
      if (isOver(window)) Object.assign(window, { begunAt: now(), admitted: 0 });
      if (window.admitted >= most) {
        window.leftOut = { said, before: leftOut };
        return null;
      }
      window.admitted += 1;
      window.leftOut = null;
      return leftOut;
    },
    takeLeftOut(isEnd) {
      return [...windows.values()].flatMap((window) => {
        const { leftOut } = window;
        if (!leftOut || !(isEnd || isOver(window))) return [];
        window.leftOut = null;
        return [leftOut];
      });
    },
  };
}
