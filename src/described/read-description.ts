import type { z } from 'zod';
import { type Explanation, explain, located } from '../config/explain.ts';
import type { Problem } from '../config/problems.ts';
import { type JsonSchema, jsonSchemaOf } from '../config/schema-node.ts';
import { parseSource } from '../config/source.ts';
import { contradictions } from './contradictions.ts';
import { type Description, DescriptionShape } from './description.ts';

/** All that is wrong with a description, each at its place. */
export class DescriptionError extends Error {
  override readonly name = 'DescriptionError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'));
    this.problems = problems;
  }
}

/** @param text YAML. @throws DescriptionError */
export function readDescription(text: string): Description {
  const source = parseSource(text);
  if (source.problems.length > 0) throw new DescriptionError(source.problems);
  const parsed = DescriptionShape.safeParse(source.value);
  const explanations = parsed.success
    ? contradictions(parsed.data)
    : [...structure(parsed.error.issues, source.value), ...beyond(parsed.error.issues, source.value)];
  if (parsed.success && explanations.length === 0) return parsed.data;
  throw new DescriptionError(explanations.map((each) => located(each, source)));
}

type Issues = readonly z.core.$ZodIssue[];

function structure(issues: Issues, value: unknown): readonly Explanation[] {
  if (value === null) return [{ path: [], at: 'value', message: 'the file is empty' }];
  // Made once there is something to explain: it takes longer than all else here.
  shape ??= jsonSchemaOf(DescriptionShape);
  const schema = shape;
  return issues.flatMap((issue) => explain(issue, schema, value));
}

let shape: JsonSchema | null = null;

/** As an expression, as a template and as a path it is one that can be read, and names nothing. */
const ANY_TEXT = '/x/';

/** An expression that cannot be read hides nothing: what contradicts itself besides is found with another in its place. */
function beyond(issues: Issues, value: unknown): readonly Explanation[] {
  const repaired: unknown = structuredClone(value);
  for (const { path } of issues) put(repaired, path, ANY_TEXT);
  const parsed = DescriptionShape.safeParse(repaired);
  return parsed.success ? contradictions(parsed.data) : [];
}

function put(value: unknown, path: readonly PropertyKey[], text: string): void {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return;
  const fields = value as Record<PropertyKey, unknown>;
  if (rest.length === 0) fields[key] = text;
  else put(fields[key], rest, text);
}
