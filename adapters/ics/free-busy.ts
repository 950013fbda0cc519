import type { ZoneOf } from '../../src/adapter/icalendar/instances.ts';
import { instancesOf } from '../../src/adapter/icalendar/instances.ts';
import {
  type Component,
  type Property,
  parameterOf,
  propertiesOf,
} from '../../src/adapter/icalendar/jcal.ts';
import type { ObservedBusy } from '../../src/adapter/observation.ts';
import type { BusyKind } from '../../src/domain/busy.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import type { Reading } from './normalize.ts';

/** Feeds that show only when somebody is busy: VFREEBUSY (RFC 5545, 3.6.4 and 3.8.2.6). Pure. */

export type FreeBusy = { readonly rows: readonly ObservedBusy[]; readonly problems: readonly string[] };

export function freeBusyOf(component: Component, reading: Reading, zoneOf: ZoneOf): FreeBusy {
  const rows: ObservedBusy[] = [];
  const problems: string[] = [];
  for (const property of propertiesOf(component, 'freebusy')) {
    const busyKind = kindOf(property, reading);
    if (busyKind === null) continue;
    for (const value of property.values) {
      const read = periodOf(value, property, zoneOf, reading.range);
      problems.push(...read.problems);
      for (const { interval } of read.instances) {
        if (overlaps(interval, reading.range)) rows.push(rowOf(interval, busyKind, reading));
      }
    }
  }
  return { rows, problems };
}

/** A period is an event that lasts so long. */
function periodOf(value: unknown, { parameters }: Property, zoneOf: ZoneOf, range: Interval) {
  const [start, end] = Array.isArray(value) ? (value as unknown[]) : [];
  const isDuration = typeof end === 'string' && /^[+-]?P/.test(end);
  const properties: Property[] = [
    { name: 'dtstart', parameters, values: [start] },
    { name: isDuration ? 'duration' : 'dtend', parameters, values: [end] },
  ];
  return instancesOf([{ name: 'freebusy', properties, components: [] }], zoneOf, range);
}

/** FBTYPE (3.2.9): one that is not known is to be taken for BUSY. */
function kindOf(property: Property, { events }: Reading): BusyKind | null {
  switch (parameterOf(property, 'fbtype')?.toUpperCase()) {
    case 'FREE':
      return null;
    case 'BUSY-UNAVAILABLE':
      return 'block';
    default:
      return events;
  }
}

const rowOf = (interval: Interval, busyKind: BusyKind, { calendar }: Reading): ObservedBusy => ({
  kind: 'busy',
  externalId: `freebusy.${busyKind}#${formatInstant(interval.start)}/${formatInstant(interval.end)}`,
  calendar,
  interval,
  mark: null,
  revision: null,
  sequence: null,
  busyKind,
  expiresAt: null,
  changedAt: null,
});
