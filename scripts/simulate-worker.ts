import { migrate } from '../src/store/migrate.ts';
import { openPglite } from '../src/store/pglite.ts';
import { runSeed } from '../test/simulation/run.ts';

/** Runs the seeds that it is sent, one at a time, on a database of its own. Whatever goes wrong in one ends the process. */

const database = await openPglite(null);
await migrate(database);
process.on('message', async (seed: number) => {
  // So that a run in which everybody waits for somebody ends the process, too.
  process.channel?.unref();
  const { violations, tally } = await runSeed(seed, database);
  process.channel?.ref();
  process.send?.({ seed, violations, tally });
});
process.send?.('ready');
