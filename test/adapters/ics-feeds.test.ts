import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import adapter from '../../adapters/ics/adapter.ts';
import { type FeedServer, PASSWORD, startFeedServer, USERNAME } from '../../adapters/ics/bench/server.ts';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import { addressOf } from '../../src/adapter/documents/address.ts';
import type { Page } from '../../src/adapter/observation.ts';
import { DAY, HOUR, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { loopback } from '../support/loopback.ts';
import { faultOf } from '../support/platform-http.ts';
import { requireServer } from '../support/servers.ts';

const SAMPLES = resolve(process.env['PASSERELLE_FIXTURES'] ?? '../shared/fixtures', 'icalendar');
const CLINIC = readFileSync(new URL('../../adapters/ics/fixtures/clinique.ics', import.meta.url), 'utf8');
const NOW = parseInstant('2026-11-23T05:00:00Z');
const CALENDAR = 'dre-exemple';

const event = (uid: string, ...lines: string[]): string =>
  ['BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20261101T000000Z', ...lines, 'END:VEVENT'].join('\r\n');
const feed = (...components: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...components, 'END:VCALENDAR', ''].join('\r\n');
const at = (start: string): string[] => [`DTSTART:${start}`, 'DURATION:PT30M'];
const FINE = event('fine', ...at('20261124T140000Z'));

describe('ics: feeds as they come', () => {
  let server: FeedServer;
  let platform: Platform;
  let clock: ReturnType<typeof manualClock>;

  const connect = (more: object = {}): Platform =>
    adapter.connect({
      connectionId: 'ics',
      settings: adapter.manifest.settings.parse({
        calendars: {
          [CALENDAR]: { url: server.url + server.path, username: USERNAME, password: PASSWORD, ...more },
        },
      }),
      limits: { ...adapter.manifest.limits, timeoutMilliseconds: 2_000 },
      pace: (call) => call(),
      targets: loopback,
      environment: { clock, random: { next: () => 0.5 }, ids: { next: () => '' } },
      maps: codeMaps([]),
      zoneOf: () => 'America/Toronto',
      transport: undefined,
    });

  beforeEach(async () => {
    clock = manualClock(NOW);
    server = await startFeedServer();
    platform = connect();
  });
  afterEach(async () => {
    await platform.close();
    await server.stop();
  });

  async function read(cursor: string | null = null, by = platform, days = 14) {
    const pages: Page[] = [];
    const window = { start: clock.now(), end: plus(clock.now(), days * DAY) };
    const signal = new AbortController().signal;
    for await (const page of by.read({ calendars: [CALENDAR], cursor, window, signal })) pages.push(page);
    const rows = pages.flatMap((page) => (page.kind === 'rows' ? page.rows : []));
    const rejected = pages.flatMap((page) => (page.kind === 'rows' ? page.rejected : []));
    const end = pages.at(-1);
    if (end?.kind !== 'end') throw new Error(`it ended with ${end?.kind}`);
    return {
      rows,
      rejected,
      end,
      times: rows.map(({ interval }) => new Date(interval.start).toISOString()).sort(),
    };
  }
  const publish = async (content: string | Buffer, by = platform) => {
    await server.write(content);
    return read(null, by);
  };

  it('reads its fixture: zones, overrides, events without UID, and what takes no time', async () => {
    const { times, rows, rejected, end } = await publish(
      CLINIC,
      connect({ owner: 'dre.exemple@example.invalid' }),
    );
    expect(times).to.deep.equal([
      '2026-11-23T14:00:00.000Z', // 09:00 in Toronto
      '2026-11-23T18:00:00.000Z', // 13:00 in the zone that the file defines
      '2026-11-23T19:00:00.000Z',
      '2026-11-23T21:00:00.000Z', // 30 February never comes; its first instance does (3.8.5.3)
      // Tuesday is excepted, by 15:00 in Paris; Wednesday is moved, by an instant of UTC.
      '2026-11-25T16:00:00.000Z', // 11:00 in Toronto
      '2026-11-26T14:00:00.000Z',
      '2026-11-26T14:00:00.000Z', // of VFREEBUSY
      '2026-11-26T16:00:00.000Z',
      '2026-11-26T17:00:00.000Z',
      '2026-11-27T14:00:00.000Z',
    ]);
    expect(
      rows.filter(({ kind }) => kind === 'busy').map((row) => row.kind === 'busy' && row.busyKind),
    ).to.include('block');
    expect(rejected.map(({ reason }) => reason)).to.deep.equal([
      'vevent.dtstart: TZID names no known zone and defines none',
      'vevent.rrule: more instances than can be expanded',
    ]);
    expect(end.complete).not.to.equal(null);
    expect(new Set(rows.map(({ externalId }) => externalId)).size).to.equal(rows.length);
    expect(JSON.stringify(rows)).not.to.contain('example.invalid');
  });

  it('gives the same events the same names when the feed is written anew in another order', async () => {
    const parts = CLINIC.split(/(?=BEGIN:VEVENT)/);
    const [head = '', ...events] = parts.slice(0, -1);
    const before = await publish(CLINIC);
    const shuffled = [head, ...events.toReversed(), parts.at(-1) ?? ''].join('');
    const after = await publish(shuffled.replaceAll('DTSTAMP:20261101', 'DTSTAMP:20261103'));
    const names = (all: typeof before) => all.rows.map(({ externalId }) => externalId).sort();
    expect(names(after)).to.deep.equal(names(before));
  });

  describe('what is not a whole feed is a fault, and never an empty agenda', () => {
    const faults: Record<string, string | Buffer> = {
      'no content': '',
      'only blank lines': '\r\n\r\n',
      'a feed without its end': CLINIC.slice(0, CLINIC.lastIndexOf('END:VCALENDAR')),
      'a feed cut off in the middle of a line': CLINIC.slice(0, 900),
      'a feed that begins with another': CLINIC.slice(30),
      'a page': '<!DOCTYPE html><html><body>Ouvrir une session</body></html>',
      'more after its end': `${feed(FINE)}<!-- cached -->`,
      'not in the character set that it says': Buffer.from([0xff, 0xfe, 0x00]),
    };
    for (const [what, content] of Object.entries(faults)) {
      it(what, async () => {
        await server.write(content);
        expect((await faultOf(() => read())).kind).to.equal('malformed');
      });
    }

    it('a second calendar that is cut off', async () => {
      await server.write(feed(FINE) + feed(FINE).slice(0, 40));
      expect((await faultOf(() => read())).message).to.contain('END:VCALENDAR');
    });

    it('an answer that is shorter than it says, or longer than any agenda', async () => {
      await server.write(feed(FINE));
      server.headers = { 'content-length': '9000' };
      expect((await faultOf(() => read())).kind).to.equal('unavailable');
      server.headers = {};
      await server.write(Buffer.alloc(17 * 1024 * 1024, 'x'));
      expect((await faultOf(() => read())).message).to.contain('too long');
    });

    it('a character set that nobody knows', async () => {
      await server.write(feed(FINE));
      server.headers = { 'content-type': 'text/calendar; charset=klingon' };
      expect((await faultOf(() => read())).message).to.contain('character set');
    });

    it('an address that is no more, and it is not told which', async () => {
      await server.write(feed(FINE));
      const lost = connect({ url: `${server.url}/partage/ancienne-adresse-secrete.ics` });
      for (const call of [() => read(null, lost), () => lost.check(new AbortController().signal)]) {
        const fault = await faultOf(call);
        expect(fault.kind).to.equal('unauthorized');
        expect(fault.message).not.to.contain('secrete');
      }
    });
  });

  it('is read whatever its media type, line ends, marks and character set', async () => {
    const text = feed(event('été', 'SUMMARY:Réunion', ...at('20261124T140000Z')));
    const forms: readonly [content: Buffer, contentType: string | null][] = [
      [Buffer.from(`\uFEFF${text}`), 'text/plain'],
      [Buffer.from(text), 'application/octet-stream'],
      [Buffer.from(text), null],
      [Buffer.from(text.replaceAll('\r\n', '\n')), 'text/calendar'],
      [Buffer.from(text.replaceAll('\r\n', '\r')), 'text/calendar'],
      [Buffer.from(`\r\n${text}\r\n\r\n`), 'text/calendar'],
      [Buffer.from(`\uFEFF${text}`, 'utf16le'), 'text/calendar'],
      [Buffer.from(text, 'latin1'), 'text/calendar; charset=ISO-8859-1'],
      [Buffer.from(text, 'latin1'), 'text/calendar'],
      [Buffer.from(text.replace('DTSTART', 'DTS\r\n TA\r\n\tRT')), 'text/calendar'],
    ];
    const names = new Set<string>();
    for (const [content, contentType] of forms) {
      server.headers = { 'content-type': contentType };
      const { rows, times, rejected } = await publish(content);
      expect([times, rejected], String(contentType)).to.deep.equal([['2026-11-24T14:00:00.000Z'], []]);
      for (const { externalId } of rows) names.add(externalId);
    }
    expect(names.size).to.equal(1);
  });

  describe('a feed that did not change', () => {
    it('costs one request without a body, and gives no rows', async () => {
      const first = await publish(feed(FINE));
      server.answered.length = 0;
      const second = await read(first.end.cursor);
      expect([second.rows, second.end.complete]).to.deep.equal([[], null]);
      expect(server.answered).to.deep.equal([304]);
      const third = await publish(feed(FINE, event('more', ...at('20261125T140000Z'))));
      expect(third.end.complete).not.to.equal(null);
    });

    it('is known by its Last-Modified where there is no ETag, unless that is of just now', async () => {
      server.headers = { etag: null };
      const fresh = await publish(feed(FINE));
      // Changed once more within the second.
      await server.write(feed());
      const changed = await read(fresh.end.cursor);
      expect([changed.rows, changed.end.complete === null]).to.deep.equal([[], false]);
      await server.write(feed(FINE), new Date(Date.now() - HOUR));
      const settled = await read();
      server.answered.length = 0;
      const again = await read(settled.end.cursor);
      expect([again.rows, again.end.complete, server.answered]).to.deep.equal([[], null, [304]]);
    });

    it('is known by what it says where the server has no validators and writes it anew each time', async () => {
      server.headers = { etag: null, 'last-modified': null };
      const first = await publish(feed(FINE));
      server.answered.length = 0;
      await server.write(feed(FINE).replace('DTSTAMP:20261101', 'DTSTAMP:20261123'));
      const second = await read(first.end.cursor);
      expect([second.rows, second.end.complete, server.answered]).to.deep.equal([[], null, [200]]);
      await server.write(feed());
      const third = await read(second.end.cursor);
      expect([third.rows, third.end.complete === null]).to.deep.equal([[], false]);
    });

    it('is read whole all the same once new days came into view', async () => {
      const weekly = event('weekly', ...at('20261101T140000Z'), 'RRULE:FREQ=DAILY');
      const first = await publish(feed(weekly));
      expect(first.times).to.have.length(15);
      await clock.advance(2 * DAY);
      const second = await read(first.end.cursor);
      expect(second.times.at(-1)).to.equal('2026-12-09T14:00:00.000Z');
      expect(second.end.complete).not.to.equal(null);
    });

    it('is confirmed as of when a cache had it', async () => {
      server.headers = { age: '600' };
      const first = await publish(feed(FINE));
      expect(first.end.trueAt).to.equal(plus(NOW, -10 * MINUTE));
      expect((await read(first.end.cursor)).end.trueAt).to.equal(plus(NOW, -10 * MINUTE));
      server.headers = {};
      expect((await read(first.end.cursor)).end.trueAt).to.equal(undefined);
    });
  });

  it('sets one event aside and reads the others, and then knows what absence means', async () => {
    const named = await publish(feed(FINE, event('bad', 'DTSTART:20261124T1400', 'DURATION:PT30M')));
    expect([named.times.length, named.rejected.length]).to.deep.equal([1, 1]);
    expect(named.end.complete).not.to.equal(null);
    for (const broken of [
      // No UID, an event that never ends, and one instance of a series.
      'BEGIN:VEVENT\r\nDTSTART\r\nEND:VEVENT',
      'BEGIN:VEVENT\r\nDTSTART:20261124T180000Z',
      event('fine', 'RECURRENCE-ID:20261124T140000Z', 'no property'),
    ]) {
      const { times, rejected, end } = await publish(feed(broken, FINE));
      expect([times.length, rejected.length, end.complete], broken).to.deep.equal([1, 1, null]);
    }
  });

  it('tells two events of one UID apart, and keeps both', async () => {
    const { rows } = await publish(feed(FINE, event('fine', ...at('20261125T140000Z'))));
    expect(new Set(rows.map(({ externalId }) => externalId)).size).to.equal(2);
  });

  it('offers the slots of a VAVAILABILITY in the feed, and of none that cannot be read', async () => {
    const offering = connect({ availability: { kind: 'vavailability', slotMinutes: 30 } });
    const availability = (start: string) =>
      [
        ...['BEGIN:VAVAILABILITY', 'UID:hours', 'DTSTAMP:20261101T000000Z', 'BEGIN:AVAILABLE', 'UID:morning'],
        ...[`DTSTART;TZID=America/Toronto:${start}`, 'DURATION:PT1H', 'END:AVAILABLE', 'END:VAVAILABILITY'],
      ].join('\r\n');
    const { times, end } = await publish(feed(availability('20261124T090000')), offering);
    expect(times).to.deep.equal(['2026-11-24T14:00:00.000Z', '2026-11-24T14:30:00.000Z']);
    expect(end.complete).not.to.equal(null);
    const bad = await publish(feed(availability('20261124T0')), offering);
    expect([bad.times, bad.rejected.length, bad.end.complete]).to.deep.equal([[], 1, null]);
  });

  it('is bounded, however much its rules ask for', async () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      event(`rule-${index}`, 'DTSTART:20261123T060000Z', 'DURATION:PT1M', 'RRULE:FREQ=MINUTELY;INTERVAL=12'),
    );
    expect((await publish(feed(...many.slice(0, 20)))).rows.length).to.be.within(20_000, 50_000);
    await server.write(feed(...many));
    expect((await faultOf(() => read())).message).to.contain('more than 50000');
  });

  it('takes an address of webcal: for one of https:, and none with a password in it', () => {
    expect(addressOf('webcal://clinique.example/a.ics?k=1')).to.deep.equal({
      origin: 'https://clinique.example',
      path: '/a.ics?k=1',
    });
    expect(addressOf('WEBCAL://clinique.example//a.ics')?.path).to.equal('/a.ics');
    for (const url of ['https://u:p@clinique.example/a.ics', 'ftp://clinique.example/a.ics', 'a.ics', '']) {
      expect(addressOf(url), url).to.equal(null);
    }
  });

  describe('the samples of ical.js', () => {
    before(requireServer('../shared/fixtures/icalendar', existsSync(SAMPLES)));
    it('are read, each of them', async () => {
      const outcomes = new Map<string, number>();
      for (const name of readdirSync(SAMPLES).filter((each) => each.endsWith('.ics'))) {
        await server.write(readFileSync(resolve(SAMPLES, name)));
        const start = parseInstant('2012-01-01T00:00:00Z');
        const window = { start, end: plus(start, 366 * DAY) };
        const request = { calendars: [CALENDAR], cursor: null, window, signal: AbortSignal.timeout(9_000) };
        const pages: Page[] = [];
        const outcome = await (async () => {
          for await (const page of platform.read(request)) pages.push(page);
          return pages.some((page) => page.kind === 'rows' && page.rejected.length > 0)
            ? 'set aside'
            : 'read';
        })().catch((error: Error) => error.message);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        for (const row of pages.flatMap((page) => (page.kind === 'rows' ? page.rows : []))) {
          expect(row.interval.start, name).to.be.lessThan(row.interval.end);
          expect(row.interval.end, name).to.be.greaterThan(start);
          expect(row.interval.start, name).to.be.lessThan(window.end + DAY + HOUR);
        }
      }
      console.log([...outcomes]);
      expect(outcomes.get('read')).to.be.greaterThan(30);
    });
  });
});
