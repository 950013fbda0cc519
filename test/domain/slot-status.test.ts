import { expect } from 'chai';
import fc from 'fast-check';
import {
  type BusyKind,
  type BusyPeriod,
  freeLane,
  isFull,
  isLocking,
  STATUS_OF,
  slotStatus,
} from '../../src/domain/busy.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { at, span } from '../support/clinic.ts';
import { SEED } from './arbitraries.ts';

type Occupation = Pick<BusyPeriod, 'kind' | 'interval' | 'lane'>;

const SLOT = span(0, 15);
const AFTER = span(15, 30);

/** In the words of the table: where it lies is the slot itself unless `beside`, which only touches it. */
const OCCUPATIONS: Record<string, Occupation> = {
  'appointment in lane 0': { kind: 'appointment', lane: 0, interval: SLOT },
  'appointment in lane 1': { kind: 'appointment', lane: 1, interval: SLOT },
  'hold in lane 0': { kind: 'hold', lane: 0, interval: SLOT },
  'hold in lane 1': { kind: 'hold', lane: 1, interval: SLOT },
  block: { kind: 'block', lane: null, interval: SLOT },
  'appointment in conflict': { kind: 'appointment', lane: null, interval: SLOT },
  'hold in conflict': { kind: 'hold', lane: null, interval: SLOT },
  'appointment beside': { kind: 'appointment', lane: 0, interval: AFTER },
  'block beside': { kind: 'block', lane: null, interval: AFTER },
};

describe('the status of a slot', () => {
  const table: readonly (readonly [capacity: number, periods: string, status: string])[] = [
    [1, 'nothing', 'free'],
    [1, 'appointment beside + block beside', 'free'],
    [1, 'hold in lane 0', 'busy-tentative'],
    [1, 'block', 'busy-unavailable'],
    [1, 'appointment in lane 0', 'busy'],
    [1, 'hold in lane 0 + block', 'busy-unavailable'],
    [1, 'appointment in lane 0 + block', 'busy'],
    [1, 'hold in lane 0 + block + appointment in conflict', 'busy'],
    [1, 'appointment in lane 0 + hold in conflict', 'busy'],
    [1, 'hold in conflict', 'busy'],
    [2, 'appointment in lane 0', 'free'],
    [2, 'appointment in lane 1', 'free'],
    [2, 'hold in lane 0', 'free'],
    [2, 'hold in lane 0 + hold in lane 1', 'busy-tentative'],
    [2, 'appointment in lane 0 + hold in lane 1', 'busy-tentative'],
    [2, 'appointment in lane 0 + appointment in lane 1', 'busy'],
    [2, 'appointment in lane 0 + block', 'busy-unavailable'],
    [2, 'block', 'busy-unavailable'],
    [2, 'appointment in conflict', 'busy'],
    [2, 'appointment in lane 0 + appointment in lane 1 + block', 'busy'],
  ];
  for (const [capacity, words, status] of table) {
    it(`with ${capacity} lane(s) and ${words} is ${status}`, () => {
      const periods = words === 'nothing' ? [] : words.split(' + ').map(occupation);
      expect(slotStatus(SLOT, capacity, periods)).to.equal(status);
      expect(slotStatus(SLOT, capacity, [...periods].reverse())).to.equal(status);
    });
  }

  it('counts a lane once, although two appointments follow one another in it', () => {
    const [first, second] = [span(0, 5), span(5, 15)];
    const inLane = (lane: number) =>
      [first, second].map((interval) => ({ kind: 'appointment' as const, lane, interval }));
    expect(slotStatus(SLOT, 2, inLane(0))).to.equal('free');
    expect(slotStatus(SLOT, 2, [...inLane(0), ...inLane(1)])).to.equal('busy');
  });

  it('names a status for every kind of busy period, and only blocks are outside of the lock', () => {
    const alone = (kind: BusyKind) =>
      slotStatus(SLOT, 1, [{ kind, lane: isLocking(kind) ? 0 : null, interval: SLOT }]);
    for (const kind of ['appointment', 'hold', 'block'] as const)
      expect(alone(kind)).to.equal(STATUS_OF[kind]);
    expect(['appointment', 'hold', 'block'].map((kind) => isLocking(kind as BusyKind))).to.deep.equal([
      true,
      true,
      false,
    ]);
  });
});

describe('slots on grids of their own', () => {
  const steps = fc.constantFrom(15, 20);
  const phases = fc.integer({ min: 0, max: 19 });

  it('close where a booking on the other grid overlaps them, and nowhere else', () => {
    fc.assert(
      fc.property(steps, phases, steps, phases, fc.nat(11), (step, phase, otherStep, otherPhase, index) => {
        const booked = minutesOf(step, phase, index);
        const booking: Occupation = { kind: 'appointment', lane: 0, interval: spanOf(booked) };
        for (let other = 0; other < 24; other += 1) {
          const offered = minutesOf(otherStep, otherPhase, other);
          const shared = offered.filter((minute) => booked.includes(minute));
          expect(slotStatus(spanOf(offered), 1, [booking])).to.equal(shared.length > 0 ? 'busy' : 'free');
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('close one or two quarter hours for twenty minutes, by how the grids lie', () => {
    const closed = (phase: number): number[] =>
      [0, 1, 2, 3].filter((index) => {
        const booking: Occupation = { kind: 'appointment', lane: 0, interval: span(20 + phase, 40 + phase) };
        return slotStatus(spanOf(minutesOf(15, 0, index)), 1, [booking]) !== 'free';
      });
    expect(closed(0)).to.deep.equal([1, 2]); // 09:20–09:40
    expect(closed(-5)).to.deep.equal([1, 2]); // 09:15–09:35
    expect(closed(5)).to.deep.equal([1, 2]); // 09:25–09:45
    expect(closed(-10)).to.deep.equal([0, 1]); // 09:10–09:30
    expect(closed(10)).to.deep.equal([2, 3]); // 09:30–09:50
    expect(closed(9)).to.deep.equal([1, 2, 3]); // 09:29–09:49
  });
});

describe('the lane for a booking', () => {
  const taken = (lane: number | null, interval: Interval, kind: BusyKind = 'appointment'): Occupation => ({
    kind,
    lane,
    interval,
  });

  it('is the first that is free over the whole length', () => {
    expect(freeLane(SLOT, 1, [])).to.equal(0);
    expect(freeLane(SLOT, 2, [taken(0, span(14, 30))])).to.equal(1);
    expect(freeLane(SLOT, 2, [taken(1, span(14, 30))])).to.equal(0);
    expect(freeLane(SLOT, 3, [taken(0, SLOT), taken(2, SLOT)])).to.equal(1);
  });

  it('is none when all are taken, also piece by piece', () => {
    expect(freeLane(SLOT, 1, [taken(0, span(14, 30))])).to.equal(null);
    expect(freeLane(SLOT, 2, [taken(0, span(0, 5)), taken(1, span(10, 20))])).to.equal(null);
  });

  it('is not taken by what touches, by blocks, or by bookings in conflict', () => {
    expect(freeLane(SLOT, 1, [taken(0, AFTER), taken(null, SLOT, 'block'), taken(null, SLOT)])).to.equal(0);
  });

  it('is taken by a hold as by an appointment', () => {
    expect(freeLane(SLOT, 1, [taken(0, SLOT, 'hold')])).to.equal(null);
  });

  it('is one that no overlapping booking has, and is only refused when there is none', () => {
    const period = fc.record({
      start: fc.integer({ min: -20, max: 20 }),
      lane: fc.constantFrom(0, 1, 2, null),
    });
    fc.assert(
      fc.property(fc.array(period, { maxLength: 5 }), fc.integer({ min: 1, max: 3 }), (drawn, capacity) => {
        const periods = drawn.map(({ start, lane }) => taken(lane, span(start, start + 15)));
        const overlapping = drawn.filter(({ start }) => start > -15 && start < 15).map(({ lane }) => lane);
        const free = ([0, 1, 2] as const).filter((lane) => lane < capacity && !overlapping.includes(lane));
        expect(freeLane(SLOT, capacity, periods)).to.equal(free[0] ?? null);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('time is full', () => {
  const period = fc.record({
    start: fc.integer({ min: -12, max: 18 }),
    length: fc.integer({ min: 1, max: 12 }),
    lane: fc.constantFrom(0, 1, 2),
    kind: fc.constantFrom<BusyKind>('appointment', 'hold'),
  });

  it('when at some minute of it every lane is taken, and not when they are taken one after the other', () => {
    fc.assert(
      fc.property(fc.array(period, { maxLength: 6 }), fc.integer({ min: 1, max: 3 }), (drawn, capacity) => {
        const periods = drawn.map(({ start, length, lane, kind }) => ({
          kind,
          lane,
          interval: span(start, start + length),
        }));
        const lanesAt = (minute: number) =>
          drawn
            .filter((each) => each.start <= minute && minute < each.start + each.length)
            .map(({ lane }) => lane);
        const full = minutesOf(15, 0, 0).some((minute) => new Set(lanesAt(minute)).size >= capacity);
        expect(isFull(SLOT, capacity, periods)).to.equal(full);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('when anything without a lane is in it: a block, or a booking in conflict', () => {
    for (const kind of ['block', 'appointment', 'hold'] as const) {
      expect(isFull(SLOT, 9, [{ kind, lane: null, interval: span(14, 30) }])).to.equal(true);
      expect(isFull(SLOT, 9, [{ kind, lane: null, interval: AFTER }])).to.equal(false);
    }
  });
});

function occupation(words: string): Occupation {
  const found = OCCUPATIONS[words];
  if (!found) throw new Error(`no such occupation: ${words}`);
  return found;
}

/** The minutes of a slot of a grid, one by one. */
const minutesOf = (step: number, phase: number, index: number): number[] =>
  Array.from({ length: step }, (_, minute) => phase + index * step + minute);

const spanOf = (minutes: readonly number[]): Interval => {
  const first = minutes[0] ?? 0;
  return { start: at(first), end: at(first + minutes.length) };
};
