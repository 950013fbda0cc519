import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from '../conformance/hash.ts';
import { Report, reportOf, type TargetResults } from '../conformance/report.ts';
import { recordSuite, runSuite, type Told } from '../conformance/run.ts';
import { CASES } from '../conformance/suite.ts';
import type { Target } from '../conformance/target.ts';
import { findTargets, REPORT_FILE } from './adapter-targets.ts';
import { htmlOf } from './conformance-html.ts';
import { lineOf, summaryOf } from './conformance-text.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';

export type VerifyOptions = {
  /** Ids of cases; undefined = all that apply. */
  readonly only: readonly string[] | undefined;
  readonly json: string | undefined;
  readonly html: string | undefined;
  readonly record: string | undefined;
  /** Keep the report beside the adapter. */
  readonly keep: boolean;
};

/**
 * `passerelle adapter verify <adapter>`: runs the suite on every target of it.
 * @throws CommandFailure when a case failed, after all has been said.
 */
export async function verifyAdapter(
  { adapters, stdout }: Pick<ProgramDependencies, 'adapters' | 'stdout'>,
  named: string,
  { only, json, html, record, keep }: VerifyOptions,
): Promise<void> {
  checkCases(only);
  if (keep && only)
    throw new CommandFailure('a report of some cases is no report: leave out --only to keep it');
  const { targets, places, report: file } = await findTargets(named, new Set(adapters.keys()));
  const { manifest } = targets[0].adapter;
  const results: TargetResults[] = [];
  for (const target of targets) {
    stdout.write(`\n${manifest.id} on ${target.name} (${target.stage})\n`);
    const tell: Told = (each, result) => stdout.write(`${lineOf(each, result)}\n`);
    results.push(await tried(target, only, record, tell));
  }
  const hash = await hashOf(places);
  const report = reportOf(manifest, results, { hash, at: new Date().toISOString() });
  stdout.write(`\n${summaryOf(report, only !== undefined)}\n`);
  if (json !== undefined) await writeFile(json, textOf(report));
  if (html !== undefined) await writeFile(html, htmlOf(report));
  if (keep) await writeFile(file, textOf(report));
  const failed = report.cases.filter(({ outcome }) => outcome === 'failed').length;
  const tries = report.cases.filter(({ outcome }) => outcome !== 'untried').length;
  if (failed > 0) throw new CommandFailure(`${failed} of ${tries} cases failed`);
}

function checkCases(only: readonly string[] | undefined): void {
  const unknown = (only ?? []).filter((id) => !CASES.some((each) => each.id === id));
  if (unknown.length > 0) throw new CommandFailure(`no such cases: ${unknown.join(', ')}`);
}

async function tried(
  target: Target,
  only: readonly string[] | undefined,
  file: string | undefined,
  tell: Told,
): Promise<TargetResults> {
  const wants = (id: string): boolean => only?.includes(id) ?? true;
  if (file === undefined || target.stage === 'recorded') return runSuite(target, wants, tell);
  const { results, recording } = await recordSuite(target, wants, tell);
  await writeFile(file, `${JSON.stringify(recording, null, 1)}\n`);
  return results;
}

/** A case a line, so that a person and a diff can read it. */
const textOf = (report: Report): string =>
  `${JSON.stringify(report, null, 1).replace(/\{\s+"(?:id|capability)":[^{}[\]]*\}/g, (each) =>
    each
      .split('\n')
      .map((line) => line.trim())
      .join(' '),
  )}\n`;

/** The report that is kept of an adapter; null = there is none. @throws CommandFailure when it is none. */
export const keptReport = (home: string): Promise<Report | null> => readReport(join(home, REPORT_FILE));

/** The same of a file. */
export async function readReport(file: string): Promise<Report | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const parsed = Report.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new CommandFailure(`${file} is no report: run "passerelle adapter verify" with --keep again`);
}
