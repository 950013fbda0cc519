/** What goes over Redis, in one module: a gateway without REDIS_URL loads none of it. */
export { createBullQueue } from './bull.ts';
export { connectForLimits } from './limits-connection.ts';
export { createSharedTurns } from './shared-turns.ts';
