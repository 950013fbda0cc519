import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { expect } from 'chai';
import adapter from '../../adapters/smart-scheduling-links/adapter.ts';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import type { ObservedSlot, Page } from '../../src/adapter/observation.ts';
import {
  DAY,
  formatInstant,
  type Instant,
  MINUTE,
  parseInstant,
  plus,
  SECOND,
} from '../../src/domain/instant.ts';
import { codeTables } from '../../src/system/mappings.ts';
import { type ManualClock, manualClock } from '../adapter/manual-clock.ts';
import { NOW as SERVED_NOW } from '../support/fake-ports.ts';
import { loopback } from '../support/loopback.ts';
import { faultOf } from '../support/platform-http.ts';
import { serve, TOKEN } from '../support/served-front.ts';
import { requireServer } from '../support/servers.ts';

const SAMPLES = resolve(process.env['PASSERELLE_FIXTURES'] ?? '../shared/fixtures', 'smart-scheduling-links');
const fixture = (name: string): string =>
  readFileSync(new URL(`../../adapters/smart-scheduling-links/fixtures/${name}`, import.meta.url), 'utf8');
const NOW = parseInstant('2026-11-23T12:00:00Z');
const MANIFEST = '/pub/$bulk-publish';

type Hosted = { readonly body: string; readonly headers?: Record<string, string>; readonly status?: number };

/** A web server with files, which is all that a publisher is. */
async function host(files: Map<string, Hosted>) {
  const received: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    received.push(request);
    const file = files.get(request.url ?? '');
    if (!file) return void response.writeHead(404).end();
    const etag = file.headers?.['etag'];
    const isSame = etag !== undefined && request.headers['if-none-match'] === etag;
    response.writeHead(isSame ? 304 : (file.status ?? 200), file.headers).end(isSame ? '' : file.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    stop: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}

function connect(settings: Record<string, unknown>, clock: ManualClock): Platform {
  return adapter.connect({
    connectionId: 'links',
    settings: adapter.manifest.settings.parse(settings),
    limits: { ...adapter.manifest.limits, timeoutMilliseconds: 2_000 },
    pace: (call) => call(),
    targets: loopback,
    environment: { clock, random: { next: () => 0.5 }, ids: { next: () => '' } },
    maps: codeMaps(codeTables(adapter.manifest.id)),
    zoneOf: () => 'America/Toronto',
    transport: undefined,
  });
}

async function read(
  platform: Platform,
  calendars: readonly string[],
  now: Instant,
  cursor: string | null = null,
) {
  const pages: Page[] = [];
  const window = { start: now, end: plus(now, 14 * DAY) };
  const signal = new AbortController().signal;
  for await (const page of platform.read({ calendars, cursor, window, signal })) pages.push(page);
  const end = pages.at(-1);
  if (end?.kind !== 'end') throw new Error(`it ended with ${end?.kind}`);
  const rows = pages.flatMap((page) => (page.kind === 'rows' ? page.rows : []));
  const rejected = pages.flatMap((page) => (page.kind === 'rows' ? page.rejected : []));
  return { pages, rows, rejected, end, ids: rows.map(({ kind, externalId }) => `${kind} ${externalId}`) };
}

describe('smart-scheduling-links: publications as they come', () => {
  const BOTH = ['Schedule/10', 'Schedule/11'];
  let files: Map<string, Hosted>;
  let site: Awaited<ReturnType<typeof host>>;
  let clock: ManualClock;
  const opened: Platform[] = [];

  const publish = (output: readonly object[] = OUTPUT, more: object = {}, headers = {}): void => {
    const body = {
      transactionTime: formatInstant(clock.now()),
      request: MANIFEST,
      output,
      error: [],
      ...more,
    };
    files.set(MANIFEST, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  };
  const OUTPUT = [
    { type: 'Slot', url: 'slots.ndjson', extension: { state: ['QC'] } },
    { type: 'Location', url: 'never-fetched.ndjson' },
    { type: 'Schedule', url: './schedules.ndjson' },
  ];
  const put = (name: string, body: string, more: Partial<Hosted> = {}) =>
    files.set(`/pub/${name}`, { body, ...more });
  const open = (settings: Record<string, unknown> = {}): Platform => {
    const platform = connect({ url: site.url + MANIFEST, token: 'k', ...settings }, clock);
    opened.push(platform);
    return platform;
  };
  const asked = (): (string | undefined)[] => site.received.splice(0).map(({ url }) => url);

  beforeEach(async () => {
    clock = manualClock(NOW);
    files = new Map();
    site = await host(files);
    put('schedules.ndjson', fixture('schedules.ndjson'), { headers: { etag: '"s1"' } });
    put('slots.ndjson', fixture('slots.ndjson'), { headers: { etag: '"t1"' } });
    publish();
  });
  afterEach(async () => {
    for (const platform of opened.splice(0)) await platform.close();
    await site.stop();
  });

  it('reads both shapes, by relative addresses, and nothing that it does not need', async () => {
    const { rows, rejected, end } = await read(open(), BOTH, NOW);
    const seen = rows.map((row) => [
      row.kind === 'busy' ? row.busyKind : 'slot',
      row.externalId,
      row.calendar,
      formatInstant(row.interval.start).slice(11, 16),
    ]);
    expect(seen).to.deep.equal([
      ['slot', '20', 'Schedule/10', '14:00'],
      ['slot', '21', 'Schedule/10', '14:20'],
      ['appointment', '21', 'Schedule/10', '14:20'],
      ['slot', '22', 'Schedule/10', '14:40'],
      ['slot', '23', 'Schedule/11', '14:00'],
      ['hold', '23', 'Schedule/11', '14:00'],
      ['slot', '24', 'Schedule/11', '14:20'],
      ['block', '24', 'Schedule/11', '14:20'],
    ]);
    const links = rows
      .filter((row): row is ObservedSlot => row.kind === 'slot')
      .map((row) => row.attributes.bookingUrl);
    expect(links.slice(0, 3)).to.deep.equal(['https://reservation.invalid/20', null, 'tel:+15145550100']);
    expect(rejected.map(({ raw: _, ...told }) => told)).to.deep.equal([
      { externalId: '26', reason: 'start: custom; end: custom' },
    ]);
    expect(end.complete).not.to.equal(null);
    expect(asked()).to.deep.equal([MANIFEST, '/pub/schedules.ndjson', '/pub/slots.ndjson']);
  });

  it('keeps to the states and the places of the settings, and says which schedule is not there', async () => {
    const { ids, rejected } = await read(open({ locations: ['Location/1'] }), [...BOTH, 'Schedule/12'], NOW);
    expect(ids).to.deep.equal(['slot 20', 'slot 21', 'busy 21', 'slot 22']);
    expect(rejected.slice(0, 3).map(({ externalId, reason }) => `${externalId}: ${reason}`)).to.deep.equal([
      'Schedule/11: actor: none of the places in settings.locations',
      'Schedule/11: this schedule is not in the publication',
      'Schedule/12: this schedule is not in the publication',
    ]);
    asked();
    expect((await read(open({ states: ['ON'] }), BOTH, NOW)).rows).to.deep.equal([]);
    expect(asked()).to.deep.equal([MANIFEST, '/pub/schedules.ndjson']);
  });

  describe('how often it asks', () => {
    it('no more often than once a minute, and says as of when that is true', async () => {
      const platform = open();
      const first = await read(platform, BOTH, NOW);
      asked();
      await clock.advance(59 * SECOND);
      const soon = await read(platform, BOTH, clock.now(), first.end.cursor);
      expect([soon.rows, soon.end.complete, asked()]).to.deep.equal([[], null, []]);
      expect(soon.end.trueAt).to.equal(NOW);
      await clock.advance(1 * SECOND);
      publish();
      const later = await read(platform, BOTH, clock.now(), soon.end.cursor);
      // All files are as they were.
      expect([later.rows, later.end.complete]).to.deep.equal([[], null]);
      expect(later.end.trueAt).to.equal(clock.now());
      expect(asked()).to.deep.equal([MANIFEST, '/pub/schedules.ndjson', '/pub/slots.ndjson']);
    });

    it('waits where a reading begins anew within the minute', async () => {
      const platform = open();
      await read(platform, BOTH, NOW);
      asked();
      const again = read(platform, BOTH, NOW);
      await new Promise((resolve) => setImmediate(resolve));
      expect(asked()).to.deep.equal([]);
      await clock.advance(MINUTE);
      expect((await again).rows).to.have.length(8);
    });

    it('by Cache-Control where that is longer, less what a cache has used of it', async () => {
      publish(OUTPUT, {}, { 'cache-control': 'public, max-age=300', age: '120' });
      const platform = open();
      const first = await read(platform, BOTH, NOW);
      expect(first.end.trueAt).to.equal(plus(NOW, -2 * MINUTE));
      asked();
      await clock.advance(3 * MINUTE - 1);
      await read(platform, BOTH, clock.now(), first.end.cursor);
      expect(asked()).to.deep.equal([]);
      await clock.advance(1);
      await read(platform, BOTH, clock.now(), first.end.cursor);
      expect(asked()).not.to.deep.equal([]);
    });
  });

  it('reads all once a file has changed, each of them once', async () => {
    const platform = open({ everySeconds: 0 });
    const first = await read(platform, BOTH, NOW);
    put('slots.ndjson', fixture('slots.ndjson').split('\n').slice(0, 1).join('\n'), {
      headers: { etag: '"t2"' },
    });
    asked();
    const second = await read(platform, BOTH, NOW, first.end.cursor);
    expect(second.ids).to.deep.equal(['slot 20']);
    expect(second.end.complete).not.to.equal(null);
    expect(asked().filter((url) => url === '/pub/slots.ndjson')).to.have.length(1);
  });

  it('is confirmed as of what the publisher looked at, unless the settings say otherwise', async () => {
    publish(OUTPUT, { transactionTime: '2026-11-22T12:00:00Z' });
    expect((await read(open(), BOTH, NOW)).end.trueAt).to.equal(plus(NOW, -1 * DAY));
    expect((await read(open({ confirmedBy: 'download' }), BOTH, NOW)).end.trueAt).to.equal(NOW);
  });

  describe('what is not all of it', () => {
    it('is a fault where a file is gone by the time that it is fetched', async () => {
      files.delete('/pub/slots.ndjson');
      const fault = await faultOf(() => read(open(), BOTH, NOW));
      expect([fault.kind, fault.message]).to.deep.equal([
        'unavailable',
        'GET /pub/slots.ndjson: HTTP 404; it was published anew meanwhile, or was never there',
      ]);
    });

    const cutOff: Record<string, string> = {
      'a file that ends within a line': fixture('slots.ndjson').slice(0, 700),
      'a file that is a page': '<html>\n<body>maintenance</body></html>\n',
      'a file that is a list': '[{"resourceType":"Slot"',
    };
    for (const [what, body] of Object.entries(cutOff)) {
      it(`is a fault: ${what}`, async () => {
        put('slots.ndjson', body);
        expect((await faultOf(() => read(open(), BOTH, NOW))).kind).to.equal('malformed');
      });
    }

    it('is a fault where the manifest has no schedules, or addresses that are none', async () => {
      for (const output of [
        [],
        [{ type: 'Slot', url: 'slots.ndjson' }],
        [{ type: 'Schedule', url: 'file:///etc/hosts' }],
      ]) {
        publish(output);
        expect((await faultOf(() => read(open(), BOTH, NOW))).kind).to.equal('malformed');
      }
    });

    it('means nothing by what is missing beside errors, and lines without an id', async () => {
      publish(OUTPUT, { error: [{ type: 'OperationOutcome', url: 'errors.ndjson' }] });
      expect((await read(open(), BOTH, NOW)).end.complete).to.equal(null);
      publish();
      put('slots.ndjson', `${fixture('slots.ndjson')}{"resourceType":"Slot"}\n`);
      const { end, rows } = await read(open(), BOTH, NOW);
      expect([end.complete, rows.length]).to.deep.equal([null, 8]);
    });
  });

  it('fetches files of another host only where the settings name it, and without the token', async () => {
    const others = new Map([['/slots.ndjson', { body: fixture('slots.ndjson') }]]);
    const other = await host(others);
    try {
      publish([
        { type: 'Slot', url: `${other.url}/slots.ndjson` },
        { type: 'Schedule', url: 'schedules.ndjson' },
      ]);
      const refused = await faultOf(() => read(open(), BOTH, NOW));
      expect(refused.kind).to.equal('forbidden');
      expect(other.received).to.deep.equal([]);
      const { rows } = await read(open({ hosts: [new URL(other.url).host] }), BOTH, NOW);
      expect(rows).to.have.length(8);
      expect(other.received.map(({ headers }) => headers.authorization)).to.deep.equal([undefined]);
      expect(site.received[0]?.headers.authorization).to.equal('Bearer k');
    } finally {
      await other.stop();
    }
  });

  it('keeps no file in memory: a line that does not end is set aside, and pages come as they are read', async () => {
    const line = (id: number) =>
      `{"resourceType":"Slot","id":"n${id}","schedule":{"reference":"Schedule/10"},"status":"free","start":"2026-11-24T14:00:00Z","end":"2026-11-24T14:20:00Z"}\n`;
    const many = Array.from({ length: 20_000 }, (_, id) => line(id));
    put(
      'slots.ndjson',
      `${many.slice(0, 10).join('')}"${'x'.repeat(3_000_000)}"\n${many.slice(10).join('')}`,
    );
    const { pages, rows, rejected, end } = await read(open(), BOTH, NOW);
    expect([rows.length, rejected.length, end.complete]).to.deep.equal([20_000, 1, null]);
    for (const page of pages) if (page.kind === 'rows') expect(page.rows.length).to.be.at.most(501);
  });

  it('gives no link that is none, and says so', async () => {
    const slot = (value: string) =>
      `{"resourceType":"Slot","id":"1","schedule":{"reference":"Schedule/10"},"status":"free","start":"2026-11-24T14:00:00Z","end":"2026-11-24T14:20:00Z","extension":[{"url":"x/booking-deep-link","valueUrl":${value}}]}\n`;
    for (const value of ['"javascript:alert(1)"', '12', '"https://"', `"https://x/${'y'.repeat(2_000)}"`]) {
      put('slots.ndjson', slot(value));
      const { rows, rejected } = await read(open(), ['Schedule/10'], NOW);
      expect(rows[0]?.kind === 'slot' && rows[0].attributes.bookingUrl, value).to.equal(null);
      expect(rejected.map(({ reason }) => reason)).to.deep.equal([
        'booking-deep-link: no address of the web',
      ]);
    }
  });

  describe('the examples of the specification', () => {
    before(requireServer('../shared/fixtures/smart-scheduling-links', existsSync(SAMPLES)));
    it('are read, every line', async () => {
      const sample = (name: string) => readFileSync(resolve(SAMPLES, name), 'utf8');
      put('schedules.ndjson', sample('schedules.ndjson'));
      put('slots.ndjson', sample('slots-2021-W09.ndjson'));
      const calendars = Array.from({ length: 10 }, (_, index) => `Schedule/${10 + index}`);
      const { rows, rejected } = await read(open(), calendars, NOW);
      const lines = sample('slots-2021-W09.ndjson').trim().split('\n');
      expect([rows.filter(({ kind }) => kind === 'slot').length, rejected]).to.deep.equal([lines.length, []]);
      expect(rows[0]?.kind === 'slot' && rows[0].attributes.bookingUrl).to.equal(
        'https://ehr-portal.example.org/bookings?slot=1000000',
      );
    });
  });
});

describe('smart-scheduling-links: Passerelle’s own publication', () => {
  for (const query of ['', '?_profile=ssl']) {
    it(`is read as it is served at $bulk-publish${query}`, async () => {
      const served = await serve();
      const platform = connect(
        { url: `${served.url}/fhir/$bulk-publish${query}`, token: TOKEN },
        manualClock(SERVED_NOW),
      );
      try {
        const calendars = [...new Set(served.world.slots.map(({ scheduleId }) => `Schedule/${scheduleId}`))];
        const { rows, rejected, end } = await read(platform, calendars, SERVED_NOW);
        const ahead = served.world.slots.filter(({ startMs }) => startMs >= SERVED_NOW);
        const slots = rows.filter(({ kind }) => kind === 'slot');
        expect(slots).not.to.deep.equal([]);
        expect(slots.map(({ externalId }) => externalId)).to.have.members(ahead.map(({ id }) => id));
        const taken = rows.filter(({ kind }) => kind === 'busy').map(({ externalId }) => externalId);
        for (const { id, status } of ahead) if (status !== 'free') expect(taken).to.include(id);
        expect(rejected).to.deep.equal([]);
        expect(end.complete).not.to.equal(null);
      } finally {
        await platform.close();
        await served.close();
      }
    });
  }
});
