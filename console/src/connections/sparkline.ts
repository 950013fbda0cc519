/** A small drawing of one figure over time. Pure. */

export type Value = { readonly at: number; readonly value: number };
type Place = readonly [x: number, y: number];

export const WIDTH = 240;
export const HEIGHT = 48;
/** So that a line at the edge is drawn whole. */
const MARGIN = 3;

export type Extremes = { readonly min: number; readonly max: number; readonly now: number };

/** Null = there is nothing to tell. */
export function extremesOf(values: readonly Value[]): Extremes | null {
  const last = values.at(-1);
  if (!last) return null;
  const all = values.map(({ value }) => value);
  return { min: Math.min(...all), max: Math.max(...all), now: last.value };
}

/**
 * Lines in a box of WIDTH and HEIGHT, one for each stretch without a gap: of time of which nothing is known nothing is drawn.
 * @param values in the order of time. @param least what the top of the box stands for at the least.
 */
export function linesOf(
  values: readonly Value[],
  { from, before, step, least }: Readonly<Record<'from' | 'before' | 'step' | 'least', number>>,
): readonly string[] {
  const top = Math.max(least, ...values.map(({ value }) => value));
  const placeOf = ({ at, value }: Value): Place => [
    MARGIN + ((at - from) / Math.max(1, before - from)) * (WIDTH - 2 * MARGIN),
    HEIGHT - MARGIN - (top === 0 ? 0 : value / top) * (HEIGHT - 2 * MARGIN),
  ];
  const stretches: Value[][] = [];
  for (const value of values) {
    const stretch = stretches.at(-1);
    const last = stretch?.at(-1);
    if (stretch && last && value.at - last.at <= 1.5 * step) stretch.push(value);
    else stretches.push([value]);
  }
  return stretches.map((stretch) => {
    // A line from a point to itself is a dot, by its round ends.
    const whole = stretch.length === 1 ? [...stretch, ...stretch] : stretch;
    return whole
      .map((value) =>
        placeOf(value)
          .map((each) => each.toFixed(1))
          .join(','),
      )
      .join(' ');
  });
}
