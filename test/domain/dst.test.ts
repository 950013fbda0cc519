import { expect } from 'chai';
import { readLocal, toLocal } from '../../src/adapter/zone.ts';
import { slotStatus } from '../../src/domain/busy.ts';
import { formatInstant, HOUR, type Instant, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps, union } from '../../src/domain/interval.ts';

/** The days on which the clocks change, cut into quarter hours as a platform without offsets names them. */

const STEP_MINUTES = 15;

type LocalSlot = { readonly local: string; readonly interval: Interval };

/** A time that happens twice is two slots; one that does not happen is none. */
function slotsOf(day: string, zone: string): LocalSlot[] {
  const slots: LocalSlot[] = [];
  for (let minute = 0; minute < 24 * 60; minute += STEP_MINUTES) {
    const two = (value: number): string => String(value).padStart(2, '0');
    const local = `${day}T${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
    const reading = readLocal(local, zone);
    if (reading.kind === 'skipped') continue;
    const starts = reading.kind === 'repeated' ? [reading.at, reading.second] : [reading.at];
    for (const start of starts) slots.push({ local, interval: quarter(start) });
  }
  return slots.sort((a, b) => a.interval.start - b.interval.start);
}

const quarter = (start: Instant): Interval => ({ start, end: plus(start, STEP_MINUTES * MINUTE) });

const readable = ({ local, interval }: LocalSlot): string => `${local.slice(11)} = ${utcOf(interval.start)}`;

const utcOf = (at: Instant): string => `${formatInstant(at).slice(11, 16)}Z`;

describe('a day of local quarter hours', () => {
  // What each zone does is in the tz database (northamerica); Blanc-Sablon stays on Atlantic time, UTC-4, all year
  // (Québec, Legal Time Act, T-5.1). The readings are those around the change, in the order in which they happen.
  const days = [
    {
      zone: 'America/Toronto',
      day: '2026-11-01',
      hours: 25,
      begins: '2026-11-01T04:00Z',
      readings: [
        '00:45 = 04:45Z',
        '01:00 = 05:00Z',
        '01:45 = 05:45Z',
        '01:00 = 06:00Z',
        '01:45 = 06:45Z',
        '02:00 = 07:00Z',
      ],
    },
    {
      zone: 'America/Toronto',
      day: '2026-03-08',
      hours: 23,
      begins: '2026-03-08T05:00Z',
      readings: ['01:45 = 06:45Z', '03:00 = 07:00Z', '03:15 = 07:15Z'],
    },
    {
      zone: 'America/Toronto',
      day: '2027-03-14',
      hours: 23,
      begins: '2027-03-14T05:00Z',
      readings: ['01:45 = 06:45Z', '03:00 = 07:00Z', '03:15 = 07:15Z'],
    },
    {
      zone: 'America/Halifax',
      day: '2026-11-01',
      hours: 25,
      begins: '2026-11-01T03:00Z',
      readings: [
        '00:45 = 03:45Z',
        '01:00 = 04:00Z',
        '01:45 = 04:45Z',
        '01:00 = 05:00Z',
        '01:45 = 05:45Z',
        '02:00 = 06:00Z',
      ],
    },
    {
      zone: 'America/Halifax',
      day: '2026-03-08',
      hours: 23,
      begins: '2026-03-08T04:00Z',
      readings: ['01:45 = 05:45Z', '03:00 = 06:00Z', '03:15 = 06:15Z'],
    },
    {
      zone: 'America/Halifax',
      day: '2027-03-14',
      hours: 23,
      begins: '2027-03-14T04:00Z',
      readings: ['01:45 = 05:45Z', '03:00 = 06:00Z', '03:15 = 06:15Z'],
    },
    {
      zone: 'America/Blanc-Sablon',
      day: '2026-11-01',
      hours: 24,
      begins: '2026-11-01T04:00Z',
      readings: ['00:45 = 04:45Z', '01:00 = 05:00Z', '01:45 = 05:45Z', '02:00 = 06:00Z'],
    },
    {
      zone: 'America/Blanc-Sablon',
      day: '2027-03-14',
      hours: 24,
      begins: '2027-03-14T04:00Z',
      readings: ['01:45 = 05:45Z', '02:00 = 06:00Z', '02:15 = 06:15Z', '03:00 = 07:00Z'],
    },
  ] as const;

  for (const { zone, day, hours, begins, readings } of days) {
    describe(`${day} in ${zone}`, () => {
      const slots = slotsOf(day, zone);

      it(`lasts ${hours} hours from ${begins}, without a gap and without a quarter hour twice`, () => {
        expect(slots).to.have.length(hours * 4);
        const start = parseInstant(begins);
        expect(union(slots.map(({ interval }) => interval))).to.deep.equal([
          { start, end: plus(start, hours * HOUR) },
        ]);
        const touching = slots.every(({ interval }, index) => {
          const next = slots[index + 1];
          return !next || (!overlaps(interval, next.interval) && interval.end === next.interval.start);
        });
        expect(touching).to.equal(true);
      });

      it(`reads ${readings.join(', ')}`, () => {
        const around = slots.map(readable).filter((text) => (readings as readonly string[]).includes(text));
        expect(around).to.deep.equal(readings);
      });

      it('is read back as it was written, quarter hour by quarter hour', () => {
        for (const { local, interval } of slots) {
          expect(toLocal(interval.start, zone)).to.equal(`${local}:00`);
        }
      });
    });
  }

  it('closes one of the two quarter hours named 01:30 in Toronto, not both', () => {
    const slots = slotsOf('2026-11-01', 'America/Toronto');
    const second = quarter(parseInstant('2026-11-01T01:30-05:00')); // 06:30Z, after the clocks went back.
    const closed = slots.filter(({ interval }) => {
      return slotStatus(interval, 1, [{ kind: 'appointment', lane: 0, interval: second }]) !== 'free';
    });
    expect(closed.map(readable)).to.deep.equal(['01:30 = 06:30Z']);
  });

  it('takes a booking at 09:00 in Blanc-Sablon for 08:00 in Montréal in winter and 09:00 in summer', () => {
    const readings = (day: string) => {
      const { at } = readLocal(`${day}T09:00`, 'America/Blanc-Sablon');
      return [utcOf(at), toLocal(at, 'America/Toronto').slice(11, 16)];
    };
    expect(readings('2026-11-24')).to.deep.equal(['13:00Z', '08:00']);
    expect(readings('2026-07-24')).to.deep.equal(['13:00Z', '09:00']);
  });
});
