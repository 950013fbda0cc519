import type { Adapter } from './model.ts';

/** The cases of a report by what they are about. Pure. */

type Case = NonNullable<Adapter['report']>['cases'][number];

const SUBJECTS = [
  'reading',
  'writing',
  'moving',
  'faults',
  'nights',
  'webhook',
  'listening',
  'lists',
  'asking',
  'shifts',
] as const;
export type Subject = (typeof SUBJECTS)[number];

/** In the order above; a subject of a later suite is among the others (null), which come last. */
export function bySubject(
  cases: readonly Case[],
): readonly { readonly subject: Subject | null; readonly cases: readonly Case[]; readonly passed: number }[] {
  const known = (name: string): Subject | null => SUBJECTS.find((each) => each === name) ?? null;
  return [...SUBJECTS, null].flatMap((subject) => {
    const own = cases
      .filter((each) => known(each.subject) === subject)
      // What is not passed is what somebody looks for.
      .sort((a, b) => Number(a.outcome === 'passed') - Number(b.outcome === 'passed'));
    const passed = own.filter(({ outcome }) => outcome === 'passed').length;
    return own.length === 0 ? [] : [{ subject, cases: own, passed }];
  });
}
