import type { Mark } from '../../src/adapter/observation.ts';

/**
 * Who has a time that two appointments take. The platform inserts whatever it is given, so each of ours is looked at once
 * it stands, and goes again if it lost. Whoever looks comes to the same answer, whatever the order in which they look:
 *
 * - Somebody without our mark has it: their patient was told so, ours was not yet.
 * - Of two with a mark, the smaller id has it. The platform numbers them as it inserts them, so the one with the greater id
 *   sees the other, and takes itself away.
 */

export type Claim = { readonly id: number; readonly mark: Mark | null };

/** The appointment to which ours loses, or null: it stays. @param others those that take some of the same time. */
export function loserTo(own: Claim, others: readonly Claim[]): Claim | null {
  const before = others.filter(({ id, mark }) => id !== own.id && (mark === null || id < own.id));
  return before.sort((a, b) => a.id - b.id)[0] ?? null;
}
