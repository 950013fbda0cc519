import { changeOf, groupByUid, takesTime } from '../../src/adapter/icalendar/events.ts';
import { type Instance, instancesOf, type ZoneOf } from '../../src/adapter/icalendar/instances.ts';
import { type Component, parseCalendars, textOf } from '../../src/adapter/icalendar/jcal.ts';
import type { OfferSource } from '../../src/adapter/icalendar/offer.ts';
import type { Zones } from '../../src/adapter/icalendar/zones.ts';
import type { ObservedBusy, Rejected } from '../../src/adapter/observation.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import { type Block, type FeedCalendar, valueIn } from './feed.ts';
import { freeBusyOf } from './free-busy.ts';
import { nameOfUid, namesOf } from './naming.ts';

/** The components of a feed to the time that they take. Pure. */

export type Reading = {
  readonly calendar: string;
  readonly zones: Zones;
  /** What a timed event stands for. */
  readonly events: 'appointment' | 'block';
  /** E-mail address of the calendar's owner, whose refusal frees the time. */
  readonly owner: string | null;
  /** What is given lies in it, at least in part. */
  readonly range: Interval;
};

export type Normalized = {
  readonly rows: readonly ObservedBusy[];
  readonly rejected: readonly Rejected[];
  /** Something stands in the feed of which nobody can say which rows it had: absence means nothing then. */
  readonly isUncertain: boolean;
  /** Texts that say when somebody is available. */
  readonly offering: readonly OfferSource[];
};

export function normalize({ blocks }: FeedCalendar, reading: Reading): Normalized {
  const rows: ObservedBusy[] = [];
  const rejected: Rejected[] = [];
  const zoneOf = zonesIn(blocks, reading.zones);
  const events: { readonly event: Component; readonly block: Block }[] = [];
  const unread: Block[] = [];
  for (const block of blocks) {
    if (block.name !== 'vevent') continue;
    const event = componentIn(block);
    if (event) events.push({ event, block });
    else unread.push(block);
  }
  const known = new Set(events.map(({ event }) => textOf(event, 'uid')));
  let isUncertain = false;
  for (const { text } of unread) {
    const uid = valueIn(text, 'UID');
    // It may be one instance of a series of which the rest can be read, or one of two events of that name.
    if (uid === null || known.has(uid)) isUncertain = true;
    rejected.push({
      externalId: uid === null ? null : nameOfUid(uid),
      reason: 'vevent: not iCalendar (RFC 5545)',
      raw: text,
    });
  }
  const blockOf = new Map(events.map(({ event, block }) => [event, block]));
  const groups = groupByUid(events.map(({ event }) => event));
  const names = namesOf(groups);
  for (const [index, group] of groups.entries()) {
    const name = names[index] ?? '';
    const { instances, recurring, problems } = instancesOf(group, zoneOf, reading.range);
    const raw = group.map((event) => blockOf.get(event)?.text ?? '').join('\r\n');
    for (const reason of problems) rejected.push({ externalId: name, reason, raw });
    for (const instance of instances) {
      if (!takesTime(instance.component, reading.owner) || !overlaps(instance.interval, reading.range))
        continue;
      const id = recurring ? `${name}#${formatInstant(instance.recurrence)}` : name;
      rows.push(rowOf(id, instance, reading));
    }
  }
  for (const block of blocks.filter(({ name }) => name === 'vfreebusy')) {
    const component = componentIn(block);
    const periods = component && freeBusyOf(component, reading, zoneOf);
    // Its periods have no names by which they could be missed one by one.
    if (!periods || periods.problems.length > 0) isUncertain = true;
    const problems = periods?.problems ?? ['vfreebusy: not iCalendar (RFC 5545)'];
    for (const reason of problems) rejected.push({ externalId: null, reason, raw: block.text });
    rows.push(...(periods?.rows ?? []));
  }
  return { rows: unique(rows), rejected, isUncertain, offering: offeringOf(blocks) };
}

/** Two of one name would be one row: overrides that replace the same instance, periods told twice. */
const unique = (rows: readonly ObservedBusy[]): readonly ObservedBusy[] => [
  ...new Map(rows.map((row) => [row.externalId, row])).values(),
];

const rowOf = (
  externalId: string,
  { component, interval, allDay }: Instance,
  reading: Reading,
): ObservedBusy => ({
  kind: 'busy',
  externalId,
  calendar: reading.calendar,
  interval,
  // Nothing of ours is ever written into a feed; a mark in one is a copy of what we wrote elsewhere.
  mark: null,
  revision: null,
  sequence: null,
  busyKind: allDay ? 'block' : reading.events,
  expiresAt: null,
  changedAt: changeOf(component),
});

const wrapped = (...texts: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...texts, 'END:VCALENDAR', ''].join('\r\n');

function componentIn({ text, isWhole }: Block): Component | null {
  if (!isWhole) return null;
  const parsed = parseCalendars(wrapped(text));
  return parsed.kind === 'calendars' ? (parsed.calendars[0]?.components[0] ?? null) : null;
}

/** A VTIMEZONE that cannot be read defines none, and whoever names it is rejected. */
function zonesIn(blocks: readonly Block[], zones: Zones): ZoneOf {
  const components = zoneBlocks(blocks).flatMap((block) => componentIn(block) ?? []);
  const calendar: Component = { name: 'vcalendar', properties: [], components };
  return (tzid) => (tzid === null ? zones.own : zones.byTzid(tzid, [calendar]));
}

const zoneBlocks = (blocks: readonly Block[]): readonly Block[] =>
  blocks.filter(({ name, isWhole }) => name === 'vtimezone' && isWhole);

function offeringOf(blocks: readonly Block[]): readonly OfferSource[] {
  const definitions = zoneBlocks(blocks).map(({ text }) => text);
  return blocks
    .filter(({ name }) => name === 'vavailability')
    .map(({ text }) => ({
      href: nameOfUid(valueIn(text, 'UID') ?? 'vavailability'),
      text: wrapped(...definitions, text),
    }));
}
