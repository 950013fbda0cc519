import type { MessagePort } from 'node:worker_threads';
import { type CodeMap, type CodeMaps, ConceptMapError, codeMaps } from '../adapter/concept-map.ts';
import type {
  Adapter,
  Capabilities,
  List,
  OperationName,
  Platform,
  ReadRequest,
  WebhookOutcome,
  WebhookRequest,
} from '../adapter/contract.ts';
import { Fault, isFault } from '../adapter/faults.ts';
import type { Mark, Page, Rejected } from '../adapter/observation.ts';
import { createPace, type Turns } from '../adapter/pace.ts';
import { createTargets } from '../adapter/targets.ts';
import { SECOND } from '../domain/instant.ts';
import { systemEnvironment } from '../system/environment.ts';
import { importAdapter } from './entry.ts';
import {
  ANSWER_CHARACTERS_MAX,
  FAULT_CHARACTERS_MAX,
  FAULT_KINDS_SENT,
  type FromThread,
  type Method,
  RAW_CHARACTERS_MAX,
  type SentRejected,
  type ThreadConnect,
  type ToThread,
} from './messages.ts';
import { thrownOf } from './thrown.ts';

/** Connects the adapter, and calls it as the other thread says. */
export function serveConnection(port: MessagePort, entry: string, given: ThreadConnect): void {
  const turns = createRemoteTurns(port);
  const aborts = new Map<number, AbortController>();
  const connected = connect(entry, given, turns.take);
  // It is told of by the call that waits for it.
  connected.catch(() => undefined);
  const readings = new Readings();

  port.on('message', (message: ToThread) => {
    if (message.kind === 'turn') turns.granted(message.id);
    else if (message.kind === 'abort') aborts.get(message.id)?.abort();
    else void answer(message.id, message.method, message.argument);
  });

  async function answer(id: number, method: Method, argument: unknown): Promise<void> {
    const abort = new AbortController();
    aborts.set(id, abort);
    try {
      const platform = await connected;
      const value = await call(platform, readings, method, argument, abort.signal);
      port.postMessage(written({ kind: 'answer', id, value: value ?? null }));
    } catch (error) {
      port.postMessage(JSON.stringify(failure(id, error)));
    } finally {
      aborts.delete(id);
    }
  }
}

async function connect(entry: string, given: ThreadConnect, shared: Turns): Promise<Platform> {
  const { default: adapter } = (await importAdapter(entry)) as { readonly default: Adapter };
  const { connectionId, limits, allowedTargets, tables, zones } = given;
  const maps = codeMaps(tables);
  const platform = adapter.connect({
    connectionId,
    settings: adapter.manifest.settings.parse(given.settings),
    limits,
    // The window is kept where the turns are given; here it only bounds how many are asked for at once.
    pace: createPace(
      { ...limits, requests: Number.MAX_SAFE_INTEGER, windowMilliseconds: SECOND },
      systemEnvironment.clock,
      shared,
    ),
    targets: createTargets(allowedTargets),
    environment: systemEnvironment,
    maps: { map: (id) => mapOf(maps, id) },
    zoneOf: (calendar) => {
      const zone = Object.hasOwn(zones, calendar) ? zones[calendar] : undefined;
      if (zone === undefined) throw new RangeError('the calendar is not configured');
      return zone;
    },
    transport: undefined,
  });
  assertDeclared(platform, adapter.manifest.capabilities);
  return platform;
}

/** Said in full, since an operator may have removed the file. */
function mapOf(maps: CodeMaps, id: string): CodeMap {
  try {
    return maps.map(id);
  } catch (error) {
    if (error instanceof ConceptMapError)
      throw new Fault('unavailable', `the adapter's mappings: ${error.message}`);
    throw error;
  }
}

class NotAsDeclared extends Error {
  override readonly name = 'NotAsDeclared';
}

function assertDeclared(
  platform: Platform,
  { operations, idempotency, pull, webhook, lists, calendars }: Capabilities,
): void {
  const declared = [...operations].sort().join();
  const there = Object.keys(platform.operations).sort().join();
  const isWhole =
    declared === there &&
    (platform.readBack !== undefined) === (idempotency !== 'none' && pull !== 'none') &&
    (platform.webhook !== undefined) === (webhook !== 'none') &&
    (platform.readList !== undefined) === (lists === true) &&
    (platform.calendars !== undefined) === (calendars === true);
  if (!isWhole) throw new NotAsDeclared('connect returns something else than the manifest declares');
}

class Readings {
  readonly #open = new Map<
    number,
    { readonly pages: AsyncIterator<Page>; readonly abort: AbortController }
  >();

  begin(platform: Platform, id: number, request: Omit<ReadRequest, 'signal'>): void {
    const abort = new AbortController();
    const pages = platform.read({ ...request, signal: abort.signal })[Symbol.asyncIterator]();
    this.#open.set(id, { pages, abort });
  }

  async next(id: number): Promise<unknown> {
    const result = await this.#open.get(id)?.pages.next();
    return result === undefined || result.done === true ? null : sent(result.value);
  }

  async end(id: number): Promise<void> {
    const reading = this.#open.get(id);
    this.#open.delete(id);
    reading?.abort.abort();
    await reading?.pages.return?.();
  }
}

async function call(
  platform: Platform,
  readings: Readings,
  method: Method,
  argument: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  switch (method) {
    case 'opened':
      return null;
    case 'check':
      return platform.check(signal);
    case 'operation': {
      const { name, command } = argument as { name: OperationName; command: never };
      return platform.operations[name]?.(command);
    }
    case 'readBack': {
      const { calendar, mark } = argument as { calendar: string; mark: Mark };
      return platform.readBack?.(calendar, mark);
    }
    case 'webhook': {
      const { headers, body } = argument as WebhookRequest;
      const outcome = await platform.webhook?.({ headers, body: Buffer.from(body) });
      return outcome && sent(outcome);
    }
    case 'readList':
      return platform.readList?.(argument as List);
    case 'calendars':
      return platform.calendars?.(signal);
    case 'read': {
      const { reading, request } = argument as { reading: number; request: Omit<ReadRequest, 'signal'> };
      return readings.begin(platform, reading, request);
    }
    case 'next':
      return readings.next(argument as number);
    case 'return':
      return readings.end(argument as number);
    case 'close':
      return platform.close();
  }
}

/** Rejected records with their raw form as text. */
const sent = (batch: Page | WebhookOutcome): object =>
  'rejected' in batch && Array.isArray(batch.rejected)
    ? { ...batch, rejected: batch.rejected.map(sentRejected) }
    : batch;

function sentRejected({ externalId, reason, raw }: Rejected): SentRejected {
  const text = typeof raw === 'string' ? raw : jsonOf(raw);
  const isSent = text !== undefined && text.length <= RAW_CHARACTERS_MAX;
  return { externalId, reason, ...(isSent ? { raw: text } : {}) };
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** @throws Unsendable */
function written(message: FromThread): string {
  let text: string;
  try {
    text = JSON.stringify(message);
  } catch (error) {
    throw new Unsendable(`it is no JSON (${thrownOf(error).name})`);
  }
  if (text.length > ANSWER_CHARACTERS_MAX)
    throw new Unsendable(`it has more than ${ANSWER_CHARACTERS_MAX} characters`);
  return text;
}

class Unsendable extends Error {
  override readonly name = 'Unsendable';
}

function failure(id: number, error: unknown): FromThread {
  if (error instanceof Unsendable) return { kind: 'unsendable', id, reason: error.message };
  if (!isFault(error) || !FAULT_KINDS_SENT.has(error.kind))
    return { kind: 'thrown', id, thrown: thrownOf(error) };
  const { kind, retryAfterMilliseconds } = error;
  const message = String(error.message).slice(0, FAULT_CHARACTERS_MAX);
  const wait = Number.isFinite(retryAfterMilliseconds) ? Math.max(0, retryAfterMilliseconds ?? 0) : null;
  return { kind: 'fault', id, fault: { kind, message, retryAfterMilliseconds: wait } };
}

/** The turns of all who call the platform, which the other thread gives. */
function createRemoteTurns(port: MessagePort): {
  readonly take: Turns;
  readonly granted: (id: number) => void;
} {
  const awaited = new Map<number, () => void>();
  let last = 0;
  const tell = (kind: 'turn' | 'ended', id: number): void => port.postMessage(JSON.stringify({ kind, id }));
  const take: Turns = (signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      last += 1;
      const id = last;
      const abort = (): void => {
        awaited.delete(id);
        tell('ended', id);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      awaited.set(id, () => {
        signal?.removeEventListener('abort', abort);
        resolve(() => tell('ended', id));
      });
      tell('turn', id);
    });
  return {
    take,
    granted: (id) => {
      awaited.get(id)?.();
      awaited.delete(id);
    },
  };
}
