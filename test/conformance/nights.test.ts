import { expect } from 'chai';
import {
  NIGHT_KINDS,
  NIGHT_ZONES,
  type NightKind,
  type NightZone,
  nightsOf,
} from '../../src/conformance/nights.ts';
import {
  DAY,
  formatInstant,
  HOUR,
  type Instant,
  MINUTE,
  parseInstant,
  plus,
} from '../../src/domain/instant.ts';
import { overlaps } from '../../src/domain/interval.ts';

/** Each night as its local reading, with the same instants in UTC beside it. */
const shown = (kind: NightKind, zone: NightZone, now: string): string[] =>
  nightsOf(kind, zone, parseInstant(now)).map(({ local, interval: { start, end } }) => {
    const utc = [start, end].map((at) => formatInstant(at).replace(':00.000Z', 'Z'));
    return `${local.replace(` in ${zone}`, '')} = ${utc.join(' to ')}`;
  });

const AUTUMN = '2026-11-28T12:00:00Z';

/** Clocks change at 2:00 local on the second Sunday of March and the first of November: in Toronto at these instants. */
const FORWARD = parseInstant('2027-03-14T07:00:00Z');
const BACK = parseInstant('2027-11-07T06:00:00Z');

describe('the nasty nights', () => {
  it('go up to, over and on from both changes of the clocks', () => {
    expect(shown('clock-change', 'America/Toronto', AUTUMN)).to.deep.equal([
      '2027-03-14T01:30:00-05:00 to 2027-03-14T01:50:00-05:00 = 2027-03-14T06:30Z to 2027-03-14T06:50Z',
      '2027-03-14T01:50:00-05:00 to 2027-03-14T03:10:00-04:00 = 2027-03-14T06:50Z to 2027-03-14T07:10Z',
      '2027-03-14T03:10:00-04:00 to 2027-03-14T03:30:00-04:00 = 2027-03-14T07:10Z to 2027-03-14T07:30Z',
      '2027-03-14T04:10:00-04:00 to 2027-03-14T04:30:00-04:00 = 2027-03-14T08:10Z to 2027-03-14T08:30Z',
      // What lies in the hour that happens twice is another case.
      '2027-11-07T00:30:00-04:00 to 2027-11-07T00:50:00-04:00 = 2027-11-07T04:30Z to 2027-11-07T04:50Z',
      '2027-11-07T00:50:00-04:00 to 2027-11-07T02:10:00-05:00 = 2027-11-07T04:50Z to 2027-11-07T07:10Z',
      '2027-11-07T02:10:00-05:00 to 2027-11-07T02:30:00-05:00 = 2027-11-07T07:10Z to 2027-11-07T07:30Z',
      '2027-11-07T03:10:00-05:00 to 2027-11-07T03:30:00-05:00 = 2027-11-07T08:10Z to 2027-11-07T08:30Z',
    ]);
  });

  it('have a clinic of Halifax change by its own clock, an hour before Toronto', () => {
    expect(shown('clock-change', 'America/Halifax', AUTUMN).slice(3, 6)).to.deep.equal([
      '2027-03-14T04:10:00-03:00 to 2027-03-14T04:30:00-03:00 = 2027-03-14T07:10Z to 2027-03-14T07:30Z',
      '2027-11-07T00:30:00-03:00 to 2027-11-07T00:50:00-03:00 = 2027-11-07T03:30Z to 2027-11-07T03:50Z',
      '2027-11-07T00:50:00-03:00 to 2027-11-07T02:10:00-04:00 = 2027-11-07T03:50Z to 2027-11-07T06:10Z',
    ]);
  });

  it('take the moments of Toronto where clocks never change', () => {
    expect(shown('clock-change', 'America/Blanc-Sablon', AUTUMN).slice(0, 5)).to.deep.equal([
      '2027-03-14T02:30:00-04:00 to 2027-03-14T02:50:00-04:00 = 2027-03-14T06:30Z to 2027-03-14T06:50Z',
      '2027-03-14T02:50:00-04:00 to 2027-03-14T03:10:00-04:00 = 2027-03-14T06:50Z to 2027-03-14T07:10Z',
      '2027-03-14T03:10:00-04:00 to 2027-03-14T03:30:00-04:00 = 2027-03-14T07:10Z to 2027-03-14T07:30Z',
      '2027-03-14T04:10:00-04:00 to 2027-03-14T04:30:00-04:00 = 2027-03-14T08:10Z to 2027-03-14T08:30Z',
      '2027-11-07T01:30:00-04:00 to 2027-11-07T01:50:00-04:00 = 2027-11-07T05:30Z to 2027-11-07T05:50Z',
    ]);
  });

  it('have the same local reading twice in the repeated hour, and none where it does not repeat', () => {
    expect(shown('repeated-hour', 'America/Toronto', AUTUMN)).to.deep.equal([
      '2027-11-07T01:30:00-04:00 to 2027-11-07T01:50:00-04:00 = 2027-11-07T05:30Z to 2027-11-07T05:50Z',
      '2027-11-07T01:50:00-04:00 to 2027-11-07T01:10:00-05:00 = 2027-11-07T05:50Z to 2027-11-07T06:10Z',
      '2027-11-07T01:10:00-05:00 to 2027-11-07T01:30:00-05:00 = 2027-11-07T06:10Z to 2027-11-07T06:30Z',
      '2027-11-07T01:30:00-05:00 to 2027-11-07T01:50:00-05:00 = 2027-11-07T06:30Z to 2027-11-07T06:50Z',
    ]);
    expect(shown('repeated-hour', 'America/Blanc-Sablon', AUTUMN)).to.deep.equal([]);
  });

  it('go from and to midnight, and over noon, each on a day of its own', () => {
    expect(shown('midnight-and-noon', 'America/Toronto', AUTUMN)).to.deep.equal([
      '2027-01-07T00:00:00-05:00 to 2027-01-07T00:20:00-05:00 = 2027-01-07T05:00Z to 2027-01-07T05:20Z',
      '2027-01-08T00:30:00-05:00 to 2027-01-08T00:50:00-05:00 = 2027-01-08T05:30Z to 2027-01-08T05:50Z',
      '2027-01-09T11:50:00-05:00 to 2027-01-09T12:10:00-05:00 = 2027-01-09T16:50Z to 2027-01-09T17:10Z',
      '2027-01-10T12:00:00-05:00 to 2027-01-10T12:20:00-05:00 = 2027-01-10T17:00Z to 2027-01-10T17:20Z',
      '2027-01-11T12:30:00-05:00 to 2027-01-11T12:50:00-05:00 = 2027-01-11T17:30Z to 2027-01-11T17:50Z',
      '2027-01-12T23:40:00-05:00 to 2027-01-13T00:00:00-05:00 = 2027-01-13T04:40Z to 2027-01-13T05:00Z',
    ]);
  });

  it('go over midnight, each on a day of its own', () => {
    expect(shown('over-midnight', 'America/Toronto', AUTUMN)).to.deep.equal([
      '2027-01-07T23:50:00-05:00 to 2027-01-08T00:10:00-05:00 = 2027-01-08T04:50Z to 2027-01-08T05:10Z',
      '2027-01-08T23:59:00-05:00 to 2027-01-09T00:19:00-05:00 = 2027-01-09T04:59Z to 2027-01-09T05:19Z',
    ]);
  });

  it('have whole days of 23, 25 and 24 hours, and of 24 only where clocks stay', () => {
    expect(shown('all-day', 'America/Halifax', AUTUMN)).to.deep.equal([
      'the whole of 2027-03-14 = 2027-03-14T04:00Z to 2027-03-15T03:00Z',
      'the whole of 2027-11-07 = 2027-11-07T03:00Z to 2027-11-08T04:00Z',
      'the whole of 2027-01-17 = 2027-01-17T04:00Z to 2027-01-18T04:00Z',
    ]);
    const hours = nightsOf('all-day', 'America/Blanc-Sablon', parseInstant(AUTUMN)).map(
      ({ interval: { start, end } }) => (end - start) / HOUR,
    );
    expect(hours).to.deep.equal([24, 24, 24]);
  });

  describe('just before a change', () => {
    /** @param fromChange milliseconds. */
    const firstOf = (change: Instant, fromChange: number): string | undefined =>
      shown('clock-change', 'America/Toronto', formatInstant(plus(change, fromChange)))[0];

    it('still take that change when it is more than a day away', () => {
      expect(firstOf(FORWARD, -DAY - MINUTE)).to.contain('= 2027-03-14T06:30Z');
      expect(firstOf(BACK, -DAY - MINUTE)).to.contain('= 2027-11-07T04:30Z');
    });

    it('take the one after it when it is nearer', () => {
      expect(firstOf(FORWARD, -DAY + MINUTE)).to.contain('= 2027-11-07T04:30Z');
      expect(firstOf(FORWARD, -MINUTE)).to.contain('= 2027-11-07T04:30Z');
      expect(firstOf(BACK, -MINUTE)).to.contain('= 2028-03-12T06:30Z');
      // The minute within the repeated hour, when the local reading has gone back.
      expect(firstOf(BACK, MINUTE)).to.contain('= 2028-03-12T06:30Z');
    });
  });

  it('lie ahead and leave each other alone, whatever day it is', () => {
    for (let day = 0; day < 2 * 366; day += 1) {
      const now = plus(parseInstant('2026-01-01T04:30:00Z'), day * DAY);
      for (const zone of NIGHT_ZONES) {
        for (const kind of NIGHT_KINDS) {
          const nights = nightsOf(kind, zone, now);
          for (const [index, { local, interval }] of nights.entries()) {
            const where = `${local}, at ${formatInstant(now)}`;
            expect(interval.start, where).to.be.greaterThan(now);
            expect(interval.end, where).to.be.greaterThan(interval.start);
            const others = nights.slice(index + 1).filter((other) => overlaps(other.interval, interval));
            expect(others, where).to.deep.equal([]);
          }
        }
      }
    }
  });
});
