import fc from 'fast-check';
import { HOSTILE_KEYS, HOSTILE_TEXTS, HOSTILE_VALUES } from './hostile.ts';
import { spoiltText } from './text.ts';

/** JSON that somebody spoilt: elements left out, put in, doubled, renamed, nested, moved; and its text as any text. */

type Container = Record<string, unknown> | unknown[];

const KINDS = ['remove', 'replace', 'add', 'double', 'rename', 'nest', 'many', 'moved', 'texted'] as const;

const LEVELS_MAX = 5_000;
const CHARACTERS_MAX = 200_000;

/** What texts of a document were, put elsewhere, is what most mistakes are. */
const step = (keys: readonly string[], values: readonly unknown[]) =>
  fc.record({
    what: fc.constantFrom(...KINDS),
    where: fc.nat({ max: 9_999 }),
    which: fc.nat({ max: 99 }),
    times: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) },
      fc.integer({ min: 5, max: LEVELS_MAX }),
    ),
    key: fc.constantFrom(...HOSTILE_KEYS, ...keys),
    value: fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.constantFrom(...HOSTILE_VALUES, ...values)),
  });
type Step = ReturnType<typeof step> extends fc.Arbitrary<infer T> ? T : never;

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Without recursion: it may be nested deeper than the stack. */
function containersIn(document: unknown): Container[] {
  const found = isContainer(document) ? [document] : [];
  for (const container of found)
    for (const each of Object.values(container)) if (isContainer(each)) found.push(each);
  return found;
}

/** An own property by any name, `__proto__` too: that is what JSON.parse makes of it. A list has places only. */
function put(container: Container, key: string, value: unknown): unknown {
  if (!Array.isArray(container)) {
    return Object.defineProperty(container, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  if (Object.hasOwn(container, key) && key !== 'length') container[Number(key)] = value;
  else container.push(value);
  return container;
}

function nested(value: unknown, levels: number, key: string): unknown {
  let inside = value;
  for (let level = 0; level < levels; level += 1) inside = key === '' ? [inside] : put({}, key, inside);
  return inside;
}

/** As many as are not too long. */
function many(value: unknown, times: number): unknown[] {
  const most = Math.ceil(CHARACTERS_MAX / (JSON.stringify(value)?.length ?? 1));
  return Array.from({ length: Math.min(times, most) }, () => value);
}

function change(document: unknown, { what, where, which, times, key, value }: Step): void {
  const containers = containersIn(document);
  const container = containers[where % Math.max(containers.length, 1)];
  if (!container) return;
  const names = Object.keys(container);
  const name = names[which % Math.max(names.length, 1)] ?? key;
  const here = (container as Record<string, unknown>)[name];
  const set = (to: unknown): unknown => put(container, name, to);
  if (what === 'add') put(container, key, value);
  else if (what === 'replace') set(value);
  else if (what === 'double') set([here, here]);
  else if (what === 'nest') set(nested(here, times, key));
  else if (what === 'many') set(many(here, times));
  else if (what === 'moved') set(containers[which % containers.length]);
  else if (what === 'texted') set(`${typeof here === 'string' ? here : ''}${JSON.stringify(value)}`);
  else {
    if (what === 'rename') put(container, key, here);
    if (Array.isArray(container)) container.splice(which % Math.max(container.length, 1), 1);
    else delete container[name];
  }
}

/** Its text; null where it is too long, or stands in itself. */
function jsonOf(value: unknown): string | null {
  try {
    const text = JSON.stringify(value);
    return text.length > CHARACTERS_MAX ? null : text;
  } catch {
    return null;
  }
}

/**
 * As text. Most of it is JSON still.
 * @param more keys and values that mean something where it goes.
 */
export function spoiltJson(
  samples: readonly unknown[],
  more: { readonly keys?: readonly string[]; readonly values?: readonly unknown[] } = {},
): fc.Arbitrary<string> {
  const { keys = [], values = [] } = more;
  const texts = samples.map((sample) => JSON.stringify(sample));
  const structured = fc
    .tuple(fc.constantFrom(...texts), fc.array(step(keys, values), { maxLength: 4 }))
    .map(([sample, steps]) => {
      let text = sample;
      for (const each of steps) {
        const document: unknown = JSON.parse(text);
        change(document, each);
        text = jsonOf(document) ?? text;
      }
      return text;
    });
  return fc.oneof(
    { weight: 12, arbitrary: structured },
    {
      weight: 3,
      arbitrary: spoiltText(texts, [...keys, '{', '}', '[', ']', ',', ':', '"', '\\u0000', '\\ud800']),
    },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.constantFrom(...TEXTS) },
  );
}

const TEXTS: readonly string[] = [
  ...['', ' ', 'null', '1', '"x"', '[]', '{}', '\ufeff{}', '{"a":1,"a":2}', '{"__proto__":{"x":1}}', '1e999'],
  ...[
    '['.repeat(20_000),
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`,
  ],
  ...[`"${'a'.repeat(150_000)}"`, `[${'0,'.repeat(60_000)}0]`, `${' '.repeat(150_000)}{}`],
];
