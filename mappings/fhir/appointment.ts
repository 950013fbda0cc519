import type { Appointment } from 'fhir/r4.js';
import type { BusyPeriod } from '../../src/domain/busy.ts';
import {
  type HealthcareService,
  type Location,
  type Practitioner,
  practitionerName,
} from '../../src/domain/schedule.ts';
import { concept } from './bilingual.ts';
import { SYSTEM } from './canonical.ts';
import { localTime } from './local-time.ts';
import { specialtyOf } from './specialty.ts';

/** Status and meta are added when it is served, and until when it is held. */
export type AppointmentResource = Omit<Appointment, 'status' | 'meta'>;

export type AppointmentContext = {
  readonly practitioner: Practitioner;
  readonly location: Location;
  readonly service: HealthcareService;
  readonly slotId: string | null;
  readonly comment: string | null;
};

/** A booking without its patient: where the clinic keeps that, it is added as it is served, for whoever may know. */
export function appointmentResource(busy: BusyPeriod, context: AppointmentContext): AppointmentResource {
  const { practitioner, location, service, slotId, comment } = context;
  return {
    resourceType: 'Appointment',
    id: busy.id,
    serviceType: [concept(SYSTEM.service, service.id, service.name)],
    ...specialtyOf(service),
    start: localTime(busy.interval.start, location.timeZone),
    end: localTime(busy.interval.end, location.timeZone),
    ...(slotId === null ? {} : { slot: [{ reference: `Slot/${slotId}` }] }),
    ...(comment === null ? {} : { comment }),
    participant: [
      {
        actor: { reference: `Practitioner/${practitioner.id}`, display: practitionerName(practitioner) },
        status: 'accepted',
      },
      { actor: { reference: `Location/${location.id}`, display: location.name }, status: 'accepted' },
    ],
  };
}
