import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AxiosAdapter } from 'axios';
import { expect } from 'chai';
import { seriesIn } from '../../adapters/caldav/cursor.ts';
import { markOf } from '../../src/adapter/observation.ts';
import { DAY, parseInstant, plus } from '../../src/domain/instant.ts';
import {
  at,
  connect,
  faultOf,
  ics,
  must,
  NOW,
  network,
  onEachServer,
  type Read,
  read,
  startsOf,
  timed,
  WINDOW,
} from '../support/caldav-client.ts';
import { freePort, requireServer } from '../support/servers.ts';

const SAMPLES = resolve(process.env['PASSERELLE_FIXTURES'] ?? '../shared/fixtures', 'icalendar');

onEachServer('reading', (bench) => {
  it('reads all, in rows of single events, blocks, series and rejections', async () => {
    const { server, calendar, platformWith, put } = bench();
    await put('one.ics', timed('one', '20261124T142000Z', '20261124T144000Z'));
    await put('day.ics', ics('day', 'DTSTART;VALUE=DATE:20261125'));
    await put('free.ics', timed('free', '20261124T150000Z', '20261124T160000Z', 'TRANSP:TRANSPARENT'));
    await put('off.ics', timed('off', '20261124T150000Z', '20261124T160000Z', 'STATUS:CANCELLED'));
    await put('old.ics', timed('old', '20200124T150000Z', '20200124T160000Z'));
    await put('far.ics', timed('far', '20270624T150000Z', '20270624T160000Z'));
    await put(
      'weekly.ics',
      timed('weekly', '20261102T170000Z', '20261102T180000Z', 'RRULE:FREQ=WEEKLY;COUNT=5'),
    );
    await put('lost.ics', ics('lost', 'DTSTART;TZID=Nowhere/Town:20261124T090000', 'DURATION:PT30M'));
    const found = await read(platformWith(), calendar);
    const byId = new Map(found.rows.map((row) => [row.externalId.slice(calendar.length), row]));
    expect([...byId.keys()].sort()).to.deep.equal([
      ...['day.ics', 'far.ics', 'one.ics'],
      'weekly.ics#2026-11-23T17:00:00.000Z',
      'weekly.ics#2026-11-30T17:00:00.000Z',
    ]);
    expect(byId.get('one.ics')).to.include({
      kind: 'busy',
      busyKind: 'appointment',
      calendar,
      mark: null,
    });
    expect(byId.get('one.ics')?.interval).to.deep.equal(at('2026-11-24T14:20:00Z', 20));
    // The local day, 00:00 to 00:00 in Toronto.
    expect(byId.get('day.ics')).to.include({ busyKind: 'block' });
    expect(byId.get('day.ics')?.interval).to.deep.equal(at('2026-11-25T05:00:00Z', 24 * 60));
    expect(byId.get('one.ics')?.revision).to.equal((await server.raw('GET', `${calendar}one.ics`)).etag);
    expect(found.complete?.start).to.equal(WINDOW.start);
    expect(found.complete?.end).to.be.at.least(WINDOW.end);
    // Its zone is unknown: set aside, and never read as UTC.
    expect(found.rejected).to.deep.equal([`${calendar}lost.ics`]);
  });

  it('gives what another client put, moved and deleted since the cursor, and nothing else', async () => {
    const { server, calendar, platformWith, put } = bench();
    await put('one.ics', timed('one', '20261124T140000Z', '20261124T143000Z'));
    await put('two.ics', timed('two', '20261124T150000Z', '20261124T153000Z'));
    const platform = platformWith();
    const all = await read(platform, calendar);
    const quiet = await read(platform, calendar, all.cursor);
    expect(quiet).to.deep.include({ rows: [], removed: [], complete: null, expired: false });

    await put('three.ics', timed('three', '20261126T140000Z', '20261126T143000Z'));
    const added = await read(platform, calendar, quiet.cursor);
    expect(added.rows.map((row) => row.externalId)).to.deep.equal([`${calendar}three.ics`]);

    await put('one.ics', timed('one', '20261127T160000Z', '20261127T163000Z'));
    const moved = await read(platform, calendar, added.cursor);
    expect(moved.rows.map((row) => row.externalId)).to.deep.equal([`${calendar}one.ics`]);
    expect(startsOf(moved)).to.deep.equal(['2026-11-27T16:00:00.000Z']);

    await server.raw('DELETE', `${calendar}two.ics`);
    await put('three.ics', timed('three', '20261126T140000Z', '20261126T143000Z', 'STATUS:CANCELLED'));
    const gone = await read(platform, calendar, moved.cursor);
    expect(gone.rows).to.deep.equal([]);
    expect([...gone.removed].sort()).to.deep.equal([`${calendar}three.ics`, `${calendar}two.ics`]);
    // An older cursor of the same calendar still tells the whole of it.
    const late = await read(platform, calendar, all.cursor);
    expect(late.expired || late.removed.includes(`${calendar}two.ics`)).to.equal(true);
  });

  it('loses nothing that is put while it reads', async () => {
    const { calendar, platformWith, put } = bench();
    await put('one.ics', timed('one', '20261124T140000Z', '20261124T143000Z'));
    const platform = platformWith();
    const all = await read(platform, calendar, null, WINDOW, () =>
      put('meanwhile.ics', timed('meanwhile', '20261124T160000Z', '20261124T163000Z')),
    );
    const delta = await read(platform, calendar, all.cursor);
    // DAViCal 1.1 tells the change again in which it made the token, as it would if it had forgotten the token.
    const next = delta.expired ? await read(platform, calendar) : delta;
    expect([...all.rows, ...next.rows].map((row) => row.externalId)).to.include(`${calendar}meanwhile.ics`);
  });

  it('says that a cursor expired when the server refuses the token, or the settings are others now', async () => {
    const { calendar, platformWith, put } = bench();
    await put('one.ics', timed('one', '20261124T140000Z', '20261124T143000Z'));
    const platform = platformWith();
    const { cursor } = await read(platform, calendar);
    const forged = JSON.stringify({
      ...JSON.parse(cursor ?? ''),
      token: 'http://example.org/no-such-token',
    });
    for (const bad of [forged, 'not a cursor', '{}']) {
      expect((await read(platform, calendar, bad)).expired, bad).to.equal(true);
    }
    const asBlocks = platformWith({ settings: { events: 'block' } });
    expect((await read(asBlocks, calendar, cursor)).expired).to.equal(true);
    const anew = await read(asBlocks, calendar);
    expect(anew.rows.map((row) => row.kind === 'busy' && row.busyKind)).to.deep.equal(['block']);
  });

  it('misses no deletion on a server that answers a forgotten token with a list of everything', async () => {
    const { server, calendar, platformWith, put } = bench();
    await put('one.ics', timed('one', '20261124T140000Z', '20261124T143000Z'));
    await put('two.ics', timed('two', '20261124T150000Z', '20261124T153000Z'));
    const { cursor } = await read(platformWith(), calendar);
    await server.raw('DELETE', `${calendar}two.ics`);
    // As DAViCal 1.1 does after a week: the token is passed over, and the answer is that of the first synchronization.
    const forgetful: AxiosAdapter = (config) =>
      network({ ...config, data: String(config.data).replace(/<d:sync-token>[^<]*/, '<d:sync-token>') });
    const found = await read(platformWith({ transport: forgetful }), calendar, cursor);
    expect(found.expired).to.equal(true);
  });

  it('takes an answer that it cannot read for a fault, never for an empty calendar', async () => {
    const { calendar, platformWith, put } = bench();
    await put('one.ics', timed('one', '20261124T140000Z', '20261124T143000Z'));
    for (const data of ['<html>a proxy says hello</html>', '', '<d:multistatus xmlns:d="DAV:"/>']) {
      const transport: AxiosAdapter = async (config) => ({
        data,
        status: 207,
        statusText: '',
        headers: {},
        config,
      });
      expect(await faultOf(read(platformWith({ transport }), calendar)), data).to.equal('malformed');
    }
  });

  it('goes on where a list of changes was cut, and gives up on a whole list that was', async () => {
    const { calendar, platformWith, put } = bench();
    await put('zero.ics', timed('zero', '20261124T130000Z', '20261124T133000Z'));
    await put('one.ics', timed('one', '20261124T140000Z', '20261124T143000Z'));
    const { cursor } = await read(platformWith(), calendar);
    await put('two.ics', timed('two', '20261124T150000Z', '20261124T153000Z'));
    const cut = `<r:response xmlns:r="DAV:"><r:href>${calendar}</r:href><r:status>HTTP/1.1 507 x</r:status></r:response>`;
    let answered = 0;
    const cutting = (times: number, name: string): AxiosAdapter => {
      answered = 0;
      return async (config) => {
        const answer = await network(config);
        if (!String(config.data).includes(name) || answered >= times) return answer;
        answered += 1;
        await put('three.ics', timed('three', '20261124T160000Z', '20261124T163000Z'));
        return {
          ...answer,
          data: String(answer.data).replace(/<\/[^>]*multistatus>\s*$/, (end) => cut + end),
        };
      };
    };
    const found = await read(platformWith({ transport: cutting(1, 'sync-collection') }), calendar, cursor);
    expect(found.rows.map((row) => row.externalId.slice(calendar.length)).sort()).to.deep.equal([
      'three.ics',
      'two.ics',
    ]);
    expect(answered).to.equal(1);
    expect(await faultOf(read(platformWith({ transport: cutting(9, 'resourcetype') }), calendar))).to.equal(
      'malformed',
    );
  });

  it('reads all again on any change when there were more series than a cursor holds', async () => {
    const { calendar, platformWith, put } = bench();
    await put('one.ics', timed('one', '20261124T140000Z', '20261124T143000Z'));
    const platform = platformWith();
    const { cursor } = await read(platform, calendar);
    const full = JSON.stringify({ ...JSON.parse(cursor ?? ''), series: null });
    expect((await read(platform, calendar, full)).expired).to.equal(false);
    await put('two.ics', timed('two', '20261124T150000Z', '20261124T153000Z'));
    expect((await read(platform, calendar, full)).expired).to.equal(true);
    const names = Array.from({ length: 501 }, (_, index) => `/c/${index}.ics`);
    expect(seriesIn('/c/', names)).to.equal(null);
    expect(seriesIn('/c/', names.slice(1))).to.have.length(500);
  });

  it('reads again when a series changed, and names the old row of an event that became one', async () => {
    const { server, calendar, platformWith, put } = bench();
    const weekly = (uid: string, ...lines: string[]) =>
      timed(uid, '20261125T140000Z', '20261125T143000Z', 'RRULE:FREQ=WEEKLY', ...lines);
    await put('series.ics', weekly('series'));
    await put('single.ics', timed('single', '20261126T140000Z', '20261126T143000Z'));
    const platform = platformWith();
    const all = await read(platform, calendar);
    expect(all.rows).to.have.length(5);
    await put(
      'single.ics',
      timed('single', '20261126T140000Z', '20261126T143000Z', 'RRULE:FREQ=WEEKLY;COUNT=2'),
    );
    const became = await read(platform, calendar, all.cursor);
    expect(became.removed).to.deep.equal([`${calendar}single.ics`]);
    expect(startsOf(became)).to.deep.equal(['2026-11-26T14:00:00.000Z', '2026-12-03T14:00:00.000Z']);
    await put('series.ics', weekly('series', 'EXDATE:20261202T140000Z'));
    expect((await read(platform, calendar, became.cursor)).expired).to.equal(true);
    const anew = await read(platform, calendar);
    expect(startsOf(anew)).not.to.include('2026-12-02T14:00:00.000Z');
    await server.raw('DELETE', `${calendar}series.ics`);
    expect((await read(platform, calendar, anew.cursor)).expired).to.equal(true);
  });

  it('brings the instances and slots of the days that come into the window, though nothing changed', async () => {
    const { calendar, platformWith, put } = bench();
    const hours = [{ weekdays: ['MO', 'TU', 'WE', 'TH', 'FR'], from: '09:00', to: '10:00' }];
    const availability = { kind: 'plan', hours, slotMinutes: 30, horizonDays: 2 };
    const settings = { calendars: { [calendar]: { availability } } };
    await put('daily.ics', timed('daily', '20261124T170000Z', '20261124T180000Z', 'RRULE:FREQ=DAILY'));
    const window = { start: NOW, end: plus(NOW, 2 * DAY) };
    const all = await read(platformWith({ settings }), calendar, null, window);
    const slots = (found: Read) =>
      found.rows.filter((row) => row.kind === 'slot').map((row) => row.externalId);
    // 09:00 and 09:30 in Toronto are 14:00Z and 14:30Z.
    expect(slots(all)).to.deep.equal([
      `${calendar}#2026-11-23T14:00:00.000Z`,
      `${calendar}#2026-11-23T14:30:00.000Z`,
      `${calendar}#2026-11-24T14:00:00.000Z`,
      `${calendar}#2026-11-24T14:30:00.000Z`,
    ]);
    const tomorrow = { start: plus(NOW, DAY), end: plus(NOW, 3 * DAY + 60_000) };
    const rolled = await read(
      platformWith({ settings, now: plus(NOW, DAY) }),
      calendar,
      all.cursor,
      tomorrow,
    );
    expect(slots(rolled)).to.deep.equal([
      `${calendar}#2026-11-25T14:00:00.000Z`,
      `${calendar}#2026-11-25T14:30:00.000Z`,
    ]);
    const busy = [...all.rows, ...rolled.rows].filter((row) => row.kind === 'busy');
    expect(busy.map((row) => row.externalId)).to.include(`${calendar}daily.ics#2026-11-26T17:00:00.000Z`);
    const again = await read(
      platformWith({ settings, now: plus(NOW, DAY) }),
      calendar,
      rolled.cursor,
      tomorrow,
    );
    expect(again.rows).to.deep.equal([]);
  });

  it('reads whatever the server takes of the published samples, one by one', async function () {
    const { server, calendar, platformWith } = bench();
    await requireServer(`published iCalendar samples (${SAMPLES})`, existsSync(SAMPLES)).call(this);
    const since2010 = { start: parseInstant('2010-01-01T00:00:00Z'), end: WINDOW.end };
    const known = new Set<string>();
    for (const name of readdirSync(SAMPLES)) {
      const body = readFileSync(resolve(SAMPLES, name), 'utf8');
      const headers = { 'content-type': 'text/calendar; charset=utf-8' };
      const { status } = await server.raw('PUT', calendar + name, { headers, body });
      if (status === 201 || status === 204) known.add(calendar + name);
    }
    expect(known.size).to.be.greaterThan(10);
    const found = await read(platformWith(), calendar, null, since2010);
    const seen = new Set(
      [...found.rows.map((row) => row.externalId), ...found.rejected].map((id) => id?.split('#')[0]),
    );
    for (const id of seen) expect(known.has(id ?? ''), id).to.equal(true);
    for (const name of ['duration_instead_of_dtend', 'daily_recur', 'multiple_rrules', 'utc_negative_zero']) {
      expect(seen.has(`${calendar}${name}.ics`), name).to.equal(true);
    }
  });

  it('tells what stands in its way: password, no such calendar, no server', async () => {
    const { server, calendar, platformWith } = bench();
    const signal = new AbortController().signal;
    await platformWith().check(signal);
    const stranger = platformWith({ settings: { password: 'wrong' } });
    expect(await faultOf(stranger.check(signal))).to.equal('unauthorized');
    expect(await faultOf(read(stranger, calendar))).to.equal('unauthorized');
    const command = { calendar, mark: markOf('m'), interval: at('2026-11-24T14:00:00Z'), known: null };
    expect(await faultOf(must(stranger, 'block')(command))).to.equal('unauthorized');
    expect(await faultOf(read(platformWith(), `${calendar}nowhere/`))).to.equal('malformed');
    const { cursor } = await read(platformWith(), calendar);
    await server.raw('DELETE', calendar);
    expect(await faultOf(read(platformWith(), calendar))).to.equal('malformed');
    expect(await faultOf(read(platformWith(), calendar, cursor))).to.equal('malformed');
    const gone = platformWith({ settings: { calendars: { [calendar]: {} } } });
    expect(await faultOf(gone.check(signal))).to.equal('malformed');
    expect(await faultOf(read(platformWith(), 'https://elsewhere.example/c/'))).to.equal('malformed');
    const down = connect(`http://127.0.0.1:${await freePort()}`);
    expect(await faultOf(down.check(signal))).to.equal('unavailable');
    expect(await faultOf(read(down, calendar))).to.equal('unavailable');
    expect(await faultOf(must(down, 'block')(command))).to.equal('unavailable');
    await down.close();
  });
});
