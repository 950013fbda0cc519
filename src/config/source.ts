import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import type { Path, Problem } from './problems.ts';

export type Position = { readonly line: number; readonly column: number };

/** A YAML text that remembers where each of its values stands. */
export type Source = {
  /** What YAML itself has to say against it: when there is any, `value` is not to be relied on. */
  readonly problems: readonly Problem[];
  readonly value: unknown;
  /** Where the value at the path stands, or what is nearest around it when there is none. */
  readonly valueAt: (path: Path) => Position;
  /** Where its key stands. */
  readonly keyAt: (path: Path) => Position;
  /** Where that character of the text at the path stands; where its text begins, when YAML writes it otherwise than it is. */
  readonly characterAt: (path: Path, character: number) => Position;
};

/** YAML 1.2, core schema: `yes` and `on` are texts, and a key written twice is an error. */
export function parseSource(text: string): Source {
  const lines = new LineCounter();
  const document = parsed(text, lines);
  if (document === null) return NESTED;
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const said = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    offset: pos[0],
    message: `not valid YAML: ${message}`,
  }));
  const { value, wrong } = said.length > 0 ? { value: null, wrong: said } : readValue(document);
  const problems = wrong.map(({ offset, message }) => ({ ...position(offset), path: '', message }));
  const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
  return {
    problems,
    value,
    valueAt: (path) => position(offsetOf(walk(document, path).value)),
    keyAt: (path) => {
      const { key, value } = walk(document, path);
      return position(offsetOf(key ?? value));
    },
    characterAt: (path, character) => {
      const { value } = walk(document, path);
      return position(offsetOf(value) + (isScalar(value) ? offsetWithin(text, value, character) : 0));
    },
  };
}

/** Of that character of a scalar's text from where the scalar begins. */
function offsetWithin(text: string, { range, value }: Scalar, character: number): number {
  if (!range || typeof value !== 'string') return 0;
  const written = text.slice(range[0], range[1]);
  // Plain, or in quotes without an escape.
  for (const quote of [0, 1]) if (written.startsWith(value, quote)) return quote + character;
  // A block: the same lines, each further to the right by its indentation.
  const before = value.slice(0, character).split('\n');
  const lines = written.split('\n');
  const header = written.startsWith('|') ? lines.slice(0, 1) : [];
  const line = lines[header.length + before.length - 1];
  if (header.length === 0 || line === undefined) return 0;
  const said = value.split('\n')[before.length - 1] ?? '';
  const above = lines
    .slice(0, header.length + before.length - 1)
    .reduce((sum, each) => sum + each.length + 1, 0);
  return above + (line.length - said.length) + (before.at(-1)?.length ?? 0);
}

/** Null = it is nested so deeply that yaml, which calls itself for each level, comes to no end. */
function parsed(text: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const START: Position = { line: 1, column: 1 };
const NESTED: Source = {
  problems: [{ ...START, path: '', message: 'is nested far too deeply to be read' }],
  value: null,
  valueAt: () => START,
  keyAt: () => START,
  characterAt: () => START,
};

type Wrong = { readonly offset: number; readonly message: string };

/** An alias of nothing, of what it stands in itself, or so many that they would swell it out of all proportion. */
function readValue(document: Document.Parsed): { readonly value: unknown; readonly wrong: readonly Wrong[] } {
  const wrong: Wrong[] = [];
  visit(document, {
    Alias: (_key, alias, path) => {
      const target = alias.resolve(document);
      const offset = alias.range?.[0] ?? 0;
      if (!target)
        wrong.push({
          offset,
          message: `*${alias.source} is an alias of nothing: no &${alias.source} stands before it`,
        });
      else if (path.includes(target))
        wrong.push({ offset, message: `*${alias.source} stands in what it is an alias of` });
    },
  });
  if (wrong.length > 0) return { value: null, wrong };
  try {
    return { value: document.toJS(), wrong };
  } catch (error) {
    // yaml's own limit, 100-fold.
    if (!(error instanceof ReferenceError)) throw error;
    return {
      value: null,
      wrong: [{ offset: 0, message: 'its aliases (*name) make it far too large: write it out' }],
    };
  }
}

type Found = { readonly key: Node | null; readonly value: Node | null };

function walk(document: Document.Parsed, path: Path): Found {
  let found: Found = { key: null, value: document.contents };
  for (const step of path) {
    const next = child(document, found.value, step);
    if (next === null) return found;
    found = next;
  }
  return found;
}

function child(document: Document.Parsed, parent: Node | null, step: string | number): Found | null {
  const node = isAlias(parent) ? (parent.resolve(document) ?? null) : parent;
  if (isSeq(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return isNode(item) ? { key: null, value: item } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === step,
  );
  return pair ? ofPair(pair) : null;
}

/** The value of `key:` with nothing behind it has no place of its own: its key's is the nearest. */
function ofPair({ key, value }: Pair): Found {
  const keyNode = isNode(key) ? key : null;
  const empty = !isNode(value) || (isScalar(value) && value.value === null && value.source === '');
  return { key: keyNode, value: empty ? keyNode : value };
}
