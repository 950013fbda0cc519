import type { Directory } from '../domain/directory.ts';
import { practitionerName } from '../domain/schedule.ts';

/** Whose time a schedule is, and where, as people call them. */
export type WhoseTime = { readonly practitioner: string; readonly location: string };

/** Null of a schedule that is not configured any more. */
export function whoseTime(directory: Directory, scheduleId: string): WhoseTime | null {
  if (!directory.hasSchedule(scheduleId)) return null;
  const { practitionerId, locationId } = directory.schedule(scheduleId);
  const practitioner = directory.entries.practitioners.find(({ id }) => id === practitionerId);
  return {
    practitioner: practitioner ? practitionerName(practitioner) : practitionerId,
    location: directory.location(locationId).name,
  };
}
