import { dirname, join, resolve } from 'node:path';
import type { Manifest } from '../adapter/contract.ts';
import type { LoadAdapters } from '../config/adapters.ts';
import { ConfigurationError } from '../config/problems.ts';
import type { Report } from '../conformance/report.ts';
import { suiteHash } from '../conformance/report.ts';
import { packageRoot } from '../system/package-root.ts';
import { besideDescription, isDescription, REPORT_FILE } from './adapter-targets.ts';
import { readReport } from './adapter-verify.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { table } from './table.ts';

type Row = { readonly manifest: Manifest; readonly report: string };

/**
 * `passerelle adapter list [named...]`: which platforms there are, how their contract is known, and their grade; and the same
 * of adapters of other packages, and of descriptions.
 * @throws ConfigurationError, CommandFailure where one of those cannot be used.
 */
export async function listAdapters(
  { adapters, loadAdapters, stdout }: Pick<ProgramDependencies, 'adapters' | 'loadAdapters' | 'stdout'>,
  named: readonly string[] = [],
): Promise<void> {
  const ours = [...adapters.values()].map(
    ({ manifest }): Row => ({ manifest, report: join(packageRoot, 'adapters', manifest.id, REPORT_FILE) }),
  );
  const all = [...ours, ...(await others(loadAdapters, named))];
  const rows = await Promise.all(
    all
      .sort((a, b) => (a.manifest.id < b.manifest.id ? -1 : 1))
      .map(async ({ manifest: { id, title, contract }, report: file }) => {
        const report = await readReport(file);
        return [id, contract, gradeOf(report), `${title.fr} / ${title.en}`, targetsOf(report)];
      }),
  );
  stdout.write(`${table(['ADAPTER', 'CONTRACT', 'GRADE', 'TITLE', 'RUN ON'], rows, new Set())}\n`);
}

async function others(load: LoadAdapters, named: readonly string[]): Promise<Row[]> {
  const written = named.map((each) => (isDescription(each) ? resolve(each) : each));
  const { found, close } = await load(written, process.cwd());
  await close();
  return found.map((adapter, at) => {
    const name = written[at] ?? '';
    if ('problem' in adapter) {
      if (adapter.places) throw new ConfigurationError(name, adapter.places);
      throw new CommandFailure(`${name} ${adapter.problem}`);
    }
    const { manifest, mappings } = adapter;
    const report = isDescription(name)
      ? besideDescription(name, 'json')
      : join(dirname(mappings), REPORT_FILE);
    return { manifest, report };
  });
}

function gradeOf(report: Report | null): string {
  if (!report) return '-';
  return `${report.grade ?? 'none'}${report.suite === suiteHash() ? '' : ' (of an earlier suite)'}`;
}

const targetsOf = (report: Report | null): string =>
  report
    ? report.targets.map(({ name, stage }) => (name === stage ? name : `${name} (${stage})`)).join(', ')
    : '-';
