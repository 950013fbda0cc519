import { isDeepStrictEqual } from 'node:util';
import { applyPatch, type Operation, Pointer } from 'rfc6902';
import { z } from 'zod';
import { parseAs, refusal } from '../../mappings/fhir/findings.ts';
import { isObject, type JsonObject } from '../../mappings/fhir/validation/json.ts';
import { DEPTH_MAX } from '../../mappings/fhir/validation/structure.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { BODY_BYTES_MAX } from './body.ts';
import { type Issue, Refused } from './outcomes.ts';

/** JSON Patch (RFC 6902) on a resource, as R4 has it (http.html, 3.1.0.6): what comes of it is taken as an update. */

const OPERATIONS_MAX = 50;
const POINTER_LENGTH_MAX = 256;
/** RFC 6901, section 3. */
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
/** No element is called so, and JavaScript takes them for something else. */
const FORBIDDEN = /\/(?:__proto__|constructor|prototype)(?:\/|$)/;

const Path = z
  .string()
  .max(POINTER_LENGTH_MAX)
  .refine(
    (path) => POINTER.test(path) && !FORBIDDEN.test(path),
    refusal(
      { fr: 'il faut un pointeur JSON, comme /status', en: 'must be a JSON pointer, as /status' },
      'value',
    ),
  );
const withValue = (op: 'add' | 'replace' | 'test') =>
  z.object({ op: z.literal(op), path: Path, value: z.unknown() }).refine(
    (operation) => Object.hasOwn(operation, 'value') && !isDeeperThan(operation.value, DEPTH_MAX),
    refusal(
      {
        fr: `il faut value, d’au plus ${DEPTH_MAX} niveaux`,
        en: `must have value, of ${DEPTH_MAX} levels at the most`,
      },
      'value',
    ),
  );
const withFrom = (op: 'move' | 'copy') => z.object({ op: z.literal(op), path: Path, from: Path });

const Patch = z
  .array(
    z.discriminatedUnion('op', [
      withValue('add'),
      withValue('replace'),
      withValue('test'),
      z.object({ op: z.literal('remove'), path: Path }),
      withFrom('move'),
      withFrom('copy'),
    ]),
  )
  .min(1)
  .max(OPERATIONS_MAX);

/**
 * The resource with the patch applied; all of it, or none. The resource itself stays as it is.
 * @throws Refused: 400 when it is no patch, 409 when it does not fit what is there (RFC 5789, section 2.2).
 */
export function patched(resource: JsonObject, body: unknown): JsonObject {
  const parsed = parseAs(Patch, body, 'patch');
  if (!parsed.ok) {
    const issues = parsed.findings.map(({ message, expression }) => ({ diagnostics: message, expression }));
    throw new Refused('bad-request', issues);
  }
  const target: { value: unknown } = { value: structuredClone(resource) };
  for (const [index, operation] of parsed.data.entries()) {
    const problem = problemOf(target, below(operation as Operation));
    if (problem) {
      throw new Refused('patch-conflict', { diagnostics: problem, expression: `patch[${index}]` });
    }
  }
  const { value } = target;
  if (isObject(value)) return value;
  throw new Refused('patch-conflict', {
    diagnostics: { fr: 'il ne reste pas de ressource', en: 'no resource is left' },
  });
}

/** The library cannot put another value in place of the whole document, so the document is a member of another. */
const below = (operation: Operation): Operation => ({
  ...operation,
  path: `/value${operation.path}`,
  ...('from' in operation ? { from: `/value${operation.from}` } : {}),
});

const OTHERWISE: Bilingual = {
  fr: 'test : ce qui est à cet endroit est autre chose; relisez',
  en: 'test: what is at this place is something else; read it again',
};

const MISSING: Bilingual = { fr: 'rien n’est à cet endroit', en: 'nothing is at this place' };

/**
 * Does one operation. The library takes any name for a place in a list, and what every object inherits for what is there;
 * so the places are looked at before. @returns why it could not be done.
 */
function problemOf(target: { value: unknown }, operation: Operation): Bilingual | null {
  const { path } = operation;
  if ('from' in operation && !isThere(target, operation.from)) return MISSING;
  const makes = operation.op === 'add' || 'from' in operation;
  if (!(makes ? mayBeMade(target, path) : isThere(target, path)))
    return operation.op === 'test' ? OTHERWISE : MISSING;
  // The library writes both into its error, and what has a `toString` of its own cannot be written so.
  if (operation.op === 'test') {
    return isDeepStrictEqual(Pointer.fromJSON(path).get(target), operation.value) ? null : OTHERWISE;
  }
  const [error] = applyPatch(target, [operation]);
  if (error) return MISSING;
  // A few copies of copies would fill the memory.
  if (operation.op === 'copy' && isTooLarge(target)) {
    return { fr: 'la ressource deviendrait trop grande', en: 'the resource would become too large' };
  }
  return null;
}

/** RFC 6901, section 4. */
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

function isThere(target: unknown, path: string): boolean {
  let at: unknown = target;
  for (const token of Pointer.fromJSON(path).tokens.slice(1)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, token)) return false;
    if (Array.isArray(at) && !INDEX.test(token)) return false;
    at = (at as Record<string, unknown>)[token];
  }
  return true;
}

/** A member of any name, or a place in a list up to right behind its end (RFC 6902, section 4.1). */
function mayBeMade(target: unknown, path: string): boolean {
  const end = path.lastIndexOf('/');
  const [parent, token] = [path.slice(0, end), path.slice(end + 1)];
  if (!isThere(target, parent)) return false;
  const at: unknown = Pointer.fromJSON(parent).get(target);
  if (!Array.isArray(at)) return typeof at === 'object' && at !== null;
  return token === '-' || (INDEX.test(token) && Number(token) <= at.length);
}

const isTooLarge = (target: unknown): boolean => JSON.stringify(target).length > BODY_BYTES_MAX;

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(each, levels - 1));
}

/** The elements that differ, but for those that are heeded: what else a patch changes would be lost. */
export const unheeded = (before: JsonObject, after: JsonObject, heeded: readonly string[]): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !heeded.includes(key) && !isDeepStrictEqual(before[key], after[key]),
  );

export const notChanged = (type: string, key: string): Issue => ({
  diagnostics: { fr: 'cet élément ne se change pas d’ici', en: 'this element is not changed from here' },
  expression: `${type}.${key.slice(0, 64)}`,
});
