import { randomUUID } from 'node:crypto';
import axios, { type AxiosAdapter } from 'axios';
import { expect } from 'chai';
import adapter from '../../adapters/caldav/adapter.ts';
import { type CaldavServer, PASSWORD, USERNAME } from '../../adapters/caldav/bench/server.ts';
import { CALDAV_SERVERS } from '../../adapters/caldav/bench/servers.ts';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import type { Operations, PatientDetails, Platform } from '../../src/adapter/contract.ts';
import { Fault, type FaultKind } from '../../src/adapter/faults.ts';
import type { Observation, Page } from '../../src/adapter/observation.ts';
import { createPace } from '../../src/adapter/pace.ts';
import { DAY, type Instant, instant, parseInstant, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';

export { ics, timed } from '../../adapters/caldav/bench/texts.ts';

import { loopback } from './loopback.ts';
import { requireServer } from './servers.ts';

/** The adapter under test, and beside it a second client that shares none of its code. */

export const ZONE = 'America/Toronto';
export const NOW = parseInstant('2026-11-23T12:00:00Z');
export const WINDOW: Interval = { start: NOW, end: plus(NOW, 28 * DAY) };
/** Made up, like everything here. */
export const PATIENT: PatientDetails = {
  ...{ family: 'Fictif-Tremblay', given: 'Zoé', phone: '514-555-0142', email: 'zoe.fictif@example.org' },
  ...{ nam: 'FICZ90010111', birthDate: '1990-01-01' },
};

export type Options = {
  readonly settings?: object;
  readonly transport?: AxiosAdapter;
  readonly now?: Instant;
};

export function connect(url: string, { settings = {}, transport, now = NOW }: Options = {}): Platform {
  const began = performance.now();
  const clock = {
    now: () => instant(Math.round(now + performance.now() - began)),
    sleep: (milliseconds: number) => new Promise<void>((wake) => setTimeout(wake, milliseconds)),
  };
  return adapter.connect({
    connectionId: 'agenda',
    settings: adapter.manifest.settings.parse({
      ...{ serverUrl: url, username: USERNAME, password: PASSWORD },
      ...settings,
    }),
    limits: adapter.manifest.limits,
    pace: createPace(adapter.manifest.limits, clock),
    targets: loopback,
    environment: { clock, random: { next: () => 0.5 }, ids: { next: () => randomUUID() } },
    maps: codeMaps([]),
    zoneOf: () => ZONE,
    transport,
  });
}

export type Read = {
  readonly rows: readonly Observation[];
  readonly removed: readonly string[];
  readonly rejected: readonly (string | null)[];
  readonly complete: Interval | null;
  readonly cursor: string | null;
  readonly expired: boolean;
};

export async function read(
  platform: Platform,
  calendar: string,
  cursor: string | null = null,
  window: Interval = WINDOW,
  between?: () => Promise<unknown>,
): Promise<Read> {
  const signal = new AbortController().signal;
  const pages: Page[] = [];
  for await (const page of platform.read({ calendars: [calendar], cursor, window, signal })) {
    if (pages.length === 0) await between?.();
    pages.push(page);
  }
  const rows = pages.flatMap((page) => (page.kind === 'rows' ? [page] : []));
  const ends = pages.filter((page) => page.kind !== 'rows');
  expect(ends, 'exactly one last page').to.have.length(1);
  expect(pages.at(-1)?.kind).not.to.equal('rows');
  const end = pages.flatMap((page) => (page.kind === 'end' ? [page] : []))[0];
  return {
    rows: rows.flatMap((page) => page.rows),
    removed: rows.flatMap((page) => page.removed.map((removal) => removal.externalId)),
    rejected: rows.flatMap((page) => page.rejected.map((rejection) => rejection.externalId)),
    complete: end?.complete ?? null,
    cursor: end?.cursor ?? null,
    expired: ends[0]?.kind === 'cursorExpired',
  };
}

export const must = <Name extends keyof Operations>(platform: Platform, name: Name): Operations[Name] => {
  const operation = platform.operations[name];
  if (!operation) throw new Error(`${name} is not offered`);
  return operation;
};

export const startsOf = ({ rows }: Read): string[] =>
  rows.map((row) => new Date(row.interval.start).toISOString()).sort();
export const at = (start: string, minutes = 30): Interval => {
  const from = parseInstant(start);
  return { start: from, end: plus(from, minutes * 60_000) };
};

export async function faultOf(work: Promise<unknown>): Promise<FaultKind> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Fault) return error.kind;
    throw error;
  }
  throw new Error('no fault');
}

/** The network, with something before or after a request. */
export const network = axios.getAdapter(['http']);

/** What every test on a real server has at hand; the calendar is new and empty each time. */
export type Bench = {
  readonly server: CaldavServer;
  readonly calendar: string;
  readonly platformWith: (options?: Options) => Platform;
  /** The second client puts a resource. @returns its ETag. */
  readonly put: (name: string, body: string) => Promise<string | null>;
  /** The names of all resources, by the second client. */
  readonly standing: () => Promise<readonly string[]>;
  readonly rawText: (name: string) => Promise<string>;
};

/** The same cases on every real server. */
export function onEachServer(title: string, cases: (bench: () => Bench) => void): void {
  for (const kind of CALDAV_SERVERS) {
    describe(`caldav on ${kind.name}: ${title}`, function () {
      this.timeout(30_000);
      let server: CaldavServer | undefined;
      let current: Bench | undefined;
      const open: Platform[] = [];
      before(
        requireServer(kind.name, kind.isPresent(), async () => {
          server = await kind.start();
        }),
      );
      beforeEach(async () => {
        if (server) current = benchAt(server, await server.makeCalendar(), open);
      });
      afterEach(async () => {
        for (const platform of open.splice(0)) await platform.close();
      });
      after(async () => server?.stop());
      cases(() => {
        if (!current) throw new Error(`${kind.name} is not running`);
        return current;
      });
    });
  }
}

function benchAt(server: CaldavServer, calendar: string, open: Platform[]): Bench {
  return {
    server,
    calendar,
    platformWith: (options = {}) => {
      const platform = connect(server.url, options);
      open.push(platform);
      return platform;
    },
    put: async (name, body) => {
      const headers = { 'content-type': 'text/calendar; charset=utf-8' };
      const answer = await server.raw('PUT', calendar + name, { headers, body });
      expect(answer.status, `PUT ${name}`).to.be.oneOf([200, 201, 204]);
      return answer.etag;
    },
    standing: async () => {
      const { text } = await server.raw('PROPFIND', calendar, { headers: { depth: '1' } });
      return [...text.matchAll(/href>[^<]*\/([^/<]+\.ics)</g)].map((match) => match[1] ?? '').sort();
    },
    rawText: async (name) => (await server.raw('GET', calendar + name)).text,
  };
}
