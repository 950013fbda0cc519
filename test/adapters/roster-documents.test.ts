import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import adapter from '../../adapters/roster/adapter.ts';
import { readCsv } from '../../adapters/roster/csv.ts';
import { readIcs } from '../../adapters/roster/ics.ts';
import { readJson } from '../../adapters/roster/json.ts';
import type { Published } from '../../adapters/roster/record.ts';
import { whose } from '../../adapters/roster/whose.ts';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import type { Connect, Platform } from '../../src/adapter/contract.ts';
import { isFault } from '../../src/adapter/faults.ts';
import type { ObservedShift, Page, Rejected } from '../../src/adapter/observation.ts';
import { createTargets } from '../../src/adapter/targets.ts';
import { toOffset } from '../../src/adapter/zone.ts';
import { DAY, formatInstant, parseInstant, plus } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { codeTables } from '../../src/system/mappings.ts';

const ZONE = 'America/Toronto';
const zoneOf = () => ZONE;
const RANGE = interval(parseInstant('2026-10-01T00:00:00Z'), parseInstant('2027-06-01T00:00:00Z'));

const times = ({ records }: Published): string[] =>
  records.map(({ interval: { start, end } }) => `${toOffset(start, ZONE)} ${toOffset(end, ZONE)}`);
const reasons = ({ rejected }: Published): string[] =>
  rejected.map(({ externalId, reason }) => `${externalId}: ${reason}`);
const csv = (...lines: string[]): Published => readCsv(lines.join('\r\n'), zoneOf, false);
const row = (start: string, end: string): Published =>
  csv('id,practitioner,start,end', `a,dr,${start},${end}`);

describe('a roster as CSV', () => {
  for (const [what, text] of [
    [
      'with commas',
      'id,practitioner,place,start,end,task\na,dr,ici,2026-11-24 08:00,2026-11-24 12:00,garde\n',
    ],
    [
      'with semicolons, a byte order mark and headers in French',
      '\uFEFFIdentifiant;Médecin;Lieu;Début;Fin;Tâche\r\na;dr;ici;2026-11-24T08:00;2026-11-24 12:00:00;garde',
    ],
    [
      'with tabs, quotes and columns of no meaning',
      'Id\tColour\tDOCTOR\tSite\tfrom\tto\tActivity\na\tblue\t"dr"\tici\t2026-11-24 08:00\t2026-11-24 12:00\tgarde\n',
    ],
    [
      'with a column for the day',
      'shift id,Professionnel,endroit,Jour,de,à,tâche\na,dr,ici,2026-11-24,8 h,12 h 00,garde\n',
    ],
  ] as const) {
    it(`is read ${what}`, () => {
      const published = readCsv(text, zoneOf, false);
      expect(reasons(published)).to.deep.equal([]);
      expect(times(published)).to.deep.equal(['2026-11-24T08:00:00-05:00 2026-11-24T12:00:00-05:00']);
      const [record] = published.records;
      expect(record).to.include({ id: 'a', practitioner: 'dr', place: 'ici', task: 'garde', period: null });
      expect(published.period).to.equal('all');
    });
  }

  for (const [what, start, end, expected] of [
    [
      'an instant with its offset',
      '2026-11-24T08:00:00-05:00',
      '2026-11-24T17:00Z',
      '08:00:00-05:00 12:00:00-05:00',
    ],
    ['a night', '2026-11-24 20:00', '2026-11-25 08:00', '20:00:00-05:00 08:00:00-05:00'],
    // The clocks go back at 02:00 on 1 November.
    ['a night of 13 hours', '2026-10-31 20:00', '2026-11-01 08:00', '20:00:00-04:00 08:00:00-05:00'],
  ] as const) {
    it(`has ${what}`, () => {
      const hours = times(row(start, end)).map((text) => text.replaceAll(/\d{4}-\d\d-\d\dT/g, ''));
      expect(hours).to.deep.equal([expected]);
    });
  }

  it('has a night, where a column has the day, that ends on the day after', () => {
    const night = csv(
      'practitioner,date,start,end',
      'dr,2026-11-24,20:00,08:00',
      'dr,2026-11-25,18:00,24:00',
    );
    expect(times(night)).to.deep.equal([
      '2026-11-24T20:00:00-05:00 2026-11-25T08:00:00-05:00',
      '2026-11-25T18:00:00-05:00 2026-11-26T00:00:00-05:00',
    ]);
  });

  for (const [what, start, end, reason] of [
    ['a number of a spreadsheet', '46350.333', '46350.5', 'start: a number of a spreadsheet'],
    ['a day that can be read in two ways', '11/12/2026 08:00', '11/12/2026 12:00', 'start: day and month'],
    ['no day of the calendar', '2026-02-30 08:00', '2026-03-01 12:00', 'start: no day of the calendar'],
    ['an hour that happens twice', '2026-11-01 01:30', '2026-11-01 08:00', 'start: that hour happens twice'],
    [
      'an hour that does not happen',
      '2027-03-14 02:30',
      '2027-03-14 08:00',
      'start: that hour does not happen',
    ],
    ['an end before its start', '2026-11-24 12:00', '2026-11-24 08:00', 'end: before start'],
    ['a wrong year', '2026-11-24 08:00', '2027-11-24 12:00', 'end: more than a week'],
    ['no end', '2026-11-24 08:00', '', 'end: missing'],
  ] as const) {
    it(`sets ${what} aside, and never guesses`, () => {
      const published = row(start, end);
      expect(published.records).to.deep.equal([]);
      expect(reasons(published).join()).to.match(new RegExp(`^a: ${reason}`));
      // It says which it is, so the others may still be missed.
      expect(published.period).to.equal('all');
    });
  }

  it('says of no shift that it is gone beside a line that does not say which it is', () => {
    const cut = csv('id,practitioner,start,end', 'a,dr,2026-11-24 08:00,2026-11-24 12:00', 'b,dr,2026-11');
    expect([cut.records.length, cut.rejected.map(({ externalId }) => externalId), cut.period]).to.deep.equal([
      1,
      [null],
      null,
    ]);
  });

  it('has the period that all its lines say, or those that touch', () => {
    const line = (day: string, from: string, to: string): string =>
      `dr,${day} 08:00,${day} 12:00,${from},${to}`;
    const header = 'practitioner,start,end,period start,period end';
    const period = (...lines: string[]) => {
      const found = csv(header, ...lines).period;
      return found === null || found === 'all'
        ? found
        : [found.start, found.end].map((at) => toOffset(at, ZONE));
    };
    const november = line('2026-11-24', '2026-11-01', '2026-11-30');
    expect(period(november)).to.deep.equal(['2026-11-01T00:00:00-04:00', '2026-12-01T00:00:00-05:00']);
    expect(period(november, line('2026-12-02', '2026-12-01', '2026-12-31'))).to.deep.equal([
      '2026-11-01T00:00:00-04:00',
      '2027-01-01T00:00:00-05:00',
    ]);
    // What was published between the two is not here.
    expect(period(november, line('2027-01-05', '2027-01-01', '2027-01-31'))).to.equal(null);
    expect(period(november, 'dr,2026-12-02 08:00,2026-12-02 12:00,,')).to.equal(null);
    const beyond = csv(header, line('2026-12-24', '2026-11-01', '2026-11-30'));
    expect(reasons(beyond).join()).to.contain('start: not within the period');
  });

  for (const [what, text] of [
    ['nothing', ''],
    ['a page', '<html><body>Please sign in</body></html>'],
    ['no column for the end', 'practitioner,start\n'],
    ['two columns for the start', 'practitioner,start,début,end\n'],
    ['an open quote', 'practitioner,start,end\n"dr,2026-11-24 08:00,2026-11-24 12:00\n'],
  ] as const) {
    it(`is none where it has ${what}`, () => {
      expect(() => readCsv(text, zoneOf, false))
        .to.throw()
        .that.satisfies(isFault);
    });
  }

  it('with its header alone is empty', () => {
    expect(csv('practitioner,start,end')).to.deep.equal({ records: [], rejected: [], period: 'all' });
  });
});

describe('a roster as JSON', () => {
  it('is read, with what its envelope says', () => {
    const published = readJson(
      JSON.stringify({
        period: { start: '2026-11-01', end: '2026-11-30' },
        publishedAt: '2026-10-20T12:00:00-04:00',
        revision: 3,
        shifts: [
          { id: 7, practitioner: 'dr', start: '2026-11-24T08:00', end: '2026-11-24T12:00', task: 'garde' },
          { practitioner: 'dr', start: '2026-12-24T08:00', end: '2026-12-24T12:00' },
        ],
      }),
      zoneOf,
    );
    expect(times(published)).to.deep.equal(['2026-11-24T08:00:00-05:00 2026-11-24T12:00:00-05:00']);
    const [record] = published.records;
    expect(record).to.include({ id: '7', task: 'garde', revision: '3', place: null });
    expect(record?.publishedAt && formatInstant(record.publishedAt)).to.equal('2026-10-20T16:00:00.000Z');
    expect(reasons(published)).to.deep.equal(['null: start: not within the period']);
    expect(published.period).to.equal(null);
  });

  it('whose period cannot be read is a fault', () => {
    const text = JSON.stringify({ period: { start: '01/11/2026', end: '2026-11-30' }, shifts: [] });
    expect(() => readJson(text, zoneOf)).to.throw('period.start: day and month');
  });
});

describe('a roster as iCalendar', () => {
  const ics = (...events: string[][]): Published =>
    readIcs(
      [
        ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//test//FR'],
        ...events.flatMap((lines) => ['BEGIN:VEVENT', 'DTSTAMP:20261101T000000Z', ...lines, 'END:VEVENT']),
        ...['END:VCALENDAR', ''],
      ].join('\r\n'),
      ZONE,
      RANGE,
    );

  it('has each instance of a series, less those that are excluded or called off', () => {
    const published = ics(
      [
        ...['UID:a', 'DTSTART:20261124T080000', 'DTEND:20261124T120000', 'RRULE:FREQ=DAILY;COUNT=4'],
        ...['EXDATE:20261125T080000', 'CATEGORIES:garde', 'LOCATION:ici', 'SEQUENCE:2', 'SUMMARY:Dr Fictif'],
      ],
      [
        'UID:a',
        'RECURRENCE-ID:20261126T080000',
        'DTSTART:20261126T080000',
        'DTEND:20261126T120000',
        'STATUS:CANCELLED',
      ],
    );
    expect(times(published).map((text) => text.slice(0, 16))).to.deep.equal([
      '2026-11-24T08:00',
      '2026-11-27T08:00',
    ]);
    expect(published.records[0]).to.include({ task: 'garde', place: 'ici', revision: '2' });
    expect(JSON.stringify(published.records)).not.to.contain('Fictif');
  });

  it('has no whole day for a shift: it tells no hours', () => {
    const published = ics(['UID:a', 'DTSTART;VALUE=DATE:20261124']);
    expect(published.records).to.deep.equal([]);
    expect(reasons(published).join()).to.contain('a whole day tells no hours');
  });
});

describe('whose a shift is', () => {
  const of = whose(['tremblay-parc', 'tremblay-nord', 'gagnon'], {
    'tremblay-parc': { practitioner: 'Dr  Tremblay', place: 'Parc' },
    'tremblay-nord': { practitioner: 'DR TREMBLAY', place: 'Nord' },
  });

  it('follows from who and where, whatever the case and the blanks', () => {
    expect(of('dr tremblay', 'parc')).to.equal('tremblay-parc');
    expect(of('Dr Tremblay ', 'NORD')).to.equal('tremblay-nord');
    expect(of('gagnon', 'anywhere')).to.equal('gagnon');
  });

  it('is told as the roster says it where nobody is linked', () => {
    expect(of('Dr Tremblay', 'Sud')).to.equal('Dr Tremblay (Sud)');
    expect(of('Dr Tremblay', null)).to.equal('Dr Tremblay');
  });
});

describe('a roster in a file', () => {
  let folder: string;
  let platform: Platform;
  const file = () => join(folder, 'roster.csv');
  const NOW = parseInstant('2026-11-20T12:00:00Z');
  const window = { start: NOW, end: plus(NOW, 28 * DAY) };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-roster-'));
    const { limits } = adapter.manifest;
    const options: Connect<never> = {
      connectionId: 'roster',
      settings: adapter.manifest.settings.parse({
        documents: [{ file: file(), format: 'csv' }],
      }) as never,
      ...{ limits, pace: (call) => call(), targets: createTargets([]), transport: undefined },
      environment: systemEnvironment,
      maps: codeMaps(codeTables('roster')),
      zoneOf: () => ZONE,
    };
    platform = adapter.connect(options);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const write = async (...lines: string[]): Promise<void> => {
    await writeFile(`${file()}.new`, `practitioner,start,end,task\n${lines.join('\n')}\n`);
    await rename(`${file()}.new`, file());
  };
  const read = async (cursor: string | null) => {
    const found: { shifts: ObservedShift[]; rejected: Rejected[]; end: Page | null } = {
      ...{ shifts: [], rejected: [], end: null },
    };
    const { signal } = new AbortController();
    for await (const page of platform.read({ calendars: ['dr'], cursor, window, signal })) {
      if (page.kind !== 'rows') found.end = page;
      else {
        found.shifts.push(...(page.shifts ?? []));
        found.rejected.push(...page.rejected);
      }
    }
    return { ...found, next: found.end?.kind === 'end' ? found.end : null };
  };

  it('that is not there is unavailable, and no empty one', async () => {
    const fault = await read(null).catch((error: unknown) => error);
    expect(isFault(fault) && [fault.kind, fault.message]).to.deep.equal([
      'unavailable',
      'document 1 of the roster: there is no such file',
    ]);
  });

  it('is read when it has changed, and all of it', async () => {
    await write(
      'dr,2026-11-24 08:00,2026-11-24 12:00,garde',
      'dre,2026-11-24 08:00,2026-11-24 12:00,clinique',
    );
    const first = await read(null);
    expect(first.shifts.map(({ calendar, task }) => [calendar, task])).to.deep.equal([
      ['dr', 'on-call'],
      // Nobody is linked by that name, which the engine says.
      ['dre', 'appointments'],
    ]);
    const same = await read(first.next?.cursor ?? null);
    expect([same.shifts, same.next?.complete]).to.deep.equal([[], null]);
    await write('dr,2026-11-25 08:00,2026-11-25 12:00,poterie');
    const after = await read(same.next?.cursor ?? null);
    expect(after.shifts.map(({ task }) => task)).to.deep.equal([null]);
    expect(after.rejected.map(({ reason }) => reason)).to.deep.equal(['unmapped code poterie in task']);
    expect(after.next?.complete).to.deep.equal(
      interval(plus(NOW, -DAY), plus(window.end, DAY)) satisfies Interval,
    );
    await platform.check(AbortSignal.timeout(1_000));
  });

  it('is read again where the settings or the calendars are others', async () => {
    const { next } = await read(null);
    const other = {
      calendars: ['dre'],
      cursor: next?.cursor ?? null,
      window,
      signal: AbortSignal.timeout(1_000),
    };
    const pages: Page[] = [];
    for await (const page of platform.read(other)) pages.push(page);
    expect(pages.map(({ kind }) => kind)).to.deep.equal(['cursorExpired']);
  });
});

describe('the settings of a roster', () => {
  const issuesOf = (document: object): string[] => {
    const parsed = adapter.manifest.settings.safeParse({ documents: [document] });
    return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
  };

  for (const [what, document, message] of [
    ['a document without a place', { format: 'csv' }, 'has one of url and file'],
    ['one with two', { format: 'csv', url: 'https://a.example/r', file: '/r' }, 'has one of url and file'],
    ['a path that is relative', { format: 'csv', file: 'r.csv' }, 'is to be an absolute path'],
    ['a feed of nobody', { format: 'ics', url: 'https://a.example/r.ics' }, 'calendar is required'],
    ['a user in the address', { format: 'csv', url: 'https://a:b@a.example/r' }, 'user name and password'],
  ] as const) {
    it(`refuse ${what}`, () => {
      expect(issuesOf(document).join()).to.contain(message);
    });
  }
});
