import type { Patient } from 'fhir/r4.js';
import type { PatientDetails } from '../../src/adapter/contract.ts';
import { SYSTEM } from './canonical.ts';

/** Meta is added when it is served. */
export type PatientResource = Omit<Patient, 'meta'>;

/** A patient as a booking said it, and no more: what readPatient() reads, back. */
export function patientResource(id: string, details: PatientDetails): PatientResource {
  const { family, given, phone, email, nam, birthDate } = details;
  const telecom = [
    ...(phone === null ? [] : [{ system: 'phone' as const, value: phone }]),
    ...(email === null ? [] : [{ system: 'email' as const, value: email }]),
  ];
  return {
    resourceType: 'Patient',
    id,
    ...(nam === null ? {} : { identifier: [{ system: SYSTEM.nam, value: nam }] }),
    name: [{ use: 'official', family, given: [given] }],
    // FHIR JSON has no empty arrays (R4, json.html, 2.6.2).
    ...(telecom.length === 0 ? {} : { telecom }),
    ...(birthDate === null ? {} : { birthDate }),
  };
}
