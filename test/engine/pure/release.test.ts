import { expect } from 'chai';
import fc from 'fast-check';
import { HOUR, type Instant, instant, MINUTE, parseInstant, plus } from '../../../src/domain/instant.ts';
import type { Release } from '../../../src/domain/schedule.ts';
import {
  bookableFrom,
  releasedAt,
  releasedUntil,
  scheduleReleasedUntil,
} from '../../../src/engine/release.ts';
import { at, under } from '../../support/clinic.ts';

const TORONTO = 'America/Toronto';
const ahead = (hours: number): Release => ({ kind: 'before', milliseconds: hours * HOUR });
const midnights = (daysBefore: number): Release => ({ kind: 'midnight', daysBefore });

describe('the release of a slot', () => {
  // Each start and release as the clinic reads them. Clocks go back on 1 November 2026 and forward on 14 March 2027.
  const rows: [rule: Release, start: string, released: string | null][] = [
    [{ kind: 'always' }, '2026-11-24T09:00:00-05:00', null],
    [ahead(48), '2026-11-24T09:00:00-05:00', '2026-11-22T09:00:00-05:00'],
    [ahead(0.5), '2026-11-24T09:00:00-05:00', '2026-11-24T08:30:00-05:00'],
    // 24 hours that pass: the night when clocks go back has one more, that when they go forward one less.
    [ahead(24), '2026-11-01T09:00:00-05:00', '2026-10-31T10:00:00-04:00'],
    [ahead(24), '2027-03-14T09:00:00-04:00', '2027-03-13T08:00:00-05:00'],
    [midnights(0), '2026-11-24T09:00:00-05:00', '2026-11-24T00:00:00-05:00'],
    [midnights(7), '2026-11-24T09:00:00-05:00', '2026-11-17T00:00:00-05:00'],
    [midnights(7), '2026-11-24T00:00:00-05:00', '2026-11-17T00:00:00-05:00'],
    [midnights(7), '2026-11-23T23:59:00-05:00', '2026-11-16T00:00:00-05:00'],
    // Midnight stays midnight, before the clocks change and after it.
    [midnights(0), '2026-11-01T09:00:00-05:00', '2026-11-01T00:00:00-04:00'],
    [midnights(0), '2026-11-01T01:30:00-04:00', '2026-11-01T00:00:00-04:00'],
    [midnights(0), '2026-11-01T01:30:00-05:00', '2026-11-01T00:00:00-04:00'],
    [midnights(1), '2026-11-02T09:00:00-05:00', '2026-11-01T00:00:00-04:00'],
    [midnights(2), '2026-11-02T09:00:00-05:00', '2026-10-31T00:00:00-04:00'],
    [midnights(0), '2027-03-14T03:00:00-04:00', '2027-03-14T00:00:00-05:00'],
    [midnights(1), '2027-03-15T09:00:00-04:00', '2027-03-14T00:00:00-05:00'],
    [midnights(7), '2027-03-15T09:00:00-04:00', '2027-03-08T00:00:00-05:00'],
  ];
  for (const [rule, start, released] of rows) {
    it(`${JSON.stringify(rule)} of ${start} is ${released ?? 'at once'}`, () => {
      const from = releasedAt(rule, TORONTO, parseInstant(start));
      expect(from).to.equal(released === null ? null : parseInstant(released));
      if (from === null) return;
      const isReleased = (now: Instant) => parseInstant(start) < (releasedUntil(rule, TORONTO, now) ?? 0);
      expect([isReleased(plus(from, -1)), isReleased(from)], 'to the millisecond').to.deep.equal([
        false,
        true,
      ]);
    });
  }

  it('is where a zone skips midnight the first moment of the day (Cuba, 14 March 2027)', () => {
    const start = parseInstant('2027-03-14T09:00:00-04:00');
    expect(releasedAt(midnights(0), 'America/Havana', start)).to.equal(parseInstant('2027-03-14T05:00:00Z'));
  });

  it('is one bound on the start, in every zone, at every moment, on every night', () => {
    const aroundTheNights = fc
      .constantFrom('2026-11-01T12:00:00Z', '2027-03-14T12:00:00Z')
      .chain((noon) =>
        fc.integer({ min: -80 * 4, max: 80 * 4 }).map((n) => plus(parseInstant(noon), n * 15 * MINUTE)),
      );
    const rules = fc.oneof(
      fc.integer({ min: 1, max: 200 }).map((hours) => ahead(hours / 4)),
      fc.integer({ min: 0, max: 3 }).map(midnights),
    );
    const zones = fc.constantFrom(
      TORONTO,
      'America/Halifax',
      'America/Blanc-Sablon',
      'America/Havana',
      'UTC',
    );
    fc.assert(
      fc.property(rules, zones, aroundTheNights, aroundTheNights, (rule, zone, start, now) => {
        const until = releasedUntil(rule, zone, now);
        const from = releasedAt(rule, zone, start);
        expect(from !== null && until !== null && from <= now === start < until).to.equal(true);
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });

  it('is told of a slot only while it is still to come', () => {
    const directory = under({ release: ahead(24) });
    const day = 24 * 60;
    expect(bookableFrom(directory, 'doctor-here', at(0), at(-day - 1))).to.equal(at(-day));
    expect(bookableFrom(directory, 'doctor-here', at(0), at(-day))).to.equal(null);
    expect(bookableFrom(under({}), 'doctor-here', at(0), at(-day - 1))).to.equal(null);
  });

  it('has no rule where the schedule is configured no more', () => {
    const directory = under({ release: midnights(1) });
    expect(scheduleReleasedUntil(directory, 'gone', instant(0))).to.equal(null);
    expect(bookableFrom(directory, 'gone', at(0), instant(0))).to.equal(null);
    expect(scheduleReleasedUntil(directory, 'doctor-here', at(0))).to.equal(
      parseInstant('2026-11-26T00:00:00-05:00'),
    );
  });
});
