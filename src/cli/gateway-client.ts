import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { GatewayEnvironment } from '../config/environment.ts';
import { Conflict, ConflictDetails, ConflictList } from './conflict-report.ts';
import { CommandFailure } from './dependencies.ts';

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
  readonly resolve: (id: string, body: object) => Promise<Conflict>;
  /** What its suspect feeds, or the one that is named, miss is gone. Returns those that were suspect. */
  readonly confirm: (connectionId: string, feedId: string | null) => Promise<readonly string[]>;
};

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

const Line = z.discriminatedUnion('type', [
  Progress.extend({ type: z.literal('progress') }),
  z.object({ type: z.literal('result') }).loose(),
]);

/** Without a scheme in front, and with the brackets that a URL wants around an IPv6 address. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

export type ClientOptions = { readonly url: string | undefined; readonly token: string | undefined };

/** @throws CommandFailure when there is no token. */
export async function connectToGateway(
  environment: GatewayEnvironment,
  options: ClientOptions,
): Promise<GatewayClient> {
  const url = (options.url ?? urlOf(environment.host, environment.port)).replace(/\/+$/, '');
  const token = options.token ?? (await readToken(environment.dataFolder, url));
  const ask = (path: string, method: 'GET' | 'POST') => request(url, token, path, method);
  return {
    status: async () => {
      const body: unknown = await (await ask('/api/status', 'GET')).json();
      const parsed = Status.safeParse(body);
      if (!parsed.success) throw new CommandFailure(`${url} is not a Passerelle of this version`);
      return { ...parsed.data, body };
    },
    rejected: async (connectionId, raw) => {
      const response = await ask(`${pathOf(connectionId)}/rejected${raw ? '?raw=true' : ''}`, 'GET');
      return Rejected.parse(await response.json()).records;
    },
    conflicts: async () => ConflictList.parse(await (await ask('/api/conflicts', 'GET')).json()),
    conflict: async (id) =>
      ConflictDetails.parse(await (await ask(`/api/conflicts/${encodeURIComponent(id)}`, 'GET')).json()),
    resolve: async (id, body) => {
      const path = `/api/conflicts/${encodeURIComponent(id)}/resolve`;
      return Conflict.parse(await (await request(url, token, path, 'POST', body)).json());
    },
    confirm: async (connectionId, feedId) => {
      const query = feedId === null ? '' : `?feed=${encodeURIComponent(feedId)}`;
      const response = await ask(`${pathOf(connectionId)}/confirm${query}`, 'POST');
      return Confirmed.parse(await response.json()).confirmed;
    },
    synchronize: async (connectionId, progress) => {
      const response = await ask(`${pathOf(connectionId)}/sync`, 'POST');
      for await (const line of linesOf(response)) {
        const parsed = Line.parse(JSON.parse(line));
        if (parsed.type === 'result') return Result.parse(parsed);
        progress(parsed);
      }
      return { outcome: 'failed', reason: 'the gateway went away before it had finished' };
    },
  };
}

const pathOf = (connectionId: string): string => `/api/connections/${encodeURIComponent(connectionId)}`;

async function readToken(dataFolder: string, url: string): Promise<string> {
  const path = join(dataFolder, 'admin-token');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    throw new CommandFailure(
      `no token in ${path}: the first start of the gateway writes it. ${howToStart(url)}, or give --token`,
    );
  }
}

async function request(
  url: string,
  token: string,
  path: string,
  method: string,
  body?: object,
): Promise<Response> {
  let response: Response;
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    // As the commands themselves speak.
    'accept-language': 'en',
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    response = await fetch(url + path, { method, headers, ...sent });
  } catch (error) {
    const reason =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CommandFailure(`no gateway answers at ${url} (${reason}). ${howToStart(url)}`);
  }
  if (response.ok) return response;
  if (response.status === 401) {
    throw new CommandFailure(`${url} refuses the token: it is in admin-token of the gateway's data folder`);
  }
  throw new CommandFailure(`${url}${path} answers ${response.status}: ${await diagnosticsOf(response)}`);
}

const howToStart = (url: string): string =>
  `Start it with "passerelle serve" (in a checkout: npm start), or name another than ${url} with --url`;

const Outcome = z.object({ issue: z.array(z.object({ diagnostics: z.string() })).min(1) });

async function diagnosticsOf(response: Response): Promise<string> {
  const parsed = Outcome.safeParse(await response.json().catch(() => null));
  return parsed.success
    ? parsed.data.issue.map(({ diagnostics }) => diagnostics).join('; ')
    : 'no reason given';
}

/** Lines of an NDJSON body as they come; one that is cut short by the end is dropped. */
async function* linesOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines.filter((line) => line !== '');
    }
  } catch {
    // The connection broke: what was missing is told by the absence of a result.
  }
}
