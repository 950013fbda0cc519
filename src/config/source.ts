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
};

/** YAML 1.2, core schema: `yes` and `on` are texts, and a key written twice is an error. */
export function parseSource(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    ...position(pos[0]),
    path: '',
    message: `not valid YAML: ${message}`,
  }));
  const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
  return {
    problems,
    value: problems.length === 0 ? readValue(document) : null,
    valueAt: (path) => position(offsetOf(walk(document, path).value)),
    keyAt: (path) => {
      const { key, value } = walk(document, path);
      return position(offsetOf(key ?? value));
    },
  };
}

/** @throws ReferenceError when aliases would swell it out of all proportion (yaml's own limit, 100-fold). */
const readValue = (document: Document.Parsed): unknown => document.toJS();

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
