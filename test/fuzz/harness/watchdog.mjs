import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/**
 * A thread that ends the process when one input takes too long: what hangs can't be interrupted by its own thread. It counts
 * the processor's time, since on a machine with much else to do a minute may be nothing; and the clock's, far more
 * generously, since an answer that never comes costs no processor. It is no TypeScript, because tsx doesn't reach the
 * threads of Node 20.
 */

const PROCESSOR_SECONDS_MAX = 5;
const WAITING_SECONDS_MAX = 60;
const LOOK_MILLISECONDS = 200;

/** The number of the input that is under way; 0 = none is. */
const underWay = new Int32Array(workerData);

let seen = 0;
let processorMicroseconds = 0;
let since = 0;
setInterval(() => {
  const now = Atomics.load(underWay, 0);
  const { user, system } = process.cpuUsage();
  if (now === 0 || now !== seen) {
    seen = now;
    processorMicroseconds = user + system;
    since = performance.now();
    return;
  }
  const seconds = (user + system - processorMicroseconds) / 1_000_000;
  const waited = (performance.now() - since) / 1_000;
  if (seconds < PROCESSOR_SECONDS_MAX && waited < WAITING_SECONDS_MAX) return;
  writeSync(
    2,
    `it hangs: ${seconds.toFixed(1)} s of the processor's time in ${waited.toFixed(1)} s, and no end\n`,
  );
  process.kill(process.pid, 'SIGKILL');
}, LOOK_MILLISECONDS);
