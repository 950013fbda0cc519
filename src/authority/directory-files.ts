import { scheduleContexts } from '../../mappings/fhir/documents.ts';
import {
  type LinksShape,
  linksLocation,
  linksPractitioner,
  linksRole,
  linksSchedule,
  linksService,
} from '../../mappings/fhir/scheduling-links.ts';
import type { Directory } from '../domain/directory.ts';
import type { OfferedSchedules } from '../engine/ports/offerings.ts';

/**
 * Places, people and schedules in files of their own. They follow from the configuration, which stays as it is, and from
 * what was said of schedules since.
 */

export type DirectoryFile = {
  /** The resource type; its file is `<type>.ndjson`. */
  readonly type: string;
  /** @param base of this server, without a slash at its end. @returns lines of NDJSON, many in one text. */
  readonly texts: (base: string) => Iterable<string>;
};

const LINES_PER_TEXT = 500;

/** Whatever a schedule speaks of, and nothing else. */
export function directoryFiles(
  directory: Directory,
  offered: Pick<OfferedSchedules, 'of'>,
  shape: LinksShape,
): DirectoryFile[] {
  const { schedules, locations, practitioners } = directory.entries;
  const contextOf = scheduleContexts(directory);
  const contexts = schedules.map(({ id }) => contextOf(id));
  const places = new Set(schedules.map(({ locationId }) => locationId));
  const people = new Set(schedules.map(({ practitionerId }) => practitionerId));
  // By place and service: there is one of each pair, however many schedules have it.
  const services = new Map(
    contexts.map((context) => [`${context.location.id}\n${context.service.id}`, context]),
  );

  const common = [
    file(
      'Location',
      locations.filter(({ id }) => places.has(id)),
      linksLocation,
    ),
    file('Schedule', schedules, (schedule) =>
      linksSchedule(schedule, contextOf(schedule.id), shape, offered.of(schedule.id)),
    ),
  ];
  if (shape === '2021') return common;
  return [
    ...common,
    file('HealthcareService', [...services.values()], ({ service, location }) =>
      linksService(service, location, directory.organization(location.organizationId)),
    ),
    file(
      'Practitioner',
      practitioners.filter(({ id }) => people.has(id)),
      linksPractitioner,
    ),
    file('PractitionerRole', schedules, (schedule) =>
      linksRole(schedule, contextOf(schedule.id), directory.organizationOf(schedule.id)),
    ),
  ];
}

const file = <T>(
  type: string,
  items: readonly T[],
  resourceOf: (item: T, base: string) => unknown,
): DirectoryFile => ({
  type,
  *texts(base) {
    for (let first = 0; first < items.length; first += LINES_PER_TEXT) {
      const some = items.slice(first, first + LINES_PER_TEXT);
      yield some.map((item) => `${JSON.stringify(resourceOf(item, base))}\n`).join('');
    }
  },
});
