import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Capabilities, CONTRACTS, KINDS, type Manifest } from '../adapter/contract.ts';
import type { Case } from './case.ts';
import { GRADES, type Graded, gradeOf, OUTCOMES, type Outcome, together } from './grade.ts';
import { proofsOf } from './proofs.ts';
import { applying, CASES, SUBJECTS } from './suite.ts';

/** What the suite found of an adapter, bound to that very adapter by a hash of its files. */

const Bilingual = z.object({ fr: z.string(), en: z.string() });
const Result = z.object({
  id: z.string(),
  outcome: z.enum(OUTCOMES),
  /** Why it is not passed; null = it is. */
  reason: z.string().nullable(),
});
const Grade = z.enum(GRADES);

export const Report = z.object({
  format: z.literal('passerelle-conformance-1'),
  adapter: z.object({
    id: z.string(),
    title: Bilingual,
    kind: z.enum(KINDS),
    contract: z.enum(CONTRACTS),
    /** SHA-256 of its files (hash.ts), hexadecimal. */
    hash: z.string(),
  }),
  /** SHA-256 of the ids of all cases there were, hexadecimal: a report of a smaller suite says less. */
  suite: z.string(),
  /** When it was run (RFC 3339). */
  at: z.string(),
  grade: Grade.nullable(),
  /** What stands between it and the next grade. */
  missing: z.array(z.string()),
  capabilities: z.array(
    z.object({
      capability: z.string(),
      declared: z.string(),
      proof: z.enum(['proven', 'refuted', 'unproven']),
    }),
  ),
  /** Over all targets. */
  cases: z.array(Result.extend({ subject: z.string(), title: z.string(), grade: Grade })),
  targets: z.array(
    z.object({
      name: z.string(),
      stage: z.enum(['simulator', 'server', 'live', 'recorded']),
      cases: z.array(Result),
    }),
  ),
});
export type Report = z.output<typeof Report>;
export type TargetResults = Report['targets'][number];

export const suiteHash = (): string => sha256(CASES.map(({ id }) => id).join('\n'));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function reportOf(
  { id, title, kind, contract, capabilities }: Manifest,
  targets: readonly TargetResults[],
  { hash, at }: { readonly hash: string; readonly at: string },
): Report {
  const cases = overall(capabilities, targets);
  return {
    format: 'passerelle-conformance-1',
    adapter: { id, title, kind, contract, hash },
    suite: suiteHash(),
    at,
    ...verdictOf(capabilities, cases),
    capabilities: [...proofsOf(capabilities, cases)],
    cases,
    targets: [...targets],
  };
}

function verdictOf(capabilities: Capabilities, cases: readonly Graded[]): Pick<Report, 'grade' | 'missing'> {
  const { grade, missing } = gradeOf(capabilities, cases);
  return { grade, missing: [...missing] };
}

function overall(capabilities: Capabilities, targets: readonly TargetResults[]): Report['cases'] {
  const subjectOf = (each: Case): string =>
    SUBJECTS.find(([, cases]) => cases.includes(each))?.[0] ?? 'others';
  return applying(capabilities).map((each) => {
    const results = targets.flatMap((target) => target.cases.filter(({ id }) => id === each.id));
    const outcome: Outcome = together(results.map((result) => result.outcome));
    return {
      id: each.id,
      subject: subjectOf(each),
      title: each.title,
      grade: each.grade,
      outcome,
      reason: results.find((result) => result.outcome === outcome)?.reason ?? null,
    };
  });
}
