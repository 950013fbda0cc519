import { Problem as Failure } from '../api/problem.ts';
import { send } from '../api/send.ts';
import type { Entry } from '../form/value.ts';
import type { Configuration, ListName, Problem, Trial } from './model.ts';

/** Changes of the configuration. Each is written only where the file is as it was read, and runs once the gateway has started anew. */

export type Change =
  | { readonly edit: 'put'; readonly list: ListName; readonly id: string; readonly value: Entry }
  | { readonly edit: 'remove'; readonly list: ListName; readonly id: string }
  | { readonly edit: 'organization'; readonly value: Entry };

/** What would be wrong; nothing was written. */
export class Refusal extends Error {
  readonly change: Change;
  readonly problems: readonly Problem[];
  constructor(change: Change, problems: readonly Problem[]) {
    super(problems.map(({ message }) => message.en).join('\n'));
    this.change = change;
    this.problems = problems;
  }
}

/** Somebody else has changed the file since it was read; nothing was written. */
export class Superseded extends Error {
  readonly latest: Configuration;
  constructor(latest: Configuration) {
    super('the configuration has changed');
    this.latest = latest;
  }
}

/** It is written, and the gateway could not start by it: the former configuration runs on. */
export class NotStarted extends Error {}

const PATH = '/api/configuration';
const LOOK_MILLISECONDS = 400;
const WAIT_MILLISECONDS = 30_000;

export const readConfiguration = (signal?: AbortSignal): Promise<Configuration> =>
  send('GET', PATH, signal ? { signal } : {});

export const tryConnection = (id: string, value: Entry): Promise<Trial> =>
  patiently(() => send('POST', `${PATH}/try`, { body: { id, value } }));

/**
 * One after the other, each once the one before runs.
 * @param seen as it was read by whoever decided on them. @returns as it is afterwards.
 * @throws Refusal Superseded NotStarted Problem
 */
export async function make(changes: readonly Change[], seen: Configuration): Promise<Configuration> {
  let configuration = seen;
  for (const change of changes) configuration = await makeOne(change, configuration);
  return configuration;
}

async function makeOne(change: Change, seen: Configuration): Promise<Configuration> {
  const { problems } = await patiently(() =>
    send<{ problems: Problem[] }>('POST', `${PATH}/check`, { body: change }),
  );
  if (problems.length > 0) throw new Refusal(change, problems);
  const { revision } = await patiently(() => write(change, seen));
  return await running(revision);
}

async function write(change: Change, seen: Configuration): Promise<{ readonly revision: string }> {
  try {
    return await send(methodOf(change), pathOf(change), {
      headers: { 'if-match': `"${seen.revision}"` },
      ...(change.edit === 'remove' ? {} : { body: change.value }),
    });
  } catch (error) {
    if (error instanceof Failure && error.status === 412)
      throw new Superseded(await patiently(() => readConfiguration()));
    throw error;
  }
}

const methodOf = ({ edit }: Change): string => (edit === 'remove' ? 'DELETE' : 'PUT');

const pathOf = (change: Change): string =>
  change.edit === 'organization'
    ? `${PATH}/organization`
    : `${PATH}/${change.list}/${encodeURIComponent(change.id)}`;

/**
 * Until the gateway runs by it, or by what somebody has made of it meanwhile. While it starts anew nobody answers.
 * @throws NotStarted
 */
async function running(revision: string): Promise<Configuration> {
  const until = Date.now() + WAIT_MILLISECONDS;
  for (;;) {
    const found = await patiently(() => readConfiguration());
    if (found.running === revision) return found;
    if (found.failed?.revision === revision) throw new NotStarted(found.failed.reason);
    // By a file that is wrong it will not run, and the page of whoever wrote it says so.
    if (found.revision !== revision && (found.running === found.revision || found.problems.length > 0))
      return found;
    if (Date.now() > until) throw new Failure(0, []);
    await pause();
  }
}

/** Asks again as long as nobody answers: with each change the gateway starts anew. What was written is not written twice (If-Match). */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const until = Date.now() + WAIT_MILLISECONDS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== 0 || Date.now() > until) throw error;
    }
    await pause();
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
