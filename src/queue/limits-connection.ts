import { Redis } from 'ioredis';
import { watch } from './watch.ts';

/** A request waits for it: sooner than that it is counted by this process alone. */
const ANSWER_MILLISECONDS = 250;
const RECONNECT_MILLISECONDS = 1_000;
const SILENCE_MILLISECONDS = 5_000;

/** Where the limits of all processes are counted. What is in it may be lost: it is of the last minute. */
export function connectForLimits(redisUrl: string, prefix: string): Redis {
  const redis = new Redis(redisUrl, {
    connectionName: `${prefix}-limits`,
    commandTimeout: ANSWER_MILLISECONDS,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RECONNECT_MILLISECONDS,
  });
  watch(redis, SILENCE_MILLISECONDS);
  // The queue's own connections tell of an outage.
  redis.on('error', () => undefined);
  return redis;
}
