import type { Case } from './case.ts';
import type { Recording } from './recording.ts';
import { record } from './recording.ts';
import type { TargetResults } from './report.ts';
import { stagePlatform } from './staging.ts';
import { applying, type CaseResult, openSession } from './suite.ts';
import type { PlatformTarget, Target } from './target.ts';

/** Runs the suite without a test runner. */

export type Told = (each: Case, result: CaseResult) => void;

/** @param wants which cases; the others are left out. @param tell hears of each as it ends. */
export async function runSuite(
  target: Target,
  wants: (id: string) => boolean,
  tell: Told,
): Promise<TargetResults> {
  return resultsOf(target, openSession(target), wants, tell);
}

/** The same, with all that the platform answers kept. */
export async function recordSuite(
  target: PlatformTarget,
  wants: (id: string) => boolean,
  tell: Told,
): Promise<{ readonly results: TargetResults; readonly recording: Recording }> {
  const staging = record(stagePlatform(target), target);
  const results = await resultsOf(target, openSession(target, staging), wants, tell);
  return { results, recording: staging.recording };
}

async function resultsOf(
  target: Target,
  session: ReturnType<typeof openSession>,
  wants: (id: string) => boolean,
  tell: Told,
): Promise<TargetResults> {
  const cases: TargetResults['cases'] = [];
  try {
    for (const each of applying(target.adapter.manifest.capabilities)) {
      if (!wants(each.id)) continue;
      const result = await session.run(each);
      cases.push({ id: each.id, outcome: result.outcome, reason: result.reason });
      tell(each, result);
    }
  } finally {
    await session.close();
  }
  return { name: target.name, stage: target.stage, cases };
}
