import type { Language } from '../i18n/current.ts';

/** JSON Schema (draft 7) as the gateway tells it of settings, and which control each part of it wants. Pure. */

export type SchemaNode = {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  /** What title and description are in French. */
  readonly 'x-fr'?: { readonly title?: string; readonly description?: string };
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
};

export type Kind =
  /** `isLong` = of several lines, as a certificate. */
  | {
      readonly kind: 'text';
      readonly input: 'text' | 'url' | 'email';
      readonly isSecret: boolean;
      readonly isLong: boolean;
    }
  | {
      readonly kind: 'number';
      readonly minimum?: number;
      readonly maximum?: number;
      readonly isWhole: boolean;
    }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'choices'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly item: SchemaNode }
  | { readonly kind: 'map'; readonly item: SchemaNode }
  | { readonly kind: 'group'; readonly node: SchemaNode }
  /** Told apart by what is constant under a key. */
  | { readonly kind: 'variant'; readonly by: string; readonly variants: ReadonlyMap<string, SchemaNode> }
  /** For which there is no form. */
  | { readonly kind: 'other' };

/** With the one alternative that it has besides null taken into it. */
export function plain(node: SchemaNode): SchemaNode {
  const alternatives = (node.anyOf ?? node.oneOf ?? []).filter(({ type }) => type !== 'null');
  const [only] = alternatives;
  if (only === undefined) return node;
  // Texts of several forms are texts: which one it is, is for the gateway to say.
  if (alternatives.length > 1 && !alternatives.every(({ type }) => type === 'string')) return node;
  const { anyOf: _, oneOf: __, ...around } = node;
  return { ...(alternatives.length === 1 ? plain(only) : { type: 'string' }), ...around };
}

export function kindOf(given: SchemaNode): Kind {
  const node = plain(given);
  const variants = variantsOf(node);
  if (variants) return variants;
  switch (node.type) {
    case 'string':
      return stringOf(node);
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        isWhole: node.type === 'integer',
        ...(node.minimum === undefined ? {} : { minimum: node.minimum }),
        ...(node.maximum === undefined ? {} : { maximum: node.maximum }),
      };
    case 'boolean':
      return { kind: 'flag' };
    case 'array': {
      const { items = {} } = node;
      const item = kindOf(items);
      return item.kind === 'choice'
        ? { kind: 'choices', values: item.values }
        : { kind: 'list', item: items };
    }
    case 'object': {
      const { properties = {}, additionalProperties: others } = node;
      const isMap = Object.keys(properties).length === 0 && typeof others === 'object';
      return isMap ? { kind: 'map', item: others } : { kind: 'group', node };
    }
    default:
      return { kind: 'other' };
  }
}

function stringOf({ enum: values, format, pattern, writeOnly }: SchemaNode): Kind {
  if (values) return { kind: 'choice', values: values.map(String) };
  return {
    kind: 'text',
    input: format === 'uri' ? 'url' : format === 'email' ? 'email' : 'text',
    isSecret: writeOnly === true,
    isLong: pattern?.includes('-----BEGIN') === true,
  };
}

function variantsOf({ anyOf, oneOf }: SchemaNode): Kind | null {
  const nodes = (oneOf ?? anyOf ?? []).filter(({ type }) => type !== 'null');
  const [first] = nodes;
  if (first === undefined) return null;
  const by = Object.keys(first.properties ?? {}).find((key) =>
    nodes.every(({ properties }) => properties?.[key]?.const !== undefined),
  );
  if (by === undefined) return { kind: 'other' };
  const named = nodes.map((node) => [String(node.properties?.[by]?.const), node] as const);
  return { kind: 'variant', by, variants: new Map(named) };
}

export type Property = {
  readonly key: string;
  readonly node: SchemaNode;
  readonly isRequired: boolean;
};

/** Of a group, in its order; what is constant is not asked for. */
export const propertiesOf = ({ properties = {}, required = [] }: SchemaNode): readonly Property[] =>
  Object.entries(properties).flatMap(([key, node]) =>
    node.const === undefined ? [{ key, node, isRequired: required.includes(key) }] : [],
  );

/** What may be left as it is, and so stands folded away: it has a value of its own, or is made of parts. */
export function mayWait({ node, isRequired }: Property): boolean {
  if (isRequired) return false;
  const { kind } = kindOf(node);
  return plain(node).default !== undefined || !['text', 'number', 'choice'].includes(kind);
}

export type Words = { readonly label: string; readonly help: string | undefined };

/** @param key is shown where its author has given no title. */
export function wordsOf(node: SchemaNode, key: string, language: Language): Words {
  const { title, description, 'x-fr': french } = plain(node);
  const isFrench = language === 'fr';
  return {
    label: (isFrench ? french?.title : undefined) ?? title ?? spelled(key),
    help: (isFrench ? french?.description : undefined) ?? description,
  };
}

/** `baseUrl` as «Base url». */
function spelled(key: string): string {
  const words = key.replace(
    /([a-z])([A-Z])/g,
    (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The names of what leads to a field, as «Documents 1 › Adresse». @param field as `documents[0].url`. */
export function placeText(schema: SchemaNode, field: string, language: Language): string {
  const steps = field.match(/[^.[\]]+/g) ?? [];
  const said: string[] = [];
  let nodes: readonly SchemaNode[] = [schema];
  for (const step of steps) {
    const inner = nodes.flatMap((node) => alternatives(node)).flatMap((node) => childOf(node, step));
    if (/^\d+$/.test(step) && said.length > 0) said.push(`${said.pop()} ${Number(step) + 1}`);
    else said.push(inner[0] ? wordsOf(inner[0], step, language).label : step);
    nodes = inner;
  }
  return said.join(' › ');
}

const alternatives = (node: SchemaNode): readonly SchemaNode[] => [
  node,
  ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(alternatives),
];

function childOf(
  { properties, items, additionalProperties: others }: SchemaNode,
  step: string,
): SchemaNode[] {
  const named = properties?.[step];
  if (named) return [named];
  if (items && /^\d+$/.test(step)) return [items];
  return typeof others === 'object' ? [others] : [];
}
