/**
 * How much of what was known ahead a reading did not meet. A platform that shows most of its agenda no more has rather
 * lost it, or lost us, than cancelled it: beyond a limit nothing is taken for gone until it is back or a person says so.
 */

export type Tally = { readonly known: number; readonly missing: number };

/** Slots, and busy periods that are the platform's own. */
export type Absence = { readonly slots: Tally; readonly busy: Tally };

/** Both must be reached, by the slots or by the busy periods: a share of many, and not just some of few. */
export type SuspectLimit = {
  /** Above 0, 1 = all. */
  readonly share: number;
  readonly atLeast: number;
};

export const DEFAULT_LIMIT: SuspectLimit = { share: 0.5, atLeast: 20 };

export const isSuspect = ({ slots, busy }: Absence, limit: SuspectLimit): boolean =>
  exceeds(slots, limit) || exceeds(busy, limit);

const exceeds = ({ known, missing }: Tally, { share, atLeast }: SuspectLimit): boolean =>
  missing >= atLeast && missing >= share * known;
