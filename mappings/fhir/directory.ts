import type * as r4 from 'fhir/r4.js';
import type { Organization } from '../../src/domain/directory.ts';
import {
  type HealthcareService,
  type Location,
  type Practitioner,
  practitionerName,
  type Schedule,
} from '../../src/domain/schedule.ts';
import type { ScheduleState } from '../../src/engine/ports/offerings.ts';
import { concept, inEnglish } from './bilingual.ts';
import { EXTENSION, SYSTEM, VALUE_SET } from './canonical.ts';
import { specialtyOf } from './specialty.ts';

/** Who works where, for what: the configuration as resources. */

type WithId<R> = R & { readonly id: string };

export const organizationResource = (organization: Organization): WithId<r4.Organization> => ({
  resourceType: 'Organization',
  id: organization.id,
  active: true,
  name: organization.name,
});

export const practitionerResource = (practitioner: Practitioner): WithId<r4.Practitioner> => ({
  resourceType: 'Practitioner',
  id: practitioner.id,
  ...(practitioner.identifiers.length === 0
    ? {}
    : { identifier: practitioner.identifiers.map(({ system, value }) => ({ system, value })) }),
  active: true,
  name: [
    {
      text: practitionerName(practitioner),
      family: practitioner.family,
      given: [practitioner.given],
      ...(practitioner.prefix === null ? {} : { prefix: [practitioner.prefix] }),
    },
  ],
});

/** The zone is HL7's `timezone` extension: R4 has no element for it. */
export function locationResource(location: Location, organizationId: string): WithId<r4.Location> {
  const { address, phone, position } = location;
  return {
    resourceType: 'Location',
    id: location.id,
    extension: [{ url: EXTENSION.timeZone, valueCode: location.timeZone }],
    status: 'active',
    name: location.name,
    mode: 'instance',
    ...(phone === null ? {} : { telecom: [{ system: 'phone', value: phone }] }),
    ...(address === null
      ? {}
      : { address: { line: [address.line], city: address.city, postalCode: address.postalCode } }),
    ...(position === null ? {} : { position: { ...position } }),
    managingOrganization: { reference: `Organization/${organizationId}` },
  };
}

/**
 * @param organizationId null = several offer it, and R4 has room for one.
 * @param locationIds the places where some schedule offers it.
 */
export const healthcareServiceResource = (
  service: HealthcareService,
  organizationId: string | null,
  locationIds: readonly string[],
): WithId<r4.HealthcareService> => ({
  resourceType: 'HealthcareService',
  id: service.id,
  active: true,
  ...(organizationId === null ? {} : { providedBy: { reference: `Organization/${organizationId}` } }),
  type: [concept(SYSTEM.service, service.id, service.name)],
  ...specialtyOf(service),
  ...(locationIds.length === 0
    ? {}
    : { location: locationIds.map((id) => ({ reference: `Location/${id}` })) }),
  name: service.name.fr,
  _name: inEnglish(service.name),
});

/** What somebody does on a schedule; it has the schedule's id. */
export const practitionerRoleResource = (
  { id, practitionerId, locationId, serviceId }: Schedule,
  organizationId: string,
  service: HealthcareService,
): WithId<r4.PractitionerRole> => ({
  resourceType: 'PractitionerRole',
  id,
  active: true,
  practitioner: { reference: `Practitioner/${practitionerId}` },
  organization: { reference: `Organization/${organizationId}` },
  ...specialtyOf(service),
  location: [{ reference: `Location/${locationId}` }],
  healthcareService: [{ reference: `HealthcareService/${serviceId}` }],
});

/** The codes by which schedules, slots and appointments name a service. */
export const serviceCodes = (
  services: readonly HealthcareService[],
): WithId<r4.CodeSystem> & { readonly url: string } => ({
  resourceType: 'CodeSystem',
  id: 'service',
  language: 'fr',
  url: SYSTEM.service,
  name: 'Service',
  title: 'Services de cette installation',
  _title: inEnglish({ fr: 'Services de cette installation', en: 'Services of this installation' }),
  status: 'active',
  experimental: false,
  publisher: 'Passerelle',
  caseSensitive: true,
  valueSet: VALUE_SET.service,
  content: 'complete',
  ...(services.length === 0
    ? {}
    : {
        concept: services.map(({ id, name }) => ({
          code: id,
          display: name.fr,
          designation: [{ language: 'en', value: name.en }],
        })),
      }),
});

export type ScheduleContext = {
  readonly practitioner: Practitioner;
  readonly location: Location;
  readonly service: HealthcareService;
};

/** @param state what was said of it besides the configuration; null = nothing. */
export const scheduleResource = (
  schedule: Schedule,
  context: ScheduleContext,
  state: ScheduleState | null = null,
): WithId<r4.Schedule> => ({
  resourceType: 'Schedule',
  id: schedule.id,
  extension: [{ url: EXTENSION.capacity, valuePositiveInt: schedule.capacity }],
  active: state?.active ?? true,
  serviceType: [concept(SYSTEM.service, context.service.id, context.service.name)],
  ...specialtyOf(context.service),
  actor: [
    {
      reference: `Practitioner/${context.practitioner.id}`,
      display: practitionerName(context.practitioner),
    },
    { reference: `Location/${context.location.id}`, display: context.location.name },
    {
      reference: `HealthcareService/${context.service.id}`,
      display: context.service.name.fr,
      _display: inEnglish(context.service.name),
    },
  ],
  ...horizonOf(state),
  ...(state?.comment ? { comment: state.comment } : {}),
});

/** Its bounds as they were written; where there are none there is no horizon. */
export function horizonOf(state: ScheduleState | null): Pick<r4.Schedule, 'planningHorizon'> {
  const { startText = null, endText = null } = state ?? {};
  if (startText === null && endText === null) return {};
  const start = startText === null ? {} : { start: startText };
  return { planningHorizon: endText === null ? start : { ...start, end: endText } };
}
