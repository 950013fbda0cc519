import { fromLocal, toLocal } from '../adapter/zone.ts';
import type { Directory } from '../domain/directory.ts';
import { DAY, type Instant, instant, MINUTE, plus } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { Allotted, Handed, Unit } from '../domain/schedule.ts';

/**
 * Whose time it is where sharing is `allotted`. Units of the day are dealt to the platforms in turn, by their shares, and
 * begin with another each day, so that nobody has all the mornings. Nothing is stored of it but what was handed on later.
 */

/** `all`: pooled, or not allotted. `none`: it lies across the units of two. */
export type Holder = 'all' | 'none' | { readonly connectionId: string };

/** The rule of a schedule; null = its time is not allotted. */
export function allottedOf(directory: Directory, scheduleId: string): Allotted | null {
  const { sharing } = directory.policyOf(scheduleId);
  return sharing.mode === 'allotted' ? sharing : null;
}

/** Whether what is booked through Passerelle is closed on every other platform before the one that honours it is asked. */
export const isClosedFirst = (directory: Directory, scheduleId: string): boolean =>
  directory.policyOf(scheduleId).sharing.mode === 'hold-first';

export const takesPart = ({ shares }: Allotted, connectionId: string): boolean =>
  Object.hasOwn(shares, connectionId);

/** From when on every platform sells the interval: all of a unit at once, so that none of it is on offer before the rest. */
export function pooledAt(allotted: Allotted, interval: Interval, zone: string): Instant {
  const last = unitsOf(interval, zone, allotted.unitMinutes).at(-1) as Unit;
  return plus(fromLocal(last, zone), -allotted.pooledMillisecondsBefore);
}

/** The units that the interval touches, in order. A unit of a repeated hour is one. */
export function unitsOf({ start, end }: Interval, zone: string, unitMinutes: number): Unit[] {
  const units = new Set<Unit>();
  for (let at: number = start; at < end; at += unitMinutes * MINUTE)
    units.add(unitAt(instant(at), zone, unitMinutes));
  units.add(unitAt(plus(end, -1), zone, unitMinutes));
  return [...units];
}

function unitAt(at: Instant, zone: string, unitMinutes: number): Unit {
  const local = toLocal(at, zone);
  const minutes = Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
  const begins = minutes - (minutes % unitMinutes);
  const [hour, minute] = [Math.floor(begins / 60), begins % 60].map((part) => String(part).padStart(2, '0'));
  return `${dayOf(local)}T${hour}:${minute}` as Unit;
}

/** The local day of a unit, `2026-11-24`. */
export const dayOf = (unit: string): string => unit.slice(0, 10);

/** @returns to whom a unit is dealt before anything is handed on. */
export function dealer({ shares, unitMinutes }: Allotted): (unit: Unit) => string {
  const turns = turnsOf(shares);
  return (unit) => {
    const day = Date.parse(dayOf(unit)) / DAY;
    const index = (Number(unit.slice(11, 13)) * 60 + Number(unit.slice(14, 16))) / unitMinutes;
    return turns[(day + index) % turns.length] ?? '';
  };
}

/** Each as often as its share, and as evenly spread as can be (smooth weighted round-robin). */
export function turnsOf(shares: Allotted['shares']): readonly string[] {
  const parts = Object.entries(shares).sort(([a], [b]) => (a < b ? -1 : 1));
  const total = parts.reduce((sum, [, share]) => sum + share, 0);
  const due = new Map(parts.map(([id]) => [id, 0]));
  return Array.from({ length: total }, () => {
    for (const [id, share] of parts) due.set(id, (due.get(id) ?? 0) + share);
    const [next] = [...due].reduce((most, each) => (each[1] > most[1] ? each : most));
    due.set(next, (due.get(next) ?? 0) - total);
    return next;
  });
}

/** @returns who holds a unit, with what was handed on; a platform that takes part no more holds nothing. */
export function holders(allotted: Allotted, handed: readonly Pick<Handed, 'unit' | 'connectionId'>[]) {
  const dealt = dealer(allotted);
  const later = new Map(handed.map(({ unit, connectionId }) => [unit, connectionId]));
  return (unit: Unit): string => {
    const now = later.get(unit);
    return now !== undefined && takesPart(allotted, now) ? now : dealt(unit);
  };
}

/** @returns who may sell an interval at that moment. @param zone IANA name of the location. */
export function holderOf(
  allotted: Allotted,
  options: { zone: string; handed: readonly Pick<Handed, 'unit' | 'connectionId'>[]; at: Instant },
): (interval: Interval) => Holder {
  const holds = holders(allotted, options.handed);
  return (interval) => {
    if (pooledAt(allotted, interval, options.zone) <= options.at) return 'all';
    const [first, ...others] = new Set(unitsOf(interval, options.zone, allotted.unitMinutes).map(holds));
    return first === undefined || others.length > 0 ? 'none' : { connectionId: first };
  };
}

/** Whether a platform may sell what is held so: what is pooled every one may, and one that takes no part what it has. */
export const maySell = (allotted: Allotted, connectionId: string, holder: Holder): boolean =>
  !takesPart(allotted, connectionId) ||
  holder === 'all' ||
  (holder !== 'none' && holder.connectionId === connectionId);
