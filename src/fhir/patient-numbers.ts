import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import { normalNam } from '../domain/health-number.ts';
import { Refused } from './outcomes.ts';
import type { Parameters } from './perform.ts';
import type { Resource } from './resource.ts';
import { alternatives } from './values.ts';

/**
 * Searches by a health insurance number. An address is written into logs by whatever it passes, so the number comes in the
 * body of a POST _search; and it is turned into ids of patients before anything else reads it, so that no link of the
 * answer has it either.
 */

/** By parameter: the one by which the ids are searched, and what stands before them. */
type ByNumber = Readonly<Record<string, { readonly name: string; readonly prefix: string }>>;

const OF_ITS_PATIENT = { name: 'patient', prefix: 'Patient/' };
const BY_NUMBER: Readonly<Partial<Record<Resource['type'], ByNumber>>> = {
  Patient: { identifier: { name: '_id', prefix: '' } },
  Appointment: {
    'patient.identifier': OF_ITS_PATIENT,
    'patient:Patient.identifier': OF_ITS_PATIENT,
    'actor:Patient.identifier': OF_ITS_PATIENT,
  },
};

/** Nothing has it: who has a number that nobody here has is found by it. */
const NOBODY = 'none';

export const ONLY_IN_BODY = {
  fr: 'un numéro d’assurance maladie (NAM) n’a pas sa place dans une adresse : cherchez par POST _search, dans le corps',
  en: 'a health insurance number (NAM) has no place in an address: search by POST _search, in the body',
};

/** @param parameters of the address. @throws Refused */
export function refuseNumbers(type: Resource['type'], parameters: Parameters): void {
  const names = Object.keys(BY_NUMBER[type] ?? {});
  for (const [name, value] of parameters) {
    const isByNumber = names.some((each) => name === each || name.startsWith(`${each}:`));
    if (!isByNumber && !value.includes(SYSTEM.nam)) continue;
    const shown = name.slice(0, 64);
    throw new Refused('invalid-parameter', {
      diagnostics: { fr: `${shown} : ${ONLY_IN_BODY.fr}`, en: `${shown}: ${ONLY_IN_BODY.en}` },
      expression: `http.${shown}`,
    });
  }
}

/** The same search by ids. @param find ids of the patients who have one of these numbers. */
export async function byIds(
  type: Resource['type'],
  parameters: Parameters,
  find: (nams: readonly string[]) => Promise<readonly string[]>,
): Promise<Parameters> {
  const byNumber = BY_NUMBER[type] ?? {};
  return Promise.all(
    parameters.map(async (pair) => {
      const [name, value] = pair;
      const by = Object.hasOwn(byNumber, name) ? byNumber[name] : undefined;
      if (!by || value === '') return pair;
      const ids = await find(alternatives(value).flatMap(numberIn));
      const listed = (ids.length === 0 ? [NOBODY] : ids).map((id) => by.prefix + id);
      return [by.name, listed.join(',')] as const;
    }),
  );
}

/** As the card has it, without spaces; none of another system, or of no system at all (R4, search.html, 3.1.1.4.10). */
function numberIn(token: string): string[] {
  const bar = token.indexOf('|');
  if (bar >= 0 && token.slice(0, bar) !== SYSTEM.nam) return [];
  const number = normalNam(token.slice(bar + 1));
  return number === '' ? [] : [number];
}
