import type { StartRange } from '../engine/ports/front.ts';

/** Instants as a union of half-open ranges: what `ne` and a comma leave of a date. Empty = none. */
export type Ranges = readonly StartRange[];

export const ALWAYS: Ranges = [{ fromMs: null, beforeMs: null }];

export const intersectRanges = (a: StartRange, b: StartRange): StartRange => ({
  fromMs: a.fromMs === null ? b.fromMs : b.fromMs === null ? a.fromMs : Math.max(a.fromMs, b.fromMs),
  beforeMs:
    a.beforeMs === null ? b.beforeMs : b.beforeMs === null ? a.beforeMs : Math.min(a.beforeMs, b.beforeMs),
});

/** What is in both. */
export const inBoth = (a: Ranges, b: Ranges): Ranges =>
  a.flatMap((one) => b.map((other) => intersectRanges(one, other))).filter((range) => !isEmpty(range));

/** The one range around them all. */
export function around(ranges: Ranges): StartRange {
  const [first, ...more] = ranges;
  if (!first) return NONE;
  return more.reduce<StartRange>(
    (whole, { fromMs, beforeMs }) => ({
      fromMs: whole.fromMs === null || fromMs === null ? null : Math.min(whole.fromMs, fromMs),
      beforeMs: whole.beforeMs === null || beforeMs === null ? null : Math.max(whole.beforeMs, beforeMs),
    }),
    first,
  );
}

const NONE: StartRange = { fromMs: 0, beforeMs: 0 };

const isEmpty = ({ fromMs, beforeMs }: StartRange): boolean =>
  fromMs !== null && beforeMs !== null && fromMs >= beforeMs;
