import type { PatientDetails } from '../../adapter/contract.ts';

/** Keeps a patient's details unreadable at rest, until the platform that honours the booking has them. */
export type Seal = {
  readonly close: (patient: PatientDetails) => Uint8Array;
  /** @throws Error when it was sealed with another key or was tampered with. */
  readonly open: (sealed: Uint8Array) => PatientDetails;
  /** The same for any text that may name a patient. */
  readonly closeText: (text: string) => Uint8Array;
  readonly openText: (sealed: Uint8Array) => string;
};
