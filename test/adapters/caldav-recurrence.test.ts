import { expect } from 'chai';
import { parseInstant } from '../../src/domain/instant.ts';
import { event, read, spans, starts, withOverride } from '../support/caldav-text.ts';

describe('caldav: recurrences', () => {
  const NINE = 'DTSTART;TZID=America/Toronto:20261028T090000';

  it('keeps the local time of a series over the night the clocks go back', () => {
    const busy = read(event(NINE, 'DURATION:PT30M', 'RRULE:FREQ=WEEKLY;COUNT=2'));
    expect(starts(busy)).to.deep.equal(['2026-10-28T09:00:00-04:00', '2026-11-04T09:00:00-05:00']);
    // 09:00 local is 13:00Z, then 14:00Z.
    expect(busy.rows.map((row) => row.externalId)).to.deep.equal([
      '/c/e.ics#2026-10-28T13:00:00.000Z',
      '/c/e.ics#2026-11-04T14:00:00.000Z',
    ]);
  });

  it('shifts an instance that falls into the skipped hour, as RFC 5545, 3.3.5 says', () => {
    const busy = read(
      event('DTSTART;TZID=America/Toronto:20260307T023000', 'DURATION:PT30M', 'RRULE:FREQ=DAILY;COUNT=3'),
    );
    expect(starts(busy)).to.deep.equal([
      '2026-03-07T02:30:00-05:00',
      '2026-03-08T03:30:00-04:00', // 07:30Z: 02:30 did not happen
      '2026-03-09T02:30:00-04:00',
    ]);
  });

  it('takes EXDATE and RECURRENCE-ID in another zone for the same instants', () => {
    const series = [NINE, 'DURATION:PT30M', 'RRULE:FREQ=DAILY;COUNT=4'];
    const busy = read(
      withOverride(
        [...series, 'EXDATE;TZID=Europe/Paris:20261029T140000'],
        ['RECURRENCE-ID:20261030T130000Z', 'DTSTART;TZID=Europe/Paris:20261030T200000', 'DURATION:PT30M'],
      ),
    );
    expect(starts(busy).sort()).to.deep.equal([
      '2026-10-28T09:00:00-04:00',
      '2026-10-30T15:00:00-04:00', // moved from 09:00
      '2026-10-31T09:00:00-04:00',
    ]);
    expect(busy.rows.map((row) => row.externalId)).to.include('/c/e.ics#2026-10-30T13:00:00.000Z');
  });

  it('lets EXDATE of type DATE take the whole day out of a series of times', () => {
    const busy = read(
      event(NINE, 'DURATION:PT30M', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20261029'),
    );
    expect(starts(busy)).to.deep.equal(['2026-10-28T09:00:00-04:00', '2026-10-30T09:00:00-04:00']);
  });

  it('moves this and all later instances when the override says so', () => {
    const busy = read(
      withOverride(
        [NINE, 'DURATION:PT30M', 'RRULE:FREQ=DAILY;COUNT=3'],
        [
          'RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/Toronto:20261029T090000',
          'DTSTART;TZID=America/Toronto:20261029T110000',
          'DURATION:PT1H',
        ],
      ),
    );
    expect(spans(busy).sort()).to.deep.equal([
      '2026-10-28T09:00:00-04:00/2026-10-28T09:30:00-04:00',
      '2026-10-29T11:00:00-04:00/2026-10-29T12:00:00-04:00',
      '2026-10-30T11:00:00-04:00/2026-10-30T12:00:00-04:00',
    ]);
  });

  it('frees the instance whose override is cancelled, and no other', () => {
    const busy = read(
      withOverride(
        [NINE, 'DURATION:PT30M', 'RRULE:FREQ=DAILY;COUNT=2'],
        ['RECURRENCE-ID;TZID=America/Toronto:20261028T090000', NINE, 'DURATION:PT30M', 'STATUS:CANCELLED'],
      ),
    );
    expect(starts(busy)).to.deep.equal(['2026-10-29T09:00:00-04:00']);
  });

  it('ends or gives up in no time on rules that never end, never match, or name every second', () => {
    const range = { start: parseInstant('2026-11-01T05:00:00Z'), end: parseInstant('2026-11-29T05:00:00Z') };
    const began = performance.now();
    const of = (rule: string) =>
      read(event('DTSTART:20000103T090000Z', 'DURATION:PT30M', `RRULE:${rule}`), { range });
    expect(of('FREQ=DAILY').rows).to.have.length(28);
    for (const never of [
      'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
      'FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=9',
      'FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;BYMONTH=4',
      'FREQ=YEARLY;BYMONTH=4;BYDAY=1MO;BYMONTHDAY=15,16',
      'FREQ=YEARLY;BYYEARDAY=366;BYMONTH=3;COUNT=5',
      'FREQ=HOURLY;BYHOUR=3;BYMONTHDAY=31;BYMONTH=2',
    ]) {
      expect(of(never), never).to.deep.include({ rows: [], rejected: [] });
    }
    expect(of('FREQ=SECONDLY').rejected, 'secondly').to.have.length(1);
    expect(of('FREQ=MINUTELY;COUNT=1000000000').rejected).to.have.length(1);
    const every = [...Array(60).keys()].join();
    expect(of(`FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=${every};BYSECOND=${every}`).rejected).to.have.length(1);
    expect(performance.now() - began).to.be.lessThan(4_000);
  });

  // The examples of RFC 5545, 3.8.5.3, all with DTSTART 09:00 New York; expected local dates as printed there.
  const EXAMPLES: [start: string, rule: string, dates: string, from?: string][] = [
    ['19970902', 'FREQ=DAILY;INTERVAL=10;COUNT=5', '0902 0912 0922 1002 1012'],
    [
      '19970902',
      'FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH',
      '0902 0904 0909 0911 0916 0918 0923 0925 0930 1002',
    ],
    [
      '19970902',
      'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH',
      '0902 0904 0916 0918 0930 1002 1014 1016',
    ],
    ['19970905', 'FREQ=MONTHLY;COUNT=4;BYDAY=1FR', '0905 1003 1107 1205'],
    ['19970907', 'FREQ=MONTHLY;INTERVAL=2;COUNT=6;BYDAY=1SU,-1SU', '0907 0928 1102 1130 0104 0125'],
    ['19970922', 'FREQ=MONTHLY;COUNT=4;BYDAY=-2MO', '0922 1020 1117 1222'],
    ['19970928', 'FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=4', '0928 1029 1128 1229'],
    [
      '19970910',
      'FREQ=MONTHLY;INTERVAL=18;COUNT=7;BYMONTHDAY=10,11,12,13,14,15',
      '0910 0911 0912 0913 0914 0915 0310',
    ],
    ['19970610', 'FREQ=YEARLY;COUNT=4;BYMONTH=6,7', '0610 0710 0610 0710'],
    ['19970101', 'FREQ=YEARLY;INTERVAL=3;COUNT=7;BYYEARDAY=1,100,200', '0101 0410 0719 0101 0409 0718 0101'],
    ['19970519', 'FREQ=YEARLY;BYDAY=20MO;COUNT=3', '0519 0518 0517'],
    ['19970512', 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3', '0512 0511 0517'],
    ['19970605', 'FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8;COUNT=4', '0605 0612 0619 0626'],
    // DTSTART is no Friday 13th and its EXDATE takes it away.
    [
      '19970902',
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=4',
      '0213 0313 1113',
      'EXDATE;TZID=America/New_York:19970902T090000',
    ],
    [
      '19961105',
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3',
      '1105 1107 1102',
    ],
    ['19970904', 'FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '0904 1007 1106'],
    ['19970929', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=4', '0929 1030 1127 1230'],
    ['19970805', 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '0805 0810 0819 0824'],
    ['19970805', 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '0805 0817 0819 0831'],
    ['20070115', 'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '0115 0130 0215 0315 0330'],
  ];
  const wide = { start: parseInstant('1996-01-01T00:00:00Z'), end: parseInstant('2012-01-01T00:00:00Z') };
  for (const [start, rule, dates, extra] of EXAMPLES) {
    it(`expands ${rule}`, () => {
      const lines = [`DTSTART;TZID=America/New_York:${start}T090000`, 'DURATION:PT30M', `RRULE:${rule}`];
      const found = starts(
        read(event(...lines, ...(extra ? [extra] : [])), { range: wide }),
        'America/New_York',
      );
      expect(found.map((at) => at.slice(5, 10).replace('-', '')).join(' ')).to.equal(dates);
      expect(found.every((at) => at.slice(11, 19) === '09:00:00')).to.equal(true);
    });
  }

  it('counts hours and minutes of the day (RFC 5545, 3.8.5.3: every 90 minutes, every 20 minutes by hours)', () => {
    const times = (rule: string) =>
      starts(
        read(event('DTSTART;TZID=America/New_York:19970902T090000', 'DURATION:PT5M', `RRULE:${rule}`), {
          range: wide,
        }),
        'America/New_York',
      ).map((at) => at.slice(11, 16));
    expect(times('FREQ=MINUTELY;INTERVAL=90;COUNT=4')).to.deep.equal(['09:00', '10:30', '12:00', '13:30']);
    const hours = 'FREQ=DAILY;BYHOUR=9,16;BYMINUTE=0,20,40;COUNT=7';
    expect(times(hours)).to.deep.equal(['09:00', '09:20', '09:40', '16:00', '16:20', '16:40', '09:00']);
    expect(times('FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z')).to.deep.equal(['09:00', '12:00', '15:00']);
  });
});
