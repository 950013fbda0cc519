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

/** Who is to be kept: one who is, by id, unless erased meanwhile; or the one with this hash, if there is one, else a new one. */
export type PatientWrite =
  | { readonly isKnown: true; readonly id: string }
  | {
      readonly isKnown: false;
      readonly id: string;
      /** Keyed, of the health insurance number; null = none was given, so this is nobody who was here before. */
      readonly hash: Uint8Array | null;
      readonly sealed: Uint8Array;
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
  /** Who comes, where the clinic keeps that; null = it is to be known no more. Left out = it stays as it is. */
  readonly patient?: PatientWrite | null;
};
