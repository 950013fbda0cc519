import type { Logger } from 'pino';
import type { GatewayEnvironment } from './config/environment.ts';
import type { Configuration } from './config/read-configuration.ts';
import type { Queue } from './engine/ports/queue.ts';
import type { GatewayOptions } from './gateway.ts';
import { withFallback } from './queue/fallback.ts';
import { createInProcessQueue } from './queue/in-process.ts';
import { createLimiters, type Limiters } from './server/limiters.ts';
import { systemEnvironment } from './system/environment.ts';

/** What several processes share by Redis, and what one has by itself where there is none. */

/** What the keys of every process begin with. */
export const REDIS_PREFIX = 'passerelle';

export type OverRedis = typeof import('./queue/over-redis.ts') & { readonly url: string };

/** Null where REDIS_URL is not set: then nothing of it is loaded. */
export const overRedis = async ({ redisUrl }: GatewayEnvironment): Promise<OverRedis | null> =>
  redisUrl === null ? null : { ...(await import('./queue/over-redis.ts')), url: redisUrl };

export function openLimiters(
  redis: OverRedis | null,
  { server: { limits } }: Configuration,
  closers: (() => unknown)[],
): Limiters {
  const connection = redis?.connectForLimits(redis.url, REDIS_PREFIX) ?? null;
  closers.push(() => connection?.disconnect());
  return createLimiters(limits, connection, REDIS_PREFIX);
}

export function openQueue(
  redis: OverRedis | null,
  role: GatewayOptions['role'],
  { connections }: Configuration,
  logger: Logger,
): Queue {
  if (redis === null) return createInProcessQueue(systemEnvironment.clock);
  const served = redis.createBullQueue({
    redisUrl: redis.url,
    connectionIds: connections.map((connection) => connection.id),
    prefix: REDIS_PREFIX,
    role: role === 'serve' ? 'producer' : 'both',
    log: (message, error) =>
      logger.warn({ reason: error instanceof Error ? error.message : undefined }, message),
  });
  return role === 'serve' ? served : withFallback(served, createInProcessQueue(systemEnvironment.clock));
}
