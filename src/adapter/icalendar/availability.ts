import { type Instant, MINUTE, parseInstant, plus } from '../../domain/instant.ts';
import { contains, type Interval, subtract } from '../../domain/interval.ts';
import type { ObservedSlot, Rejected } from '../observation.ts';
import { instancesOf, type ZoneOf } from './instances.ts';
import { type Component, parseCalendars, propertyOf, textOf } from './jcal.ts';
import { slotAt } from './plan.ts';
import type { Supply } from './settings.ts';
import type { Zones } from './zones.ts';

/** VAVAILABILITY (RFC 7953) to slots. Pure. */

export type Offered = { readonly slots: readonly ObservedSlot[]; readonly rejected: readonly Rejected[] };

type Source = { readonly href: string; readonly text: string };
type Calendar = {
  readonly priority: number;
  readonly bounds: Interval;
  readonly available: readonly Interval[];
};

const BEGINNING = '1000-01-01T00:00:00Z';
const END = '9999-01-01T00:00:00Z';
const ALWAYS: Interval = { start: parseInstant(BEGINNING), end: parseInstant(END) };

/**
 * The slots that begin inside the range, cut from the start of each AVAILABLE. Where two VAVAILABILITY overlap the one
 * with the higher priority decides (RFC 7953, section 4): the other offers nothing there.
 */
export function slotsOfAvailability(
  calendar: string,
  sources: readonly Source[],
  supply: Supply,
  zones: Zones,
  range: Interval,
): Offered {
  const rejected: Rejected[] = [];
  const calendars: Calendar[] = [];
  // In the order of their names: of two with one priority the first decides, at every reading the same one.
  for (const { href, text } of [...sources].sort((a, b) => (a.href < b.href ? -1 : 1))) {
    const parsed = parseCalendars(text);
    if (parsed.kind === 'unreadable') {
      rejected.push({ externalId: href, reason: parsed.reason, raw: text });
      continue;
    }
    const zoneOf: ZoneOf = (tzid) => (tzid === null ? zones.own : zones.byTzid(tzid, parsed.calendars));
    for (const component of parsed.calendars.flatMap((each) => each.components)) {
      if (component.name !== 'vavailability') continue;
      const read = readAvailability(component, zoneOf, range);
      rejected.push(...read.problems.map((reason) => ({ externalId: href, reason, raw: text })));
      if (read.calendar) calendars.push(read.calendar);
    }
  }
  const step = supply.slotMinutes * MINUTE;
  const starts = new Set<Instant>();
  const decided: Interval[] = [];
  for (const { bounds, available } of calendars.sort((a, b) => a.priority - b.priority)) {
    const open = subtract(bounds, decided);
    for (const stretch of available) for (const start of cut(stretch, open, step)) starts.add(start);
    decided.push(bounds);
  }
  const slots = [...starts]
    .filter((start) => range.start <= start && start < range.end)
    .sort((a, b) => a - b)
    .map((start) => slotAt(calendar, { start, end: plus(start, step) }, supply));
  return { slots, rejected };
}

/** The starts of whole slots of a stretch that lie in open time. */
function cut(stretch: Interval, open: readonly Interval[], step: number): Instant[] {
  const starts: Instant[] = [];
  for (let start = stretch.start; start + step <= stretch.end; start = plus(start, step)) {
    const slot = { start, end: plus(start, step) };
    if (open.some((each) => contains(each, slot))) starts.push(start);
  }
  return starts;
}

function readAvailability(
  component: Component,
  zoneOf: ZoneOf,
  range: Interval,
): { readonly calendar: Calendar | null; readonly problems: readonly string[] } {
  const bounds = boundsOf(component, zoneOf);
  if (typeof bounds === 'string') return { calendar: null, problems: [bounds] };
  const groups = new Map<string, Component[]>();
  for (const [index, each] of component.components.entries()) {
    if (each.name !== 'available') continue;
    const uid = textOf(each, 'uid') ?? `#${index}`;
    groups.set(uid, [...(groups.get(uid) ?? []), each]);
  }
  const read = [...groups.values()].map((group) => instancesOf(group, zoneOf, range));
  // RFC 7953, 3.1: 1 is the highest priority, 9 the lowest, and 0 (the default) is lower still.
  const priority = Number(propertyOf(component, 'priority')?.values[0] ?? 0) || 10;
  const available = read.flatMap(({ instances }) => instances.map(({ interval }) => interval));
  return { calendar: { priority, bounds, available }, problems: read.flatMap(({ problems }) => problems) };
}

/** Its own DTSTART and DTEND or DURATION; where one is missing it holds for all time on that side (3.1). */
function boundsOf(component: Component, zoneOf: ZoneOf): Interval | string {
  const has = (name: string): boolean => propertyOf(component, name) !== undefined;
  if (!has('dtstart') && has('duration')) return 'vavailability.duration: without dtstart';
  const properties = [...component.properties];
  if (!has('dtstart')) properties.push({ name: 'dtstart', parameters: {}, values: [BEGINNING] });
  if (!has('dtend') && !has('duration')) properties.push({ name: 'dtend', parameters: {}, values: [END] });
  const { instances, problems } = instancesOf([{ ...component, properties }], zoneOf, ALWAYS);
  return instances[0]?.interval ?? problems[0] ?? 'vavailability: lasts no time';
}
