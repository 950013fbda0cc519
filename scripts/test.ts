import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMigrated } from '../test/support/pglite-copies.ts';

/**
 * `npm test`: types, lint and every test, in this order; all of them run although one fails, so that one run shows all
 * that is wrong. Ends with what failed, once more, and the line «N passed, N failed». Arguments name test files instead of all.
 */

/** Of a run that hangs: ten are enough, and twice as many on a machine that is slow today. */
const DEADLINE_MINUTES = 25;

const IN_MEMORY = '/dev/shm';
const IN_MEMORY_BYTES_MIN = 8 * 2 ** 30;

const CONSOLE = ['--config', 'console/vite.config.ts', '--logLevel', 'warn'];

/** Files side by side, each in one process at a time: much of the time they wait. */
const JOBS = '4';
const LONGEST = [
  /^test[\\/](cli|simulation)[\\/]/,
  /^test[\\/](engine|isolation)[\\/]/,
  /^test[\\/](adapters|described)[\\/]/,
];

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };
/** `why`: a text for each that failed. */
type Result = Counts & { readonly why: readonly string[] };

const deadline = AbortSignal.timeout(DEADLINE_MINUTES * 60_000);
const named = process.argv.slice(2);
const files = named.length > 0 ? named : testFiles('test');

const results: Result[] = [];
if (named.length === 0) {
  results.push(await check('types', ['tsc', '-p', '.', '--noEmit']));
  results.push(await check('types of the console', ['tsc', '-p', 'console', '--noEmit']));
  results.push(await check('lint', ['biome', 'check', '.']));
  results.push(await check('build', ['tsc', '-p', 'tsconfig.build.json', '--noCheck']));
  results.push(await check('build of the console', ['vite', 'build', ...CONSOLE]));
  results.push(await check('build of the tests', ['tsc', '-p', 'tsconfig.test.json']));
}
results.push(
  await mocha(
    'tests',
    [...files].sort((a, b) => placeOf(a) - placeOf(b)),
  ),
);

const sum = (pick: (counts: Counts) => number): number =>
  results.reduce((total, each) => total + pick(each), 0);
const failed = sum((each) => each.failed);
const skipped = sum((each) => each.skipped);
// Again at the end: it is the end of a long report that is read, or kept.
for (const why of results.flatMap((each) => each.why)) console.log(`\n✗ ${why}`);
console.log(
  `\n${sum((each) => each.passed)} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
);
process.exit(failed > 0 ? 1 : 0);

function testFiles(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.flatMap((name) => (name.endsWith('.test.ts') ? [join(folder, name)] : [])).sort();
}

/** A tool whose exit code is its verdict: one check. */
async function check(name: string, command: readonly string[]): Promise<Result> {
  const code = await run(name, command, {});
  return code === 0 ? { passed: 1, failed: 0, skipped: 0, why: [] } : failure(`${name}: see above`);
}

function failure(why: string): Result {
  return { passed: 0, failed: 1, skipped: 0, why: [why] };
}

/** What takes longest comes first, so that no process is left with it at the end. */
function placeOf(file: string): number {
  const place = LONGEST.findIndex((folder) => folder.test(file));
  return place === -1 ? LONGEST.length : place;
}

async function mocha(name: string, specs: readonly string[]): Promise<Result> {
  if (specs.length === 0) return { passed: 0, failed: 0, skipped: 0, why: [] };
  const folder = mkdtempSync(join(temporary(), 'passerelle-tests-'));
  // Servers that a test starts as another user have their folders in it.
  chmodSync(folder, 0o711);
  const file = join(folder, 'stats.json');
  const database = join(folder, 'migrated');
  try {
    await writeMigrated(database);
    // What a failed test leaves open must not keep the run from its end.
    const options = ['--exit', '--parallel', '--jobs', JOBS, '--reporter', 'scripts/reporter.cjs'];
    const code = await run(name, ['mocha', ...options, ...specs], {
      PASSERELLE_TEST_STATS: file,
      PASSERELLE_TEST_DATABASE: database,
      TMPDIR: folder,
      // Tests that start the program start what was just built (test/support/program.ts).
      ...(named.length === 0 ? { PASSERELLE_TEST_BUILT: 'true' } : {}),
    });
    const result = JSON.parse(readFileSync(file, 'utf8')) as Result;
    // A run that Mocha calls failed without a failed test, such as an unhandled rejection, has failed all the same.
    return code !== 0 && result.failed === 0
      ? { ...result, failed: 1, why: [`${name}: Mocha ended with ${code}, although no test failed`] }
      : result;
  } catch (error) {
    if (deadline.aborted)
      return failure(`${name}: cut off, since all of it took longer than ${DEADLINE_MINUTES} minutes`);
    return failure(
      `${name}: did not come to the end: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In memory where there is plenty of it: hundreds of databases are written, of a thousand small files each. */
function temporary(): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    if (bavail * bsize >= IN_MEMORY_BYTES_MIN) return IN_MEMORY;
  } catch {
    // Not every system has one.
  }
  return tmpdir();
}

function run(
  name: string,
  command: readonly string[],
  variables: Record<string, string>,
): Promise<number | null> {
  console.log(`\n── ${name}: ${command.slice(0, 3).join(' ')}`);
  const child = spawn('npx', ['--no-install', ...command], {
    stdio: 'inherit',
    env: { ...process.env, ...variables },
    signal: deadline,
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${name}: ${error.message}`);
      resolve(null);
    });
    child.once('close', resolve);
  });
}
