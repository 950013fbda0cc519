import type { Schedule } from '../domain/schedule.ts';

/** Who and what a schedule stands for, by the type of reference that names it. */
export const ACTORS: Readonly<Record<string, (schedule: Schedule) => string>> = {
  Practitioner: (schedule) => schedule.practitionerId,
  Location: (schedule) => schedule.locationId,
  HealthcareService: (schedule) => schedule.serviceId,
};

/** Whether a literal reference, as `Practitioner/x`, is an actor of the schedule. */
export function isActor(schedule: Schedule, reference: string): boolean {
  const [type = '', id] = reference.split('/');
  return id !== undefined && ACTORS[type]?.(schedule) === id;
}
