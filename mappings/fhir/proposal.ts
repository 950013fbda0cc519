import type { Appointment } from 'fhir/r4.js';
import type { Interval } from '../../src/domain/interval.ts';
import { practitionerName } from '../../src/domain/schedule.ts';
import { concept } from './bilingual.ts';
import { SYSTEM } from './canonical.ts';
import type { ScheduleContext } from './directory.ts';
import { localTime } from './local-time.ts';
import { specialtyOf } from './specialty.ts';

/**
 * An appointment that somebody could have (IHE ITI Scheduling, Appointment/$find): a free slot as an appointment that is
 * proposed. @param period within which it was asked for.
 */
export function proposedAppointment(
  { id, slotId, interval }: { readonly id: string; readonly slotId: string; readonly interval: Interval },
  { practitioner, location, service }: ScheduleContext,
  period: Interval,
): Appointment {
  const actors = [
    { reference: `Practitioner/${practitioner.id}`, display: practitionerName(practitioner) },
    { reference: `Location/${location.id}`, display: location.name },
  ];
  const zone = location.timeZone;
  return {
    resourceType: 'Appointment',
    id,
    status: 'proposed',
    serviceType: [concept(SYSTEM.service, service.id, service.name)],
    ...specialtyOf(service),
    start: localTime(interval.start, zone),
    end: localTime(interval.end, zone),
    slot: [{ reference: `Slot/${slotId}` }],
    participant: actors.map((actor) => ({ actor, required: 'required', status: 'needs-action' })),
    requestedPeriod: [{ start: localTime(period.start, zone), end: localTime(period.end, zone) }],
  };
}
