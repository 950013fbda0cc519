import type { AxiosAdapter } from 'axios';
import { expect } from 'chai';
import { manifest } from '../../adapters/caldav/manifest.ts';
import { slotsOfAvailability } from '../../src/adapter/icalendar/availability.ts';
import { localDay, slotsOfPlan } from '../../src/adapter/icalendar/plan.ts';
import type { Supply, WorkingPlan } from '../../src/adapter/icalendar/settings.ts';
import { createZones } from '../../src/adapter/icalendar/zones.ts';
import { toOffset } from '../../src/adapter/zone.ts';
import { DAY, parseInstant, plus } from '../../src/domain/instant.ts';
import { NOW, network, onEachServer, type Read, read, WINDOW, ZONE } from '../support/caldav-client.ts';

const weekdaysOf = (uid: string, from: string, to: string, ...own: string[]): string =>
  [
    ...['BEGIN:VAVAILABILITY', `UID:${uid}`, 'DTSTAMP:20261001T000000Z', ...own],
    ...['BEGIN:AVAILABLE', `UID:${uid}-1`, 'DTSTAMP:20261001T000000Z'],
    ...[`DTSTART;TZID=America/Toronto:20261005T${from}`, `DTEND;TZID=America/Toronto:20261005T${to}`],
    ...['RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'END:AVAILABLE', 'END:VAVAILABILITY'],
  ].join('\r\n');

const supply = (availability: unknown): Supply => {
  const settings = manifest.settings.parse({
    ...{ serverUrl: 'https://dav.example.org/', token: 'made-up' },
    calendars: { '/c/': { availability } },
  });
  const found = settings.calendars['/c/']?.availability;
  if (!found) throw new Error('no availability');
  return found;
};

describe('caldav: working plan', () => {
  const plan = (hours: object): WorkingPlan => {
    const found = supply({ kind: 'plan', slotMinutes: 30, attributes: { mode: 'phone' }, hours: [hours] });
    if (found.kind !== 'plan') throw new Error('no plan');
    return found;
  };
  const night = (day: string) => {
    const from = localDay(parseInstant(`${day}T12:00:00Z`), ZONE);
    const to = localDay(plus(parseInstant(`${day}T12:00:00Z`), DAY), ZONE);
    return slotsOfPlan('/c/', plan({ weekdays: ['SU'], from: '01:00', to: '03:30' }), ZONE, { from, to });
  };

  it('offers no slot at a local time that does not happen', () => {
    expect(night('2026-03-08').map((slot) => toOffset(slot.interval.start, ZONE))).to.deep.equal([
      '2026-03-08T01:00:00-05:00', // 06:00Z
      '2026-03-08T01:30:00-05:00', // 06:30Z; 02:00 and 02:30 do not happen
      '2026-03-08T03:00:00-04:00', // 07:00Z
    ]);
  });

  it('offers the first of a local time that happens twice, and lengths are real minutes', () => {
    const slots = night('2026-11-01');
    expect(slots.map((slot) => toOffset(slot.interval.start, ZONE))).to.deep.equal([
      '2026-11-01T01:00:00-04:00', // 05:00Z
      '2026-11-01T01:30:00-04:00', // 05:30Z
      '2026-11-01T02:00:00-05:00', // 07:00Z
      '2026-11-01T02:30:00-05:00', // 07:30Z
      '2026-11-01T03:00:00-05:00', // 08:00Z
    ]);
    for (const { interval } of slots) expect(interval.end - interval.start).to.equal(30 * 60_000);
  });

  it('names a slot by calendar and start, carries the attributes, and guesses none', () => {
    const [slot] = night('2026-11-01');
    expect(slot?.externalId).to.equal('/c/#2026-11-01T05:00:00.000Z');
    expect(slot?.attributes).to.include({ mode: 'phone', eligibility: null, availableSince: null });
  });
});

describe('caldav: VAVAILABILITY (RFC 7953)', () => {
  const zones = createZones(ZONE);
  const range = { start: parseInstant('2026-11-02T05:00:00Z'), end: parseInstant('2026-11-04T05:00:00Z') };
  const offered = (...components: string[]) =>
    slotsOfAvailability(
      '/c/',
      [{ href: '/c/a.ics', text: ['BEGIN:VCALENDAR', ...components, 'END:VCALENDAR'].join('\r\n') }],
      supply({ kind: 'vavailability', slotMinutes: 60 }),
      zones,
      range,
    );
  const local = (...components: string[]) =>
    offered(...components).slots.map((slot) => toOffset(slot.interval.start, ZONE).slice(5, 16));

  it('cuts every AVAILABLE into whole slots from its own start', () => {
    expect(local(weekdaysOf('a', '090000', '113000'))).to.deep.equal([
      ...['11-02T09:00', '11-02T10:00'],
      ...['11-03T09:00', '11-03T10:00'],
    ]);
  });

  it('lets the higher priority decide for the time that it covers', () => {
    const usual = weekdaysOf('a', '090000', '110000', 'PRIORITY:9');
    const away = weekdaysOf(
      'b',
      ...(['140000', '150000'] as const),
      ...['PRIORITY:1', 'DTSTART:20261103T050000Z', 'DTEND:20261104T050000Z'],
    );
    expect(local(usual, away)).to.deep.equal(['11-02T09:00', '11-02T10:00', '11-03T14:00']);
  });

  it('offers nothing without VAVAILABILITY, and rejects one that cannot be placed', () => {
    expect(offered().slots).to.have.length(0);
    const lost = weekdaysOf('a', '090000', '110000').replaceAll('America/Toronto', 'Nowhere/Town');
    const { slots, rejected } = offered(lost);
    expect(slots).to.have.length(0);
    expect(rejected.map(({ reason }) => reason)).to.deep.equal([
      'available.dtstart: TZID names no known zone and defines none',
    ]);
  });
});

onEachServer('slots', (bench) => {
  const weekdays = weekdaysOf('made-up', '090000', '100000');
  const file = (component: string) =>
    ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//test//EN', component, 'END:VCALENDAR', ''].join(
      '\r\n',
    );
  const slotIds = ({ rows }: Read) => rows.filter((row) => row.kind === 'slot').map((row) => row.externalId);
  const settingsFor = (calendar: string) => ({
    calendars: { [calendar]: { availability: { kind: 'vavailability', slotMinutes: 30, horizonDays: 2 } } },
  });

  it('reads VAVAILABILITY of the collection, where the server stores it, and reads again when it changes', async () => {
    const { server, calendar, platformWith } = bench();
    const headers = { 'content-type': 'text/calendar; charset=utf-8' };
    const store = (body: string) => server.raw('PUT', `${calendar}hours.ics`, { headers, body });
    const { status } = await store(file(weekdays));
    const platform = platformWith({ settings: settingsFor(calendar) });
    const all = await read(platform, calendar);
    if (status === 500) {
      // Xandikos 0.2 and DAViCal 1.1 take no VAVAILABILITY, so they have none to offer.
      expect(slotIds(all)).to.deep.equal([]);
      return;
    }
    expect(status).to.equal(201);
    expect(slotIds(all)).to.deep.equal([
      `${calendar}#2026-11-23T14:00:00.000Z`, // 09:00 in Toronto
      `${calendar}#2026-11-23T14:30:00.000Z`,
      `${calendar}#2026-11-24T14:00:00.000Z`,
      `${calendar}#2026-11-24T14:30:00.000Z`,
    ]);
    const next = platformWith({ settings: settingsFor(calendar), now: plus(NOW, DAY) });
    const window = { start: plus(NOW, DAY), end: plus(WINDOW.end, DAY) };
    expect(slotIds(await read(next, calendar, all.cursor, window))).to.deep.equal([
      `${calendar}#2026-11-25T14:00:00.000Z`,
      `${calendar}#2026-11-25T14:30:00.000Z`,
    ]);
    await store(file(weekdays.replace('T100000', 'T110000')));
    expect((await read(platform, calendar, all.cursor)).expired).to.equal(true);
    expect(slotIds(await read(platform, calendar))).to.have.length(8);
  });

  it('reads VAVAILABILITY of the scheduling inbox, and reads again when it changes', async () => {
    const { server, calendar, platformWith } = bench();
    // None of the servers keeps the property, so only these three answers are played; all else is the real server.
    let hours = weekdays;
    const answer = (href: string, properties: string) =>
      `<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response><d:href>${href}</d:href>` +
      `<d:propstat><d:prop>${properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>`;
    const played = (asked: string): string | null => {
      const to = (name: string, path: string) => `<${name}><d:href>${path}</d:href></${name}>`;
      if (asked.includes('current-user-principal'))
        return answer(calendar, to('d:current-user-principal', '/me/'));
      if (asked.includes('schedule-inbox-URL'))
        return answer('/me/', to('c:schedule-inbox-URL', `${server.url}/inbox/`));
      if (!asked.includes('calendar-availability')) return null;
      return answer(
        '/inbox/',
        `<c:calendar-availability><![CDATA[${file(hours)}]]></c:calendar-availability>`,
      );
    };
    const transport: AxiosAdapter = async (config) => {
      const data = played(String(config.data));
      return data === null ? network(config) : { data, status: 207, statusText: '', headers: {}, config };
    };
    const platform = platformWith({ settings: settingsFor(calendar), transport });
    const all = await read(platform, calendar);
    expect(slotIds(all)).to.have.length(4);
    expect((await read(platform, calendar, all.cursor)).expired).to.equal(false);
    hours = weekdays.replace('T100000', 'T093000');
    expect((await read(platform, calendar, all.cursor)).expired).to.equal(true);
    expect(slotIds(await read(platform, calendar))).to.have.length(2);
  });
});
