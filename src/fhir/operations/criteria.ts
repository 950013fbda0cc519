import { z } from 'zod';
import { Refused } from '../outcomes.ts';
import { bareReference } from './references.ts';

/** What `$find` is asked for, as it came; and as text, for the links of its pages, with nothing of a patient in it. */

const Reference = z.unknown().transform(bareReference);
const list = <T extends z.ZodType>(each: T) => z.array(each).max(100).default([]);

const Criteria = z.object({
  start: z.string().optional(),
  end: z.string().optional(),
  specialty: list(z.string()),
  'visit-type': list(z.string()),
  practitioner: list(Reference),
  organization: list(Reference),
  'location-string': list(z.string()),
  'location-reference': list(Reference),
  reason: list(z.string()),
  /** How many. */
  patients: z.number().default(0),
  hasTiming: z.boolean().default(false),
});
export type Criteria = z.output<typeof Criteria>;

/** @param given by name, as argumentsIn() gives it. @throws Refused */
export function readCriteria(given: Readonly<Record<string, unknown>>): Criteria {
  const page = given['_criteria'];
  const count = (name: string): number => (Array.isArray(given[name]) ? given[name].length : 0);
  const parsed = Criteria.safeParse(
    page === undefined
      ? {
          ...given,
          patients: count('patient-reference') + count('patient-resource'),
          hasTiming: given['timing'] !== undefined,
        }
      : decoded(page),
  );
  if (parsed.success) return parsed.data;
  if (page !== undefined) throw foreign();
  const name = String(parsed.error.issues[0]?.path[0] ?? '');
  throw new Refused('invalid-parameter', {
    diagnostics: { fr: `${name} : au plus 100 textes`, en: `${name}: 100 texts at the most` },
    expression: `Parameters.parameter.where(name='${name}').value`,
  });
}

export const writeCriteria = (criteria: Criteria): string =>
  Buffer.from(JSON.stringify(criteria)).toString('base64url');

function decoded(page: unknown): unknown {
  try {
    return JSON.parse(Buffer.from(String(page), 'base64url').toString());
  } catch {
    throw foreign();
  }
}

const foreign = (): Refused =>
  new Refused('invalid-cursor', {
    diagnostics: {
      fr: '_criteria n’est pas d’un lien de page de ce serveur : suivez le lien next tel quel',
      en: '_criteria is not of a page link of this server: follow the next link as it is',
    },
    expression: 'http._criteria',
  });
