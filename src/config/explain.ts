import type { z } from 'zod';
import { nearest, suggestion, suggestionInFrench } from './nearest.ts';
import { formatPath, type Path, type Problem } from './problems.ts';
import { type JsonSchema, at as schemaAt } from './schema-node.ts';
import type { Source } from './source.ts';

/** One thing to put right, at a key or at a value. */
export type Explanation = {
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly message: string;
  /** The same in French, where it is what forms meet. */
  readonly french?: string;
  /** Of a text the character that it is about. */
  readonly character?: number;
};

/** In both languages, or in English where the words are not ours. */
type Words = Pick<Explanation, 'message' | 'french'>;

const words = (message: string, french: string): Words => ({ message, french });

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
      ...unknownKey(key, known),
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
    const choice = values.join(', ');
    const said =
      written === undefined
        ? words(`is missing: write one of ${choice}`, `manque; à écrire, l’un de : ${choice}`)
        : oneOf(written, values);
    return [{ path, at: 'value', ...said }];
  }
  if (written === undefined || written === null) {
    return [{ path, at: 'value', ...toWrite('is missing', 'manque', path, node) }];
  }
  const explanation = { path, at: 'value', ...reason(issue, written, path, node) } as const;
  const character: unknown = issue.code === 'custom' ? issue.params?.['position'] : undefined;
  return [typeof character === 'number' ? { ...explanation, character } : explanation];
}

export const unknownKey = (key: string, known: readonly string[]): Words =>
  words(`unknown key${suggestion(key, known)}`, `clé inconnue${suggestionInFrench(key, known)}`);

/** As a problem, with its place in the file. */
export function located({ path, at, character, ...said }: Explanation, source: Source): Problem {
  const place =
    at === 'key'
      ? source.keyAt(path)
      : character === undefined
        ? source.valueAt(path)
        : source.characterAt(path, character);
  return { ...place, path: formatPath(path), ...said };
}

/** Of an alternative that is what was meant: the kind of value is right, and only something in it is wrong. */
const isInside = (issue: Issue): boolean =>
  issue.path.length > 0 || issue.code === 'unrecognized_keys' || issue.code === 'custom';

function reason(issue: Issue, written: unknown, path: Path, node: JsonSchema | null): Words {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, written, path, node);
    case 'invalid_value':
      return oneOf(written, issue.values.map(String));
    case 'too_small': {
      if (issue.origin === 'string' || issue.origin === 'array') {
        return toWrite('must not be empty', 'ne doit pas être vide', path, node);
      }
      const { minimum } = issue;
      return issue.inclusive === false
        ? words(`must be more than ${minimum}`, `doit être plus grand que ${minimum}`)
        : words(`must be at least ${minimum}`, `doit être au moins ${minimum}`);
    }
    case 'too_big': {
      const { maximum } = issue;
      return issue.inclusive === false
        ? words(`must be less than ${maximum}`, `doit être plus petit que ${maximum}`)
        : words(`must be at most ${maximum}`, `doit être au plus ${maximum}`);
    }
    case 'invalid_format':
      if (issue.format === 'url') return toWrite('is not an address', 'n’est pas une adresse', path, node);
      return { message: lowered(issue.message) };
    default:
      return { message: lowered(issue.message) };
  }
}

function oneOf(written: unknown, allowed: readonly string[]): Words {
  const meant = typeof written === 'string' ? nearest(written, allowed) : null;
  const [hint, french] =
    meant === null ? ['', ''] : [`; did you mean "${meant}"?`, `; vouliez-vous dire « ${meant} » ?`];
  const [of, amongst] = allowed.length === 1 ? ['', 'être'] : ['one of ', 'être l’un de :'];
  const all = allowed.join(', ');
  return words(`must be ${of}${all}${hint}`, `doit ${amongst} ${all}${french}`);
}

function wrongType(expected: string, written: unknown, path: Path, node: JsonSchema | null): Words {
  if (expected === 'string' && (typeof written === 'number' || typeof written === 'boolean')) {
    return words('must be a text: put it in quotes', 'doit être un texte : mettez-le entre guillemets');
  }
  const [english, french] = NAMES[expected] ?? [expected, expected];
  if (expected === 'int' && typeof written === 'number')
    return words(`must be ${english}`, `doit être ${french}`);
  return toWrite(`must be ${english}`, `doit être ${french}`, path, node);
}

const MAPPING = ['a mapping of keys to values', 'un ensemble de clés et de valeurs'] as const;
const WHOLE = ['a whole number', 'un nombre entier'] as const;

const NAMES: Readonly<Record<string, readonly [en: string, fr: string]>> = {
  string: ['a text', 'un texte'],
  number: ['a number', 'un nombre'],
  int: WHOLE,
  integer: WHOLE,
  boolean: ['true or false', 'vrai ou faux'],
  array: ['a list', 'une liste'],
  object: MAPPING,
  record: MAPPING,
};

/** What is wrong, and what to write instead. */
function toWrite(english: string, french: string, path: Path, node: JsonSchema | null): Words {
  const instead = whatToWrite(path, node);
  return words(`${english}: write ${instead.en}`, `${french}; à écrire : ${instead.fr}`);
}

function whatToWrite(path: Path, node: JsonSchema | null): { readonly en: string; readonly fr: string } {
  const key = path.at(-1);
  const example = node?.examples?.[0];
  const [sample, exemple] =
    example === undefined ? ['', ''] : [`, as in "${key}: ${example}"`, `, comme « ${key}: ${example} »`];
  const [kind, type] = NAMES[node?.type ?? ''] ?? ['a value', 'une valeur'];
  const described = frenchOf(node);
  const fr = `${described ?? type}${exemple}`;
  if (node?.description !== undefined) return { en: `${node.description}${sample}`, fr };
  if (node?.enum !== undefined) {
    const all = node.enum.map(String).join(', ');
    return { en: `one of ${all}`, fr: `l’un de : ${all}` };
  }
  if (node?.format === 'uri') {
    return { en: 'an address such as https://host/path', fr: 'une adresse comme https://hote/chemin' };
  }
  return { en: `${kind}${sample}`, fr };
}

/** What it means in French, where its author has said it. */
function frenchOf(node: JsonSchema | null): string | undefined {
  const french = node?.['x-fr'];
  if (typeof french !== 'object' || french === null || !('description' in french)) return undefined;
  return typeof french.description === 'string' ? french.description : undefined;
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
