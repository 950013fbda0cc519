import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import type { InstalledAdapter } from '../../adapter/isolated.ts';
import { LISTS } from '../document.ts';
import { formatPath, type Path } from '../problems.ts';
import { isMapping } from '../raw.ts';
import { jsonSchemaOf } from '../schema-node.ts';
import type { Edit, Entry } from './edit.ts';
import { shownSettings } from './secret-settings.ts';

/** What the file says, before anybody has looked whether it is right. */

/** Null of what is no YAML, or no mapping. */
export function documentIn(text: string): Entry | null {
  const document = parseDocument(text);
  if (document.errors.length > 0) return null;
  try {
    const value: unknown = document.toJS() ?? {};
    return isMapping(value) ? value : null;
  } catch (error) {
    // Aliases that make it far too large.
    if (error instanceof ReferenceError) return null;
    throw error;
  }
}

export const readAs = (text: string): Entry => documentIn(text) ?? {};

const itemsIn = (document: Entry, list: string): readonly unknown[] => {
  const items = document[list];
  return Array.isArray(items) ? items : [];
};

/** What the edit is about, as it stands in the file; empty where it does not. */
export function itemIn(document: Entry, edit: Edit): Entry {
  const place = placeOf(document, edit);
  const [list = '', index] = place;
  const found = index === undefined ? document[list] : itemsIn(document, String(list))[Number(index)];
  return isMapping(found) ? found : {};
}

export function placeOf(document: Entry, edit: Edit): Path {
  if (edit.kind === 'organization' && !Array.isArray(document['organizations'])) return ['organization'];
  const [list, id] =
    edit.kind === 'organization' ? ['organizations', edit.value['id']] : ([edit.list, edit.id] as const);
  const index = itemsIn(document, list).findIndex((item) => isMapping(item) && item['id'] === id);
  return [list, index];
}

export function fieldOf(path: string, place: Path): string | null {
  const prefix = formatPath(place);
  if (path === prefix) return '';
  return path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`)
    ? path.slice(prefix.length).replace(/^\./, '')
    : null;
}

/** Of settings one by one. */
export function changedKeys(before: Entry, after: Entry): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
    const [was, is] = [before[key], after[key]];
    if (isDeepStrictEqual(was, is)) return [];
    if (key !== 'settings') return [key];
    return changedKeys(isMapping(was) ? was : {}, isMapping(is) ? is : {}).map((each) => `settings.${each}`);
  });
}

/** What may be changed from here, and no secret of it. */
export function shownDocument(document: Entry, adapters: ReadonlyMap<string, InstalledAdapter>): Entry {
  const connections = itemsIn(document, 'connections').map((connection) => {
    if (!isMapping(connection) || connection['settings'] === undefined) return connection;
    const manifest = adapters.get(String(connection['platform']))?.manifest;
    const schema = manifest ? jsonSchemaOf(manifest.settings) : null;
    return { ...connection, settings: shownSettings(connection['settings'], schema) };
  });
  const keys = ['adapters', 'organization', 'organizations', ...LISTS];
  return Object.fromEntries(
    keys.flatMap((key) =>
      key in document ? [[key, key === 'connections' ? connections : document[key]]] : [],
    ),
  );
}
