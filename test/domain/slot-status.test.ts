import { expect } from 'chai';
import fc from 'fast-check';
import { type BusyKind, type BusyPeriod, isLocking, STATUS_OF, slotStatus } from '../../src/domain/busy.ts';
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

  it('is free while at no moment every lane is taken, whichever lane is taken when', () => {
    const [first, second] = [span(0, 5), span(5, 15)];
    const booked = (lane: number, interval: Interval) => ({ kind: 'appointment' as const, lane, interval });
    expect(slotStatus(SLOT, 2, [booked(0, first), booked(1, second)])).to.equal('free');
    expect(slotStatus(SLOT, 2, [booked(0, first), booked(1, SLOT)])).to.equal('busy');
  });

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
