import { expect } from 'chai';
import adapter from '../../adapters/manual/adapter.ts';
import { Settings } from '../../adapters/manual/manifest.ts';
import { LIST_LINES_MAX } from '../../adapters/manual/table.ts';
import { readClock, readDay } from '../../adapters/manual/times.ts';
import type { List, ListRead } from '../../src/adapter/contract.ts';
import { createPace } from '../../src/adapter/pace.ts';
import { createTargets } from '../../src/adapter/targets.ts';
import { mapsOf } from '../../src/conformance/simulator-target.ts';
import { SECRET } from '../../src/conformance/target.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import { systemEnvironment } from '../../src/system/environment.ts';

const SEEN_AT = parseInstant('2026-11-24T08:00:00-05:00');

async function reader(settings: object = {}): Promise<(list: List) => Promise<ListRead>> {
  const { maps } = await mapsOf('manual');
  const { limits } = adapter.manifest;
  const platform = adapter.connect({
    connectionId: 'accueil',
    settings: Settings.parse({ title: 'RVSQ', names: { t1: 'Dre Tremblay', g1: 'Dr Gagnon' }, ...settings }),
    limits,
    pace: createPace(limits, systemEnvironment.clock),
    targets: createTargets([]),
    environment: systemEnvironment,
    maps,
    zoneOf: () => 'America/Toronto',
    transport: undefined,
  });
  return async (list) => {
    const read = await platform.readList?.(list);
    if (!read) throw new Error('it reads no lists');
    return read;
  };
}

const list = (text: string, calendar: string | null = 't1'): List => ({
  kind: 'text',
  text,
  calendar,
  calendars: ['t1', 'g1'],
  seenAt: SEEN_AT,
});

const shown = ({ rows }: ListRead): string[] =>
  rows
    .filter((row) => row.kind === 'busy')
    .map(
      ({ calendar, interval, ...row }) =>
        `${calendar} ${new Date(interval.start).toISOString().slice(0, 16)} ${
          (interval.end - interval.start) / 60_000
        } ${'busyKind' in row ? row.busyKind : ''}`,
    );

describe('a list that a person brings', () => {
  const same = ['t1 2026-11-24T14:20 20 appointment', 't1 2026-11-24T15:00 20 block'];

  for (const [what, text] of [
    [
      'exported with commas',
      'date,start,end,status\n2026-11-24,09:20,09:40,Booked\n2026-11-24,10:00,10:20,blocked\n',
    ],
    [
      'exported with semicolons, in French, with a byte-order mark and CRLF',
      '\ufeffDate;Début;Fin;Statut\r\n2026-11-24;9 h 20;9 h 40;Réservé\r\n2026-11-24;10 h;10 h 20;Bloqué\r\n',
    ],
    [
      'pasted from a screen, with tabs and columns that are nobody’s business',
      'Heure\tDurée\tPatient\tÉtat\n9 h 20\t20 min\tTremblay, Alex\tpris\n\n10 h 00\t20\t\tfermé\n',
    ],
    [
      'with the day in the times, and an offset',
      'start,end,status\n2026-11-24T09:20,2026-11-24T09:40,booked\n2026-11-24T10:00:00-05:00,2026-11-24T10:20:00-05:00,closed\n',
    ],
    [
      'with clocks of twelve hours that say which half',
      'date,from,to,state\n2026-11-24,9:20 AM,9:40 a.m.,taken\n2026-11-24,10:00 AM,10:20 AM,off\n',
    ],
  ] as const) {
    it(`is read: ${what}`, async () => {
      const read = (await reader())(list(text));
      expect((await read).wrong).to.deep.equal([]);
      expect(shown(await read)).to.deep.equal(same);
    });
  }

  it('names its calendars by id, or as the clinic calls them', async () => {
    const text =
      'date,start,end,status,agenda\n2026-11-24,09:20,09:40,pris,g1\n2026-11-24,10:00,10:20,pris,DRE TREMBLAY\n';
    expect(shown(await (await reader())(list(text, null)))).to.deep.equal([
      'g1 2026-11-24T14:20 20 appointment',
      't1 2026-11-24T15:00 20 appointment',
    ]);
  });

  it('has slots with their status, or appointments alone', async () => {
    const text = 'date,start,end,status\n2026-11-24,09:20,09:40,libre\n2026-11-24,10:00,10:20,pris\n';
    const slots = await (await reader())(list(text));
    expect(slots.rows.map(({ kind }) => kind)).to.deep.equal(['slot', 'slot', 'busy']);
    expect(slots.removed.map(({ kind, calendar }) => [kind, calendar])).to.deep.equal([
      ['busy', 't1'],
      ['busy', 't1'],
    ]);
    const alone = await (await reader({ shows: 'appointments' }))(
      list('date,start,end\n2026-11-24,10:00,10:20\n'),
    );
    expect(alone.rows.map(({ kind }) => kind)).to.deep.equal(['busy']);
  });

  it('may have lines that stand for nothing', async () => {
    const text = 'date,start,end,status\n2026-11-24,09:20,09:40,Annulé\n';
    expect(await (await reader())(list(text))).to.deep.equal({ rows: [], removed: [], wrong: [] });
  });

  it('may have no titles, where the settings say what the columns are', async () => {
    const read = await reader({ columns: ['date', 'start', 'end', 'other', 'status'] });
    expect(shown(await read(list('2026-11-24,09:20,09:40,x,pris\n')))).to.deep.equal([same[0]]);
  });

  it('ends on the next day where it goes past midnight', async () => {
    const text = 'date,start,end,status\n2026-11-24,23:50,00:10,pris\n';
    expect(shown(await (await reader())(list(text)))).to.deep.equal(['t1 2026-11-25T04:50 20 appointment']);
  });

  it('names each line that cannot be read, with its number and no value of it', async () => {
    const lines = [
      'date,start,end,status,calendar',
      `${SECRET},09:20,09:40,pris,`,
      `2026-11-24,${SECRET},09:40,pris,`,
      `2026-11-24,09:20,${SECRET},pris,`,
      `2026-11-24,09:20,09:40,${SECRET},`,
      `2026-11-24,09:20,09:40,pris,${SECRET}`,
      '2026-11-24,09:20,09:20,pris,',
      '2026-02-30,09:20,09:40,pris,',
      '2026-11-24,1:20,1:40,pris,',
      '2026-11-01,01:20,01:40,pris,',
      '2027-03-14,02:20,02:40,pris,',
      '24/11/2026,09:20,09:40,pris,',
      '2026-11-24,10:00,10:20,pris,',
    ];
    const read = await (await reader())(list(lines.join('\n')));
    expect(read.wrong.map(({ line }) => line)).to.deep.equal([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(read.wrong.map(({ line, reason }) => `${line} ${reason.en.slice(0, 24)}`)).to.deep.equal([
      '2 the day cannot be read: ',
      '3 the time cannot be read:',
      '4 the time cannot be read:',
      '5 this status is not in ma',
      '6 no calendar of the conne',
      '7 the end is not after the',
      '8 the day cannot be read: ',
      '9 morning or afternoon? Wr',
      '10 this time comes twice in',
      '11 this time does not exist',
      '12 the day cannot be read: ',
    ]);
    expect(JSON.stringify(read)).not.to.include(SECRET);
    expect(shown(read).at(-1)).to.equal('t1 2026-11-24T15:00 20 appointment');
  });

  it('is not guessed at where only some of its times say which half of the day', async () => {
    const text = 'date,start,end,status\n2026-11-24,9:20 AM,9:40 AM,pris\n2026-11-24,10:00,10:20,pris\n';
    expect((await (await reader())(list(text))).wrong.map(({ line }) => line)).to.deep.equal([3]);
  });

  it('is refused as a whole where it is no table, says nothing of its columns, or is too long', async () => {
    const read = await reader();
    for (const [text, line] of [
      ['date,start,end,status\n2026-11-24,"09:20,09:40,pris\n', 2],
      ['quand,quoi\n2026-11-24,pris\n', 1],
      ['date,start,heure,end,status\n', 1],
      [`date,start,end,status\n${'2026-11-24,09:20,09:40,pris\n'.repeat(LIST_LINES_MAX + 1)}`, 1],
      ['x'.repeat(2 * 1024 * 1024), 1],
      ['', 1],
    ] as const) {
      const { rows, wrong } = await read(list(text));
      expect(rows).to.deep.equal([]);
      expect(wrong.map((each) => each.line)).to.deep.equal([line]);
    }
  });

  it('reads days as it is said to, and times of day that can be read in one way', () => {
    expect(readDay('24/11/2026', 'day-first')).to.equal('2026-11-24');
    expect(readDay('11/4/2026', 'month-first')).to.equal('2026-11-04');
    expect(readDay('11/24/2026', 'iso')).to.equal(null);
    for (const [text, read] of [
      ['09:20', '09:20 sure'],
      ['9:20', '09:20 sure'],
      ['01:20', '01:20 sure'],
      ['1:20', '01:20 unclear'],
      ['1 h 20', '01:20 unclear'],
      ['13h', '13:00 sure'],
      ['12:05 am', '00:05 marked'],
      ['12:05 p.m.', '12:05 marked'],
    ] as const) {
      const clock = readClock(text);
      expect(`${clock?.text} ${clock?.kind}`, text).to.equal(read);
    }
    for (const none of ['', '24:00', '9:60', '13:00 PM', '0:00 AM', '920', '9.20', 'h20', '09:20:30'])
      expect(readClock(none), none).to.equal(null);
  });
});
