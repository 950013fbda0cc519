import type { AxiosAdapter } from 'axios';
import { expect } from 'chai';
import { CALDAV_SERVERS } from '../../adapters/caldav/bench/servers.ts';
import { caldavTarget } from '../../adapters/caldav/bench/target.ts';
import { conforms } from '../../src/conformance/mocha.ts';
import {
  type Bench,
  connect,
  faultOf,
  ics,
  network,
  onEachServer,
  read,
  startsOf,
  timed,
} from '../support/caldav-client.ts';
import { requireServer } from '../support/servers.ts';

for (const kind of CALDAV_SERVERS) {
  describe(`on a real ${kind.name}`, () => {
    before(requireServer(kind.name, kind.isPresent()));
    conforms(`caldav on ${kind.name}`, caldavTarget(kind), 'gold');
  });
}

/** The server gives the content of a resource in another way than it was put. */
const spoiling =
  (change: (text: string) => string): AxiosAdapter =>
  async (config) => {
    const answer = await network(config);
    const data = String(answer.data).replace(/BEGIN:VCALENDAR[^<]*UID:spoilt[^<]*/, change);
    return { ...answer, data };
  };

/** By a complete reading, what is neither in a row nor of a rejected record is gone, and free. */
onEachServer('what can no longer be read', (bench) => {
  const single = (uid: string, ...lines: string[]) =>
    timed(uid, '20261124T140000Z', '20261124T143000Z', ...lines);
  const putBoth = async ({ put }: Bench) => {
    await put('fine.ics', timed('fine', '20261125T180000Z', '20261125T183000Z'));
    await put('spoilt.ics', single('spoilt', 'RRULE:FREQ=WEEKLY;COUNT=3'));
  };

  const ways: readonly (readonly [how: string, change: (text: string) => string])[] = [
    ['whose rule is none', (text) => text.replace('FREQ=WEEKLY', 'FREQ=NEVER')],
    ['with a time in no zone', (text) => text.replace('DTSTART:20261124T140000Z', 'DTSTART:20261124T14')],
    ['with an override that is none', (text) => text.replace('END:VEVENT', BAD_OVERRIDE)],
    ['that is no iCalendar any more', () => 'BEGIN:VCALENDAR'],
    ['whose content is withheld', () => ''],
  ];
  for (const [how, change] of ways) {
    it(`frees no instance of a series ${how}, and reads all again once it is mended`, async () => {
      const { calendar, platformWith, put } = bench();
      await putBoth(bench());
      const before = await read(platformWith(), calendar);
      expect(before.rows.map(({ externalId }) => externalId)).to.include(
        `${calendar}spoilt.ics#2026-12-01T14:00:00.000Z`,
      );
      const found = await read(platformWith({ transport: spoiling(change) }), calendar);
      expect(found.rejected).to.deep.equal([`${calendar}spoilt.ics`]);
      expect(found.rows.map(({ externalId }) => externalId)).to.include(`${calendar}fine.ics`);
      // Its href stands for all of its instances, so what else is missing is known to be gone.
      expect(found.complete).not.to.equal(null);

      await put('spoilt.ics', timed('spoilt', '20261126T140000Z', '20261126T143000Z'));
      expect((await read(platformWith(), calendar, found.cursor)).expired).to.equal(true);
      const mended = await read(platformWith(), calendar);
      expect(startsOf(mended)).to.deep.equal(['2026-11-25T18:00:00.000Z', '2026-11-26T14:00:00.000Z']);
      expect(mended.complete).not.to.equal(null);
    });
  }

  it('still says that all was read beside a single event, whose only row its href names', async () => {
    const { calendar, platformWith, put } = bench();
    await put('lost.ics', ics('lost', 'DTSTART;TZID=Nowhere/Town:20261124T090000', 'DURATION:PT30M'));
    const found = await read(platformWith(), calendar);
    expect(found.rejected).to.deep.equal([`${calendar}lost.ics`]);
    expect(found.complete).not.to.equal(null);
  });

  for (const [how, change] of ways) {
    it(`keeps the row of a single event that became a series ${how}`, async () => {
      const { calendar, platformWith, put } = bench();
      await put('spoilt.ics', single('spoilt'));
      const { cursor, rows } = await read(platformWith(), calendar);
      expect(rows.map(({ externalId }) => externalId)).to.deep.equal([`${calendar}spoilt.ics`]);
      await put('spoilt.ics', single('spoilt', 'RRULE:FREQ=WEEKLY;COUNT=3'));
      const found = await read(platformWith({ transport: spoiling(change) }), calendar, cursor);
      expect(found).to.deep.include({ removed: [], expired: false });
      expect(found.rejected).to.deep.equal([`${calendar}spoilt.ics`]);
    });
  }

  it('withdraws no slot of an availability that can no longer be read', async () => {
    const { calendar, platformWith, put } = bench();
    await put('spoilt.ics', single('spoilt'));
    const availability = { kind: 'vavailability', slotMinutes: 30, horizonDays: 28 };
    const settings = { calendars: { [calendar]: { availability } } };
    const offering = (start: string) => platformWith({ settings, transport: spoiling(() => offer(start)) });
    const before = await read(offering('20261124T140000Z'), calendar);
    expect(startsOf(before)).to.deep.equal(['2026-11-24T14:00:00.000Z', '2026-11-24T14:30:00.000Z']);
    expect(before.complete).not.to.equal(null);
    const found = await read(offering('20261124T14'), calendar);
    expect(found).to.deep.include({ rows: [], complete: null, rejected: [`${calendar}spoilt.ics`] });
  });
});

describe('caldav: a long answer that is no XML', () => {
  it('is a fault at once, and not after the minutes that the reader of XML takes for it', async () => {
    const answering: AxiosAdapter = async (config) => ({
      data: '['.repeat(1_000_000),
      ...{ status: 207, statusText: '', headers: {}, config },
    });
    const platform = connect('http://127.0.0.1:1', { transport: answering });
    expect(await faultOf(read(platform, '/agenda/'))).to.equal('malformed');
    await platform.close();
  }).timeout(5_000);
});

const BAD_OVERRIDE = [
  ...['END:VEVENT', 'BEGIN:VEVENT', 'UID:spoilt', 'DTSTAMP:20261101T000000Z'],
  ...['RECURRENCE-ID;TZID=Nowhere/Town:20261201T090000', 'DTSTART:20261201T150000Z', 'END:VEVENT'],
].join('\r\n');

const offer = (start: string): string =>
  [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//test//EN', 'BEGIN:VAVAILABILITY', 'UID:hours'],
    ...['DTSTAMP:20261101T000000Z', 'BEGIN:AVAILABLE', 'UID:morning', `DTSTART:${start}`, 'DURATION:PT1H'],
    ...['END:AVAILABLE', 'END:VAVAILABILITY', 'END:VCALENDAR'],
  ].join('\r\n');
