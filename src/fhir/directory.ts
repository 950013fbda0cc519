import { PROFILE } from '../../mappings/fhir/canonical.ts';
import {
  healthcareServiceResource,
  locationResource,
  organizationResource,
  practitionerName,
  practitionerResource,
  scheduleResource,
} from '../../mappings/fhir/directory.ts';
import { scheduleContexts } from '../../mappings/fhir/documents.ts';
import type { Directory } from '../domain/directory.ts';
import { type Kept, kept } from './kept.ts';
import type { Past } from './kept-versions.ts';
import type { Resource } from './resource.ts';

/** Who, where and what: the configuration, written when the front starts. It does not change while it runs. */

export type DirectoryResources = {
  readonly resources: readonly Resource[];
  readonly scheduleText: (id: string) => string | undefined;
};

export function directoryResources(directory: Directory, past: Past): DirectoryResources {
  const schedule = scheduleResources(directory)(past);
  const others = [
    locationResources(directory),
    practitionerResources(directory),
    serviceResources(directory),
    organizationResources(directory),
  ];
  return {
    resources: [
      { ...schedule.resource, profile: PROFILE.Schedule },
      ...others.map((each) => each(past).resource),
    ],
    scheduleText: schedule.textOf,
  };
}

function scheduleResources(directory: Directory): Kept {
  const contextOf = scheduleContexts(directory);
  const items = directory.entries.schedules.map((schedule) => ({
    resource: scheduleResource(schedule, contextOf(schedule.id)),
    actors: [
      `Practitioner/${schedule.practitionerId}`,
      `Location/${schedule.locationId}`,
      `HealthcareService/${schedule.serviceId}`,
    ],
  }));
  return kept('Schedule', 'An actor at a location for a service.', ['actor', 'active'], items);
}

function locationResources({ entries }: Directory): Kept {
  const items = entries.locations.map((location) => ({
    resource: locationResource(location, entries.organization.id),
    names: [location.name],
  }));
  return kept('Location', 'Where: name, zone and contact details.', ['name', 'identifier'], items);
}

function practitionerResources({ entries }: Directory): Kept {
  const items = entries.practitioners.map((practitioner) => ({
    resource: practitionerResource(practitioner),
    names: [practitionerName(practitioner), practitioner.family, practitioner.given],
    identifiers: practitioner.identifiers,
  }));
  return kept('Practitioner', 'Whose time it is.', ['name', 'identifier'], items);
}

function serviceResources({ entries }: Directory): Kept {
  const placesOf = (serviceId: string): string[] => [
    ...new Set(
      entries.schedules.filter((each) => each.serviceId === serviceId).map((each) => each.locationId),
    ),
  ];
  const items = entries.services.map((service) => ({
    resource: healthcareServiceResource(service, entries.organization.id, placesOf(service.id)),
    names: [service.name.fr, service.name.en],
  }));
  return kept('HealthcareService', 'What is offered.', ['name', 'identifier'], items);
}

function organizationResources({ entries: { organization } }: Directory): Kept {
  const items = [{ resource: organizationResource(organization), names: [organization.name] }];
  return kept('Organization', 'Who runs this server.', ['name', 'identifier'], items);
}
