import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { Tally } from '../test/simulation/tally.ts';
import { type Outcome, runSeeds } from './seeds.ts';

/** Runs the simulation for as many seeds as one has time for. Exit code 1 = something that must hold did not. */

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number from 0 up');
}

function atLeastOne(text: string): number {
  const count = whole(text);
  if (count > 0) return count;
  throw new InvalidArgumentError('must be 1 at the least');
}

const {
  seed: first,
  seeds,
  jobs,
  server = false,
} = new Command('simulate')
  .description('Simulated clinics, patients and faults, each run from one seed; see docs/simulation.md.')
  .option('--seed <first>', 'the first seed', whole, 1)
  .option('--seeds <count>', 'how many', whole, 100)
  .option('--jobs <count>', 'how many side by side', atLeastOne, 1)
  .option(
    '--server',
    'on the PostgreSQL server of DATABASE_URL, or of this machine, instead of PGlite: faster',
  )
  .parse()
  .opts<{ seed: number; seeds: number; jobs: number; server?: boolean }>();

const enough = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => enough.abort());

const bar = new SingleBar({
  format: '{bar} {percentage} % | {value} of {total} seeds | {eta_formatted} left | {failed} failed',
  etaBuffer: 50,
  // Where there is no terminal, a line each five minutes: these runs take hours.
  noTTYOutput: true,
  notTTYSchedule: 300_000,
});
bar.start(seeds, 0, { failed: 0 });
const tally = new Tally();
const failed: Outcome[] = [];
const all = Array.from({ length: seeds }, (_, index) => first + index);
let ended = 0;
await runSeeds(all, { jobs, server, signal: enough.signal }, (outcome) => {
  ended += 1;
  if (outcome.tally) tally.add(outcome.tally);
  if (outcome.violations.length > 0) {
    failed.push(outcome);
    // At once: the rest may take hours.
    process.stderr.write(`\n${told(outcome)}\n`);
  }
  bar.increment(1, { failed: failed.length });
});
bar.stop();

failed.sort((one, other) => one.seed - other.seed);
for (const outcome of failed) console.log(`\n${told(outcome)}`);
const count = failed.reduce((sum, { violations }) => sum + violations.length, 0);
const rows: [string, number][] = [
  ['runs', ended],
  ['bookings', tally.bookings],
  ['holds of ours', tally.holds],
  ['moves through our API', tally.moves],
  ['schedules on or off offer', tally.plans],
  ['times closed by staff', tally.closures],
  ['conflicts', tally.conflicts],
  ['conflicts settled', tally.settled],
  ['  by a move there', tally.moved],
  ...[...tally.faults].sort(([a], [b]) => a.localeCompare(b)),
  ['violations', count],
];
const width = Math.max(...rows.map(([name]) => name.length));
console.log();
for (const [name, value] of rows)
  console.log(`  ${name.padEnd(width)}  ${value.toLocaleString('en').padStart(10)}`);
console.log(
  `\n${ended} runs from seed ${first}: ${count === 0 ? 'nothing lost, nothing booked twice' : `${count} violations in ${failed.length} runs`}`,
);
process.exitCode = count === 0 ? 0 : 1;

function told({ seed, violations }: Outcome): string {
  const again = `Seed ${seed}  (again: npm run simulate -- --seed ${seed} --seeds 1)`;
  return [again, ...violations.map((violation) => `  ${violation}`)].join('\n');
}
