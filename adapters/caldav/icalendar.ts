import { createHash } from 'node:crypto';
import { changeOf, groupByUid, takesTime } from '../../src/adapter/icalendar/events.ts';
import {
  type Instance,
  type Instances,
  instancesOf,
  type ZoneOf,
} from '../../src/adapter/icalendar/instances.ts';
import { type Component, parseCalendars, textOf } from '../../src/adapter/icalendar/jcal.ts';
import type { Zones } from '../../src/adapter/icalendar/zones.ts';
import { type Mark, type ObservedBusy, type Rejected, subjectOf } from '../../src/adapter/observation.ts';
import type { BusyKind } from '../../src/domain/busy.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Resource } from './resource.ts';

/** One resource of a calendar collection to the time that it takes. Pure. */

export type Reading = {
  readonly calendar: string;
  readonly zones: Zones;
  /** What a timed event that is not ours stands for. */
  readonly events: 'appointment' | 'block';
  /** E-mail address of the calendar's owner, whose refusal frees the time. */
  readonly owner: string | null;
  /** Which instances of a series are given. */
  readonly range: Interval;
};

export type Busy = {
  readonly rows: readonly ObservedBusy[];
  readonly rejected: readonly Rejected[];
  /**
   * `single`: at most one row, whose external id is the href. `series`: rows named after their instances, so whoever
   * sees it changed, or can't read it, can't tell which rows are gone; a text that can't be read at all may always be
   * one. `past`: a series that was read whole and has no instance from the range on.
   */
  readonly shape: 'single' | 'series' | 'past';
  /** Components that say when somebody is available (RFC 7953): slots, not busy time. */
  readonly offers: boolean;
};

export const MARK_PROPERTY = 'x-passerelle-mark';
export const KIND_PROPERTY = 'x-passerelle-kind';

/** Both the name of our resource and its UID: the same mark can't be written twice, whoever repeats the call. */
export const nameOf = (mark: Mark): string =>
  `passerelle-${createHash('sha256').update(mark).digest('hex').slice(0, 32)}`;

export function busyOf(resource: Resource, reading: Reading): Busy {
  const { href } = resource;
  const parsed = parseCalendars(resource.text);
  if (parsed.kind === 'unreadable') {
    return {
      rows: [],
      rejected: [{ externalId: href, reason: parsed.reason, raw: resource.text }],
      shape: 'series',
      offers: false,
    };
  }
  const { calendars } = parsed;
  const components = calendars.flatMap((calendar) => calendar.components);
  const zoneOf: ZoneOf = (tzid) =>
    tzid === null ? reading.zones.own : reading.zones.byTzid(tzid, calendars);
  const offers = components.some((component) => component.name === 'vavailability');
  const groups = groupByUid(components.filter((component) => component.name === 'vevent'));
  const read = groups.map((group) => instancesOf(group, zoneOf, reading.range));
  const single = read.length <= 1 && !read.some((instances) => instances.recurring);
  const rejected = rejectedOf(resource, read);
  const rows = new Map<string, ObservedBusy>();
  for (const [index, { instances }] of read.entries()) {
    for (const instance of instances) {
      if (!takesTime(instance.component, reading.owner)) continue;
      const series = groups.length > 1 ? `${index}.` : '';
      const id = single ? href : `${href}#${series}${formatInstant(instance.recurrence)}`;
      rows.set(id, rowOf(id, instance, resource, reading));
    }
  }
  const isPast = rows.size === 0 && rejected.length === 0 && read.every(({ finished }) => finished);
  return {
    rows: [...rows.values()],
    rejected,
    shape: single ? 'single' : isPast ? 'past' : 'series',
    offers,
  };
}

const rejectedOf = ({ href, text }: Resource, read: readonly Instances[]): readonly Rejected[] =>
  read.flatMap(({ problems }) => problems.map((reason) => ({ externalId: href, reason, raw: text })));

function rowOf(id: string, instance: Instance, resource: Resource, reading: Reading): ObservedBusy {
  const { component } = instance;
  const mark = markIn(component);
  return {
    kind: 'busy',
    externalId: id,
    calendar: reading.calendar,
    interval: instance.interval,
    mark,
    revision: resource.etag,
    sequence: null,
    busyKind: kindOf(component, mark, instance.allDay, reading.events),
    expiresAt: null,
    changedAt: resource.modifiedAt ?? changeOf(component),
  };
}

/** Clients copy X- properties when an event is copied: a mark under another UID is no echo of ours. */
function markIn(event: Component): Mark | null {
  const text = textOf(event, MARK_PROPERTY);
  if (subjectOf(text) === null) return null;
  return textOf(event, 'uid') === nameOf(text as Mark) ? (text as Mark) : null;
}

function kindOf(event: Component, mark: Mark | null, allDay: boolean, events: BusyKind): BusyKind {
  if (mark !== null) return textOf(event, KIND_PROPERTY) === 'appointment' ? 'appointment' : 'block';
  return allDay ? 'block' : events;
}
