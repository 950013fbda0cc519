import { createHash } from 'node:crypto';
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
import { SYSTEM } from './canonical.ts';
import { horizonOf, practitionerResource, type ScheduleContext } from './directory.ts';
import { provinceOf } from './province.ts';
import { specialtyOf } from './specialty.ts';

/**
 * The directory as SMART Scheduling Links publish it: `2021` (smart-on-fhir/smart-scheduling-links, specification.md) and
 * `ssl`, the draft of 2026 (hl7.fhir.uv.ssl 0.1.0, HL7/smart-scheduling-links). What the configuration does not say is
 * left out, though a specification may want it.
 */
export type LinksShape = '2021' | 'ssl';

const ID_MAX = 64;
const UNKNOWN: r4.CodeableConcept = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
      code: 'unknown',
      display: 'Unknown',
    },
  ],
};

/** @param base of this server: an id is unique there, so that is the system that gives it (Location File, identifier). */
export function linksLocation(location: Location, base: string): r4.Location {
  const { id, name, address, phone, position } = location;
  const state = address && provinceOf(address.postalCode);
  return {
    resourceType: 'Location',
    id,
    identifier: [{ system: `${base}/Location`, value: id }],
    name,
    ...telecom(phone),
    ...(address === null
      ? {}
      : {
          address: {
            line: [address.line],
            city: address.city,
            ...(state === null ? {} : { state }),
            postalCode: address.postalCode,
          },
        }),
    ...(position === null ? {} : { position: { ...position } }),
  };
}

/** In 2021 a schedule has exactly one actor, its place; the draft adds who works there, in a role. */
export const linksSchedule = (
  schedule: Schedule,
  context: ScheduleContext,
  shape: LinksShape,
  state: ScheduleState | null = null,
): r4.Schedule => {
  const { location, service, practitioner } = context;
  const place = { reference: `Location/${location.id}` };
  return {
    resourceType: 'Schedule',
    id: schedule.id,
    // Neither shape has it; whoever knows R4 is told.
    ...(state?.active === false ? { active: false } : {}),
    serviceType: [concept(SYSTEM.service, service.id, service.name)],
    ...horizonOf(state),
    actor:
      shape === '2021'
        ? [place]
        : [
            { ...place, display: location.name },
            { reference: `PractitionerRole/${schedule.id}`, display: practitionerName(practitioner) },
          ],
  };
};

/** The draft wants one identifier: the first that is configured, else the id here. */
export function linksPractitioner(practitioner: Practitioner, base: string): r4.Practitioner {
  const own = { system: `${base}/Practitioner`, value: practitioner.id };
  return { ...practitionerResource(practitioner), identifier: [practitioner.identifiers[0] ?? own] };
}

/** Who is booked on a schedule: a person at a place for a service, as the schedule itself is, so it shares its id. */
export const linksRole = (
  schedule: Schedule,
  { practitioner, location, service }: ScheduleContext,
  organization: Organization,
): r4.PractitionerRole => ({
  resourceType: 'PractitionerRole',
  id: schedule.id,
  active: true,
  practitioner: { reference: `Practitioner/${practitioner.id}`, display: practitionerName(practitioner) },
  organization: { reference: `Organization/${organization.id}`, display: organization.name },
  location: [{ reference: `Location/${location.id}`, display: location.name }],
  healthcareService: [
    { reference: `HealthcareService/${linksServiceId(service.id, location.id)}`, display: service.name.fr },
  ],
  ...telecom(location.phone),
});

/** The draft has a service at one place only, so each place has its own; and it wants one specialty, known or not. */
export const linksService = (
  service: HealthcareService,
  location: Location,
  organization: Organization,
): r4.HealthcareService => ({
  resourceType: 'HealthcareService',
  id: linksServiceId(service.id, location.id),
  active: true,
  providedBy: { reference: `Organization/${organization.id}`, display: organization.name },
  type: [concept(SYSTEM.service, service.id, service.name)],
  specialty: [specialtyOf(service).specialty?.[0] ?? UNKNOWN],
  location: [{ reference: `Location/${location.id}`, display: location.name }],
  name: service.name.fr,
  _name: inEnglish(service.name),
  ...telecom(location.phone),
});

function linksServiceId(serviceId: string, locationId: string): string {
  const id = `${serviceId}.${locationId}`;
  return id.length <= ID_MAX ? id : createHash('sha256').update(id).digest('hex');
}

const telecom = (phone: string | null): { telecom?: r4.ContactPoint[] } =>
  phone === null ? {} : { telecom: [{ system: 'phone', value: phone }] };
