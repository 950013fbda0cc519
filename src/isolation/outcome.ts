import { Fault } from '../adapter/faults.ts';
import { issuesOf } from '../adapter/http.ts';
import type { Answer } from './answers.ts';
import { ANSWER_CHARACTERS_MAX, FromThread } from './messages.ts';
import { named, thrownOf } from './thrown.ts';

/** What becomes of a call: what the thread answered, or the fault that it stands for. */

export type Answered = Exclude<FromThread, { kind: 'turn' | 'ended' }>;

export function messageIn(text: unknown): FromThread | null {
  if (typeof text !== 'string' || text.length > ANSWER_CHARACTERS_MAX) return null;
  try {
    return FromThread.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** @throws Fault */
export function read<Value>(message: Answered, answer: Answer<Value>, writes: boolean): Value {
  switch (message.kind) {
    case 'fault': {
      const { kind, message: text, retryAfterMilliseconds } = message.fault;
      throw new Fault(kind, text, retryAfterMilliseconds === null ? {} : { retryAfterMilliseconds });
    }
    case 'thrown':
      throw lost(`it threw ${named(message.thrown)}, which is no Fault`, writes, false);
    case 'unsendable':
      throw new Fault(
        writes ? 'unsure' : 'malformed',
        `the adapter's answer cannot be used: ${message.reason}`,
      );
    case 'answer': {
      const parsed = answer.safeParse(message.value);
      if (parsed.success) return parsed.data as Value;
      const kind = writes ? 'unsure' : 'malformed';
      throw new Fault(kind, `the adapter's answer does not fit the contract: ${issuesOf(parsed.error)}`);
    }
  }
}

/** What a call ends with whose answer does not come. */
export const lost = (reason: string, writes: boolean, hasEnded = true): Fault =>
  new Fault(
    writes ? 'unsure' : 'unavailable',
    hasEnded ? `the adapter was ended: ${reason}` : `a defect of the adapter: ${reason}`,
  );

export const tooLarge = (mebibytes: number): string =>
  `it used more memory than the ${mebibytes} MiB that it may`;

/** By name and place: a message may quote a patient. */
export function reasonOf(error: unknown, memoryMebibytes: number): string {
  if ((error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return tooLarge(memoryMebibytes);
  return `nobody caught ${named(thrownOf(error))}`;
}
