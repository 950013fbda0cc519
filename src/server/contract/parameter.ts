import { z } from 'zod';
import type { Bilingual } from '../../domain/schedule.ts';
import { Refused } from '../../fhir/outcomes.ts';

/** Parameters of a query, described and read by one schema. */

/** What is said of a value that does not fit. */
const REFUSALS = z.registry<Bilingual>();

export const parameter = <S extends z.ZodType>(schema: S, description: string, refusal?: Bilingual): S => {
  const described = schema.meta({ ...schema.meta(), description });
  if (refusal) REFUSALS.add(described, refusal);
  return described;
};

export const oneOf = <const Word extends string>(
  name: string,
  words: readonly Word[],
  usual: NoInfer<Word>,
) =>
  parameter(z.enum(words).default(usual), `${usual} unless it says otherwise.`, {
    fr: `${name} : l’un de ${words.join(', ')}`,
    en: `${name}: one of ${words.join(', ')}`,
  });

/** Read by `instantIn`, which takes every form that FHIR has. */
export const instantText = z.string().meta({ format: 'date-time' });

/** Digits and nothing else: Number() takes more for a number than a person does. */
export const wholeNumber = (min: number, max: number) =>
  z
    .preprocess(
      (given) => (typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given),
      z.int().min(min).max(max),
    )
    .meta({ type: 'integer', minimum: min, maximum: max });

/** What is not named in the schema is passed over. @throws Refused with the first that is wrong. */
export function readQuery<S extends z.ZodObject>(
  schema: S,
  given: Readonly<Record<string, unknown>>,
): z.output<S> {
  const read = Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, each]) => {
    const value = given[name];
    const parsed = each.safeParse(isList(each) && typeof value === 'string' ? [value] : value);
    if (parsed.success) return [name, parsed.data];
    throw new Refused('invalid-parameter', {
      diagnostics: REFUSALS.get(each) ?? unlike(name),
      expression: `http.${name}`,
    });
  });
  return Object.fromEntries(read) as z.output<S>;
}

const unlike = (name: string): Bilingual => ({
  fr: `${name} : ce n’est pas ce que prend ce paramètre; voyez GET /api/openapi.json`,
  en: `${name}: this is not what the parameter takes; see GET /api/openapi.json`,
});

/** It may be repeated. */
const isList = (schema: unknown): boolean =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? isList(schema.unwrap())
    : schema instanceof z.ZodArray;
