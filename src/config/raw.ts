import type { Path } from './problems.ts';

/** Reads what is there of a file that may be wrong anywhere, so that every problem is found at once. */

export type RawItem = { readonly path: Path; readonly fields: Readonly<Record<string, unknown>> };

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The mappings of the list under `key`; whatever is not one is left out. */
export function itemsOf(parent: RawItem, key: string): readonly RawItem[] {
  const list = parent.fields[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((fields: unknown, index) =>
    isMapping(fields) ? [{ path: [...parent.path, key, index], fields }] : [],
  );
}

/** The mapping under `key`, or null where there is none. */
export function mappingOf(parent: RawItem, key: string): RawItem | null {
  const fields = parent.fields[key];
  return isMapping(fields) ? { path: [...parent.path, key], fields } : null;
}

export const rawRoot = (value: unknown): RawItem => ({ path: [], fields: isMapping(value) ? value : {} });

export function textOf(item: RawItem, key: string): string | null {
  const value = item.fields[key];
  return typeof value === 'string' ? value : null;
}

export function numberOf(item: RawItem, key: string): number | null {
  const value = item.fields[key];
  return typeof value === 'number' ? value : null;
}
