import { findingsOf, type MapFindings, ourCodes } from '../adapter/mapping-findings.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { table } from './table.ts';

/**
 * `passerelle mapping check [platform]`: which codes lead where, which to nothing, and what is wrong.
 * @throws CommandFailure when something is wrong, after all has been said.
 */
export async function checkMappings(
  { adapters, mappings, stdout }: Pick<ProgramDependencies, 'adapters' | 'mappings' | 'stdout'>,
  platform: string | undefined,
): Promise<void> {
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
