import { z } from 'zod';
import type { Path } from './problems.ts';
import { isMapping } from './raw.ts';

/** The few keywords of JSON Schema (draft 7) that are read back from a generated schema. */
export type JsonSchema = {
  readonly [keyword: string]: unknown;
  readonly type?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
};

type Reused = { readonly reused?: 'ref' | 'inline' };

/**
 * What may be written, so with defaults optional, and with no keys but those that are named, also where the zod
 * schema would drop others in silence. Draft 7 is what the YAML language servers of editors know best.
 * @param reused `ref`: what stands in several places is defined once, which is shorter, and not for `at` to read.
 */
export function jsonSchemaOf(schema: z.ZodType, { reused = 'inline' }: Reused = {}): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    reused,
  });
  return closed(rest) as JsonSchema;
}

function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (!isMapping(node)) return node;
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return isMapping(node['properties']) ? { additionalProperties: false, ...inner } : inner;
}

/** The schema of the value at a path, or null where the schema does not say. */
export function at(schema: JsonSchema, path: Path): JsonSchema | null {
  let nodes = branches(schema);
  for (const step of path) nodes = nodes.flatMap((node) => branches(child(node, step)));
  return nodes[0] ?? null;
}

/**
 * Paths of the keys of a value that its schema does not name, each with those that it does name. Where there are
 * alternatives a key of any of them is known.
 */
export function unknownKeys(
  schema: JsonSchema,
  value: unknown,
  path: Path = [],
): readonly { readonly path: Path; readonly known: readonly string[] }[] {
  const nodes = branches(schema);
  if (Array.isArray(value)) {
    const items = nodes.find((node) => node.items !== undefined)?.items;
    return items === undefined
      ? []
      : value.flatMap((item, index) => unknownKeys(items, item, [...path, index]));
  }
  if (!isMapping(value)) return [];
  const known = nodes.flatMap((node) => Object.keys(node.properties ?? {}));
  return Object.entries(value).flatMap(([key, item]) => {
    const next = nodes.flatMap((node) => branches(child(node, key)));
    if (next.length > 0) return unknownKeys({ anyOf: next }, item, [...path, key]);
    const named = nodes.some((node) => node.additionalProperties === false);
    return named ? [{ path: [...path, key], known }] : [];
  });
}

/** A node with all alternatives in it: what is said of a value may be said at any of them. */
export const alternatives = (node: JsonSchema | undefined): JsonSchema[] =>
  node === undefined ? [] : [node, ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(alternatives)];

/** Those of what is under a key, or in a list. */
export const alternativesAt = (nodes: readonly JsonSchema[], step: string | number): JsonSchema[] =>
  nodes.flatMap((node) => alternatives(child(node, step)));

function child(node: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') return node.items;
  const { additionalProperties: others } = node;
  return node.properties?.[step] ?? (typeof others === 'object' ? others : undefined);
}

function branches(node: JsonSchema | undefined): JsonSchema[] {
  if (node === undefined) return [];
  const choices = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return choices.length === 0 ? [node] : choices.flatMap(branches);
}
