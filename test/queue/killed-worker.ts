import { createBullQueue } from '../../src/queue/bull.ts';

/** A worker of its own process that takes work and never ends it, for a test that kills it. */

const [redisUrl, prefix, connectionId, lockMilliseconds, stalledMilliseconds] = process.argv.slice(2);
if (redisUrl === undefined || prefix === undefined || connectionId === undefined) {
  throw new Error('usage: killed-worker <redis> <prefix> <connection> <lock ms> <stalled ms>');
}
const queue = createBullQueue({
  redisUrl,
  prefix,
  connectionIds: [connectionId],
  role: 'worker',
  log: () => undefined,
  timing: {
    lockMilliseconds: Number(lockMilliseconds),
    stalledMilliseconds: Number(stalledMilliseconds),
  },
});
await queue.start((work) => {
  process.send?.(work);
  return new Promise(() => undefined);
});
