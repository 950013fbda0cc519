import type { Clinic, Connection, Practitioner } from '../configuration/model.ts';

/** From nothing to two platforms and a doctor who is on both: what is done shows in the configuration itself. Pure. */

export const STEPS = ['clinic', 'doctors', 'first', 'second', 'links', 'done'] as const;
export type Step = (typeof STEPS)[number];

export function isDone(step: Step, clinic: Clinic): boolean {
  const { organization, organizations, locations, services, practitioners, schedules, connections } = clinic;
  switch (step) {
    case 'clinic':
      return (organization !== null || organizations.length > 0) && locations.length > 0;
    case 'doctors':
      return services.length > 0 && practitioners.length > 0 && schedules.length > 0;
    case 'first':
      return connections.length > 0;
    case 'second':
      return connections.length > 1;
    case 'links':
      return mirrored(clinic).length > 0;
    case 'done':
      return false;
  }
}

/** Where somebody goes on who has left. */
export const nextOf = (clinic: Clinic): Step => STEPS.find((step) => !isDone(step, clinic)) ?? 'done';

/** Whether all that comes before is done. */
export const isOpen = (step: Step, clinic: Clinic): boolean =>
  STEPS.slice(0, STEPS.indexOf(step)).every((each) => each === 'links' || isDone(each, clinic));

export const stepAfter = (step: Step): Step => STEPS[STEPS.indexOf(step) + 1] ?? 'done';

/** Calendars of a practitioner on a connection. */
export function calendarsOf(practitioner: Practitioner, connection: Connection, { schedules }: Clinic) {
  const own = schedules.filter((each) => each.practitioner === practitioner.id).map(({ id }) => id);
  return connection.calendars.filter(({ schedule }) => own.includes(schedule));
}

/** Whose time is closed on one platform by what is booked on another. */
export const mirrored = (clinic: Clinic): readonly Practitioner[] =>
  clinic.practitioners.filter(
    (practitioner) =>
      clinic.connections.filter((connection) => calendarsOf(practitioner, connection, clinic).length > 0)
        .length > 1,
  );
