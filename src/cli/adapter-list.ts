import { join } from 'node:path';
import type { Report } from '../conformance/report.ts';
import { suiteHash } from '../conformance/report.ts';
import { packageRoot } from '../system/package-root.ts';
import { keptReport } from './adapter-verify.ts';
import type { ProgramDependencies } from './dependencies.ts';
import { table } from './table.ts';

/** `passerelle adapter list`: which platforms there are, how their contract is known, and their grade. */
export async function listAdapters({
  adapters,
  stdout,
}: Pick<ProgramDependencies, 'adapters' | 'stdout'>): Promise<void> {
  const rows = await Promise.all(
    [...adapters.values()]
      .map(({ manifest }) => manifest)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(async ({ id, title, contract }) => {
        const report = await keptReport(join(packageRoot, 'adapters', id));
        return [id, contract, gradeOf(report), `${title.fr} / ${title.en}`, targetsOf(report)];
      }),
  );
  stdout.write(`${table(['ADAPTER', 'CONTRACT', 'GRADE', 'TITLE', 'RUN ON'], rows, new Set())}\n`);
}

function gradeOf(report: Report | null): string {
  if (!report) return '-';
  return `${report.grade ?? 'none'}${report.suite === suiteHash() ? '' : ' (of an earlier suite)'}`;
}

const targetsOf = (report: Report | null): string =>
  report
    ? report.targets.map(({ name, stage }) => (name === stage ? name : `${name} (${stage})`)).join(', ')
    : '-';
