import type { PatientDetails } from '../adapter/contract.ts';
import type { Context } from './context.ts';
import type { AppointmentWrite } from './ports/appointments.ts';

/** What is stored of who comes: for the platform, until it has the booking; and for the clinic, where it keeps patients. */
export type WhoComes = Pick<AppointmentWrite, 'sealedPatient' | 'patient'>;

/** Of a hold, too: it is given to nobody yet. */
export const NOBODY: WhoComes = { sealedPatient: null };

/** Who made the seal has heard of one that is unreadable. */
export function openPatient(
  { seal }: Pick<Context, 'seal'>,
  sealed: Uint8Array,
): PatientDetails | 'unreadable' {
  try {
    return seal.open(sealed, 'booking');
  } catch {
    return 'unreadable';
  }
}

export function whoComes(
  { seal, environment, keepsPatients }: Context,
  patient: PatientDetails | null,
  knownId?: string,
): WhoComes {
  if (!patient) return NOBODY;
  const sealedPatient = seal.close(patient, 'booking');
  if (!keepsPatients) return { sealedPatient };
  if (knownId !== undefined) return { sealedPatient, patient: { id: knownId, isKnown: true } };
  const hash = patient.nam === null ? null : seal.hash(patient.nam);
  return {
    sealedPatient,
    patient: { id: environment.ids.next(), hash, sealed: seal.close(patient, 'patient'), isKnown: false },
  };
}
