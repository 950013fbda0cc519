import { z } from 'zod';

/** For how long it is known who comes, as it is written. */

const KEEP_DAYS_MAX = 3_650;

export const PatientsDocument = z.strictObject({
  keepDays: z.int().min(0).max(KEEP_DAYS_MAX).default(0).meta({
    description:
      'days after the last appointment of a patient, during which who came can be read; 0 = nothing is kept but what the platform of a booking is still to be told',
  }),
});

export type PatientSettings = {
  /** 0 = none are kept. */
  readonly keepDays: number;
};

/** Where the file says nothing. */
export const PATIENT_DEFAULTS: PatientSettings = PatientsDocument.parse({});
