import { Fault } from './faults.ts';
import type { Mark } from './observation.ts';

/**
 * Who has a time that two bookings take, at a platform that looks and then inserts without a lock, or looks at nothing. There
 * each booking of ours is looked at once it stands, and goes again if it lost. Whoever looks comes to the same answer,
 * whatever the order in which they look:
 *
 * - Somebody without a mark has it: their patient was told so, ours was not yet.
 * - Of two with a mark, the smaller number has it. The platform numbers them as it inserts them, so the one with the greater
 *   number finds the other, and takes itself away.
 */

export type Claim = {
  /** A number that the platform gives as it inserts, from one counter for all that may take the same time. */
  readonly id: number;
  readonly mark: Mark | null;
};

/** The booking to which ours loses, or null: it stays. @param others those that take some of the same time. */
export function loserTo<Other extends Claim>(own: Pick<Claim, 'id'>, others: readonly Other[]): Other | null {
  const before = others.filter(({ id, mark }) => id !== own.id && (mark === null || id < own.id));
  return before.sort((a, b) => a.id - b.id)[0] ?? null;
}

/** A look at, or the undoing of, what was written. @throws Fault `unsure` when it fails: what stands may be one too many. */
export async function onceWritten<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (cause) {
    throw new Fault('unsure', 'it was written, and what came of it could not be seen', { cause });
  }
}
