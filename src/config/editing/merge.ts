import { isDeepStrictEqual } from 'node:util';
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { referenceIn } from '../outside.ts';
import { isMapping } from '../raw.ts';

/** Puts a value in the place of what a YAML node has, and leaves all of it that says the same already. */

/** @returns the node itself, changed, or another one for its place. */
export function merged(document: Document, node: Node | null, value: unknown): Node {
  if (node === null) return fresh(document, value);
  if (isDeepStrictEqual(node.toJS(document), value)) return node;
  if (isMap(node) && isMapping(value)) {
    node.items = node.items.filter((pair) => keyOf(pair) in value);
    for (const [key, item] of Object.entries(value)) putKey(document, node, key, item);
    return node;
  }
  if (isSeq(node) && Array.isArray(value)) {
    const before = node.items.filter(isNode);
    node.items = value.map((item: unknown, index) =>
      merged(document, counterpart(document, before, item, index), item),
    );
    return node;
  }
  return instead(document, node, value);
}

/** Adds the key behind the others where it is not there. */
export function putKey(document: Document, map: YAMLMap, key: string, value: unknown): void {
  const pair = map.items.find((each) => keyOf(each) === key);
  if (!pair) map.add(document.createPair(key, fresh(document, value)));
  else pair.value = merged(document, isNode(pair.value) ? pair.value : null, value);
}

export const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : String(key));

/** What has an id is the same wherever it stands in its list; else what stands in its place. */
function counterpart(
  document: Document,
  before: readonly Node[],
  value: unknown,
  index: number,
): Node | null {
  const id = idIn(value);
  if (id === undefined) return before[index] ?? null;
  return before.find((node) => idIn(node.toJS(document)) === id) ?? null;
}

export const idIn = (value: unknown): unknown => (isMapping(value) ? value['id'] : undefined);

/** With the comments of what stood there. */
function instead(document: Document, node: Node, value: unknown): Node {
  const other = fresh(document, value);
  other.commentBefore = node.commentBefore ?? null;
  other.comment = node.comment ?? null;
  other.spaceBefore = node.spaceBefore ?? false;
  if (isScalar(node) && isScalar(other) && typeof value === 'string' && isQuoted(node))
    other.type = node.type;
  return other;
}

const isQuoted = (node: Scalar): node is Scalar & { type: Scalar.Type } =>
  node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;

/** A reference to a secret is on one line, as people write it. */
export function fresh(document: Document, value: unknown): Node {
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  visit(node, {
    Map: (_key, map) => {
      if (referenceIn(map.toJSON()) !== null) map.flow = true;
    },
  });
  return node;
}

/** Writes out whatever is an alias of something within the node: it goes on to say what it said when the node has changed. */
export function writeOutAliasesOf(document: Document, node: Node): void {
  const within = new Set<unknown>();
  const note = (_key: unknown, each: unknown): void => void within.add(each);
  visit(node, { Node: note });
  visit(document, {
    Alias: (_key, alias) => {
      const target = alias.resolve(document);
      return target && within.has(target) ? fresh(document, target.toJS(document)) : undefined;
    },
  });
}
