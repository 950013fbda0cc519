import { Fault } from '../../src/adapter/faults.ts';
import { changeOf } from '../../src/adapter/icalendar/events.ts';
import { calendarsIn } from '../../src/adapter/icalendar/feed.ts';
import { eventsIn, type NamedInstance, zonesIn } from '../../src/adapter/icalendar/feed-events.ts';
import { propertyOf, textOf } from '../../src/adapter/icalendar/jcal.ts';
import { createZones } from '../../src/adapter/icalendar/zones.ts';
import type { Rejected } from '../../src/adapter/observation.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { checked, TEXT_MAX } from './fields.ts';
import { type Published, RECORDS_MAX, type ShiftRecord } from './record.ts';
import { Unreadable } from './times.ts';

/**
 * A roster as iCalendar (RFC 5545): an event is a shift of whom the feed is. The task is CATEGORIES and the place LOCATION; what
 * it is called is not read, since it may name somebody.
 */

/** @param range series are expanded within it. @throws Fault `malformed` when it is no iCalendar, or was cut off. */
export function readIcs(text: string, zone: string, range: Interval): Published {
  const zones = createZones(zone);
  const records: ShiftRecord[] = [];
  const rejected: Rejected[] = [];
  let isUncertain = false;
  for (const { blocks } of calendarsIn(text)) {
    const events = eventsIn(blocks, zonesIn(blocks, zones), range);
    isUncertain ||= events.isUncertain;
    rejected.push(...events.rejected);
    for (const named of events.instances) {
      if (isNone(named)) continue;
      try {
        records.push(recordOf(named));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        rejected.push({ externalId: named.externalId, reason: `vevent: ${error.message}` });
      }
    }
    if (records.length > RECORDS_MAX) throw new Fault('malformed', `more than ${RECORDS_MAX} shifts`);
  }
  return { records, rejected, period: isUncertain ? null : 'all' };
}

/** Called off (3.8.1.11), or only a remark (3.8.2.7). */
const isNone = ({ instance: { component } }: NamedInstance): boolean =>
  textOf(component, 'status')?.toUpperCase() === 'CANCELLED' ||
  textOf(component, 'transp')?.toUpperCase() === 'TRANSPARENT';

function recordOf({ externalId, instance }: NamedInstance): ShiftRecord {
  const { component, interval, allDay } = instance;
  if (allDay) throw new Unreadable('a whole day tells no hours');
  const [category] = propertyOf(component, 'categories')?.values ?? [];
  return {
    id: externalId,
    practitioner: null,
    place: shortened(textOf(component, 'location')),
    interval: checked(interval, null),
    task: typeof category === 'string' ? shortened(category) : null,
    period: null,
    publishedAt: changeOf(component),
    revision: sequenceOf(component),
    raw: undefined,
  };
}

function sequenceOf(component: NamedInstance['instance']['component']): string | null {
  const [value] = propertyOf(component, 'sequence')?.values ?? [];
  return typeof value === 'number' ? String(value) : null;
}

const shortened = (text: string | null): string | null =>
  text === null || text.trim() === '' ? null : text.replaceAll('\0', '').trim().slice(0, TEXT_MAX);
