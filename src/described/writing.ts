import { onceWritten } from '../adapter/claim.ts';
import type {
  Block,
  Book,
  Connect,
  Held,
  Hold,
  Known,
  OperationName,
  Operations,
  Platform,
  Publish,
  Remove,
  Written,
} from '../adapter/contract.ts';
import { Fault } from '../adapter/faults.ts';
import type { HttpResponse } from '../adapter/http.ts';
import type { Mark, ObservedBusy } from '../adapter/observation.ts';
import type { BusyKind } from '../domain/busy.ts';
import { formatInstant, MINUTE } from '../domain/instant.ts';
import { type Interval, sameInterval } from '../domain/interval.ts';
import { type Made, made, type Refusal, removed } from './answering.ts';
import type { Client, Scope } from './client.ts';
import type { Description, Writes } from './description.ts';
import type { Normalize } from './normalize.ts';
import type { Request } from './syntax.ts';

/** Our commands as the requests of a description. */

export type Writing = {
  readonly client: Client;
  readonly description: Description;
  readonly normalize: Normalize;
  readonly readBack: NonNullable<Platform['readBack']> | undefined;
  readonly zoneOf: Connect<unknown>['zoneOf'];
};

type Commanded = { readonly calendar: string; readonly mark: Mark };
type Call = {
  readonly name: OperationName;
  readonly request: Request;
  readonly scope: Scope;
  /** It makes something, so that the platform may know our mark again. */
  readonly makes?: boolean;
  /** What it changes, which must be as we know it. */
  readonly known?: Known;
};

export function createOperations(writing: Writing): Partial<Operations> {
  const { write } = writing.description;
  if (!write) return {};
  const all: Operations = {
    ...putting(writing, write),
    ...taking(writing, write),
    ...removing(writing, write),
  };
  const declared = Object.entries(all).filter(([name]) => write[name as OperationName] !== undefined);
  return Object.fromEntries(declared) as Partial<Operations>;
}

async function send({ client }: Writing, { key, condition }: Writes, call: Call): Promise<HttpResponse> {
  const { request, scope, makes = false, known } = call;
  const headers: Record<string, string> = {};
  if (makes && key) headers[key.header] = String(scope['mark']);
  if (known && known.revision !== null && condition) {
    const value = await client.fill(condition.value, { ...scope, known });
    if (value !== null) headers[condition.header] = value;
  }
  return client.send(request, scope, { writes: true, headers });
}

async function make(
  writing: Writing,
  write: Writes,
  command: Commanded,
  call: Call,
): Promise<Made | Refusal> {
  const response = await send(writing, write, call);
  if (call.known && write.condition?.changed.includes(response.status)) return { outcome: 'taken' };
  const zone = (): string => writing.zoneOf(command.calendar);
  const answer = write[call.name]?.answer ?? write.answer;
  const outcome = await made(response, answer, command.calendar, writing.normalize, zone);
  // Nothing stood there before, so nothing can be gone: the calendar is not known.
  if (call.makes && outcome.outcome === 'gone')
    throw new Fault('malformed', 'the platform does not know the calendar');
  return outcome;
}

const written = (outcome: Made | Refusal): Written => {
  if (outcome.outcome !== 'done') return outcome;
  const { externalId, revision, sequence } = outcome;
  return { outcome: 'done', externalId, revision, sequence };
};

const commanded = ({ calendar, mark }: Commanded): Scope => ({ calendar, mark });

/** Whole minutes, since many a platform counts in them. */
const timed = ({ start, end }: Interval): Scope => ({
  start: formatInstant(start),
  end: formatInstant(end),
  minutes: Math.ceil((end - start) / MINUTE),
});

function putting(writing: Writing, write: Writes): Pick<Operations, 'publish' | 'block'> {
  const { unblock } = removing(writing, write);
  async function put(name: 'publish' | 'block', command: Block | Publish, said: Scope): Promise<Written> {
    const operation = write[name];
    if (!operation) throw new Fault('malformed', `${name} is not described`);
    const { interval, known } = command;
    const scope = { ...commanded(command), ...timed(interval), ...said };
    const create = () =>
      make(writing, write, command, { name, request: operation.request, scope, makes: true });
    const { change: request } = operation;
    if (request === undefined) return known ? anew(command, create) : written(await create());
    const change = async (from: Known): Promise<Written> => {
      const call = { name, request, scope: { ...scope, known: from }, known: from };
      return written(await make(writing, write, command, call));
    };
    if (known) return change(known);
    const outcome = await create();
    const isElsewhere =
      outcome.outcome === 'done' && outcome.interval !== null && !sameInterval(outcome.interval, interval);
    // The key was used for another time before: what stands there is ours, and is moved.
    return isElsewhere && write.key ? change(outcome) : written(outcome);
  }

  /**
   * Of a block that cannot be changed: the new one first, so that its time is never open in between, then those of the same
   * mark that stand elsewhere are taken away. Done halfway, the same command goes on where it was left.
   */
  async function anew(
    { calendar, mark, interval }: Block,
    create: () => Promise<Made | Refusal>,
  ): Promise<Written> {
    const rows = (await writing.readBack?.(calendar, mark)) ?? [];
    const blocks = rows.filter((row) => row.kind === 'busy').filter(({ busyKind }) => busyKind === 'block');
    const there = blocks.find((row) => sameInterval(row.interval, interval));
    const outcome = there ? done(there) : written(await create());
    if (outcome.outcome !== 'done') return outcome;
    for (const known of blocks)
      if (known !== there) await onceWritten(async () => unblock({ calendar, mark, known }));
    return outcome;
  }
  return {
    publish: (command) => {
      const { attributes } = command;
      const { availableSince } = attributes;
      const since = availableSince === null ? null : formatInstant(availableSince);
      return put('publish', command, { attributes: { ...attributes, availableSince: since } });
    },
    block: (command) => put('block', command, {}),
  };
}

function taking(writing: Writing, write: Writes): Pick<Operations, 'hold' | 'book' | 'move'> {
  /** Of a platform that knows no key: who took the time may be we ourselves, by a call whose answer was lost. */
  async function taker({ calendar, mark }: Commanded, kind: BusyKind): Promise<ObservedBusy | undefined> {
    if (write.key) return undefined;
    const rows = (await writing.readBack?.(calendar, mark)) ?? [];
    return rows.filter((row) => row.kind === 'busy').find(({ busyKind }) => busyKind === kind);
  }
  const requestOf = (name: 'hold' | 'book' | 'move'): Request => {
    const request = write[name]?.request;
    if (!request) throw new Fault('malformed', `${name} is not described`);
    return request;
  };
  const placed = (command: Hold | Book): Scope => ({
    ...commanded(command),
    ...timed(command.interval),
    slot: command.slot,
  });
  return {
    hold: async (command): Promise<Held> => {
      const scope = { ...placed(command), expiresAt: formatInstant(command.expiresAt) };
      const call = { name: 'hold', request: requestOf('hold'), scope, makes: true } as const;
      const outcome = await make(writing, write, command, call);
      if (outcome.outcome === 'done') return held(outcome);
      const ours = outcome.outcome === 'taken' ? await taker(command, 'hold') : undefined;
      return ours?.expiresAt == null ? outcome : { ...done(ours), expiresAt: ours.expiresAt };
    },
    book: async (command) => {
      const scope = { ...placed(command), patient: command.patient };
      const { hold } = command;
      const fromHold = write.book?.fromHold;
      if (hold && fromHold) {
        const call = { name: 'book', request: fromHold, scope: { ...scope, hold } } as const;
        const outcome = await make(writing, write, command, call);
        // A hold that ended too soon costs nobody the time, as long as nobody else took it.
        if (outcome.outcome !== 'gone') return written(outcome);
      }
      const call = { name: 'book', request: requestOf('book'), scope, makes: true } as const;
      const outcome = await make(writing, write, command, call);
      const ours = outcome.outcome === 'taken' ? await taker(command, 'appointment') : undefined;
      return ours ? done(ours) : written(outcome);
    },
    move: async (command) => {
      const { known, interval, slot } = command;
      const scope = { ...commanded(command), ...timed(interval), slot, known };
      return written(
        await make(writing, write, command, { name: 'move', request: requestOf('move'), scope, known }),
      );
    },
  };
}

const done = ({ externalId, revision, sequence }: ObservedBusy) =>
  ({ outcome: 'done', externalId, revision, sequence }) as const;

/** @throws Fault when the platform does not say how long it keeps the time: that would be a booking of nobody. */
function held({ expiresAt, externalId, revision, sequence }: Made): Held {
  if (expiresAt === null) throw new Fault('unsure', 'the hold has no end');
  return { outcome: 'done', externalId, revision, sequence, expiresAt };
}

type Removing = 'withdraw' | 'unblock' | 'release' | 'cancel';

function removing(writing: Writing, write: Writes): Pick<Operations, Removing> {
  const remove =
    (name: Removing) =>
    async (command: Remove): Promise<Written> => {
      const operation = write[name];
      if (!operation) throw new Fault('malformed', `${name} is not described`);
      const { known } = command;
      const scope = { ...commanded(command), known };
      const response = await send(writing, write, { name, request: operation.request, scope, known });
      if (write.condition?.changed.includes(response.status)) return { outcome: 'taken' };
      return removed(response, operation.answer ?? write.answer);
    };
  return {
    withdraw: remove('withdraw'),
    unblock: remove('unblock'),
    release: remove('release'),
    cancel: remove('cancel'),
  };
}
