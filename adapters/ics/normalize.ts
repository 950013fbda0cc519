import { changeOf, takesTime } from '../../src/adapter/icalendar/events.ts';
import { type Block, type FeedCalendar, valueIn } from '../../src/adapter/icalendar/feed.ts';
import {
  componentIn,
  eventsIn,
  wrapped,
  zoneBlocks,
  zonesIn,
} from '../../src/adapter/icalendar/feed-events.ts';
import type { Instance } from '../../src/adapter/icalendar/instances.ts';
import { nameOfUid } from '../../src/adapter/icalendar/naming.ts';
import type { OfferSource } from '../../src/adapter/icalendar/offer.ts';
import type { Zones } from '../../src/adapter/icalendar/zones.ts';
import type { ObservedBusy, Rejected } from '../../src/adapter/observation.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { freeBusyOf } from './free-busy.ts';

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
  const zoneOf = zonesIn(blocks, reading.zones);
  const events = eventsIn(blocks, zoneOf, reading.range);
  const rejected: Rejected[] = [...events.rejected];
  let { isUncertain } = events;
  const rows = events.instances
    .filter(({ instance }) => takesTime(instance.component, reading.owner))
    .map(({ externalId, instance }) => rowOf(externalId, instance, reading));
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

function offeringOf(blocks: readonly Block[]): readonly OfferSource[] {
  const definitions = zoneBlocks(blocks).map(({ text }) => text);
  return blocks
    .filter(({ name }) => name === 'vavailability')
    .map(({ text }) => ({
      href: nameOfUid(valueIn(text, 'UID') ?? 'vavailability'),
      text: wrapped(...definitions, text),
    }));
}
