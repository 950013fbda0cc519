import { z } from 'zod';

/** For how long it is known who comes, and what is asked of their numbers, as it is written. */

const KEEP_DAYS_MAX = 3_650;

export const PatientsDocument = z.strictObject({
  keepDays: z.int().min(0).max(KEEP_DAYS_MAX).default(0).meta({
    description:
      'days after the last appointment of a patient, during which who came can be read; 0 = nothing is kept but what the platform of a booking is still to be told',
  }),
  namCheckDigit: z.enum(['warn', 'refuse']).default('warn').meta({
    description:
      'what a booking is told whose health insurance number has another check digit than expected; warn = only $validate says so, since RAMQ publishes no rule for it',
  }),
});

export type PatientSettings = {
  /** 0 = none are kept. */
  readonly keepDays: number;
  readonly namCheckDigit: 'warn' | 'refuse';
};

/** Where the file says nothing. */
export const PATIENT_DEFAULTS: PatientSettings = PatientsDocument.parse({});
