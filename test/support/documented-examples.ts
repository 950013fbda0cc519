import { STATUS_CODES } from 'node:http';

/** The examples of a page of the documentation: a request and what is shown of its answer, in one fenced block each. */

export type Example = {
  /** File and line, for whoever looks for it. */
  readonly place: string;
  readonly request: {
    readonly method: string;
    readonly target: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
};

/** What placeholders stand for, by their names. */
export type Known = ReadonlyMap<string, string>;

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
const REQUEST_LINE = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S+)$/;
const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) (.+)$/m;
const PLACEHOLDER = /<([a-z][a-z-]*)>/g;

/** @throws Error where a request is shown that nobody could run: not marked as `http`, or without an answer. */
export function examplesOf(file: string, markdown: string): Example[] {
  const examples: Example[] = [];
  for (const { 1: language, 2: text = '', index } of markdown.matchAll(FENCE)) {
    const place = `${file}:${markdown.slice(0, index).split('\n').length + 1}`;
    if (language === 'http') examples.push(parsed(place, text));
    else if (text.split('\n').some((line) => REQUEST_LINE.test(line)))
      throw new Error(`${place}: a request that is not marked as http, so that nobody runs it`);
  }
  return examples;
}

function parsed(place: string, text: string): Example {
  const status = STATUS_LINE.exec(text);
  if (!status) throw new Error(`${place}: no answer is shown`);
  const [, code = '', reason = ''] = status;
  if (STATUS_CODES[code] !== reason) throw new Error(`${place}: ${code} is ${STATUS_CODES[code]}`);
  const asked = messageOf(text.slice(0, status.index));
  // A long address goes on in the next line.
  const line = asked.head.replace(/\n\s*(?=[?&])/g, '');
  const [first = '', ...headers] = line.split('\n');
  const [, method = '', target = ''] = REQUEST_LINE.exec(first) ?? [];
  if (target === '') throw new Error(`${place}: the first line is no request`);
  const answered = messageOf(text.slice(status.index));
  return {
    place,
    request: { method, target, headers: headersOf(headers), body: asked.body },
    answer: {
      status: Number(code),
      headers: headersOf(answered.head.split('\n').slice(1)),
      body: answered.body,
    },
  };
}

function messageOf(text: string): { readonly head: string; readonly body: string } {
  const [head = '', ...rest] = text.trim().split(/\n\n/);
  return { head, body: rest.join('\n\n').trim() };
}

const headersOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    lines.map((line) => {
      const [, name = '', value = ''] = /^([\w-]+): (.*)$/.exec(line) ?? [];
      return [name.toLowerCase(), value];
    }),
  );

/** @throws Error of one that no answer before has named. */
export function filled(text: string, known: Known, write = (value: string): string => value): string {
  return text.replaceAll(PLACEHOLDER, (_, name: string) => {
    const value = known.get(name);
    if (value === undefined) throw new Error(`nobody has said what <${name}> is`);
    return write(value);
  });
}

type Compared = { readonly differences: readonly string[]; readonly known: Known };

/** Whether the answer has all that is shown of it, and what placeholders stand for from then on. */
export function compare(shown: unknown, found: unknown, known: Known, path = 'answer'): Compared {
  if (typeof shown === 'string' && typeof found === 'string') return compareTexts(shown, found, known, path);
  if (Array.isArray(shown) && Array.isArray(found)) return compareLists(shown, found, known, path);
  if (isObject(shown) && isObject(found)) {
    let now: Compared = { differences: [], known };
    for (const [name, value] of Object.entries(shown)) {
      const next = compare(value, found[name], now.known, `${path}.${name}`);
      now = { differences: [...now.differences, ...next.differences], known: next.known };
    }
    return now;
  }
  return { differences: shown === found ? [] : [different(shown, found, path)], known };
}

/** Each that is shown is found, in this order; between them may be others. */
function compareLists(
  shown: readonly unknown[],
  found: readonly unknown[],
  known: Known,
  path: string,
): Compared {
  const [first, ...rest] = shown;
  if (first === undefined) return { differences: [], known };
  let nearest: Compared = { differences: [`${path}: nothing like ${JSON.stringify(first)}`], known };
  for (const [index, each] of found.entries()) {
    const here = compare(first, each, known, `${path}[${index}]`);
    if (here.differences.length > 0) {
      // With one candidate it is of use what is wrong with it.
      if (found.length === 1) nearest = here;
      continue;
    }
    const after = compareLists(rest, found.slice(index + 1), here.known, path);
    if (after.differences.length === 0) return after;
    nearest = after;
  }
  return nearest;
}

function compareTexts(shown: string, found: string, known: Known, path: string): Compared {
  const names: string[] = [];
  const pattern = shown
    .split(/(<[a-z][a-z-]*>|…)/)
    .map((part) => {
      if (part === '…') return '[\\s\\S]*';
      const [, name] = /^<(.*)>$/.exec(part) ?? [];
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const value = known.get(name);
      if (value !== undefined) return value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(name);
      return '([\\s\\S]+?)';
    })
    .join('');
  const match = new RegExp(`^${pattern}$`).exec(found);
  if (!match) return { differences: [different(shown, found, path)], known };
  const learned = names.map((name, index) => [name, match[index + 1] ?? ''] as const);
  return { differences: [], known: new Map([...known, ...learned]) };
}

const different = (shown: unknown, found: unknown, path: string): string =>
  `${path}: shown is ${JSON.stringify(shown)}, the answer has ${JSON.stringify(found)}`;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
