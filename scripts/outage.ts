import { writeFile } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { DAY, HOUR } from '../src/domain/instant.ts';
import type { Database } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { openPglite } from '../src/store/pglite.ts';
import { chartOf } from '../test/simulation/outage/chart.ts';
import { judge } from '../test/simulation/outage/claims.ts';
import type { Sample } from '../test/simulation/outage/measure.ts';
import { runOutage } from '../test/simulation/outage/run.ts';
import { lineOf, rowsOf } from '../test/simulation/outage/story.ts';
import { AS_IT_WAS, timetable } from '../test/simulation/outage/timetable.ts';
import { WHOLE } from '../test/simulation/variants.ts';

/** Tells the outage of a home vendor as it happens. Exit code 1 = something that must hold did not. */

function whole(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`must be a whole number from ${minimum} to ${maximum}`);
  };
}

type Options = { clinics: number; seed: number; bookings: number; limit?: number; svg?: string };

const { clinics, seed, bookings, limit, svg } = new Command('outage')
  .description('The home vendor of many clinics goes down for four days; see docs/outage.md.')
  .option('--clinics <count>', 'how many clinics, of one doctor each', whole(1, 9999), 1000)
  .option('--seed <number>', 'the same seed, the same story', whole(0, 999_999_999), 1)
  .option('--bookings <count>', 'visits that are wanted of each clinic in a week', whole(1, 100), 3)
  .option(
    '--limit <requests>',
    'requests a minute that the vendor allows, in place of 600',
    whole(1, 100_000),
  )
  .option('--svg <file>', 'draws the outage into this file')
  .parse()
  .opts<Options>();

/** In production minutes; here each reading costs the run some 20 ms. */
const VENDOR_POLL_MILLISECONDS = 1.5 * DAY;
const times = timetable(AS_IT_WAS);
/** The first one is for the first readings. */
const hours = (times.until - times.from) / HOUR - 1;
const bar = new SingleBar({
  format: '{bar} {percentage} % | hour {value} of {total} | {eta_formatted} left',
  etaBuffer: 50,
});
let before: Sample | null = null;
function hear(sample: Sample): void {
  const line = lineOf(sample, before, times);
  before = sample;
  if (line !== null) tell(line);
  bar.increment();
}

/** The bar keeps the last line of a terminal; elsewhere there is none. */
function tell(line: string): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
  console.log(line);
}

const database: Database = await openPglite(null);
await migrate(database);
const began = Date.now();
console.log(`${clinics.toLocaleString('en')} clinics, each listed at the vendor and on RVSQ; seed ${seed}`);
console.log('bookable: slots of the next four days at the vendor + at RVSQ\n');
bar.start(hours, 0);
const outage = await runOutage(
  database,
  {
    seed,
    clinics,
    timetable: times,
    requestsPerMinute: limit ?? null,
    bookingsPerClinicAndWeek: bookings,
    vendorPollMilliseconds: VENDOR_POLL_MILLISECONDS,
    variant: WHOLE,
  },
  hear,
);
bar.stop();
const { claims, kept } = await judge(outage);
await database.close();

const rows = [
  ...rowsOf(outage, kept),
  ['minutes that this took', ((Date.now() - began) / 60_000).toFixed(1)] as const,
];
const width = Math.max(...rows.map(([name]) => name.length));
console.log();
for (const [name, value] of rows) console.log(`  ${name.padEnd(width)}  ${value.padStart(10)}`);
console.log();
for (const { text, violations } of claims) {
  console.log(`  ${violations.length === 0 ? '✔' : '✘'} ${text}`);
  for (const violation of violations.slice(0, 20)) console.log(`      ${violation}`);
}
if (svg !== undefined) {
  const title = `An outage of the home vendor of ${clinics.toLocaleString('en')} clinics (simulated, seed ${seed})`;
  await writeFile(svg, chartOf(outage.samples, times, title));
}
const count = claims.reduce((sum, { violations }) => sum + violations.length, 0);
console.log(
  `\n${clinics.toLocaleString('en')} clinics, seed ${seed}: ${count === 0 ? 'bookable all the while, caught up by itself, nothing lost' : `${count} violations`}`,
);
process.exitCode = count === 0 ? 0 : 1;
