import type { Redis } from 'ioredis';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { RequestLimits } from '../config/server.ts';

/** How many requests each one may make in a minute: all of them together, where the processes share a Redis. */

export type LimitName = keyof RequestLimits;

/** What is left to one of them. */
export type Budget = {
  readonly name: LimitName;
  /** Whether this request is within it. */
  readonly isKept: boolean;
  readonly most: number;
  readonly left: number;
  /** Until all of it is there again. */
  readonly resetSeconds: number;
};

/** Counts a request. @param key whose it is */
export type Limiters = (name: LimitName, key: string) => Promise<Budget>;

export const WINDOW_SECONDS = 60;

/** @param redis null = this process counts by itself, as it does while Redis is away. */
export function createLimiters(limits: RequestLimits, redis: Redis | null, prefix: string): Limiters {
  const limiterOf = (name: LimitName): RateLimiterAbstract => {
    const options = { points: limits[name], duration: WINDOW_SECONDS, keyPrefix: `${prefix}:limit:${name}` };
    const own = new RateLimiterMemory(options);
    if (redis === null) return own;
    return new RateLimiterRedis({
      ...options,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: own,
    });
  };
  const limiters: Readonly<Record<LimitName, RateLimiterAbstract>> = {
    client: limiterOf('client'),
    anonymous: limiterOf('anonymous'),
    authentication: limiterOf('authentication'),
    delivery: limiterOf('delivery'),
  };
  return async (name, key) => {
    try {
      return budget(name, true, await limiters[name].consume(key));
    } catch (error) {
      // What is thrown over the limit is no error.
      if (error instanceof RateLimiterRes) return budget(name, false, error);
      throw error;
    }
  };

  function budget(name: LimitName, isKept: boolean, counted: RateLimiterRes): Budget {
    const { remainingPoints: left, msBeforeNext } = counted;
    return {
      name,
      isKept,
      most: limits[name],
      left,
      resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
    };
  }
}
