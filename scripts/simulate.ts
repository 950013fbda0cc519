import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { migrate } from '../src/store/migrate.ts';
import { openPglite } from '../src/store/pglite.ts';
import { type Result, runSeed } from '../test/simulation/run.ts';
import { Tally } from '../test/simulation/tally.ts';

/** Runs the simulation for as many seeds as one has time for. Exit code 1 = something that must hold did not. */

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number from 0 up');
}

const { seed: first, seeds } = new Command('simulate')
  .description('Simulated clinics, patients and faults, each run from one seed; see docs/simulation.md.')
  .option('--seed <first>', 'the first seed', whole, 1)
  .option('--seeds <count>', 'how many, one after the other', whole, 100)
  .parse()
  .opts<{ seed: number; seeds: number }>();

const database = await openPglite(null);
await migrate(database);
const bar = new SingleBar({
  format: '{bar} {percentage} % | {value} of {total} seeds | {eta_formatted} left | {failed} failed',
  etaBuffer: 50,
});
bar.start(seeds, 0, { failed: 0 });
const tally = new Tally();
const failed: Result[] = [];
for (let seed = first; seed < first + seeds; seed += 1) {
  const result = await runSeed(seed, database);
  tally.add(result.tally);
  if (result.violations.length > 0) failed.push(result);
  bar.increment(1, { failed: failed.length });
}
bar.stop();
await database.close();

for (const { seed, violations } of failed) {
  console.log(`\nSeed ${seed}  (again: npm run simulate -- --seed ${seed} --seeds 1)`);
  for (const violation of violations) console.log(`  ${violation}`);
}
const count = failed.reduce((sum, { violations }) => sum + violations.length, 0);
const rows: [string, number][] = [
  ['runs', seeds],
  ['bookings', tally.bookings],
  ['holds of ours', tally.holds],
  ['conflicts', tally.conflicts],
  ...[...tally.faults].sort(([a], [b]) => a.localeCompare(b)),
  ['violations', count],
];
const width = Math.max(...rows.map(([name]) => name.length));
console.log();
for (const [name, value] of rows)
  console.log(`  ${name.padEnd(width)}  ${value.toLocaleString('en').padStart(10)}`);
console.log(
  `\n${seeds} runs from seed ${first}: ${count === 0 ? 'nothing lost, nothing booked twice' : `${count} violations in ${failed.length} runs`}`,
);
process.exitCode = count === 0 ? 0 : 1;
