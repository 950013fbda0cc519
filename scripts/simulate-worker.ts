import { runSeed } from '../test/simulation/run.ts';
import { freshPglite, freshPostgres } from '../test/support/databases.ts';

/** Runs the seeds that it is sent, one at a time, on a database of its own. Whatever goes wrong in one ends the process. */

const { database, drop } = await (process.argv.includes('--server') ? freshPostgres(true) : freshPglite());
process.on('message', async (seed: number | 'over') => {
  if (seed === 'over') {
    await drop();
    process.exit();
  }
  // So that a run in which everybody waits for somebody ends the process, too.
  process.channel?.unref();
  const { violations, tally } = await runSeed(seed, database);
  process.channel?.ref();
  process.send?.({ seed, violations, tally });
});
process.send?.('ready');
