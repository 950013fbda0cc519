import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Limits } from '../adapter/contract.ts';
import type { Turns } from '../adapter/pace.ts';
import type { Clock } from '../domain/environment.ts';
import { watch } from './watch.ts';

/**
 * The turns of all processes that call one platform, kept in Redis: the same window as that of one process
 * (src/adapter/pace.ts), by the one clock of Redis. A member of the sorted set is a call, its score the instant (epoch
 * ms) until which it counts: a window after it has ended, and until that is told, a window after it must have ended.
 * So a process that dies in a call holds its place no longer than that.
 *
 * KEYS turns
 * ARGV id, requests, window (ms), longest call (ms)
 * Answers 0 when the call may begin, else in how many ms the next place is free.
 */
const TAKE = `
local id, requests, window, longest = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) < requests then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + longest + window), id)
  redis.call('PEXPIRE', KEYS[1], longest + window)
  return 0
end
return redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] - now
`;

/** KEYS turns; ARGV id, window (ms), longest call (ms). A call that began before Redis was flushed counts from here on. */
const END = `
local id, window, longest = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], string.format('%.0f', now + window), id)
redis.call('PEXPIRE', KEYS[1], longest + window)
`;

/** A place may be free sooner than it was said, when a call ends that was under way. */
const LOOK_AGAIN_MILLISECONDS = 500;

/** Redis that does not answer must not hold up a call: what it keeps is a courtesy to the platform. */
const ANSWER_MILLISECONDS = 1_000;
const RECONNECT_MILLISECONDS = 1_000;
/** Each call waits for an answer until it is found that Redis is gone without a word. */
const SILENCE_MILLISECONDS = 5_000;

export type SharedTurns = {
  /** Without Redis each call has its turn at once. No call may take longer than the limits' time-out. */
  readonly of: (connectionId: string, limits: Limits) => Turns;
  readonly close: () => void;
};

/** @param prefix what the keys in Redis begin with; the same for all that share the turns. */
export function createSharedTurns(
  redisUrl: string,
  prefix: string,
  clock: Clock,
  silenceMilliseconds = SILENCE_MILLISECONDS,
): SharedTurns {
  const redis = new Redis(redisUrl, {
    connectionName: `${prefix}-turns`,
    commandTimeout: ANSWER_MILLISECONDS,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RECONNECT_MILLISECONDS,
  });
  watch(redis, silenceMilliseconds);
  // The queue's own connections tell of an outage.
  redis.on('error', () => undefined);
  /** Only while it first connects is there something to wait for. */
  const isAway = () => ['close', 'reconnecting', 'end'].includes(redis.status);

  return {
    of: (connectionId, { requests, windowMilliseconds, timeoutMilliseconds }) => {
      const key = `${prefix}:turns:${connectionId}`;
      const take = async (id: string): Promise<number> => {
        if (isAway()) return 0;
        const answer = redis.eval(TAKE, 1, key, id, requests, windowMilliseconds, timeoutMilliseconds);
        return answer.then(Number, () => 0);
      };
      return async (signal) => {
        const id = randomUUID();
        for (let wait = await take(id); wait > 0; wait = await take(id)) {
          await clock.sleep(Math.min(wait, LOOK_AGAIN_MILLISECONDS), signal);
        }
        return () => {
          if (!isAway())
            redis.eval(END, 1, key, id, windowMilliseconds, timeoutMilliseconds).catch(() => undefined);
        };
      };
    },
    close: () => redis.disconnect(),
  };
}
