import type { PatientDetails } from '../../adapter/contract.ts';

/** Keeps a patient's details unreadable at rest, until the platform that honours the booking has them. */
export type Seal = {
  readonly close: (patient: PatientDetails) => Uint8Array;
  /** @throws Error when it was sealed with another key or was tampered with. */
  readonly open: (sealed: Uint8Array) => PatientDetails;
  /** One number has one hash, which nobody can make without the key. @param nam as the card has it, without spaces. */
  readonly hash: (nam: string) => Uint8Array;
  /** As `close` and `open`, of any text that may name a patient. */
  readonly closeText: (text: string) => Uint8Array;
  readonly openText: (sealed: Uint8Array) => string;
};
