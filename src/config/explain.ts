import type { z } from 'zod';
import { nearest, suggestion } from './nearest.ts';
import { formatPath, type Path, type Problem } from './problems.ts';
import { type JsonSchema, at as schemaAt } from './schema-node.ts';
import type { Source } from './source.ts';

/** One thing to put right, at a key or at a value. */
export type Explanation = {
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly message: string;
  /** Of a text the character that it is about. */
  readonly character?: number;
};

type Issue = z.core.$ZodIssue;

/**
 * What zod found, said to the person who wrote the file: what is wrong and what to write instead. No value is ever
 * repeated: it may be a secret.
 * @param schema of the value that was checked; descriptions and examples are taken from it.
 * @param value what was checked.
 */
export function explain(issue: Issue, schema: JsonSchema, value: unknown): readonly Explanation[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const node = schemaAt(schema, path);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(node?.properties ?? {});
    return issue.keys.map((key) => ({
      path: [...path, key],
      at: 'key',
      message: `unknown key${suggestion(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    const nearly = issue.errors.find((errors) => errors.length > 0 && errors.every(isInside));
    if (nearly)
      return nearly.flatMap((inner) => explain({ ...inner, path: [...path, ...inner.path] }, schema, value));
  }
  const written = valueAt(value, path);
  // Of alternatives that are told apart by a key, which zod does not compare any further.
  if (issue.code === 'invalid_union' && issue.errors.length === 0 && 'options' in issue) {
    const values = issue.options as readonly string[];
    const message =
      written === undefined ? `is missing: write one of ${values.join(', ')}` : oneOf(written, values);
    return [{ path, at: 'value', message }];
  }
  if (written === undefined || written === null) {
    return [{ path, at: 'value', message: `is missing: write ${whatToWrite(path, node)}` }];
  }
  const explanation = { path, at: 'value', message: reason(issue, written, path, node) } as const;
  const character: unknown = issue.code === 'custom' ? issue.params?.['position'] : undefined;
  return [typeof character === 'number' ? { ...explanation, character } : explanation];
}

/** As a problem, with its place in the file. */
export function located({ path, at, message, character }: Explanation, source: Source): Problem {
  const place =
    at === 'key'
      ? source.keyAt(path)
      : character === undefined
        ? source.valueAt(path)
        : source.characterAt(path, character);
  return { ...place, path: formatPath(path), message };
}

/** Of an alternative that is what was meant: the kind of value is right, and only something in it is wrong. */
const isInside = (issue: Issue): boolean =>
  issue.path.length > 0 || issue.code === 'unrecognized_keys' || issue.code === 'custom';

function reason(issue: Issue, written: unknown, path: Path, node: JsonSchema | null): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, written, path, node);
    case 'invalid_value':
      return oneOf(written, issue.values.map(String));
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') {
        return `must not be empty: write ${whatToWrite(path, node)}`;
      }
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
    case 'invalid_format':
      if (issue.format === 'url') return `is not an address: write ${whatToWrite(path, node)}`;
      return lowered(issue.message);
    default:
      return lowered(issue.message);
  }
}

function oneOf(written: unknown, allowed: readonly string[]): string {
  const meant = typeof written === 'string' ? nearest(written, allowed) : null;
  const hint = meant === null ? '' : `; did you mean "${meant}"?`;
  return `must be ${allowed.length === 1 ? '' : 'one of '}${allowed.join(', ')}${hint}`;
}

function wrongType(expected: string, written: unknown, path: Path, node: JsonSchema | null): string {
  if (expected === 'string' && (typeof written === 'number' || typeof written === 'boolean')) {
    return 'must be a text: put it in quotes';
  }
  if (expected === 'int' && typeof written === 'number') return 'must be a whole number';
  return `must be ${NAMES[expected] ?? expected}: write ${whatToWrite(path, node)}`;
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
};

function whatToWrite(path: Path, node: JsonSchema | null): string {
  const key = path.at(-1);
  const example = node?.examples?.[0];
  const sample = example === undefined ? '' : `, as in "${key}: ${example}"`;
  if (node?.description !== undefined) return `${node.description}${sample}`;
  if (node?.enum !== undefined) return `one of ${node.enum.map(String).join(', ')}`;
  if (node?.format === 'uri') return 'an address such as https://host/path';
  return `${NAMES[node?.type ?? ''] ?? 'a value'}${sample}`;
}

const lowered = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[step];
  }
  return found;
}
