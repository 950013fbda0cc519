import { expect } from 'chai';
import fc from 'fast-check';
import type { BusyKind } from '../../src/domain/busy.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import { chainOf, dealLanes, freeLane, hasRoom, isFull } from '../../src/domain/lanes.ts';
import { span } from '../support/clinic.ts';
import { SEED } from './arbitraries.ts';

const SLOT = span(0, 15);
const AFTER = span(15, 30);

describe('the lane for a booking', () => {
  const taken = (lane: number | null, interval: Interval, kind: BusyKind = 'appointment') => ({
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
        const full = Array.from({ length: 15 }, (_, minute) => minute).some(
          (minute) => new Set(lanesAt(minute)).size >= capacity,
        );
        expect(isFull(SLOT, capacity, periods)).to.equal(full);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('when anything without a lane is in it: a block, or a booking in conflict', () => {
    expect(isFull(SLOT, 9, [{ lane: null, interval: span(14, 30) }])).to.equal(true);
    expect(isFull(SLOT, 9, [{ lane: null, interval: AFTER }])).to.equal(false);
  });
});

describe('lanes that are dealt anew', () => {
  const drawn = fc.array(
    fc.record({ start: fc.integer({ min: 0, max: 30 }), length: fc.integer({ min: 1, max: 12 }) }),
    { maxLength: 12 },
  );
  const depth = (periods: readonly { interval: Interval }[]): number =>
    Math.max(
      0,
      ...periods.map(
        ({ interval: { start } }) =>
          periods.filter((p) => p.interval.start <= start && start < p.interval.end).length,
      ),
    );

  it('are as many as there are at the fullest moment, and nobody shares one', () => {
    fc.assert(
      fc.property(drawn, (times) => {
        const periods = times.map(({ start, length }) => ({
          lane: null,
          interval: span(start, start + length),
        }));
        const dealt = [...dealLanes(periods)];
        expect(new Set(dealt.map(([, lane]) => lane)).size).to.equal(depth(periods));
        for (const [one, lane] of dealt)
          for (const [other, another] of dealt)
            if (one !== other && lane === another)
              expect(overlaps(one.interval, other.interval)).to.equal(false);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('leave everybody where they are, where nobody else is to come', () => {
    fc.assert(
      fc.property(drawn, (times) => {
        const periods = times.map(({ start, length }) => ({
          lane: null,
          interval: span(start, start + length),
        }));
        const settled = [...dealLanes(periods)].map(([period, lane]) => ({ ...period, lane }));
        for (const [{ lane }, dealt] of dealLanes(settled)) expect(dealt).to.equal(lane);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('make room for one more whose time is free only in pieces of several lanes', () => {
    const before = [
      { lane: 1, interval: span(0, 15) },
      { lane: 0, interval: span(15, 30) },
    ];
    const wanted = { lane: null, interval: span(0, 20) };
    expect(freeLane(wanted.interval, 2, before)).to.equal(null);
    expect(hasRoom(wanted.interval, 2, before)).to.equal(true);
    expect([...dealLanes([wanted, ...before]).values()].sort()).to.deep.equal([0, 1, 1]);
  });

  it('are those of a chain: what overlaps, what overlaps that, and so on', () => {
    const [near, far, apart] = [span(10, 25), span(20, 40), span(40, 50)].map((interval) => ({ interval }));
    expect(
      chainOf(
        SLOT,
        [apart, far, near].flatMap((each) => each ?? []),
      ),
    ).to.deep.equal([near, far]);
  });
});
