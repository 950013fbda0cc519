/** FHIR R4 value set appointmentstatus (http://hl7.org/fhir/R4/valueset-appointmentstatus.html). */
export const APPOINTMENT_STATUSES = [
  'proposed',
  'pending',
  'booked',
  'arrived',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
  'checked-in',
  'waitlist',
] as const;
export const APPOINTMENT_STATUS_SYSTEM = 'http://hl7.org/fhir/appointmentstatus';
export type AppointmentStatus = (typeof APPOINTMENT_STATUSES)[number];

const TAKING = new Set<AppointmentStatus>(['pending', 'booked', 'arrived', 'checked-in', 'fulfilled']);

/** Whether somebody else could not have that time. A status that nobody could map is null, and is never taken for free. */
export const takesTime = (status: AppointmentStatus | null): boolean => status === null || TAKING.has(status);
