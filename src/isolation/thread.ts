import { workerData } from 'node:worker_threads';
import { BEATS, OUTSIDE_KIB, type ThreadData } from './messages.ts';
import { silence } from './silence.ts';
import { answerDescription } from './thread-describe.ts';
import { serveConnection } from './thread-serve.ts';

/** The thread of an adapter: what runs in it before the adapter does. */

const { port, pulse, entry, beatMilliseconds, task } = workerData as ThreadData;

silence();
const shown = new Int32Array(pulse);
const beat = (): void => {
  Atomics.store(shown, OUTSIDE_KIB, Math.round(process.memoryUsage().external / 1024));
  Atomics.add(shown, BEATS, 1);
};
beat();
setInterval(beat, beatMilliseconds);

if (task === 'describe') await answerDescription(port, shown, entry);
else serveConnection(port, entry, task);
