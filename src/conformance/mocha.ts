import { graded } from './case.ts';
import type { Context } from './context.ts';
import { type Grade, type Graded, gradeOf } from './grade.ts';
import { stagePlatform } from './staging.ts';
import { applying, openSession, runCase, type Session, SUBJECTS } from './suite.ts';
import type { PlatformTarget, Target } from './target.ts';

/** The suite as a function of mocha's. */

/**
 * Describes every case that applies. One that is exempt, or that the target has no hands for, is pending, with the reason.
 * @param reaches the grade that the results come to; undefined = whichever.
 */
export function conforms(name: string, target: Target, reaches?: Grade): void {
  const { capabilities, exemptions } = target.adapter.manifest;
  const ids = new Set(applying(capabilities).map(({ id }) => id));
  describe(`${name} conforms`, () => {
    let session: Session;
    const tried: Graded[] = [];
    before(() => {
      session = openSession(target);
    });
    after(() => session.close());

    it('is exempt from cases that exist and apply only', () => {
      const unknown = Object.keys(exemptions).filter((id) => !ids.has(id));
      if (unknown.length > 0) throw new Error(`no such cases apply: ${unknown.join(', ')}`);
    });

    for (const [subject, cases] of SUBJECTS) {
      const own = cases.filter(({ id }) => ids.has(id));
      if (own.length === 0) continue;
      describe(subject, () => {
        for (const each of own) {
          it(each.title, async function () {
            const result = await session.run(each);
            tried.push({ id: each.id, grade: each.grade, outcome: result.outcome });
            if (result.outcome === 'failed') throw result.error;
            if (result.outcome === 'passed') return;
            if (this.test) this.test.title = `${each.title} (${result.outcome}: ${result.reason})`;
            this.skip();
          });
        }
      });
    }

    if (reaches === undefined) return;
    // Nested, since a suite's own tests run before the suites in it.
    describe('its grade', () => {
      it(`reaches ${reaches}`, function () {
        // Some were picked by name: they say nothing of a grade.
        if (tried.length < ids.size) this.skip();
        const { grade, missing } = gradeOf(capabilities, tried);
        if (grade !== reaches) throw new Error(`it reaches ${grade ?? 'no grade'}: ${missing.join('; ')}`);
      });
    });
  });
}

/** For what only one platform does: a mocha test with the suite's hands, on a platform of its own. */
export function ownCases(
  target: PlatformTarget,
): (title: string, run: (context: Context) => Promise<void>) => void {
  return (title, run) => {
    it(title, async () => {
      const staging = stagePlatform(target);
      const [own] = graded('bronze', [{ id: title, title, applies: () => true, run }]);
      try {
        if (own) await runCase(own, target, staging);
      } finally {
        await staging.close();
      }
    });
  };
}
