import { freshPglite } from '../support/databases.ts';
import { runSeed } from './run.ts';

const opened = await freshPglite();
const first = Number(process.argv[2] ?? 1);
for (let seed = first; seed < first + Number(process.argv[3] ?? 5); seed += 1) {
  const t = performance.now();
  const result = await runSeed(seed, opened.database);
  console.log(
    seed,
    Math.round(performance.now() - t),
    'ms',
    result.history,
    result.tally.bookings,
    result.tally.conflicts,
    [...result.tally.faults].map(([k, n]) => `${k}:${n}`).join(' '),
    result.violations.slice(0, 6),
  );
}
await opened.drop();
process.exit(0);
