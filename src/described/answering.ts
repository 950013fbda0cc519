import { onceWritten } from '../adapter/claim.ts';
import type { Written } from '../adapter/contract.ts';
import { Fault } from '../adapter/faults.ts';
import type { HttpResponse } from '../adapter/http.ts';
import type { Instant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import { found, jsonOf } from './client.ts';
import type { Answer } from './description.ts';
import { NotEvaluated } from './expression.ts';
import type { Normalize } from './normalize.ts';
import { unexpected } from './paging.ts';
import { BadRecord, integerOf, textOf, timeOf } from './values.ts';

/** What the platform answered to a write. What cannot be read of it is `unsure`: it has landed. */

export type Made = {
  readonly outcome: 'done';
  readonly externalId: string;
  readonly revision: string | null;
  readonly sequence: number | null;
  /** Of a hold, where it was said. */
  readonly expiresAt: Instant | null;
  /** Where it stands, if the answer has the record. */
  readonly interval: Interval | null;
};
export type Refusal = Exclude<Written, { outcome: 'done' }>;

/** What it says by its status, and where the description wants that, by its body. @throws Fault */
async function outcomeOf(response: HttpResponse, answer: Answer): Promise<Written['outcome']> {
  const { status } = response;
  if (!answer.done.includes(status)) {
    if (answer.taken.includes(status)) return 'taken';
    if (answer.gone.includes(status)) return 'gone';
    throw unexpected(response);
  }
  if (answer.outcome === undefined) return 'done';
  const said = await found(answer.outcome, jsonOf(response, 'unsure'), {}, 'unsure');
  if (said === 'done' || said === 'taken' || said === 'gone') return said;
  throw new Fault('unsure', 'outcome of the description gives none of done, taken and gone');
}

/** Of a removal, which leaves nothing to name. */
export async function removed(response: HttpResponse, answer: Answer): Promise<Written> {
  const outcome = await outcomeOf(response, answer);
  return outcome === 'done' ? { outcome, externalId: null, revision: null, sequence: null } : { outcome };
}

export async function made(
  response: HttpResponse,
  answer: Answer,
  calendar: string,
  normalize: Normalize,
  zone: () => string,
): Promise<Made | Refusal> {
  const outcome = await outcomeOf(response, answer);
  if (outcome !== 'done') return { outcome };
  const body = jsonOf(response, 'unsure');
  return answer.record === undefined
    ? named(body, answer, zone)
    : recorded(await found(answer.record, body, {}, 'unsure'), body, calendar, normalize);
}

async function recorded(
  record: unknown,
  answer: unknown,
  calendar: string,
  normalize: Normalize,
): Promise<Made> {
  const asked = { calendars: new Set([calendar]), calendar, answer, isChange: false };
  const { rows } = await onceWritten(() => normalize([record], asked));
  // Of a grid, what takes the time.
  const row = rows.find(({ kind }) => kind === 'busy') ?? rows[0];
  if (!row) throw new Fault('unsure', 'the record in the answer cannot be read');
  const { externalId, revision, sequence, interval } = row;
  const expiresAt = row.kind === 'busy' ? row.expiresAt : null;
  return { outcome: 'done', externalId, revision, sequence, interval, expiresAt };
}

async function named(record: unknown, answer: Answer, zone: () => string): Promise<Made> {
  const looked = { record, variables: {} };
  try {
    const externalId = await textOf('answer.id', answer.id, looked);
    if (externalId === null) throw new BadRecord('answer.id: missing');
    return {
      outcome: 'done',
      externalId,
      revision: await textOf('answer.revision', answer.revision, looked, 1_000),
      sequence: await integerOf('answer.sequence', answer.sequence, looked),
      expiresAt: await timeOf('answer.expires', answer.expires, looked, zone),
      interval: null,
    };
  } catch (error) {
    if (error instanceof BadRecord || error instanceof NotEvaluated) throw new Fault('unsure', error.message);
    throw error;
  }
}
