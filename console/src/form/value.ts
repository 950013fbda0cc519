import { kindOf, plain, propertiesOf, type SchemaNode } from './schema.ts';

/** What a form has, and what of it is sent. Pure. */

export type Entry = Readonly<Record<string, unknown>>;

export const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const entryOf = (value: unknown): Entry => (isEntry(value) ? value : {});

/** Undefined takes the key out. */
export function withKey(value: Entry, key: string, next: unknown): Entry {
  const { [key]: _, ...others } = value;
  return next === undefined ? others : { ...value, [key]: next };
}

/** As `connections[0].settings`, by which the gateway names what is wrong. */
export const pathTo = (path: string, step: string | number): string =>
  typeof step === 'number' ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`;

export const isUnder = (field: string, path: string): boolean =>
  field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`);

/** Where a value is kept instead of the value itself: in the environment, in a file, or in the configuration, which does not show it. */
export type Kept = { readonly env: string } | { readonly file: string } | { readonly hidden: string };

export function isKept(value: unknown): value is Kept {
  if (!isEntry(value)) return false;
  const [key, ...others] = Object.keys(value);
  return (
    others.length === 0 &&
    (key === 'env' || key === 'file' || key === 'hidden') &&
    typeof value[key] === 'string'
  );
}

/** What was filled in: what is empty is left out, so that what the gateway would have by itself counts. Keys without a field stay. */
export function filledIn(node: SchemaNode, value: unknown, isRequired = true): unknown {
  if (isKept(value)) return value;
  const kind = kindOf(node);
  switch (kind.kind) {
    case 'text': {
      if (typeof value !== 'string') return value;
      const text = kind.isSecret ? value : value.trim();
      return text === '' ? undefined : text;
    }
    case 'choices':
      return Array.isArray(value) && value.length === 0 && !isRequired ? undefined : value;
    case 'list': {
      if (!Array.isArray(value)) return value;
      const items = value.map((item) => filledIn(kind.item, item)).filter((item) => item !== undefined);
      return items.length === 0 && !isRequired ? undefined : items;
    }
    case 'map': {
      if (!isEntry(value)) return value;
      const entries = Object.entries(value).map(([key, item]) => [key.trim(), filledIn(kind.item, item)]);
      const named = entries.filter(([key, item]) => key !== '' && item !== undefined);
      return named.length === 0 && !isRequired ? undefined : Object.fromEntries(named);
    }
    case 'group':
      return groupOf(kind.node, value, isRequired);
    case 'variant': {
      const chosen = isEntry(value) ? kind.variants.get(String(value[kind.by])) : undefined;
      return chosen ? groupOf(chosen, value, true) : value;
    }
    default:
      return value;
  }
}

function groupOf(node: SchemaNode, value: unknown, isRequired: boolean): unknown {
  if (!isEntry(value)) return value;
  const properties = new Map(propertiesOf(plain(node)).map((each) => [each.key, each]));
  const entries = Object.entries(value).map(([key, item]) => {
    const property = properties.get(key);
    return [key, property ? filledIn(property.node, item, property.isRequired) : item] as const;
  });
  const filled = entries.filter(([, item]) => item !== undefined);
  return filled.length === 0 && !isRequired ? undefined : Object.fromEntries(filled);
}
