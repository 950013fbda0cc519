import type { Mark } from '../../src/adapter/observation.ts';

/**
 * Who has a time that two bookings take. Cal.com looks and then inserts, without a lock (its issue 13397), so each of ours
 * is looked at once it stands, and goes again if it lost: to whoever has none of our marks, since their patient was told
 * so; and of two with a mark to the one with the smaller number, which the database gives as it inserts.
 */

export type Claim = { readonly id: number; readonly uid: string; readonly mark: Mark | null };

/** The booking to which ours loses, or null: it stays. @param others those that take some of the same time. */
export function loserTo(own: Pick<Claim, 'id'>, others: readonly Claim[]): Claim | null {
  const before = others.filter(({ id, mark }) => id !== own.id && (mark === null || id < own.id));
  return before.sort((a, b) => a.id - b.id)[0] ?? null;
}
