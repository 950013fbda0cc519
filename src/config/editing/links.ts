import type { Linkable } from '../../domain/calendar-suggestions.ts';
import { ConfigurationDocument } from '../document.ts';
import { isMapping } from '../raw.ts';
import type { Entry } from './edit.ts';

/** What calendars are linked to, and may be, in a file that may be wrong elsewhere. */

const { practitioners, schedules, locations } = ConfigurationDocument.shape;

/** A list that is wrong itself has nothing in it: the problems of the file say so. */
export function linkableIn(document: Entry): Linkable {
  const places = locations.safeParse(document['locations']).data ?? [];
  const people = practitioners.safeParse(document['practitioners']).data ?? [];
  return {
    practitioners: people.map(({ prefix = null, ...practitioner }) => ({ ...practitioner, prefix })),
    schedules: (schedules.safeParse(document['schedules']).data ?? []).map(
      ({ id, practitioner, location }) => ({
        ...{ id, practitionerId: practitioner },
        locationName: places.find((place) => place.id === location)?.name ?? null,
      }),
    ),
  };
}

/** @param calendars as they are written under a connection. */
export function linkedIn(calendars: unknown): ReadonlyMap<string, string> {
  const items: readonly unknown[] = Array.isArray(calendars) ? calendars : [];
  return new Map(
    items.flatMap((item) => {
      const { id, schedule } = isMapping(item) ? item : {};
      return typeof id === 'string' && typeof schedule === 'string' ? [[id, schedule] as const] : [];
    }),
  );
}
