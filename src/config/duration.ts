/**
 * A duration as it is written, in whole milliseconds: a third of a minute never comes out even, and the database counts
 * in whole numbers. What is more than nothing stays so.
 * @param unit milliseconds of one.
 */
export const milliseconds = (amount: number, unit: number): number =>
  amount > 0 ? Math.max(1, Math.round(amount * unit)) : 0;
