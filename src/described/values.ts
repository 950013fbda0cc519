import type { Instant } from '../domain/instant.ts';
import { instant, parseInstant, SECOND } from '../domain/instant.ts';
import { type Expression, NotEvaluated, type Variables } from './expression.ts';
import { readLocal } from './local-time.ts';
import type { Time } from './syntax.ts';

/** What stands in a field of a record, by what its description says of it. */

/** The record cannot be read: where, and why, without any value of it. */
export class BadRecord extends Error {
  override readonly name = 'BadRecord';
}

const bad = (field: string, why: string): BadRecord => new BadRecord(`${field}: ${why}`);

/** One record of the platform, with what its expressions may use besides. */
export type Looked = { readonly record: unknown; readonly variables: Variables };

/** Undefined and null are the same to whoever reads: nothing is said. @throws BadRecord, NotEvaluated where it is unbounded */
export async function fieldOf(
  field: string,
  expression: Expression | undefined,
  { record, variables }: Looked,
): Promise<unknown> {
  if (expression === undefined) return null;
  try {
    return (await expression.evaluate(record, variables)) ?? null;
  } catch (error) {
    if (error instanceof NotEvaluated && !error.isUnbounded) throw bad(field, error.message);
    throw error;
  }
}

/** A number is as good an id as a text. */
export async function textOf(
  field: string,
  expression: Expression | undefined,
  looked: Looked,
  charactersMax = 200,
): Promise<string | null> {
  const value = await fieldOf(field, expression, looked);
  if (value === null) return null;
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== 'string') throw bad(field, 'not a text');
  if (text === '' || text.length > charactersMax || text.includes('\0'))
    throw bad(field, `not a text of 1 to ${charactersMax} characters`);
  return text;
}

export async function integerOf(
  field: string,
  expression: Expression | undefined,
  looked: Looked,
): Promise<number | null> {
  const value = await fieldOf(field, expression, looked);
  if (value === null) return null;
  if (!Number.isSafeInteger(value)) throw bad(field, 'not a whole number');
  return value as number;
}

const CODES_MAX = 50;

/** One code, or a list of them. */
export async function codesOf(
  field: string,
  expression: Expression,
  looked: Looked,
): Promise<readonly string[] | null> {
  const value = await fieldOf(field, expression, looked);
  if (value === null) return null;
  const codes: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isCode = (code: unknown): boolean => typeof code === 'string' || typeof code === 'number';
  if (codes.length > CODES_MAX || !codes.every(isCode))
    throw bad(field, `not a list of at most ${CODES_MAX} codes`);
  return codes.map(String);
}

/** The years that RFC 3339 can write. */
const EARLIEST = -62_135_596_800_000;
const LATEST = 253_402_300_799_999;

export async function timeOf(
  field: string,
  time: Time | undefined,
  looked: Looked,
  zone: () => string,
): Promise<Instant | null> {
  if (time === undefined) return null;
  if ('since1970' in time) {
    const value = await fieldOf(field, time.from, looked);
    if (value === null) return null;
    const at = Number(value) * (time.since1970 === 'seconds' ? SECOND : 1);
    if (typeof value === 'boolean' || !Number.isFinite(at) || at < EARLIEST || at > LATEST)
      throw bad(field, `not a count of ${time.since1970} since 1970`);
    return instant(Math.round(at));
  }
  const text = await textOf(field, 'from' in time ? time.from : time, looked);
  if (text === null) return null;
  try {
    return 'local' in time ? readLocal(text, time.local, zone()) : parseInstant(text);
  } catch {
    throw bad(field, 'local' in time ? 'not a time of its format' : 'not an instant with an offset');
  }
}
