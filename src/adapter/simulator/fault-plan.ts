import { z } from 'zod';

/** `PUT /_sim/faults`: what goes wrong, until it is put again. Rates are of 1; true = always. */
const rate = z
  .union([z.boolean().transform((always) => (always ? 1 : 0)), z.number().min(0).max(1)])
  .default(0);

export const FaultPlan = z.strictObject({
  /** The platform's own API and its patients' site answer 503. */
  down: z.boolean().default(false),
  /** Its own API takes no key any more: 401, as when one has expired. */
  unauthorized: z.boolean().default(false),
  latencyMs: z.number().min(0).max(600_000).default(0),
  /** 500 before anything is done. */
  errorRate: rate,
  /** The write is done, then the socket is destroyed. */
  loseResponseRate: rate,
  webhooks: z.strictObject({ lose: rate, duplicate: rate, reorder: z.boolean().default(false) }).prefault({}),
  /** More in a window are answered 429 with Retry-After; null = no limit. */
  rateLimit: z
    .strictObject({ requests: z.number().int().min(1), windowMs: z.number().min(1) })
    .nullable()
    .default(null),
});
export type FaultPlan = z.output<typeof FaultPlan>;

export const NO_FAULTS: FaultPlan = FaultPlan.parse({});
