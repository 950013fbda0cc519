import { listReader } from '../../../adapters/manual/list.ts';
import { Settings } from '../../../adapters/manual/manifest.ts';
import type { ListRead } from '../../../src/adapter/contract.ts';
import { mapsOf } from '../../../src/conformance/simulator-target.ts';
import { DAY, parseInstant } from '../../../src/domain/instant.ts';
import { must, type Target } from '../harness/target.ts';
import { spoiltText } from '../inputs/text.ts';

/** Lists that people copy from screens and export from programs: what is made of any text is bounded, and is time. */

const SAMPLES = [
  'date,start,end,status\n2026-11-24,09:20,09:40,Booked\n2026-11-24,10:00,10:20,blocked\n',
  '\ufeffDate;Début;Fin;Statut;Agenda\r\n2026-11-24;9 h 20;9 h 40;Réservé;Dre Tremblay\r\n2026-11-24;10 h;;Bloqué;t1\r\n',
  'Heure\tDurée\tPatient\tÉtat\n9 h 20\t20 min\tX\tpris\n\n10 h 00\t20\t\tfermé\n',
  'start,end,status\n2026-11-24T09:20:00-05:00,2026-11-24T09:40:00-05:00,libre\n',
  'date,from,to,state\n11/24/2026,9:20 AM,9:40 a.m.,taken\n',
];

const WORDS = [
  ...[
    '"',
    '""',
    ';',
    '\t',
    ',',
    '\r\n',
    '\n',
    '\0',
    '\ufeff',
    'date',
    'début',
    'fin',
    'durée',
    'statut',
    'agenda',
  ],
  ...[
    '2026-11-01',
    '01:20',
    '2027-03-14',
    '02:30',
    '24:00',
    '99999',
    '1:20 PM',
    '12 h',
    '2026-02-30',
    '+14:00',
  ],
  ...['__proto__', 'constructor', 't1', 'Dre Tremblay', 'réservé', 'libre'],
];

const SEEN_AT = parseInstant('2026-11-24T08:00:00-05:00');

function checked({ rows, removed, wrong }: ListRead): void {
  for (const { interval, calendar } of rows) {
    must(Number.isSafeInteger(interval.start) && interval.start < interval.end, 'no time');
    must(interval.end - interval.start <= 2 * DAY, 'an interval without measure');
    must(calendar === 't1', 'a calendar that nobody has');
  }
  for (const { externalId } of [...rows, ...removed])
    must(externalId !== '' && externalId.length < 200 && !externalId.includes('\0'), 'no id');
  for (const { line, reason } of wrong)
    must(line >= 1 && reason.fr.length < 200 && reason.en.length < 200, 'a line that cannot be found');
}

export const lists: Target<string> = {
  name: 'lists',
  open: async () => {
    const { maps } = await mapsOf('manual');
    const readers = (['iso', 'day-first', 'month-first'] as const).map((dates) =>
      listReader({
        settings: Settings.parse({ title: 'RVSQ', names: { t1: 'Dre Tremblay' }, dates }),
        maps,
        zoneOf: () => 'America/Toronto',
      }),
    );
    return {
      inputs: spoiltText(SAMPLES, WORDS),
      run: (text) => {
        const list = { kind: 'text', text, calendar: 't1', calendars: ['t1'], seenAt: SEEN_AT } as const;
        const reads = readers.map((read) => read(list));
        for (const read of reads) checked(read);
        return reads.some(({ wrong }) => wrong.length > 0) ? 'with wrong lines' : 'read';
      },
    };
  },
};
