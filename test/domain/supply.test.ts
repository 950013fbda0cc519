import { expect } from 'chai';
import fc from 'fast-check';
import { coverageOf } from '../../src/domain/coverage.ts';
import { instant } from '../../src/domain/instant.ts';
import { hull, type Interval } from '../../src/domain/interval.ts';
import type { RosterPolicy } from '../../src/domain/schedule.ts';
import { SHIFT_TASKS, type Shift } from '../../src/domain/shift.ts';
import { changedTime, type Unsupplied, unsuppliedAfter } from '../../src/domain/supply.ts';
import { anyInterval, anyIntervals, SEED, sorted, unitsOf } from './arbitraries.ts';

const NOW = instant(5);
const LATER = instant(9);
const CLOSES: RosterPolicy = { withdrawn: 'close', outside: 'close' };
const USUAL: RosterPolicy = { withdrawn: 'close', outside: 'report' };

const of = (start: number, end: number): Interval => ({ start: instant(start), end: instant(end) });
const shifts = (intervals: readonly Interval[]): Shift[] =>
  intervals.map((interval) => ({ interval, task: null, period: null }));
const rosterOf = (intervals: readonly Interval[], published: Interval | null = hull(intervals)) => ({
  shifts: shifts(intervals),
  published,
});
const times = (unsupplied: readonly Unsupplied[]) =>
  unsupplied.map(({ interval: { start, end }, cause }) => [start, end, cause]);

describe('time that a roster does not have', () => {
  for (const [what, before, gone, standing, policy, expected] of [
    ['is none where nothing was withdrawn', [], [], [of(0, 4)], USUAL, []],
    ['is that of a withdrawn shift', [], [of(0, 4)], [], USUAL, [[0, 4, 'withdrawn']]],
    ['is what a moved shift has left', [], [of(0, 4)], [of(2, 6)], USUAL, [[0, 2, 'withdrawn']]],
    [
      'is not what another shift has',
      [],
      [of(0, 8)],
      [of(2, 4)],
      USUAL,
      [
        [0, 2, 'withdrawn'],
        [4, 8, 'withdrawn'],
      ],
    ],
    ['is remembered while no shift has it', [of(0, 4)], [], [of(6, 8)], USUAL, [[0, 4, 'withdrawn']]],
    ['is none any more where a shift has it again', [of(0, 4)], [], [of(0, 3)], USUAL, [[3, 4, 'withdrawn']]],
    [
      'is told once where it is withdrawn twice',
      [of(0, 4)],
      [of(2, 6)],
      [],
      USUAL,
      [
        [0, 4, 'withdrawn'],
        [4, 6, 'withdrawn'],
      ],
    ],
    [
      'is what lies between shifts, where that is to be closed',
      [],
      [],
      [of(0, 2), of(6, 8)],
      CLOSES,
      [[2, 6, 'outside']],
    ],
  ] as const) {
    it(what, () => {
      const stored = before.map(
        (interval): Unsupplied => ({ interval, cause: 'withdrawn', closes: true, since: NOW }),
      );
      const roster = rosterOf(standing);
      expect(times(unsuppliedAfter(stored, gone, roster, policy, LATER))).to.deep.equal(expected);
    });
  }

  it('says since when', () => {
    const first = unsuppliedAfter([], [of(0, 4)], rosterOf([]), USUAL, NOW);
    const then = unsuppliedAfter(first, [of(2, 6)], rosterOf([of(0, 1)]), USUAL, LATER);
    expect(then.map(({ since }) => since)).to.deep.equal([NOW, LATER]);
  });

  it('is none where there is no roster, and closes nothing where it is only reported', () => {
    const stored = unsuppliedAfter([], [of(0, 4)], rosterOf([]), USUAL, NOW);
    expect(unsuppliedAfter(stored, [], null, USUAL, LATER)).to.deep.equal([]);
    const reported = unsuppliedAfter(stored, [], rosterOf([]), { ...USUAL, withdrawn: 'report' }, LATER);
    expect(reported.map(({ closes }) => closes)).to.deep.equal([false]);
    expect(changedTime(stored, reported)).to.deep.equal(of(0, 4));
    expect(changedTime(stored, stored)).to.equal(null);
  });

  it('is what the units say one by one, disjoint and in order', () => {
    fc.assert(
      fc.property(anyIntervals, anyIntervals, anyIntervals, (known, gone, standing) => {
        const before = unsuppliedAfter([], known, rosterOf([]), USUAL, NOW);
        const after = unsuppliedAfter(before, gone, rosterOf(standing), CLOSES, LATER);
        const supplied = unitsOf(standing);
        const withdrawn = [...unitsOf([...known, ...gone])].filter((unit) => !supplied.has(unit));
        const is = (cause: string) =>
          after.filter((each) => each.cause === cause).map(({ interval }) => interval);
        expect(sorted(unitsOf(is('withdrawn')))).to.deep.equal(sorted(withdrawn));
        const span = hull(standing);
        const between = [...unitsOf(span ? [span] : [])].filter(
          (unit) => !supplied.has(unit) && !withdrawn.includes(unit),
        );
        expect(sorted(unitsOf(is('outside')))).to.deep.equal(sorted(between));
        const all = after.map(({ interval }) => interval);
        expect(all.every(({ start }, index) => start >= (all[index - 1]?.end ?? start))).to.equal(true);
      }),
      { seed: SEED },
    );
  });
});

describe('what of a roster is on offer', () => {
  const MINUTE = 60_000;
  const minutes = (start: number, end: number) => of(start * MINUTE, end * MINUTE);
  const input = {
    window: minutes(0, 600),
    shifts: shifts([minutes(0, 120)]),
    published: minutes(0, 300),
    offered: [],
    booked: [],
    unsupplied: [],
    days: [
      { day: 'one', interval: minutes(0, 60) },
      { day: 'two', interval: minutes(60, 600) },
    ],
  };
  const slot = (start: number, end: number, isFree = true) => ({
    slotId: `${start}`,
    interval: minutes(start, end),
    isFree,
  });

  it('is told by day: time of shifts, and how much of it has a slot or a booking', () => {
    const { days, gaps } = coverageOf({
      ...input,
      offered: [slot(0, 20), slot(20, 40, false), slot(100, 140)],
      booked: [{ busyId: 'b', interval: minutes(50, 70) }],
    });
    expect(days).to.deep.equal([
      { day: 'one', shiftMinutes: 60, coveredMinutes: 50 },
      { day: 'two', shiftMinutes: 60, coveredMinutes: 30 },
    ]);
    // Ten minutes between two are no shift that somebody forgot.
    expect(gaps).to.deep.equal([minutes(70, 100)]);
  });

  it('leaves out work without patients', () => {
    for (const task of SHIFT_TASKS) {
      const { days } = coverageOf({ ...input, shifts: [{ interval: minutes(0, 60), task, period: null }] });
      const counted = task === 'appointments' || task === 'walk-in' ? 60 : 0;
      expect(days[0]?.shiftMinutes, task).to.equal(counted);
    }
  });

  it('tells slots and bookings that no shift has, and why', () => {
    const gone: Unsupplied = { interval: minutes(120, 180), cause: 'withdrawn', closes: true, since: NOW };
    const { phantoms, bookedOutside } = coverageOf({
      ...input,
      unsupplied: [gone],
      offered: [slot(100, 120), slot(110, 130), slot(160, 180, false), slot(200, 220), slot(400, 420)],
      booked: [
        { busyId: 'in', interval: minutes(0, 20) },
        { busyId: 'gone', interval: minutes(160, 180) },
        { busyId: 'never', interval: minutes(240, 260) },
        { busyId: 'not-yet', interval: minutes(500, 520) },
      ],
    });
    expect(phantoms.map(({ slotId, cause }) => [slotId, cause])).to.deep.equal([
      ['110', 'withdrawn'],
      ['200', 'outside'],
    ]);
    expect(bookedOutside.map(({ busyId, cause }) => [busyId, cause])).to.deep.equal([
      ['gone', 'withdrawn'],
      ['never', 'outside'],
    ]);
  });

  it('is never more than there is', () => {
    fc.assert(
      fc.property(anyIntervals, anyIntervals, anyInterval, (standing, offered, window) => {
        const { days } = coverageOf({
          ...input,
          window,
          shifts: shifts(standing),
          offered: offered.map((interval, index) => ({ slotId: `${index}`, interval, isFree: true })),
          days: [{ day: 'all', interval: window }],
        });
        const within = unitsOf([window]);
        const supplied = [...unitsOf(standing)].filter((unit) => within.has(unit));
        const taken = unitsOf(offered);
        const [day] = days;
        expect(Math.round((day?.shiftMinutes ?? 0) * MINUTE)).to.equal(supplied.length);
        expect(Math.round((day?.coveredMinutes ?? 0) * MINUTE)).to.equal(
          supplied.filter((unit) => taken.has(unit)).length,
        );
      }),
      { seed: SEED },
    );
  });
});
