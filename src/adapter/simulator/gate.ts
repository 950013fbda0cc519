import type { Clock, Random } from '../../domain/environment.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { SimReply, SimRequest } from './router.ts';

/** `lost`: it was done, and the connection breaks before the answer. */
export type Outcome = SimReply | 'lost';
export type Gate = (request: SimRequest, handle: () => SimReply) => Promise<Outcome>;

/** The faults that stand between a caller and the platform's own API. */
export function createGate(faults: () => FaultPlan, clock: Clock, random: Random): Gate {
  let received: number[] = [];

  /** Milliseconds until there is room again; null = there is. */
  function overLimit({ rateLimit }: FaultPlan): number | null {
    if (!rateLimit) return null;
    const now = clock.now();
    received = received.filter((time) => time > now - rateLimit.windowMs);
    const [oldest] = received;
    if (oldest !== undefined && received.length >= rateLimit.requests)
      return oldest + rateLimit.windowMs - now;
    received.push(now);
    return null;
  }

  return async (request, handle) => {
    const plan = faults();
    if (plan.down) return { status: 503 };
    if (plan.unauthorized) return { status: 401 };
    const wait = overLimit(plan);
    if (wait !== null) {
      return { status: 429, headers: { 'retry-after': String(Math.ceil(wait / 1000)) } };
    }
    if (plan.latencyMs > 0) await clock.sleep(plan.latencyMs);
    if (random.next() < plan.errorRate) return { status: 500 };
    const reply = handle();
    return request.method !== 'GET' && random.next() < plan.loseResponseRate ? 'lost' : reply;
  };
}
