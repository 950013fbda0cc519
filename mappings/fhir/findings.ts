import { z } from 'zod';
import type { Bilingual } from '../../src/domain/schedule.ts';

/** What is wrong with a resource that somebody sent: the kind (FHIR IssueType), what to do, and where (FHIRPath). */
export type Finding = {
  readonly code:
    | 'structure'
    | 'required'
    | 'value'
    | 'code-invalid'
    | 'invariant'
    | 'not-supported'
    | 'extension';
  readonly message: Bilingual;
  readonly expression: string;
};

export type Parsed<T> =
  | { readonly ok: true; readonly data: T }
  | {
      readonly ok: false;
      readonly findings: readonly Finding[];
      /** What each finding was made of. */
      readonly issues: readonly z.core.$ZodIssue[];
    };

const ENGLISH = z.locales.en().localeError;
const FRENCH = z.locales.frCA().localeError;

/**
 * Reads a value by a schema. Zod's messages name what it expected, and never the value that it met.
 * @param root FHIRPath of the value.
 */
export function parseAs<T extends z.ZodType>(schema: T, value: unknown, root: string): Parsed<z.output<T>> {
  const english = schema.safeParse(value, { error: ENGLISH });
  if (english.success) return { ok: true, data: english.data };
  // The same issues in the same order: an issue keeps no more than one message.
  const { issues = [] } = schema.safeParse(value, { error: FRENCH }).error ?? {};
  return {
    ok: false,
    issues: english.error.issues,
    findings: english.error.issues.map((issue, index) => ({
      code: codeOf(issue),
      message: saidBy(issue) ?? { fr: issues[index]?.message ?? issue.message, en: issue.message },
      expression: expressionOf(root, issue.path),
    })),
  };
}

/** The parameters of a refinement of ours: what is wrong, and with `value` as kind where it is no invariant of FHIR's. */
export const refusal = (message: Bilingual, code: 'value' | 'invariant' = 'invariant') => ({
  params: { said: message, code },
});

function saidBy(issue: z.core.$ZodIssue): Bilingual | null {
  const said: unknown = issue.code === 'custom' ? issue.params?.['said'] : null;
  return (said as Bilingual | undefined) ?? null;
}

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
