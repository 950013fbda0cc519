import { parseAs } from '../../mappings/fhir/findings.ts';
import { PatientSchema, readPatient } from '../../mappings/fhir/read-patient.ts';
import { isObject } from '../../mappings/fhir/validation/json.ts';
import { type Who, whoComes } from './book.ts';
import { issuesOf } from './incoming.ts';
import { Refused } from './outcomes.ts';
import type { PatientDependencies } from './patients.ts';

/** Who comes, of a body that is no FHIR resource: a Patient, as a booking contains one, or a reference to one who is kept. */

const AT = 'patient';
const REFERENCE = /^Patient\/([A-Za-z0-9\-.]{1,64})$/;

/** @param given undefined = nobody is named. @throws Refused with all that is wrong, never with a value of it. */
export async function incomingPatient(patients: PatientDependencies, given: unknown): Promise<Who> {
  if (given === undefined) return { patient: null };
  const expression = `${AT}.reference`;
  const reference = isObject(given) && typeof given['reference'] === 'string' ? given['reference'] : null;
  if (reference !== null) {
    const id = REFERENCE.exec(reference)?.[1];
    if (id === undefined) throw new Refused('invalid-resource', { diagnostics: NO_REFERENCE, expression });
    return whoComes(patients, { patient: null, keptPatient: { id, reference, expression } }, AT);
  }
  const parsed = parseAs(PatientSchema, isObject(given) ? { id: AT, ...given } : given, AT);
  if (!parsed.ok) throw new Refused('invalid-resource', issuesOf(parsed.findings));
  const { patient, findings } = readPatient(parsed.data, AT);
  if (findings.length > 0) throw new Refused('invalid-resource', issuesOf(findings));
  return whoComes(patients, { patient, keptPatient: null }, AT);
}

const NO_REFERENCE = {
  fr: 'un patient gardé ici se désigne par Patient/<id>; tout autre se donne en entier, comme un Patient de FHIR',
  en: 'a patient who is kept here is referenced as Patient/<id>; any other is given whole, as a Patient of FHIR',
};
