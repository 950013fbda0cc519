import type { BusyPeriod } from '../domain/busy.ts';
import { sameInterval } from '../domain/interval.ts';
import type { Context } from './context.ts';
import { derivedId } from './identity.ts';
import type { Once } from './ports/desk.ts';
import type { Transaction } from './ports/store.ts';

/** A command whose answer was lost is sent again: what it made has an id that follows from its key, so it is made once. */

export const idOf = ({ environment }: Context, { by, key }: Once): string =>
  key === null ? environment.ids.next() : derivedId('desk', by, key);

/** The actor must be locked. @returns null = nothing was made by that key yet. */
export async function madeBefore(
  transaction: Transaction,
  { key }: Once,
  wanted: Pick<BusyPeriod, 'id' | 'kind' | 'scheduleId' | 'interval'>,
): Promise<'same' | 'other' | null> {
  if (key === null) return null;
  const [before] = await transaction.busyByIds([wanted.id]);
  if (!before) return null;
  const isSame =
    before.kind === wanted.kind &&
    before.scheduleId === wanted.scheduleId &&
    sameInterval(before.interval, wanted.interval);
  return isSame ? 'same' : 'other';
}
