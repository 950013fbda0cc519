import { UNKNOWN_ATTRIBUTES } from '../../domain/slot.ts';
import type { ListedTime, ListRead } from '../contract.ts';
import type { Observation } from '../observation.ts';
import { listedId } from './ids.ts';

/** Times that a person saw, as a reading gives them. */

/**
 * @param showsSlots whether its screen shows each slot with its status; else it shows appointments alone, and where one was is
 * not on offer.
 */
export function observationsOf(times: readonly ListedTime[], showsSlots: boolean): Omit<ListRead, 'wrong'> {
  const rows: Observation[] = [];
  const removed: ListRead['removed'][number][] = [];
  const places = new Map<string, number>();
  const slots = new Set<string>();
  for (const time of times) {
    const slotId = listedId({ ...time, status: 'free' });
    if (showsSlots && !slots.has(slotId)) {
      slots.add(slotId);
      rows.push({ ...observed(time, slotId), kind: 'slot', attributes: UNKNOWN_ATTRIBUTES });
    }
    if (time.status === 'free') continue;
    const place = (places.get(listedId(time)) ?? 0) + 1;
    places.set(listedId(time), place);
    rows.push({
      ...observed(time, listedId(time, place)),
      kind: 'busy',
      busyKind: time.status === 'booked' ? 'appointment' : 'block',
      expiresAt: null,
      changedAt: null,
    });
  }
  for (const time of times.filter(({ status }) => status === 'free')) {
    // As free as it is, nothing else stands there that would have been listed: so many places less.
    for (const status of ['booked', 'blocked'] as const) {
      const first = listedId({ ...time, status });
      const place = (places.get(first) ?? 0) + 1;
      places.set(first, place);
      const externalId = listedId({ ...time, status }, place);
      removed.push({ kind: 'busy', externalId, sequence: null, calendar: time.calendar });
    }
  }
  return { rows, removed };
}

const observed = ({ calendar, interval }: ListedTime, externalId: string) => ({
  externalId,
  calendar,
  interval,
  mark: null,
  revision: null,
  sequence: null,
});
