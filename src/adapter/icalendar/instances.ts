import { DAY, HOUR, type Instant, instant, MINUTE, plus, SECOND } from '../../domain/instant.ts';
import { type Interval, overlaps } from '../../domain/interval.ts';
import { expand } from '../../domain/recurrence/expand.ts';
import type { Rule } from '../../domain/recurrence/rule.ts';
import { dayOf, parseWall, type Wall, wall } from '../../domain/recurrence/wall.ts';
import { type Component, type Property, parameterOf, propertiesOf, propertyOf } from './jcal.ts';
import { readRule } from './rule.ts';
import { UTC, type WallZone } from './zones.ts';

/** A component that recurs (VEVENT, AVAILABLE) as its instances inside a range: RFC 5545, 3.8.4.4 and 3.8.5. */

export type Instance = {
  /** When it would start by the rule, whatever became of it; its name within the series. */
  readonly recurrence: Instant;
  readonly interval: Interval;
  readonly allDay: boolean;
  /** The master, or the override that replaces it here. */
  readonly component: Component;
};

export type Instances = {
  /** Whether more than one instance is possible, so that each needs a name of its own. */
  readonly recurring: boolean;
  /** A recurring component that has no instance after the range any more. */
  readonly finished: boolean;
  readonly instances: readonly Instance[];
  /** Where and why a part could not be read, without its values. */
  readonly problems: readonly string[];
};

/** The zone of a TZID, or null when it is unknown. `null` asks for the calendar's own zone. */
export type ZoneOf = (tzid: string | null) => WallZone | null;

export const INSTANCES_MAX = 2_000;

type Moment = {
  readonly wall: Wall;
  readonly zone: WallZone;
  readonly at: Instant;
  readonly isDate: boolean;
};
/** Whole days keep their local length over a DST night; hours and minutes are exact (RFC 5545, 3.3.6). */
type Length = { readonly days: number; readonly milliseconds: number };
type Timing = { readonly start: Moment; readonly length: Length };

class Unreadable extends Error {}

/**
 * @param group the master, if it is there, and its overrides (those with RECURRENCE-ID).
 * @param range which instances of a recurring component; one that does not recur is given wherever it lies.
 */
export function instancesOf(group: readonly Component[], zoneOf: ZoneOf, range: Interval): Instances {
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push(error.message);
      return null;
    }
  };
  const master = group.find((component) => !propertyOf(component, 'recurrence-id'));
  const others = group.filter((component) => component !== master);
  const recurring = others.length > 0 || (master !== undefined && isRecurring(master));
  if (!recurring) {
    const timing = master && attempt(() => timingOf(master, zoneOf));
    const instance =
      master && timing ? instanceAt(master, timing, timing.start.wall, timing.start.wall) : null;
    return { recurring, finished: true, instances: instance ? [instance] : [], problems };
  }
  const overrides = others.flatMap((component) => {
    const read = attempt(() => overrideOf(component, zoneOf));
    return read ? [read] : [];
  });
  const series = master ? attempt(() => seriesOf(master, zoneOf, range)) : null;
  const instances = [
    ...(series && master ? withOverrides(master, series, overrides) : []),
    ...overrides.flatMap(({ component, timing, recurrence }) => {
      const instance = instanceAt(component, timing, timing.start.wall, timing.start.wall);
      return instance ? [{ ...instance, recurrence: recurrence.at }] : [];
    }),
  ].filter((instance) => overlaps(instance.interval, range));
  const finished = (series?.finished ?? true) && overrides.every(({ timing }) => timing.start.at < range.end);
  return { recurring, finished, instances, problems };
}

const isRecurring = (component: Component): boolean =>
  propertyOf(component, 'rrule') !== undefined || propertyOf(component, 'rdate') !== undefined;

type Override = {
  readonly component: Component;
  readonly timing: Timing;
  readonly recurrence: Moment;
  /** RANGE=THISANDFUTURE: moves every later instance alike (3.2.13). */
  readonly future: boolean;
};

function overrideOf(component: Component, zoneOf: ZoneOf): Override {
  const property = propertyOf(component, 'recurrence-id');
  const recurrence = property && momentsOf(component, property, zoneOf)[0];
  if (!property || !recurrence) throw unreadable(component, 'recurrence-id', 'no date');
  const future = parameterOf(property, 'range') === 'THISANDFUTURE';
  return { component, recurrence, timing: timingOf(component, zoneOf), future };
}

type Series = { readonly timing: Timing; readonly starts: readonly Start[]; readonly finished: boolean };
/** An RDATE of type PERIOD has a length of its own. */
type Start = { readonly wall: Wall; readonly at: Instant; readonly length: Length };

function seriesOf(master: Component, zoneOf: ZoneOf, range: Interval): Series {
  const timing = timingOf(master, zoneOf);
  const { start, length } = timing;
  const reach = Math.max(0, length.days * DAY + length.milliseconds) + DAY;
  const walls = {
    from: wall(start.zone.wallOf(instant(range.start - reach))),
    to: wall(start.zone.wallOf(plus(range.end, DAY))),
  };
  const starts = new Map<Instant, Start>();
  let finished = true;
  const add = (local: Wall, at: Instant, of: Length) => starts.set(at, { wall: local, at, length: of });
  if (walls.from <= start.wall && start.wall < walls.to) add(start.wall, start.at, length);
  for (const property of propertiesOf(master, 'rrule')) {
    const rule = readRule(property.values[0]);
    if (!rule) throw unreadable(master, 'rrule', 'not a rule of RFC 5545, 3.3.10');
    const expanded = expand(
      start.isDate ? daily(rule, master) : rule,
      start.wall,
      untilOf(rule, start),
      walls,
    );
    if (expanded === 'unbounded') throw unreadable(master, 'rrule', 'more instances than can be expanded');
    finished &&= expanded.finished;
    for (const local of expanded.walls) add(local, start.zone.at(local), length);
  }
  for (const property of propertiesOf(master, 'rdate')) {
    for (const [moment, own] of datesOf(master, property, zoneOf)) {
      if (moment.at >= range.end) finished = false;
      else add(start.zone.wallOf(moment.at), moment.at, own ?? length);
    }
  }
  for (const property of propertiesOf(master, 'exdate')) {
    for (const moment of momentsOf(master, property, zoneOf)) exclude(starts, moment);
  }
  if (starts.size > INSTANCES_MAX) throw unreadable(master, 'rrule', `more than ${INSTANCES_MAX} instances`);
  return { timing, starts: [...starts.values()], finished };
}

/** A date excludes the whole local day: strictly it matches no date-time, but that is what its writers mean. */
function exclude(starts: Map<Instant, Start>, moment: Moment): void {
  if (!moment.isDate) starts.delete(moment.at);
  else for (const [at, start] of starts) if (dayOf(start.wall) === moment.wall) starts.delete(at);
}

/** Overridden instances are left out, and later ones moved as THISANDFUTURE says. */
function withOverrides(master: Component, series: Series, overrides: readonly Override[]): Instance[] {
  const replaced = (start: Start) =>
    overrides.some(({ recurrence }) =>
      recurrence.isDate ? recurrence.wall === dayOf(start.wall) : recurrence.at === start.at,
    );
  const futures = overrides
    .filter((override) => override.future)
    .sort((a, b) => a.recurrence.at - b.recurrence.at);
  return series.starts
    .filter((start) => !replaced(start))
    .flatMap((start) => {
      const future = futures.findLast((override) => override.recurrence.at <= start.at);
      const { zone, isDate } = series.timing.start;
      const moved = future
        ? wall(start.wall + zone.wallOf(future.timing.start.at) - zone.wallOf(future.recurrence.at))
        : start.wall;
      const timing: Timing = {
        start: { wall: moved, zone, isDate, at: future ? zone.at(moved) : start.at },
        length: future?.timing.length ?? start.length,
      };
      const instance = instanceAt(future?.component ?? master, timing, moved, start.wall);
      return instance ? [instance] : [];
    });
}

/** Null when it lasts no time: then it takes none. */
function instanceAt(component: Component, timing: Timing, local: Wall, recurrence: Wall): Instance | null {
  const { start, length } = timing;
  const end = instant(
    (length.days === 0 ? start.at : start.zone.at(wall(local + length.days * DAY))) + length.milliseconds,
  );
  if (end <= start.at) return null;
  const at = recurrence === local ? start.at : start.zone.at(recurrence);
  return { recurrence: at, interval: { start: start.at, end }, allDay: start.isDate, component };
}

function timingOf(component: Component, zoneOf: ZoneOf): Timing {
  const property = propertyOf(component, 'dtstart');
  const start = property && momentsOf(component, property, zoneOf)[0];
  if (!start) throw unreadable(component, 'dtstart', 'missing');
  const ending = propertyOf(component, 'dtend');
  const end = ending && momentsOf(component, ending, zoneOf)[0];
  if (end) {
    if (end.at < start.at) throw unreadable(component, 'dtend', 'before dtstart');
    const days = start.isDate && end.isDate ? (end.wall - start.wall) / DAY : 0;
    return {
      start,
      length: days > 0 ? { days, milliseconds: 0 } : { days: 0, milliseconds: end.at - start.at },
    };
  }
  const lasting = propertyOf(component, 'duration');
  if (!lasting) return { start, length: { days: start.isDate ? 1 : 0, milliseconds: 0 } };
  const length = lengthOf(lasting.values[0]);
  if (!length) throw unreadable(component, 'duration', 'not a positive duration');
  return { start, length };
}

const DURATION = /^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;

function lengthOf(value: unknown): Length | null {
  const match = DURATION.exec(typeof value === 'string' ? value : '');
  if (!match) return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((n) => Number(n ?? 0));
  return { days: weeks * 7 + days, milliseconds: hours * HOUR + minutes * MINUTE + seconds * SECOND };
}

/** @throws Unreadable when one value is no date, or its zone is unknown. */
function momentsOf(component: Component, property: Property, zoneOf: ZoneOf): readonly Moment[] {
  return property.values.map((value) => momentOf(component, property, value, zoneOf));
}

function momentOf(component: Component, property: Property, value: unknown, zoneOf: ZoneOf): Moment {
  const text = typeof value === 'string' ? value : '';
  const local = parseWall(text.replace(/Z$/, ''));
  if (local === null) throw unreadable(component, property.name, 'not a date or date-time');
  const isDate = !text.includes('T');
  // A date has no zone of its own: it is that day where the calendar is.
  const zone = text.endsWith('Z') ? UTC : zoneOf(isDate ? null : parameterOf(property, 'tzid'));
  if (!zone) throw unreadable(component, property.name, 'TZID names no known zone and defines none');
  return { wall: local, zone, isDate, at: zone.at(local) };
}

function datesOf(of: Component, property: Property, zoneOf: ZoneOf): readonly [Moment, Length | null][] {
  return property.values.map((value) => {
    if (!Array.isArray(value)) return [momentOf(of, property, value, zoneOf), null];
    const start = momentOf(of, property, value[0], zoneOf);
    const length = lengthOf(value[1]);
    if (length) return [start, length];
    const end = momentOf(of, property, value[1], zoneOf);
    return [start, { days: 0, milliseconds: end.at - start.at }];
  });
}

/** On the wall of the start's zone; a date means the whole of that day. */
function untilOf(rule: Rule, start: Moment): Wall | null {
  if (!rule.until) return null;
  const written = parseWall(rule.until.text);
  if (written === null) return null;
  if (!rule.until.text.includes('T')) return wall(written + DAY - 1);
  return rule.until.utc ? start.zone.wallOf(instant(written)) : written;
}

/** 3.3.10: a whole day has no BYHOUR, BYMINUTE or BYSECOND, and does not recur within the day. */
function daily(rule: Rule, of: Component): Rule {
  if (['HOURLY', 'MINUTELY', 'SECONDLY'].includes(rule.frequency)) {
    throw unreadable(of, 'rrule', 'a whole day that recurs within the day');
  }
  return { ...rule, byHour: null, byMinute: null, bySecond: null };
}

const unreadable = (component: Component, property: string, why: string): Unreadable =>
  new Unreadable(`${component.name}.${property}: ${why}`);
