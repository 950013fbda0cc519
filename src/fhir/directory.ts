import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import {
  healthcareServiceResource,
  locationResource,
  organizationResource,
  practitionerResource,
  practitionerRoleResource,
} from '../../mappings/fhir/directory.ts';
import { scheduleContexts } from '../../mappings/fhir/documents.ts';
import type { Directory } from '../domain/directory.ts';
import { practitionerName } from '../domain/schedule.ts';
import type { Offerings } from '../engine/ports/offerings.ts';
import type { Graph } from './graph.ts';
import { type KeptType, kept } from './kept.ts';
import { ACTIVE_PARAMETER, activeTokens, near, reference, string, token } from './kept-parameters.ts';
import type { Past } from './kept-versions.ts';
import type { Resource } from './resource.ts';
import { schedules } from './schedules.ts';

/** Who, where and what: the configuration, written when the front starts. But for schedules it does not change while it runs. */

export function directoryResources(
  directory: Directory,
  offerings: Offerings,
  past: Past,
  graph: Graph,
): Resource[] {
  const of = (type: KeptType): Resource => kept(type, past, graph);
  return [
    schedules(directory, offerings, past, graph),
    of(locations(directory)),
    of(practitioners(directory)),
    of(roles(directory)),
    of(services(directory)),
    of(organizations(directory)),
  ];
}

/** Everything that is configured is active. */
const ACTIVE = activeTokens(true);

const locations = ({ entries: { locations: places } }: Directory): KeptType => ({
  type: 'Location',
  documentation: 'Where: name, zone and contact details.',
  parameters: [
    string('name'),
    string('address'),
    string('address-city'),
    string('address-postalcode'),
    token('identifier'),
    token('status', ['active', 'suspended', 'inactive']),
    reference('organization', ['Organization']),
    near('near'),
  ],
  includes: ['Location:organization'],
  revincludes: ['Schedule:actor', 'PractitionerRole:location', 'HealthcareService:location'],
  items: places.map((location) => {
    const { address, position, organizationId } = location;
    return {
      resource: locationResource(location, organizationId),
      strings: {
        name: [location.name],
        address: address ? [address.line, address.city, address.postalCode] : [],
        'address-city': address ? [address.city] : [],
        'address-postalcode': address ? [address.postalCode] : [],
      },
      tokens: { status: [{ system: 'http://hl7.org/fhir/location-status', code: 'active' }] },
      references: { organization: [`Organization/${organizationId}`] },
      position,
    };
  }),
});

const practitioners = ({ entries }: Directory): KeptType => ({
  type: 'Practitioner',
  documentation: 'Whose time it is.',
  parameters: [string('name'), string('family'), string('given'), token('identifier'), ACTIVE_PARAMETER],
  revincludes: ['Schedule:actor', 'PractitionerRole:practitioner'],
  items: entries.practitioners.map((practitioner) => {
    const { family, given, identifiers } = practitioner;
    return {
      resource: practitionerResource(practitioner),
      strings: { name: [practitionerName(practitioner), family, given], family: [family], given: [given] },
      tokens: {
        ...ACTIVE,
        identifier: identifiers.map(({ system, value }) => ({ system, code: value })),
      },
    };
  }),
});

function roles(directory: Directory): KeptType {
  const contextOf = scheduleContexts(directory);
  const { schedules: all } = directory.entries;
  return {
    type: 'PractitionerRole',
    documentation: 'Who works where, for what: one for each schedule, with its id.',
    parameters: [
      reference('practitioner', ['Practitioner']),
      reference('location', ['Location']),
      reference('organization', ['Organization']),
      reference('service', ['HealthcareService']),
      token('specialty'),
      ACTIVE_PARAMETER,
    ],
    includes: ['practitioner', 'location', 'organization', 'service'].map(
      (name) => `PractitionerRole:${name}`,
    ),
    items: all.map((schedule) => ({
      resource: practitionerRoleResource(
        schedule,
        directory.organizationOf(schedule.id).id,
        contextOf(schedule.id).service,
      ),
      tokens: { ...ACTIVE, specialty: contextOf(schedule.id).service.specialty ?? [] },
      references: {
        practitioner: [`Practitioner/${schedule.practitionerId}`],
        location: [`Location/${schedule.locationId}`],
        organization: [`Organization/${directory.organizationOf(schedule.id).id}`],
        service: [`HealthcareService/${schedule.serviceId}`],
      },
    })),
  };
}

function services(directory: Directory): KeptType {
  const { entries } = directory;
  const placesOf = (serviceId: string): string[] => [
    ...new Set(
      entries.schedules.filter((each) => each.serviceId === serviceId).map((each) => each.locationId),
    ),
  ];
  // Of all, where nobody offers it yet.
  const offering = (serviceId: string): readonly string[] => {
    const ids = new Set(placesOf(serviceId).map((id) => directory.location(id).organizationId));
    return ids.size > 0 ? [...ids] : entries.organizations.map(({ id }) => id);
  };
  return {
    type: 'HealthcareService',
    documentation: 'What is offered.',
    parameters: [
      string('name'),
      token('identifier'),
      token('service-type'),
      token('specialty'),
      ACTIVE_PARAMETER,
      reference('location', ['Location']),
      reference('organization', ['Organization']),
    ],
    includes: ['HealthcareService:location', 'HealthcareService:organization'],
    revincludes: ['Schedule:actor', 'PractitionerRole:service'],
    items: entries.services.map((service) => ({
      resource: healthcareServiceResource(service, sole(offering(service.id)), placesOf(service.id)),
      strings: { name: [service.name.fr, service.name.en] },
      tokens: {
        ...ACTIVE,
        'service-type': [{ system: SYSTEM.service, code: service.id }],
        specialty: service.specialty ?? [],
      },
      references: {
        location: placesOf(service.id).map((id) => `Location/${id}`),
        organization: offering(service.id).map((id) => `Organization/${id}`),
      },
    })),
  };
}

const sole = (ids: readonly string[]): string | null => (ids.length === 1 ? (ids[0] ?? null) : null);

const organizations = ({ entries }: Directory): KeptType => ({
  type: 'Organization',
  documentation: 'Whose places they are.',
  parameters: [string('name'), token('identifier'), ACTIVE_PARAMETER],
  revincludes: ['Location:organization', 'PractitionerRole:organization', 'HealthcareService:organization'],
  items: entries.organizations.map((organization) => ({
    resource: organizationResource(organization),
    strings: { name: [organization.name] },
    tokens: ACTIVE,
  })),
});
