import type { Case } from '../conformance/case.ts';
import type { Outcome } from '../conformance/grade.ts';
import type { Report } from '../conformance/report.ts';
import type { CaseResult } from '../conformance/suite.ts';
import { table } from './table.ts';

/** A conformance report, for a terminal. */

const SIGNS: Record<Outcome, string> = { passed: '✔', failed: '✗', exempt: '–', untried: '?' };
const WORDS: Record<Outcome, string> = {
  passed: 'passed',
  failed: 'failed',
  exempt: 'exempt',
  untried: 'not tried',
};

/** As it ends: what, and why it is not passed. */
export function lineOf({ id, title }: Case, { outcome, reason }: CaseResult): string {
  const line = `  ${SIGNS[outcome]} ${id}: ${title}`;
  return reason === null
    ? line
    : `${line}\n      ${WORDS[outcome]}: ${reason.split('\n').slice(0, REASON_LINES).join('\n      ')}`;
}

const REASON_LINES = 12;

/** @param isPart only some cases were run, so there is no grade to give. */
export function summaryOf(report: Report, isPart: boolean): string {
  const counts = (['passed', 'failed', 'exempt', 'untried'] as const)
    .map((outcome) => [outcome, report.cases.filter((each) => each.outcome === outcome).length] as const)
    .filter(([outcome, count]) => count > 0 || outcome === 'passed' || outcome === 'failed')
    .filter(([outcome]) => !(isPart && outcome === 'untried'))
    .map(([outcome, count]) => `${count} ${WORDS[outcome]}`)
    .join(', ');
  if (isPart) return counts;
  const proofs = report.capabilities.map(({ capability, declared, proof }) => [capability, declared, proof]);
  return [
    table(['CAPABILITY', 'DECLARED', 'PROOF'], proofs, new Set()),
    '',
    counts,
    gradeLine(report),
    `adapter ${report.adapter.hash.slice(0, 16)}, suite ${report.suite.slice(0, 16)}`,
  ].join('\n');
}

const MISSING_SHOWN = 8;

function gradeLine({ grade, missing }: Report): string {
  const reached = `Grade: ${grade ?? 'none'}`;
  if (missing.length === 0) return reached;
  const shown = missing.slice(0, MISSING_SHOWN).map((each) => `  ${each}`);
  const rest = missing.length > MISSING_SHOWN ? [`  and ${missing.length - MISSING_SHOWN} more`] : [];
  return [`${reached}. For the next:`, ...shown, ...rest].join('\n');
}
