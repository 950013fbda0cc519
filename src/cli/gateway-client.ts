import { z } from 'zod';
import type { GatewayEnvironment } from '../config/environment.ts';
import { Conflict, ConflictDetails, ConflictList } from './conflict-report.ts';
import { CommandFailure } from './dependencies.ts';
import { type ClientOptions, reachGateway } from './gateway-request.ts';
import { RosterAnswer } from './roster-answer.ts';
import { ListTaken, Task, TaskList } from './task-report.ts';

/** The running gateway, over HTTP: it alone has the embedded database open. */
export type GatewayClient = {
  readonly status: () => Promise<StatusReport>;
  /** Reads the connection whole, now. @param progress hears of each page. */
  readonly synchronize: (connectionId: string, progress: (done: Progress) => void) => Promise<Result>;
  /** Those met last first. @param raw with their raw forms. */
  readonly rejected: (connectionId: string, raw: boolean) => Promise<readonly RejectedRecord[]>;
  /** Those that are open, the soonest first. */
  readonly conflicts: () => Promise<z.output<typeof ConflictList>>;
  readonly conflict: (id: string) => Promise<ConflictDetails>;
  /** `body` is the answer as it came. @param schedule null = of all. */
  readonly roster: (schedule: string | null) => Promise<RosterAnswer & { readonly body: unknown }>;
  readonly resolve: (id: string, body: object) => Promise<Conflict>;
  /** What is open, the soonest due first; `body` is the answer as it came. */
  readonly tasks: (query: {
    readonly connection: string | null;
    readonly overdue: boolean;
  }) => Promise<z.output<typeof TaskList> & { readonly body: unknown }>;
  readonly tellTask: (id: string, deed: string) => Promise<Task>;
  readonly importList: (connectionId: string, body: object) => Promise<ListTaken>;
  readonly keys: () => Promise<readonly KeyState[]>;
  /** New data keys, and everything sealed anew. @param progress hears of each batch. */
  readonly rotateKeys: (progress: (done: Rotated) => void) => Promise<Rotated>;
  /** All that is known of one, as JSON. */
  readonly exportPatient: (who: string) => Promise<string>;
  readonly erasePatient: (who: string) => Promise<Erased>;
  /** What its suspect feeds, or the one that is named, miss is gone. Returns those that were suspect. */
  readonly confirm: (connectionId: string, feedId: string | null) => Promise<readonly string[]>;
  /** `pausedAt`: null = it is not paused any more. */
  readonly pause: (connectionId: string, deed: 'pause' | 'resume') => Promise<z.output<typeof Paused>>;
  /** The embedded database as it is now: what a file of a backup has in it. */
  readonly backup: () => Promise<AsyncIterable<Uint8Array>>;
};

const Paused = z.object({ pausedAt: z.string().nullable() });

const Confirmed = z.object({ confirmed: z.array(z.string()) });

const Rejected = z.object({
  records: z.array(
    z.object({
      externalId: z.string().nullable(),
      reason: z.string(),
      occurrences: z.number(),
      records: z.number().default(1),
      firstAt: z.string(),
      lastAt: z.string(),
      hasRaw: z.boolean(),
      raw: z.string().nullable(),
    }),
  ),
});
export type RejectedRecord = z.output<typeof Rejected>['records'][number];

const text = z.string().nullable().default(null);
const count = z.number().nullable().default(null);

const Status = z.object({
  at: z.string(),
  ready: z.boolean(),
  connections: z.array(
    z.object({
      id: z.string(),
      platform: z.string(),
      ready: z.boolean(),
      reasons: z.array(z.string()),
      paused: z.boolean().default(false),
      failures: z.number().default(0),
      confirmedAt: text,
      oldestDifferingSince: text,
      differing: count,
      conflicts: count,
      rejected: count,
      tasks: z.object({ open: z.number(), overdue: z.number() }).default({ open: 0, overdue: 0 }),
      unmapped: z.array(z.object({ reason: z.string(), records: z.number() })).default([]),
      suspects: z.array(z.object({ feedId: z.string() })).default([]),
      unreadable: z.array(z.object({ feedId: z.string() })).default([]),
    }),
  ),
  /** So many by their status, and changes that some are still to be told of. */
  subscriptions: z
    .object({ active: z.number(), error: z.number(), waiting: z.number() })
    .default({ active: 0, error: 0, waiting: 0 }),
});

/** The figures are null of a connection that the database knows nothing of yet. `body` is the answer as it came. */
export type StatusReport = z.output<typeof Status> & { readonly body: unknown };
export type ConnectionStatus = StatusReport['connections'][number];

const Progress = z.object({
  feedId: z.string(),
  rows: z.number(),
  feedsDone: z.number(),
  feeds: z.number(),
});
export type Progress = z.output<typeof Progress>;

const Result = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('done'),
    rows: z.number(),
    slotsChanged: z.number(),
    milliseconds: z.number(),
  }),
  z.object({ outcome: z.literal('failed'), reason: z.string() }),
]);
export type Result = z.output<typeof Result>;

const KeyList = z.object({
  keys: z.array(
    z.object({
      id: z.number(),
      kind: z.string(),
      state: z.string(),
      createdAt: z.string(),
      activeAt: z.string(),
      values: z.number(),
      wrappedBy: z.string(),
    }),
  ),
});
export type KeyState = z.output<typeof KeyList>['keys'][number];

const Rotated = z.object({ sealed: z.number(), hashed: z.number(), left: z.number() });
export type Rotated = z.output<typeof Rotated>;

const Erased = z.object({
  patients: z.array(z.string()),
  appointments: z.number(),
  waiting: z.number(),
  rejected: z.number(),
});
export type Erased = z.output<typeof Erased>;

const RotationLine = z.union([
  Rotated.extend({ type: z.literal('progress') }),
  Rotated.extend({ type: z.literal('result'), outcome: z.literal('done') }),
  z.object({ type: z.literal('result'), outcome: z.literal('failed'), reason: z.string() }),
]);

const Line = z.discriminatedUnion('type', [
  Progress.extend({ type: z.literal('progress') }),
  z.object({ type: z.literal('result') }).loose(),
]);

/** @throws CommandFailure when there is no token. */
export async function connectToGateway(
  environment: GatewayEnvironment,
  options: ClientOptions,
): Promise<GatewayClient> {
  const { url, ask, stream } = await reachGateway(environment, options);
  return {
    status: async () => {
      const body = await ask('GET', '/api/status');
      const parsed = Status.safeParse(body);
      if (!parsed.success) throw new CommandFailure(`${url} is not a Passerelle of this version`);
      return { ...parsed.data, body };
    },
    rejected: async (connectionId, raw) => {
      const path = `${pathOf(connectionId)}/rejected${raw ? '?raw=true' : ''}`;
      return Rejected.parse(await ask('GET', path)).records;
    },
    conflicts: async () => ConflictList.parse(await ask('GET', '/api/conflicts')),
    conflict: async (id) =>
      ConflictDetails.parse(await ask('GET', `/api/conflicts/${encodeURIComponent(id)}`)),
    resolve: async (id, body) => {
      const path = `/api/conflicts/${encodeURIComponent(id)}/resolve`;
      return Conflict.parse(await ask('POST', path, body));
    },
    tasks: async ({ connection, overdue }) => {
      const query = new URLSearchParams({
        state: overdue ? 'overdue' : 'open',
        ...(connection === null ? {} : { connection }),
      });
      const body = await ask('GET', `/api/tasks?${query}`);
      return { ...TaskList.parse(body), body };
    },
    tellTask: async (id, deed) =>
      Task.parse(await ask('POST', `/api/tasks/${encodeURIComponent(id)}/${deed}`)),
    importList: async (connectionId, body) =>
      ListTaken.parse(await ask('POST', `${pathOf(connectionId)}/lists`, body)),
    roster: async (schedule) => {
      const query = schedule === null ? '' : `?schedule=${encodeURIComponent(schedule)}`;
      const body = await ask('GET', `/api/roster${query}`);
      return { ...RosterAnswer.parse(body), body };
    },
    keys: async () => KeyList.parse(await ask('GET', '/api/keys')).keys,
    exportPatient: async (patient) => JSON.stringify(await ask('POST', '/api/patients/export', { patient })),
    erasePatient: async (patient) => Erased.parse(await ask('POST', '/api/patients/erase', { patient })),
    rotateKeys: async (progress) => {
      for await (const line of linesOf(await stream('POST', '/api/keys/rotate'))) {
        const parsed = RotationLine.parse(JSON.parse(line));
        if (parsed.type === 'progress') progress(parsed);
        else if (parsed.outcome === 'done') return parsed;
        else throw new CommandFailure(`the keys are changed in part: ${parsed.reason}. ${GOES_ON}`);
      }
      throw new CommandFailure(`the gateway went away before it had finished. ${GOES_ON}`);
    },
    confirm: async (connectionId, feedId) => {
      const query = feedId === null ? '' : `?feed=${encodeURIComponent(feedId)}`;
      return Confirmed.parse(await ask('POST', `${pathOf(connectionId)}/confirm${query}`)).confirmed;
    },
    pause: async (connectionId, deed) => Paused.parse(await ask('POST', `${pathOf(connectionId)}/${deed}`)),
    backup: async () => bytesOf(await stream('GET', '/api/backup'), url),
    synchronize: async (connectionId, progress) => {
      const response = await stream('POST', `${pathOf(connectionId)}/sync`);
      for await (const line of linesOf(response)) {
        const parsed = Line.parse(JSON.parse(line));
        if (parsed.type === 'result') return Result.parse(parsed);
        progress(parsed);
      }
      return { outcome: 'failed', reason: 'the gateway went away before it had finished' };
    },
  };
}

const GOES_ON = 'Nothing is lost: it goes on at the next start, and every hour';

/** @throws CommandFailure when it ends too early. */
async function* bytesOf({ body }: Response, url: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body ?? []) yield chunk;
  } catch {
    throw new CommandFailure(`${url} went away before the backup was whole: try again`);
  }
}

const pathOf = (connectionId: string): string => `/api/connections/${encodeURIComponent(connectionId)}`;

const LINE_CHARACTERS_MAX = 1024 * 1024;

/** Lines of an NDJSON body as they come; one that is cut short by the end is dropped. */
async function* linesOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LINE_CHARACTERS_MAX) return;
      yield* lines.filter((line) => line !== '');
    }
  } catch {
    // The connection broke: what was missing is told by the absence of a result.
  }
}
