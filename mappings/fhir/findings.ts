import type { z } from 'zod';

/** What is wrong with a resource that somebody sent: the kind (FHIR IssueType), what to do, and where (FHIRPath). */
export type Finding = {
  readonly code: 'structure' | 'required' | 'value' | 'invariant' | 'not-supported' | 'extension';
  readonly message: string;
  readonly expression: string;
};

/** The findings of a schema that did not fit. Zod's messages name what it expected, and never the value it met. */
export const findingsOf = (error: z.ZodError, root: string): Finding[] =>
  error.issues.map((issue) => ({
    code: codeOf(issue),
    message: issue.message,
    expression: expressionOf(root, issue.path),
  }));

function codeOf(issue: z.core.$ZodIssue): Finding['code'] {
  if (issue.code === 'custom') return issue.params?.['code'] === 'value' ? 'value' : 'invariant';
  if (issue.code === 'invalid_type')
    return issue.message.endsWith('received undefined') ? 'required' : 'structure';
  return 'value';
}

export const expressionOf = (root: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    root,
  );

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

/** Whether the text is a whole date (FHIR date with a day) of a day that exists. */
export function isRealDate(value: string): boolean {
  const match = DATE.exec(value);
  if (!match) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}
