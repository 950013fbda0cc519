import type { z } from 'zod';
import { type Explanation, explain, located } from '../config/explain.ts';
import type { Problem } from '../config/problems.ts';
import { jsonSchemaOf } from '../config/schema-node.ts';
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
    : structure(parsed.error.issues, source.value);
  if (parsed.success && explanations.length === 0) return parsed.data;
  throw new DescriptionError(explanations.map((each) => located(each, source)));
}

function structure(issues: readonly z.core.$ZodIssue[], value: unknown): readonly Explanation[] {
  if (value === null) return [{ path: [], at: 'value', message: 'the file is empty' }];
  const schema = jsonSchemaOf(DescriptionShape);
  return issues.flatMap((issue) => explain(issue, schema, value));
}
