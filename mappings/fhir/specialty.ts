import type { CodeableConcept } from 'fhir/r4.js';
import type { HealthcareService } from '../../src/domain/schedule.ts';

/** The element `specialty`, which schedules, slots and appointments have from their service; left out where it has none. */
export const specialtyOf = ({ specialty = [] }: HealthcareService): { specialty?: CodeableConcept[] } =>
  specialty.length === 0
    ? {}
    : {
        specialty: specialty.map(({ system, code, display }) => ({ coding: [{ system, code, display }] })),
      };
