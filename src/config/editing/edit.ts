import { isDeepStrictEqual } from 'node:util';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isSeq,
  type Node,
  parseDocument,
  YAMLMap,
  YAMLSeq,
} from 'yaml';
import type { ListName } from '../document.ts';
import { isMapping } from '../raw.ts';
import { fresh, idIn, keyOf, merged, putKey, writeOutAliasesOf } from './merge.ts';
import { written } from './written.ts';

/** Changes of the configuration file, on its text: what they do not touch stays as somebody wrote it. */

/** As JSON, and as it is to stand in the file. */
export type Entry = Readonly<Record<string, unknown>>;

export type Edit =
  /** In the place of what has this id, or behind the others. The value has the id too. */
  | { readonly kind: 'put'; readonly list: ListName; readonly id: string; readonly value: Entry }
  | { readonly kind: 'remove'; readonly list: ListName; readonly id: string }
  /** The only one, or of several the one with its id. */
  | { readonly kind: 'organization'; readonly value: Entry };

/** A file of which the edit cannot be made: it is no YAML, or is not made as a configuration is. */
export class NotEditable extends Error {
  override readonly name = 'NotEditable';
}

/** What is to be removed is not there. */
export class NothingToRemove extends Error {
  override readonly name = 'NothingToRemove';
}

/**
 * Comments, order, anchors and the way that values are written stay; lines are not folded. What has become of the
 * whole is for `parseConfiguration` to judge.
 * @throws NotEditable NothingToRemove
 */
export function editText(text: string, edit: Edit): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new NotEditable('it is not valid YAML');
  const before: unknown = document.toJS() ?? {};
  if (!isMapping(before)) throw new NotEditable('it is no mapping of keys to values');
  const expected = edited(before, edit);
  change(document, edit);
  const result = written(document, text);
  // Nobody's file is written anew with something in it that was not asked for.
  if (!isDeepStrictEqual(parseDocument(result).toJS(), expected)) {
    throw new NotEditable('it is written in a way that cannot be edited but by hand');
  }
  return result;
}

/** The same of what the file says. */
export function edited(document: Entry, edit: Edit): Entry {
  if (edit.kind === 'organization') {
    const { organizations } = document;
    return Array.isArray(organizations)
      ? { ...document, organizations: withItem(organizations, edit.value['id'], edit.value) }
      : { ...document, organization: edit.value };
  }
  const list: unknown = document[edit.list] ?? [];
  if (!Array.isArray(list)) throw new NotEditable(`${edit.list} is no list`);
  if (edit.kind === 'put') return { ...document, [edit.list]: withItem(list, edit.id, edit.value) };
  if (!list.some((item) => idIn(item) === edit.id)) throw new NothingToRemove();
  return { ...document, [edit.list]: list.filter((item) => idIn(item) !== edit.id) };
}

function withItem(list: readonly unknown[], id: unknown, value: Entry): unknown[] {
  const index = list.findIndex((item) => idIn(item) === id);
  return index < 0 ? [...list, value] : list.map((item, at) => (at === index ? value : item));
}

function change(document: Document, edit: Edit): void {
  const root = rootOf(document);
  if (edit.kind === 'organization') {
    const several = root.items.find((pair) => keyOf(pair) === 'organizations');
    if (several) putItem(document, listIn(document, root, 'organizations'), edit.value['id'], edit.value);
    else putOnly(document, root, edit.value);
    return;
  }
  const list = listIn(document, root, edit.list);
  if (edit.kind === 'put') {
    putItem(document, list, edit.id, edit.value);
    return;
  }
  for (const node of list.items.filter((item) => idOf(document, item) === edit.id)) {
    if (isNode(node)) writeOutAliasesOf(document, node);
  }
  // Aliases were put in the place of others meanwhile.
  list.items = list.items.filter((item) => idOf(document, item) !== edit.id);
  // The empty line before it parted it from the one that is gone.
  if (isNode(list.items[0])) list.items[0].spaceBefore = false;
}

function putOnly(document: Document, root: YAMLMap, value: Entry): void {
  const there = root.items.find((pair) => keyOf(pair) === 'organization');
  if (there) {
    if (isNode(there.value)) writeOutAliasesOf(document, there.value);
    putKey(document, root, 'organization', value);
    return;
  }
  // Whose the rest is stands before it.
  root.items.unshift(document.createPair('organization', fresh(document, value)));
}

function putItem(document: Document, list: YAMLSeq, id: unknown, value: Entry): void {
  const index = list.items.findIndex((item) => idOf(document, item) === id);
  const there = list.items[index];
  if (!isNode(there)) {
    // An empty list is written [], and what is not empty line by line.
    if (list.items.length === 0 && !isFlow(document.contents)) list.flow = false;
    list.add(fresh(document, value));
    return;
  }
  writeOutAliasesOf(document, there);
  const node = list.items[index];
  list.items[index] = merged(document, isNode(node) ? node : null, value);
}

const isFlow = (node: unknown): boolean => isMap(node) && node.flow === true;

const idOf = (document: Document, item: unknown): unknown =>
  isNode(item) ? idIn(item.toJS(document)) : undefined;

function rootOf(document: Document): YAMLMap {
  if (isMap(document.contents)) return document.contents;
  const root = new YAMLMap(document.schema);
  document.contents = root as Node;
  return root;
}

function listIn(document: Document, root: YAMLMap, name: string): YAMLSeq {
  const pair = root.items.find((each) => keyOf(each) === name);
  const node = isAlias(pair?.value) ? fresh(document, pair.value.toJS(document)) : pair?.value;
  const list = isSeq(node) ? node : new YAMLSeq(document.schema);
  if (pair) pair.value = list;
  else root.add(document.createPair(name, list));
  return list;
}
