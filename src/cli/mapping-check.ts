import { dirname, join, resolve } from 'node:path';
import { findingsOf, type MapFindings, ourCodes } from '../adapter/mapping-findings.ts';
import { readDescriptionFile, tablesIn } from '../described/index.ts';
import { isDescription } from './adapter-targets.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { table } from './table.ts';

/**
 * `passerelle mapping check [platform]`, or of a description by its file: which codes lead where, which to nothing, and what is wrong.
 * @throws CommandFailure when something is wrong, after all has been said.
 */
export async function checkMappings(
  { adapters, mappings, stdout }: Pick<ProgramDependencies, 'adapters' | 'mappings' | 'stdout'>,
  platform: string | undefined,
): Promise<void> {
  if (platform !== undefined && isDescription(platform))
    return checkDescribed({ mappings, stdout }, platform);
  const known = mappings.platforms();
  if (platform !== undefined && !known.includes(platform)) {
    throw new CommandFailure(`mappings/ has no folder ${platform}; there is ${known.join(', ')}`);
  }
  const ours = ourCodes(mappings.codeSystems());
  const found = (platform === undefined ? known : [platform]).flatMap((each) =>
    mappings.tables(each).map((resource) => {
      const findings = findingsOf(resource, ours);
      // What is said of codes that are written concerns only whom slots are published to.
      return adapters.get(each)?.manifest.capabilities.operations.includes('publish')
        ? findings
        : { ...findings, notes: [] };
    }),
  );
  tell(stdout, found);
}

/** The tables of a description, which are in `mappings/<id>/` beside it. @throws ConfigurationError where it is wrong. */
function checkDescribed(
  { mappings, stdout }: Pick<ProgramDependencies, 'mappings' | 'stdout'>,
  file: string,
): void {
  const description = readDescriptionFile(file);
  const root = join(dirname(resolve(file)), 'mappings');
  const ours = ourCodes(mappings.codeSystems());
  const found = mappings.tables(description.id, { root }).map((resource) => {
    const findings = findingsOf(resource, ours);
    return description.write?.publish ? findings : { ...findings, notes: [] };
  });
  const missing = tablesIn(description).filter((id) => !found.some(({ map }) => map === id));
  tell(stdout, [...found, ...missing.map((map) => MISSING(map, description.id))]);
}

const MISSING = (map: string, id: string): MapFindings => ({
  map,
  mapped: 0,
  unmapped: [],
  problems: [`the description translates codes by it, and mappings/${id}/ has none of that id`],
  notes: [],
});

/** @throws CommandFailure when something is wrong, after all has been said. */
function tell(stdout: NodeJS.WritableStream, found: readonly MapFindings[]): void {
  const rows = found.map(({ map, mapped, unmapped, problems }) =>
    [map, mapped, unmapped.length, problems.length].map(String),
  );
  stdout.write(`${table(['CONCEPTMAP', 'MAPPED', 'UNMAPPED', 'PROBLEMS'], rows, new Set([1, 2, 3]))}\n`);
  const lines = found.flatMap(linesOf);
  if (lines.length > 0) stdout.write(`\n${lines.join('\n')}\n`);
  const problems = found.reduce((sum, each) => sum + each.problems.length, 0);
  if (problems > 0)
    throw new CommandFailure(`${problems} ${problems === 1 ? 'problem' : 'problems'} in mappings/`);
}

const linesOf = ({ map, unmapped, problems, notes }: MapFindings): string[] => [
  ...problems.map((problem) => `✗ ${map}: ${problem}`),
  ...(unmapped.length > 0
    ? [`– ${map}: ${unmapped.join(', ')} ${unmapped.length === 1 ? 'is' : 'are'} unmapped`]
    : []),
  ...notes.map((note) => `  ${map}: ${note}`),
];
