import { fork } from 'node:child_process';
import type { Tally } from '../test/simulation/tally.ts';

/** Seeds of the simulation, run by processes side by side: one that dies takes its own seed with it, and no other. */

export type Outcome = {
  readonly seed: number;
  readonly violations: readonly string[];
  /** Null: the run did not come to its end. */
  readonly tally: Tally | null;
};

/** Of real time: a run takes seconds, and a long one a minute. */
const SEED_MILLISECONDS_MAX = 10 * 60_000;

/**
 * @param how.server on a PostgreSQL server instead of PGlite.
 * @param how.signal no more seeds are begun once it is aborted.
 * @param onOutcome of each seed once, in the order in which they end.
 */
export async function runSeeds(
  seeds: readonly number[],
  how: { readonly jobs: number; readonly server: boolean; readonly signal: AbortSignal },
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const left = [...seeds];
  how.signal.addEventListener('abort', () => left.splice(0));
  const worker = async (): Promise<void> => {
    while (left.length > 0) await untilItEnds(left, how.server, onOutcome);
  };
  await Promise.all(Array.from({ length: Math.min(how.jobs, seeds.length) }, worker));
}

/** One process, for as many of these seeds as it lives. */
function untilItEnds(left: number[], server: boolean, onOutcome: (outcome: Outcome) => void): Promise<void> {
  const child = fork(new URL('./simulate-worker.ts', import.meta.url), server ? ['--server'] : [], {
    execArgv: ['--import', 'tsx'],
    // Of a group of its own: who interrupts in the terminal ends no run in the midst.
    detached: true,
    serialization: 'advanced',
  });
  return new Promise((resolve) => {
    let isReady = false;
    let current: number | null = null;
    let limit: NodeJS.Timeout | undefined;
    child.on('message', (message: 'ready' | Outcome) => {
      clearTimeout(limit);
      isReady = true;
      if (message !== 'ready') onOutcome(message);
      current = left.shift() ?? null;
      if (current === null) {
        child.send('over');
        return;
      }
      child.send(current);
      limit = setTimeout(() => child.kill('SIGKILL'), SEED_MILLISECONDS_MAX);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(limit);
      // One that can't even start must not be started for ever.
      const lost = isReady ? current : (left.shift() ?? null);
      if (lost !== null) {
        const how = signal ?? `exit code ${code}`;
        onOutcome({ seed: lost, violations: [`the run did not come to its end: ${how}`], tally: null });
      }
      resolve();
    });
  });
}
