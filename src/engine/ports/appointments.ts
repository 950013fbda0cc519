/** What is stored of an appointment beside its time. */

export type AppointmentStatus = 'pending' | 'booked' | 'cancelled' | 'noshow' | 'entered-in-error';

/** By which a caller knows its appointment. */
export type AppointmentIdentifier = {
  /** URI; null = none was given. */
  readonly system: string | null;
  readonly value: string;
};

export type IdentifierWrite = AppointmentIdentifier & {
  /** It is booked only if no appointment has it yet. */
  readonly isSole: boolean;
};

export type AppointmentWrite = {
  /** The same as its busy period's. */
  readonly id: string;
  readonly scheduleId: string;
  readonly slotId: string | null;
  readonly status: AppointmentStatus;
  readonly document: string;
  /** Left out = it keeps those that it has. */
  readonly identifiers?: readonly IdentifierWrite[];
  /** Encrypted details of the patient for the platform that must honour the booking; null once it has them. */
  readonly sealedPatient: Uint8Array | null;
};
