import type { PatientDetails } from '../../adapter/contract.ts';

/**
 * What a sealed text is: bound to it, so that it opens as nothing else. `booking`: who comes, for the platform. `patient`:
 * the same, as the clinic keeps it. `rejected`: a record that could not be read. `subscription`: secrets of a subscriber.
 * `totp`: the secret of somebody's codes. `sign-in`: what signing in by a provider leaves.
 */
export type SealedAs = 'booking' | 'patient' | 'rejected' | 'subscription' | 'totp' | 'sign-in';

/** Keeps unreadable at rest what may name a patient, and secrets. */
export type Seal = {
  readonly close: (patient: PatientDetails, as: SealedAs) => Uint8Array;
  /** @throws Error when its key is not here, when it was changed, and when it was sealed as something else. */
  readonly open: (sealed: Uint8Array, as: SealedAs) => PatientDetails;
  readonly closeText: (text: string, as: SealedAs) => Uint8Array;
  /** @throws Error as `open`. */
  readonly openText: (sealed: Uint8Array, as: SealedAs) => string;
  /** One number has one hash, which nobody can make without the key. @param nam as the card has it, without spaces. */
  readonly hash: (nam: string) => Uint8Array;
  /** Every hash that it may be found under: more than one while keys are being changed. */
  readonly hashes: (nam: string) => readonly Uint8Array[];
};
