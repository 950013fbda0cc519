import type { Directory } from '../domain/directory.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Instant } from '../domain/instant.ts';
import { type Allotted, actorOf, type Handed, type Unit } from '../domain/schedule.ts';
import { sellersOf } from './mirror.ts';
import type { StoredOffer } from './ports/store.ts';
import { dayOf, holders, pooledAt, takesPart, unitsOf } from './shares.ts';

/**
 * A platform that has sold all of its share of a day is handed a unit of whoever has most left, so that no time stays
 * unsold for want of the right platform. Only units that are wholly free, and nobody gives its last: who gave one does not
 * get it back before something is cancelled. Pure.
 */

/** A unit of a day, with what is on offer in it. */
type Stock = {
  readonly unit: Unit;
  /** The platforms that can sell something in it. */
  readonly sellers: ReadonlySet<string>;
  /** Those that can sell something that is free. */
  readonly free: ReadonlySet<string>;
  /** Nothing of it is taken, or lies across its ends. */
  readonly isWhole: boolean;
};

/** What follows of a slot from the rule alone, whatever happens to it. */
export type DealtSlot = {
  readonly slotId: string;
  readonly units: readonly Unit[];
  readonly pooledAt: Instant;
  /** The platforms that take part and can sell it. */
  readonly sellers: readonly string[];
};

type Options = {
  readonly directory: Directory;
  readonly scheduleId: string;
  readonly rule: Allotted;
};

/** @returns the units to be handed on, and to whom. */
export function rebalanced(
  slots: readonly StoredOffer[],
  options: Options & { readonly handed: readonly Handed[]; readonly at: Instant },
): Handed[] {
  const dealt = dealtSlot(options);
  const isFree = new Map(slots.map(({ slotId, status }) => [slotId, status === 'free']));
  return handedOn(slots.map(dealt), (slotId) => isFree.get(slotId) ?? false, options);
}

/** The same of slots that were looked at before. @param isFree of a slot, by its id. */
export function handedOn(
  slots: readonly DealtSlot[],
  isFree: (slotId: string) => boolean,
  options: Pick<Options, 'scheduleId' | 'rule'> & {
    readonly handed: readonly Handed[];
    readonly at: Instant;
  },
): Handed[] {
  const { scheduleId, rule, handed, at } = options;
  const holds = holders(rule, handed);
  const days = groupBy(
    stocks(
      slots.filter(({ pooledAt }) => pooledAt > at),
      isFree,
    ),
    ({ unit }) => dayOf(unit),
  );
  return [...days.values()].flatMap((day) =>
    shift(day, holds, Object.keys(rule.shares)).map((moved) => ({ scheduleId, ...moved })),
  );
}

export function dealtSlot({ directory, scheduleId, rule }: Options) {
  const zone = directory.zoneOf(scheduleId);
  const calendars = directory.calendarsOf(actorOf(directory.schedule(scheduleId)));
  return (
    slot: Pick<StoredOffer, 'slotId' | 'scheduleId' | 'interval' | 'connectionId' | 'calendar'>,
  ): DealtSlot => ({
    slotId: slot.slotId,
    units: unitsOf(slot.interval, zone, rule.unitMinutes),
    pooledAt: pooledAt(rule, slot.interval, zone),
    sellers: sellersOf(slot, calendars).filter((id) => takesPart(rule, id)),
  });
}

/** Of the slots that are not pooled yet. */
function stocks(slots: readonly DealtSlot[], isFree: (slotId: string) => boolean): Stock[] {
  const found = new Map<Unit, { sellers: Set<string>; free: Set<string>; isWhole: boolean }>();
  for (const { slotId, units, sellers } of slots) {
    const free = isFree(slotId);
    for (const unit of units) {
      const stock = found.get(unit) ?? { sellers: new Set(), free: new Set(), isWhole: true };
      found.set(unit, stock);
      if (!free || units.length > 1) stock.isWhole = false;
      for (const id of units.length > 1 ? [] : sellers) {
        stock.sellers.add(id);
        if (free) stock.free.add(id);
      }
    }
  }
  return [...found].map(([unit, stock]) => ({ unit, ...stock })).sort((a, b) => (a.unit < b.unit ? -1 : 1));
}

/** One day. */
function shift(day: readonly Stock[], holds: (unit: Unit) => string, platforms: readonly string[]) {
  const moved = new Map<Unit, string>();
  const holderOf = (unit: Unit): string => moved.get(unit) ?? holds(unit);
  const left = (id: string): Stock[] => day.filter(({ unit, free }) => holderOf(unit) === id && free.has(id));
  for (const poor of platforms) {
    if (left(poor).length > 0) continue;
    const [richest] = platforms
      .map((id) => ({
        own: left(id),
        spare: left(id).filter(({ isWhole, sellers }) => isWhole && sellers.has(poor)),
      }))
      .filter(({ own, spare }) => own.length > 1 && spare.length > 0)
      .sort((a, b) => b.own.length - a.own.length);
    // The last of the day: what is soonest is likeliest to be sold where it is.
    const given = richest?.spare.at(-1);
    if (given) moved.set(given.unit, poor);
  }
  return [...moved].map(([unit, connectionId]) => ({ unit, connectionId }));
}
