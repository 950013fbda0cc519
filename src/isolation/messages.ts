import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import { FAULT_KINDS, type FaultKind } from '../adapter/faults.ts';
import type { IsolatedConnect } from '../adapter/isolated.ts';
import type { Rejected } from '../adapter/observation.ts';

/**
 * What the two threads say to each other. From ours go structured clones; from the other comes JSON text and nothing else,
 * so that it is bounded before it is read, and holds nothing that runs.
 */

/** One page, or whatever else an adapter answers, as JSON. */
export const ANSWER_CHARACTERS_MAX = 16 * 1024 * 1024;
export const FAULT_CHARACTERS_MAX = 500;
/** A record that is longer is told of without its text. */
export const RAW_CHARACTERS_MAX = 64 * 1024;

export type Method =
  | 'opened'
  | 'check'
  | 'operation'
  | 'readBack'
  | 'webhook'
  | 'readList'
  | 'calendars'
  | 'read'
  | 'next'
  | 'return'
  | 'close';

export type ToThread =
  | { readonly kind: 'call'; readonly id: number; readonly method: Method; readonly argument: unknown }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'turn'; readonly id: number };

const Id = z.int().min(0);

/** A fault that is none, by its name and the place it was thrown at: its message may quote a patient. */
const Thrown = z.object({ name: z.string().max(100), at: z.string().max(300) });
export type Thrown = z.output<typeof Thrown>;

/** A Fault of the adapter's own. */
const FaultData = z.object({
  kind: z.enum(FAULT_KINDS),
  message: z
    .string()
    .max(FAULT_CHARACTERS_MAX)
    // It is stored, and shown on terminals.
    .transform((text) => text.replaceAll(/\p{Cc}/gu, ' ')),
  retryAfterMilliseconds: z.number().min(0).nullable(),
});
/** Another copy of this package may know more. */
export const FAULT_KINDS_SENT: ReadonlySet<FaultKind> = new Set(FAULT_KINDS);

export const FromThread = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: Id, value: z.unknown() }),
  z.object({ kind: z.literal('fault'), id: Id, fault: FaultData }),
  z.object({ kind: z.literal('thrown'), id: Id, thrown: Thrown }),
  /** What it answered cannot be sent: why. */
  z.object({ kind: z.literal('unsendable'), id: Id, reason: z.string().max(200) }),
  /** It wants to call its platform. */
  z.object({ kind: z.literal('turn'), id: Id }),
  /** That call has ended, or is not wanted any more. */
  z.object({ kind: z.literal('ended'), id: Id }),
]);
export type FromThread = z.output<typeof FromThread>;

/** How `Rejected` is sent: the raw record as text, since it may be anything. */
export type SentRejected = Pick<Rejected, 'externalId' | 'reason'> & { readonly raw?: string };

/** What a thread is started with. */
export type ThreadData = {
  readonly port: MessagePort;
  /** Int32: how often it has shown that it runs, and the KiB outside of its heap. */
  readonly pulse: SharedArrayBuffer;
  /** URL of the adapter's module. */
  readonly entry: string;
  readonly beatMilliseconds: number;
  readonly task: 'describe' | ThreadConnect;
};

export type ThreadConnect = Omit<IsolatedConnect, 'pace' | 'environment'>;

export const BEATS = 0;
export const OUTSIDE_KIB = 1;
/** Set by the thread that checks settings, once it has answered. */
export const ANSWERED = 2;
export const PULSE_BYTES = 12;
