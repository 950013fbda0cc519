import { DAY, type Instant, instant } from '../../domain/instant.ts';
import { expand } from '../../domain/recurrence/expand.ts';
import { formatWall, parseWall, type Wall, wall } from '../../domain/recurrence/wall.ts';
import { fromLocal, isZone, toLocal } from '../zone.ts';
import { type Component, propertiesOf, propertyOf, textOf } from './jcal.ts';
import { readRule } from './rule.ts';

/** The zones of iCalendar times: UTC, IANA names, and the VTIMEZONE of the file itself (RFC 5545, 3.6.5). */

export type WallZone = {
  /** The first of a repeated time; a skipped one shifted by the gap (RFC 5545, 3.3.5). */
  readonly at: (local: Wall) => Instant;
  readonly wallOf: (at: Instant) => Wall;
};

export const UTC: WallZone = { at: (local) => instant(local), wallOf: (at) => wall(at) };

/** @param name IANA. @throws RangeError if there is no such zone. */
export function namedZone(name: string): WallZone {
  return {
    at: (local) => fromLocal(formatWall(local), name),
    wallOf: (at) => parseWall(toLocal(at, name)) ?? wall(at),
  };
}

export type Zones = {
  /** For floating times and whole days. */
  readonly own: WallZone;
  /** Null: the TZID names nothing that is known, and is never read as UTC. */
  readonly byTzid: (tzid: string, calendars: readonly Component[]) => WallZone | null;
};

const CACHE_MAX = 64;

/** @param calendarZone IANA name of the calendar's own zone. @throws RangeError if there is no such zone. */
export function createZones(calendarZone: string): Zones {
  const cache = new Map<string, WallZone | null>();
  const read = (definition: Component): WallZone | null => {
    const key = JSON.stringify(definition);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const zone = definedZone(definition);
    if (cache.size >= CACHE_MAX) cache.clear();
    cache.set(key, zone);
    return zone;
  };
  return {
    own: namedZone(calendarZone),
    byTzid: (tzid, calendars) => {
      // An IANA name wins over the file's definition, which may be older than the law (RFC 7809). A bare name like
      // EST does not: what clients mean by it is in their VTIMEZONE.
      if (tzid === 'UTC' || tzid === 'Etc/UTC') return UTC;
      if (tzid.includes('/') && isZone(tzid)) return namedZone(tzid);
      const definition = calendars
        .flatMap((calendar) => calendar.components)
        .find((component) => component.name === 'vtimezone' && textOf(component, 'tzid') === tzid);
      const defined = definition ? read(definition) : null;
      return defined ?? (isZone(tzid) ? namedZone(tzid) : null);
    },
  };
}

type Observance = { readonly component: Component; readonly before: number; readonly after: number };
type Transition = { readonly at: number; readonly before: number; readonly after: number };

/** The zone of a VTIMEZONE, or null when it defines none: no STANDARD or DAYLIGHT that can be read. */
export function definedZone(definition: Component): WallZone | null {
  const observances: Observance[] = [];
  for (const component of definition.components) {
    if (component.name !== 'standard' && component.name !== 'daylight') continue;
    const before = offsetOf(component, 'tzoffsetfrom');
    const after = offsetOf(component, 'tzoffsetto');
    const start = parseWall(textOf(component, 'dtstart') ?? '');
    if (before === null || after === null || start === null || !hasUsableRules(component)) return null;
    observances.push({ component, before, after });
  }
  if (observances.length === 0) return null;
  const byYear = new Map<number, readonly Transition[]>();
  const offsetAt = (at: number): number => {
    const year = new Date(at).getUTCFullYear();
    let transitions = byYear.get(year);
    if (!transitions) {
      transitions = transitionsAround(observances, year);
      byYear.set(year, transitions);
    }
    const last = transitions.findLast((transition) => transition.at <= at);
    return last ? last.after : (transitions[0]?.before ?? 0);
  };
  return {
    at: (local) => {
      const offsets = [offsetAt(local - DAY), offsetAt(local + DAY)];
      const readings = offsets.map((offset) => local - offset).filter((at) => at + offsetAt(at) === local);
      return instant(readings.length > 0 ? Math.min(...readings) : local - (offsets[0] ?? 0));
    },
    wallOf: (at) => wall(at + offsetAt(at)),
  };
}

/** Zones change by the year or the month; a rule by the second is an attack, and no zone. */
const hasUsableRules = (observance: Component): boolean =>
  propertiesOf(observance, 'rrule').every((property) => {
    const rule = readRule(property.values[0]);
    return (
      (rule?.frequency === 'YEARLY' || rule?.frequency === 'MONTHLY') &&
      !(rule.byHour || rule.byMinute || rule.bySecond)
    );
  });

/** Every transition that decides the offset in a year: those of it and its neighbours, and the last before them. */
function transitionsAround(observances: readonly Observance[], year: number): readonly Transition[] {
  const range = { from: wall(Date.UTC(year - 2, 0)), to: wall(Date.UTC(year + 1, 1)) };
  const found = observances.flatMap(({ component, before, after }) =>
    onsetsOf(component, before, range).map((onset) => ({ at: onset - before, before, after })),
  );
  return found.sort((a, b) => a.at - b.at);
}

function onsetsOf(observance: Component, before: number, range: { from: Wall; to: Wall }): readonly Wall[] {
  const start = parseWall(textOf(observance, 'dtstart') ?? '');
  if (start === null) return [];
  const onsets = [start];
  for (const property of propertiesOf(observance, 'rdate')) {
    for (const value of property.values) {
      const text = typeof value === 'string' ? value : '';
      const onset = parseWall(text.replace(/Z$/, ''));
      if (onset !== null) onsets.push(text.endsWith('Z') ? wall(onset + before) : onset);
    }
  }
  for (const property of propertiesOf(observance, 'rrule')) {
    const rule = readRule(property.values[0]);
    if (!rule) continue;
    const written = rule.until ? parseWall(rule.until.text) : null;
    const until = written !== null && rule.until?.utc ? wall(written + before) : written;
    // A rule that ended long ago may still have set the offset that holds today.
    const from = until !== null && until < range.from ? wall(until - 800 * DAY) : range.from;
    const expanded = expand(rule, start, until, { from, to: range.to });
    if (expanded !== 'unbounded') onsets.push(...expanded.walls);
  }
  return onsets;
}

/** `-05:00` or `+05:50:01` as milliseconds. */
function offsetOf(observance: Component, name: string): number | null {
  const value = propertyOf(observance, name)?.values[0];
  const match = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(typeof value === 'string' ? value : '');
  if (!match) return null;
  const [, sign, hours, minutes, seconds = '0'] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}
