import { z } from 'zod';
import { namProblem, normalNam } from '../../src/domain/health-number.ts';
import type { Bilingual } from '../../src/domain/schedule.ts';
import { SYSTEM } from './canonical.ts';
import { type Finding, isRealDate } from './findings.ts';

/** A contained R4 Patient, as far as a platform needs it to honour a booking. */

export type Patient = {
  readonly family: string;
  readonly given: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly nam: string | null;
  /** ISO date. */
  readonly birthDate: string | null;
};

const text = z.string().trim().min(1).max(200);

export const PatientSchema = z.object({
  resourceType: z.literal('Patient'),
  id: z.string(),
  name: z
    .array(z.object({ use: z.string().optional(), family: text.optional(), given: z.array(text).optional() }))
    .min(1),
  telecom: z.array(z.object({ system: z.string().optional(), value: text.optional() })).optional(),
  birthDate: z.string().optional(),
  identifier: z.array(z.object({ system: z.string().optional(), value: text.optional() })).optional(),
});

const OF_NAM: Readonly<Record<NonNullable<ReturnType<typeof namProblem>>, Bilingual>> = {
  form: {
    fr: 'un numéro d’assurance maladie (NAM) a quatre lettres et huit chiffres',
    en: 'a health insurance number (NAM) is four letters and eight digits',
  },
  date: {
    fr: 'ce numéro d’assurance maladie (NAM) contient une date de naissance qui n’existe pas : relisez-le sur la carte',
    en: 'this health insurance number (NAM) has a birth date in it that does not exist: read it again from the card',
  },
  'birth-date': {
    fr: 'ce numéro d’assurance maladie (NAM) contient une autre date de naissance que birthDate : relisez les deux',
    en: 'this health insurance number (NAM) has another birth date in it than birthDate: read both again',
  },
};

/** @param at FHIRPath of the resource. Findings never quote a value: they are logged and the values are a patient's. */
export function readPatient(
  resource: z.output<typeof PatientSchema>,
  at: string,
): { patient: Patient; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  // An old or maiden name is not the one that the health card shows.
  const name = resource.name.find((each) => each.use === 'official') ?? resource.name[0];
  const [family, given] = [name?.family, name?.given?.join(' ')];
  if (!family) {
    const message = { fr: 'il faut un nom de famille', en: 'a family name is needed' };
    findings.push({ code: 'required', message, expression: `${at}.name.family` });
  }
  if (!given) {
    const message = { fr: 'il faut un prénom', en: 'a given name is needed' };
    findings.push({ code: 'required', message, expression: `${at}.name.given` });
  }
  const written = resource.identifier?.find((each) => each.system === SYSTEM.nam)?.value;
  const nam = written === undefined ? null : normalNam(written);
  const birthDate =
    resource.birthDate !== undefined && isRealDate(resource.birthDate) ? resource.birthDate : null;
  const problem = nam === null ? null : namProblem(nam, birthDate);
  if (problem !== null) {
    findings.push({ code: 'value', message: OF_NAM[problem], expression: `${at}.identifier.value` });
  }
  if (resource.birthDate !== undefined && !isRealDate(resource.birthDate)) {
    const message = {
      fr: 'ce n’est pas une date qui existe, comme AAAA-MM-JJ',
      en: 'not a date that exists, as YYYY-MM-DD',
    };
    findings.push({ code: 'value', message, expression: `${at}.birthDate` });
  }
  const telecom = (system: string): string | null =>
    resource.telecom?.find((each) => each.system === system)?.value ?? null;
  return {
    findings,
    patient: {
      family: family ?? '',
      given: given ?? '',
      phone: telecom('phone') ?? telecom('sms'),
      email: telecom('email'),
      nam,
      birthDate: resource.birthDate ?? null,
    },
  };
}
