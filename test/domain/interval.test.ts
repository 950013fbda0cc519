import { expect } from 'chai';
import fc from 'fast-check';
import { instant } from '../../src/domain/instant.ts';
import {
  contains,
  hull,
  type Interval,
  intersection,
  interval,
  overlaps,
  sameInterval,
  subtract,
  union,
} from '../../src/domain/interval.ts';
import { anyInterval, anyIntervals, isCanonical, SEED, sorted, unitsOf } from './arbitraries.ts';

const span = (start: number, end: number): Interval => ({ start: instant(start), end: instant(end) });

const holds = <T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void): void =>
  fc.assert(
    fc.property(arbitrary, (value) => {
      predicate(value);
    }),
    { seed: SEED, numRuns: 500 },
  );

describe('intervals', () => {
  it('begin before they end', () => {
    expect(interval(instant(1), instant(2))).to.deep.equal(span(1, 2));
    expect(() => interval(instant(2), instant(2))).to.throw(RangeError, 'must start before it ends');
    expect(() => interval(instant(3), instant(2))).to.throw(RangeError);
    expect(() => interval(instant(Number.NaN), instant(2))).to.throw(RangeError);
  });

  it('are half-open: those that only touch do not overlap, and have nothing in common', () => {
    expect(overlaps(span(0, 15), span(15, 30))).to.equal(false);
    expect(overlaps(span(15, 30), span(0, 15))).to.equal(false);
    expect(intersection(span(0, 15), span(15, 30))).to.equal(null);
    expect(overlaps(span(0, 16), span(15, 30))).to.equal(true);
    expect(intersection(span(0, 16), span(15, 30))).to.deep.equal(span(15, 16));
  });

  it('overlap exactly when they share a unit of time, either way round', () => {
    holds(fc.tuple(anyInterval, anyInterval), ([a, b]) => {
      const shared = sorted(unitsOf([a])).filter((unit) => unitsOf([b]).has(unit));
      expect(overlaps(a, b)).to.equal(shared.length > 0);
      expect(overlaps(b, a)).to.equal(shared.length > 0);
    });
  });

  it('have an intersection exactly when they overlap, and it is the units that they share', () => {
    holds(fc.tuple(anyInterval, anyInterval), ([a, b]) => {
      const common = intersection(a, b);
      expect(common !== null).to.equal(overlaps(a, b));
      expect(sorted(unitsOf(common ? [common] : []))).to.deep.equal(
        sorted(unitsOf([a])).filter((unit) => unitsOf([b]).has(unit)),
      );
      expect(intersection(b, a)).to.deep.equal(common);
    });
  });

  it('contain each other both ways only when they are the same', () => {
    holds(fc.tuple(anyInterval, anyInterval), ([a, b]) => {
      const inside = [...unitsOf([b])].every((unit) => unitsOf([a]).has(unit));
      expect(contains(a, b)).to.equal(inside);
      expect(contains(a, b) && contains(b, a)).to.equal(sameInterval(a, b));
    });
  });
});

describe('the union of intervals', () => {
  it('joins those that touch and keeps those apart that do not', () => {
    expect(union([span(30, 45), span(0, 15), span(15, 30), span(46, 50)])).to.deep.equal([
      span(0, 45),
      span(46, 50),
    ]);
    expect(union([])).to.deep.equal([]);
  });

  it('covers the same time, in order, disjoint and without touching', () => {
    holds(anyIntervals, (intervals) => {
      const merged = union(intervals);
      expect(sorted(unitsOf(merged))).to.deep.equal(sorted(unitsOf(intervals)));
      expect(isCanonical(merged)).to.equal(true);
    });
  });

  it('is idempotent, and the order of its parts does not matter', () => {
    holds(fc.tuple(anyIntervals, anyIntervals), ([a, b]) => {
      expect(union(union(a))).to.deep.equal(union(a));
      expect(union([...a, ...b])).to.deep.equal(union([...b, ...a]));
      expect(union([...union(a), ...b])).to.deep.equal(union([...a, ...b]));
    });
  });

  it('leaves what it was given as it was', () => {
    const given = [span(30, 45), span(0, 31)];
    union(given);
    expect(given).to.deep.equal([span(30, 45), span(0, 31)]);
  });
});

describe('what is left of an interval', () => {
  it('is all of it when nothing was taken, and nothing when all was', () => {
    expect(subtract(span(0, 60), [])).to.deep.equal([span(0, 60)]);
    expect(subtract(span(0, 60), [span(-10, 70)])).to.deep.equal([]);
    expect(subtract(span(0, 60), [span(-10, 0), span(60, 70)])).to.deep.equal([span(0, 60)]);
    expect(subtract(span(0, 60), [span(20, 30), span(25, 40)])).to.deep.equal([span(0, 20), span(40, 60)]);
  });

  it('and what was cut out of it make the whole again, without a unit in both', () => {
    holds(fc.tuple(anyInterval, anyIntervals), ([from, taken]) => {
      const left = subtract(from, taken);
      const cut = taken.flatMap((each) => intersection(from, each) ?? []);
      expect(isCanonical(left)).to.equal(true);
      expect(left.some((kept) => cut.some((gone) => overlaps(kept, gone)))).to.equal(false);
      expect(union([...left, ...cut])).to.deep.equal([from]);
    });
  });
});

describe('the hull of intervals', () => {
  it('is the smallest that holds them all', () => {
    expect(hull([])).to.equal(null);
    holds(anyIntervals, (intervals) => {
      const whole = hull(intervals);
      const units = sorted(unitsOf(intervals));
      expect(whole && [whole.start, whole.end - 1]).to.deep.equal(
        intervals.length === 0 ? null : [units.at(0), units.at(-1)],
      );
    });
  });
});
