import { expect } from 'chai';
import fc from 'fast-check';
import { localTime, wallClock } from '../../mappings/fhir/local-time.ts';
import { readLocal } from '../../src/adapter/zone.ts';
import { DAY, MINUTE, parseInstant } from '../../src/domain/instant.ts';
import { overlaps } from '../../src/domain/interval.ts';
import { EVERY, type Rule } from '../../src/domain/recurrence/rule.ts';
import { formatWall, type Wall, wall } from '../../src/domain/recurrence/wall.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import {
  type Days,
  type Offering,
  slotsOfWeek,
  type Template,
  type Week,
} from '../../src/domain/template.ts';
import { DAILY, day, days, minute, readable, template, week, weekly, ZONE } from '../support/week.ts';
import { SEED } from './arbitraries.ts';

function offered(of: Week, within: Days, zone = ZONE): Offering {
  const offering = slotsOfWeek(of, within, wallClock(zone));
  if (typeof offering === 'string') throw new Error(offering);
  return offering;
}
const starts = (of: Week, within: Days): string[] => offered(of, within).slots.map(readable);
const reasons = (of: Week, within: Days): string[] =>
  offered(of, within).leftOut.map(
    ({ day: on, why, count, name }) =>
      `${formatWall(on).slice(0, 10)} ${why} ${count}${name ? ` ${name.fr}` : ''}`,
  );

describe('the slots of a week', () => {
  const MONDAY = days('2026-11-23', '2026-11-24');

  it('are cut from the start of the hours, with breaks between, and none crosses their end', () => {
    const morning = template('09:00-10:20', { slotMinutes: 20, breakMinutes: 5 });
    expect(starts(week([morning]), MONDAY)).to.deep.equal([
      '2026-11-23 09:00 = 14:00Z',
      '2026-11-23 09:25 = 14:25Z',
      '2026-11-23 09:50 = 14:50Z',
    ]);
    const { slots } = offered(week([template('09:00-09:30')]), MONDAY);
    expect(slots[0]?.interval.end).to.equal(parseInstant('2026-11-23T14:30:00Z'));
    expect(starts(week([template('09:00-09:29')]), MONDAY)).to.deep.equal([]);
  });

  it('reach until midnight, and begin at it', () => {
    expect(starts(week([template('23:00-24:00'), template('00:00-00:30')]), MONDAY)).to.deep.equal([
      '2026-11-23 00:00 = 05:00Z',
      '2026-11-23 23:00 = 04:00Z',
      '2026-11-23 23:30 = 04:30Z',
    ]);
  });

  it('are on the weekdays that are named, in the days that are asked for and no others', () => {
    const of = week([template('09:00-09:30', { rule: weekly(0, 2) })]);
    expect(starts(of, days('2026-11-23', '2026-11-30'))).to.deep.equal([
      '2026-11-23 09:00 = 14:00Z',
      '2026-11-25 09:00 = 14:00Z',
    ]);
    expect(starts(of, days('2026-11-24', '2026-11-25'))).to.deep.equal([]);
  });

  describe('follow rules that count from a day', () => {
    const since = day('2026-11-24'); // a Tuesday
    const rules: [title: string, rule: Rule, dates: string][] = [
      ['a first day that the rule does not name', weekly(0), '11-30 12-07 12-14'],
      ['a first day that it names', weekly(1), '11-24 12-01 12-08 12-15'],
      ['every second week', { ...weekly(1, 3), interval: 2 }, '11-24 11-26 12-08 12-10'],
      ['COUNT, of the days that it names', { ...weekly(0), count: 2 }, '11-30 12-07'],
      ['COUNT from the first day on', { ...DAILY, count: 3 }, '11-24 11-25 11-26'],
      [
        'UNTIL, with that day',
        { ...weekly(1), until: { text: '2026-12-08', utc: false } },
        '11-24 12-01 12-08',
      ],
      [
        'the first Monday of the month',
        { ...EVERY, frequency: 'MONTHLY', byDay: [{ nth: 1, day: 0 }] },
        '12-07',
      ],
      ['a day that no month has', { ...EVERY, frequency: 'YEARLY', byMonth: [2], byMonthDay: [30] }, ''],
    ];
    for (const [title, rule, dates] of rules) {
      it(title, () => {
        const of = week([template('09:00-09:30', { rule, since })]);
        const found = starts(of, days('2026-11-20', '2026-12-20')).map((text) => text.slice(5, 10));
        expect(found.join(' ')).to.equal(dates);
      });
    }
  });

  it('keep the rhythm of two weeks from one month to the next', () => {
    const of = week([
      template('09:00-09:30', { rule: { ...weekly(1), interval: 2 }, since: day('2026-11-24') }),
    ]);
    const whole = starts(of, days('2026-11-01', '2027-03-01'));
    expect([
      ...starts(of, days('2026-11-01', '2027-01-05')),
      ...starts(of, days('2027-01-05', '2027-03-01')),
    ]).to.deep.equal(whole);
  });

  describe('on the night the clocks go forward (2026-03-08, 02:00 is 03:00)', () => {
    const night = days('2026-03-08', '2026-03-09');

    it('leave out the hour that is skipped', () => {
      const of = week([template('01:00-04:00')]);
      expect(starts(of, night)).to.deep.equal([
        '2026-03-08 01:00 = 06:00Z',
        '2026-03-08 01:30 = 06:30Z',
        '2026-03-08 03:00 = 07:00Z',
        '2026-03-08 03:30 = 07:30Z',
      ]);
      expect(reasons(of, night)).to.deep.equal(['2026-03-08 clocks 2']);
    });

    it('leave out what reaches into it, or over it', () => {
      const of = (hours: string, slotMinutes: number) => week([template(hours, { slotMinutes })]);
      expect(starts(of('01:30-05:30', 60), night)).to.deep.equal([
        '2026-03-08 03:30 = 07:30Z',
        '2026-03-08 04:30 = 08:30Z',
      ]);
      // 01:30 to 03:30 would be one hour, and the slot after it would overlap two.
      expect(starts(of('01:30-07:30', 120), night)).to.deep.equal([
        '2026-03-08 03:30 = 07:30Z',
        '2026-03-08 05:30 = 09:30Z',
      ]);
      expect(starts(of('01:00-03:00', 60), night)).to.deep.equal(['2026-03-08 01:00 = 06:00Z']);
    });
  });

  describe('on the night the clocks go back (2026-11-01, 02:00 is 01:00)', () => {
    const night = days('2026-11-01', '2026-11-02');

    it('are made once in the hour that happens twice, the first time', () => {
      const of = week([template('00:30-03:00')]);
      expect(starts(of, night)).to.deep.equal([
        '2026-11-01 00:30 = 04:30Z',
        '2026-11-01 01:00 = 05:00Z',
        '2026-11-01 01:30 = 05:30Z',
        '2026-11-01 02:00 = 07:00Z',
        '2026-11-01 02:30 = 07:30Z',
      ]);
      expect(reasons(of, night)).to.deep.equal([]);
    });

    it('leave out what reaches from that hour into the next, which would last an hour more', () => {
      const of = week([template('00:30-03:30', { slotMinutes: 60 })]);
      expect(starts(of, night)).to.deep.equal(['2026-11-01 00:30 = 04:30Z', '2026-11-01 02:30 = 07:30Z']);
      expect(reasons(of, night)).to.deep.equal(['2026-11-01 clocks 1']);
    });
  });

  describe('leave out', () => {
    const of = (change: Partial<Week>) =>
      week([template('09:00-11:00', { rule: weekly(0, 1, 2, 3, 4) })], change);
    const christmas = days('2026-12-24', '2026-12-27');

    it('public holidays, by name', () => {
      expect(
        starts(of({ holidays: 'good-friday' }), christmas).map((text) => text.slice(0, 10)),
      ).to.deep.equal(Array(4).fill('2026-12-24'));
      expect(reasons(of({ holidays: 'good-friday' }), christmas)).to.deep.equal([
        '2026-12-25 holiday 4 Noël',
      ]);
      expect(starts(of({ holidays: null }), christmas)).to.have.length(8);
    });

    it('those of both years around New Year, and the one of Easter that was chosen', () => {
      const shown = (holidays: Week['holidays'], within: Days) => reasons(of({ holidays }), within);
      expect(shown('good-friday', days('2026-12-20', '2027-01-10'))).to.deep.equal([
        '2026-12-25 holiday 4 Noël',
        '2027-01-01 holiday 4 Jour de l’An',
      ]);
      const easter = days('2027-03-20', '2027-04-05');
      expect(shown('good-friday', easter)).to.deep.equal(['2027-03-26 holiday 4 Vendredi saint']);
      expect(shown('easter-monday', easter)).to.deep.equal(['2027-03-29 holiday 4 Lundi de Pâques']);
    });

    it('25 June in place of Sunday 24 June, but for a clinic that works on Sundays', () => {
      const june = days('2029-06-23', '2029-06-27');
      expect(reasons(of({ holidays: 'good-friday' }), june)).to.deep.equal([
        '2029-06-25 holiday 4 Fête nationale',
      ]);
      for (const rule of [weekly(0, 6), DAILY]) {
        const sundays = week([template('09:00-11:00', { rule })], { holidays: 'good-friday' });
        expect(reasons(sundays, june)).to.deep.equal(['2029-06-24 holiday 4 Fête nationale']);
      }
      const now = {
        ...EVERY,
        frequency: 'MONTHLY',
        byDay: [
          { nth: 1, day: 6 },
          { nth: null, day: 0 },
        ],
      } as const;
      const seldom = week([template('09:00-11:00', { rule: now })], { holidays: 'good-friday' });
      expect(reasons(seldom, june)).to.deep.equal(['2029-06-25 holiday 4 Fête nationale']);
    });

    it('a day that is closed, and what is outside of its own hours', () => {
      const ownHours = new Map([
        [day('2026-11-23'), []],
        [day('2026-11-24'), [{ fromMinute: minute('09:15'), toMinute: minute('10:30') }]],
      ]);
      const shown = of({ ownHours });
      expect(starts(shown, days('2026-11-23', '2026-11-25'))).to.deep.equal([
        '2026-11-24 09:30 = 14:30Z',
        '2026-11-24 10:00 = 15:00Z',
      ]);
      expect(reasons(shown, days('2026-11-23', '2026-11-25'))).to.deep.equal([
        '2026-11-23 closed 4',
        '2026-11-24 closed 2',
      ]);
    });

    it('no holiday that has hours of its own', () => {
      const ownHours = new Map([
        [day('2026-12-25'), [{ fromMinute: minute('10:00'), toMinute: minute('11:00') }]],
      ]);
      const shown = of({ ownHours, holidays: 'good-friday' });
      expect(starts(shown, days('2026-12-25', '2026-12-26'))).to.deep.equal([
        '2026-12-25 10:00 = 15:00Z',
        '2026-12-25 10:30 = 15:30Z',
      ]);
      expect(reasons(shown, days('2026-12-25', '2026-12-26'))).to.deep.equal(['2026-12-25 closed 2']);
    });

    it('what overlaps a closing, and not what only touches it', () => {
      const closed = [
        { start: parseInstant('2026-11-23T14:45:00Z'), end: parseInstant('2026-11-23T15:30:00Z') },
      ];
      expect(starts(of({ closed }), MONDAY)).to.deep.equal([
        '2026-11-23 09:00 = 14:00Z',
        '2026-11-23 10:30 = 15:30Z',
      ]);
    });

    it('what overlaps a slot of a template before it', () => {
      const video = { ...UNKNOWN_ATTRIBUTES, mode: 'video' } as const;
      const both = week([
        template('10:00-10:40', { slotMinutes: 40, attributes: video }),
        template('09:30-11:30'),
      ]);
      const { slots } = offered(both, MONDAY);
      expect(slots.map((slot) => `${readable(slot)} ${slot.attributes.mode}`)).to.deep.equal([
        '2026-11-23 09:30 = 14:30Z null',
        '2026-11-23 10:00 = 15:00Z video',
        '2026-11-23 11:00 = 16:00Z null',
      ]);
      expect(reasons(both, MONDAY)).to.deep.equal(['2026-11-23 template 2']);
    });
  });

  it('end at a limit, and so does a rule that counts for ever', () => {
    const minutes = template('00:00-24:00', { slotMinutes: 5 });
    const year = days('2026-01-01', '2027-01-01');
    expect(slotsOfWeek(week([minutes]), year, wallClock(ZONE))).to.equal('too-many');
    expect(slotsOfWeek(week([minutes]), days('2026-01-01', '2026-03-01'), wallClock(ZONE))).to.have.property(
      'slots',
    );
    const endless = template('09:00-09:30', {
      rule: { ...DAILY, count: 1_000_000 },
      since: day('1800-01-01'),
    });
    expect(slotsOfWeek(week([endless]), year, wallClock(ZONE))).to.equal('unbounded');
  });
});

describe('a week of any kind', () => {
  const anyRule: fc.Arbitrary<Rule> = fc.oneof(
    fc.constant(DAILY),
    fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }).map((weekdays) => weekly(...weekdays)),
    fc.integer({ min: 1, max: 5 }).map((interval) => ({ ...DAILY, interval })),
    fc.integer({ min: 1, max: 20 }).map((count) => ({ ...weekly(0, 3, 6), count })),
    fc.integer({ min: -3, max: 28 }).map((n) => ({
      ...EVERY,
      frequency: 'MONTHLY' as const,
      byMonthDay: [n === 0 ? 1 : n],
    })),
  );
  const anyHours = fc
    .tuple(fc.integer({ min: 0, max: 287 }), fc.integer({ min: 1, max: 288 }))
    .map(([from, length]) => ({ fromMinute: from * 5, toMinute: Math.min(1_440, (from + length) * 5) }));
  // Around both changes of the clocks of 2026 in Toronto, so that every second week has one.
  const anyDay: fc.Arbitrary<Wall> = fc
    .tuple(fc.constantFrom('2026-03-08', '2026-11-01', '2026-12-25'), fc.integer({ min: -3, max: 3 }))
    .map(([date, later]) => wall(day(date) + later * DAY));
  const anyTemplate: fc.Arbitrary<Template> = fc
    .record({
      rule: anyRule,
      since: anyDay,
      hours: anyHours,
      slotMinutes: fc.integer({ min: 5, max: 180 }),
      breakMinutes: fc.integer({ min: 0, max: 60 }),
    })
    .map(({ hours, ...rest }) => ({ ...rest, ...hours, attributes: UNKNOWN_ATTRIBUTES }));
  const anyWeek: fc.Arbitrary<Week> = fc.record({
    templates: fc.array(anyTemplate, { minLength: 1, maxLength: 3 }),
    ownHours: fc
      .array(fc.tuple(anyDay, fc.array(anyHours, { maxLength: 2 })), { maxLength: 2 })
      .map((entries) => new Map(entries)),
    closed: fc.array(fc.tuple(anyDay, fc.integer({ min: 1, max: 2_000 })), { maxLength: 2 }).map((list) =>
      list.map(([on, minutes]) => {
        const { at } = readLocal(formatWall(on), ZONE);
        return { start: at, end: (at + minutes * MINUTE) as typeof at };
      }),
    ),
    holidays: fc.constantFrom('good-friday', null),
  });
  const anyDays: fc.Arbitrary<Days> = fc
    .tuple(anyDay, fc.integer({ min: 1, max: 6 }))
    .map(([from, length]) => ({ from, to: wall(from + length * DAY) }));

  it('has slots that do not overlap, as long as they say, within the hours of a template, where nothing is closed', () => {
    fc.assert(
      fc.property(anyWeek, anyDays, (of, within) => {
        const { slots } = offered(of, within);
        for (const [index, { day: on, interval }] of slots.entries()) {
          const next = slots[index + 1];
          if (next) expect(interval.end).to.be.at.most(next.interval.start);
          expect(within.from <= on && on < within.to).to.equal(true);
          expect(of.closed.some((each) => overlaps(each, interval))).to.equal(false);
          // As people there read both its ends.
          const [from, to] = [interval.start, interval.end].map((at) => localTime(at, ZONE).slice(0, 16)) as [
            string,
            string,
          ];
          expect(from.slice(0, 10)).to.equal(formatWall(on).slice(0, 10));
          const length = (interval.end - interval.start) / MINUTE;
          const begins = minute(from.slice(11));
          const isOf = ({ fromMinute, toMinute, slotMinutes }: Template): boolean =>
            slotMinutes === length && fromMinute <= begins && begins + length <= toMinute;
          expect(of.templates.some(isOf), `${from} to ${to}`).to.equal(true);
          const own = of.ownHours.get(on);
          if (own)
            expect(
              own.some(({ fromMinute, toMinute }) => fromMinute <= begins && begins + length <= toMinute),
            ).to.equal(true);
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('leaves out what it does not make, and nothing else', () => {
    fc.assert(
      fc.property(anyWeek, anyDays, (of, within) => {
        const { slots, leftOut } = offered(of, within);
        const left = leftOut.reduce((sum, { count }) => sum + count, 0);
        // Each template by itself, with nothing in its way, in a zone whose clocks do not change.
        const all = of.templates.map((each) => offered(week([each]), within, 'UTC').slots.length);
        expect(slots.length + left).to.equal(all.reduce((sum, count) => sum + count, 0));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('does not depend on where the days asked for begin', () => {
    fc.assert(
      fc.property(anyWeek, anyDays, fc.integer({ min: 1, max: 5 }), (of, { from, to }, after) => {
        const middle = wall(Math.min(to, from + after * DAY));
        const parts = [{ from, to: middle }, ...(middle < to ? [{ from: middle, to }] : [])];
        expect(parts.flatMap((part) => offered(of, part).slots)).to.deep.equal(
          offered(of, { from, to }).slots,
        );
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

describe('a wall clock', () => {
  it('is read as the other reading of zones has it, every quarter of an hour around their changes', () => {
    for (const zone of ['America/Toronto', 'America/Blanc-Sablon', 'America/Halifax']) {
      const clock = wallClock(zone);
      for (const date of [
        '2026-03-07',
        '2026-03-08',
        '2026-03-09',
        '2026-10-31',
        '2026-11-01',
        '2026-11-02',
      ]) {
        for (let at = 0; at < DAY; at += 15 * MINUTE) {
          const local = wall(day(date) + at);
          const reading = readLocal(formatWall(local), zone);
          expect(clock(local), `${zone} ${formatWall(local)}`).to.equal(
            reading.kind === 'skipped' ? null : reading.at,
          );
        }
      }
    }
  });
});
