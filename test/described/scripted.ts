import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import type { Page } from '../../src/adapter/observation.ts';
import { adapterOf, DescriptionError, readDescription } from '../../src/described/index.ts';
import type { Clock } from '../../src/domain/environment.ts';
import { DAY, type Instant, instant, parseInstant, plus } from '../../src/domain/instant.ts';
import { LIMITS } from '../support/platform-http.ts';

/** A description on a platform that answers as a test says, without a network. */

export const NOW = parseInstant('2026-11-24T14:00:00Z');
export const WINDOW = { start: NOW, end: plus(NOW, 28 * DAY) };

export type Asked = {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
export type Answered = {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** As most tests have it: a list of openings of a connection. */
export const BASIS = {
  version: 1,
  id: 'acme',
  title: { fr: 'Acme', en: 'Acme' },
  kind: 'private',
  contract: 'assumed',
  base: 'https://acme.example/api',
  settings: {
    site: { type: 'text', title: { fr: 'Site', en: 'Site' } },
    none: { type: 'text', title: { fr: 'Rien', en: 'Nothing' }, optional: true },
    secret: { type: 'secret', title: { fr: 'Secret', en: 'Secret' } },
  },
  check: { request: { path: '/status' } },
  record: { id: 'id', calendar: 'doctor', kind: 'slot', start: 'start', minutes: '20' },
  read: { lists: [{ request: { path: '/list' }, rows: 'rows', paging: { type: 'none', size: 100 } }] },
};

export const SETTINGS = { site: 'north', secret: 'S3CRET' };

const headersOf = (config: InternalAxiosRequestConfig): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config.headers.toJSON()).map(([key, value]) => [key.toLowerCase(), String(value)]),
  );

export function scripted(
  description: object,
  answer: (asked: Asked, before: readonly Asked[]) => Answered | Promise<Answered>,
  options: { readonly clock?: Clock; readonly tables?: readonly unknown[]; readonly settings?: object } = {},
): { readonly platform: Platform; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const transport: AxiosAdapter = async (config) => {
    const url = new URL(`${config.baseURL}${config.url}`);
    for (const [key, value] of Object.entries((config.params ?? {}) as Record<string, string>))
      url.searchParams.append(key, String(value));
    const request: Asked = {
      method: (config.method ?? 'get').toUpperCase(),
      host: url.host,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: headersOf(config),
      body: typeof config.data === 'string' ? config.data : '',
    };
    const before = [...asked];
    asked.push(request);
    const { status = 200, body = {}, headers = {} } = await answer(request, before);
    const data = typeof body === 'string' ? body : JSON.stringify(body);
    return { status, statusText: '', headers, data, config };
  };
  const adapter = adapterOf(described(description));
  const clock: Clock = options.clock ?? { now: () => NOW, sleep: async () => undefined };
  const platform = adapter.connect({
    connectionId: 'acme',
    settings: adapter.manifest.settings.parse(options.settings ?? SETTINGS),
    limits: LIMITS,
    pace: (call) => call(),
    targets: { problemOf: async () => null, problemOfAddress: () => null, lookup: () => () => undefined },
    environment: { clock, random: { next: () => 0 }, ids: { next: () => 'id' } },
    maps: codeMaps(options.tables ?? []),
    zoneOf: () => 'America/Toronto',
    transport,
  });
  return { platform, asked };
}

/** JSON is YAML. */
export const described = (description: object) => readDescription(JSON.stringify(description));

/** What is wrong with it, as `path: message`. */
export function problemsOf(description: object): string[] {
  try {
    described(description);
    return [];
  } catch (error) {
    if (!(error instanceof DescriptionError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

export async function pagesOf(platform: Platform, cursor: string | null = null): Promise<Page[]> {
  const pages: Page[] = [];
  const signal = AbortSignal.timeout(30_000);
  for await (const page of platform.read({ calendars: ['dr'], cursor, window: WINDOW, signal }))
    pages.push(page);
  return pages;
}

/** Of all pages. */
export async function idsOf(platform: Platform): Promise<string[]> {
  const pages = await pagesOf(platform);
  return pages.flatMap((page) => (page.kind === 'rows' ? page.rows.map(({ externalId }) => externalId) : []));
}

export const rows = (...ids: readonly (string | number)[]) =>
  ids.map((id) => ({ id: String(id), doctor: 'dr', start: '2026-11-25T14:00:00Z' }));

export const at = (text: string): Instant => instant(Date.parse(text));
