import { z } from 'zod';
import { HOUR, MINUTE } from '../domain/instant.ts';

/** What a thread says of the adapter in it, so that its manifest can be used where its code is not. */

const Text = z.string().min(1).max(200);

/** A thread may be ended and begun again at any time, and nobody would listen meanwhile. */
const LISTENS = 'must be snapshot or delta: an adapter that listens has to be in the gateway itself';

const Operation = z.enum([
  'publish',
  'withdraw',
  'block',
  'unblock',
  'hold',
  'release',
  'book',
  'cancel',
  'move',
]);

/** All of a manifest but the schema of its settings, which is code. */
export const ManifestData = z.object({
  // As ours are, since it names a folder of tables and labels of metrics.
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  title: z.object({ fr: Text, en: Text }),
  kind: z.enum(['private', 'public', 'standard']),
  contract: z.enum(['published', 'observed', 'assumed']),
  capabilities: z
    .object({
      // `here` is of our own agenda alone.
      agenda: z.literal('there'),
      pull: z.enum(['none', 'snapshot', 'delta'], { error: LISTENS }),
      feed: z.enum(['connection', 'calendar']),
      webhook: z.enum(['none', 'hint', 'payload']),
      idempotency: z.enum(['none', 'lookup', 'key']),
      conditionalWrite: z.boolean(),
      operations: z.array(Operation).max(Operation.options.length),
      writes: z.enum(['done', 'asked']).exactOptional(),
      lists: z.boolean().exactOptional(),
      shifts: z.boolean().exactOptional(),
      calendars: z.boolean().exactOptional(),
    })
    .refine(({ pull, lists }) => pull !== 'none' || lists === true, { path: ['pull'], error: LISTENS }),
  limits: z.object({
    requests: z.int().min(1).max(1_000_000),
    windowMilliseconds: z
      .int()
      .min(1)
      .max(24 * HOUR),
    concurrency: z.int().min(1).max(100),
    timeoutMilliseconds: z
      .int()
      .min(1)
      .max(10 * MINUTE),
    stalenessMilliseconds: z
      .int()
      .min(0)
      .max(24 * HOUR),
  }),
  exemptions: z.record(z.string().max(100), z.string().max(2_000)),
});
export type ManifestData = z.output<typeof ManifestData>;

/** More than anybody puts right in one go. */
export const PROBLEMS_MAX = 100;

export const Description = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('described'),
    /** Null where `defineAdapter` was not used. */
    contractVersion: z.number().nullable(),
    manifest: z.unknown(),
    /** JSON Schema (draft 7) of the settings as they are written. */
    settings: z.record(z.string(), z.unknown()),
  }),
  /** What is wrong with it, to be read after "./adapters/acme". */
  z.object({ kind: z.literal('useless'), problem: z.string().max(2_000) }),
  /** A description of which these things are wrong, each at its place. */
  z.object({
    kind: z.literal('misdescribed'),
    problems: z
      .array(
        z.object({
          line: z.int().min(1),
          column: z.int().min(1),
          path: z.string().max(2_000),
          message: z.string().max(2_000),
        }),
      )
      .min(1)
      .max(PROBLEMS_MAX),
  }),
]);
export type Description = z.output<typeof Description>;

/** What its schema has against settings, as zod says it. */
export const Issues = z.array(
  z.looseObject({ code: z.string(), path: z.array(z.union([z.string(), z.number()])) }),
);
export type Issues = z.output<typeof Issues>;
