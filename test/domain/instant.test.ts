import { expect } from 'chai';
import fc from 'fast-check';
import { earlier, formatInstant, instant, later, parseInstant } from '../../src/domain/instant.ts';
import { SEED } from './arbitraries.ts';

describe('an instant', () => {
  // RFC 3339, section 5.6; the seconds may be left out, as platforms do.
  const readable = [
    ['2026-11-24T09:20:00-05:00', '2026-11-24T14:20:00.000Z'],
    ['2026-11-24T09:20-05:00', '2026-11-24T14:20:00.000Z'],
    ['2026-11-24T14:20Z', '2026-11-24T14:20:00.000Z'],
    ['2026-11-24T00:00:00.250+02:15', '2026-11-23T21:45:00.250Z'],
    ['2026-11-24T00:00:00+23:59', '2026-11-23T00:01:00.000Z'],
    ['2028-02-29T12:00:00Z', '2028-02-29T12:00:00.000Z'],
    ['2026-12-31T23:59:59-00:00', '2026-12-31T23:59:59.000Z'],
  ] as const;
  for (const [text, utc] of readable) {
    it(`reads ${text} as ${utc}`, () => expect(formatInstant(parseInstant(text))).to.equal(utc));
  }

  const refused = {
    'without an offset': ['2026-11-24T09:20:00', '2026-11-24', '2026-11-24T09:20'],
    'with an offset that is none': [
      '2026-11-24T09:20:00-05',
      '2026-11-24T09:20:00-0500',
      '2026-11-24T09:20:00+5:00',
      '2026-11-24T09:20:00 -05:00',
      '2026-11-24T09:20:00+24:00',
      '2026-11-24T09:20:00+05:60',
      '2026-11-24T09:20:00-99:99',
      '2026-11-24T09:20:00EST',
      '2026-11-24T09:20:00z-05:00',
    ],
    'on a day that does not exist': [
      '2026-02-30T12:00:00Z',
      '2026-02-29T12:00:00-05:00',
      '2100-02-29T12:00:00Z',
      '2026-04-31T12:00:00+14:00',
      '2026-11-00T12:00:00Z',
      '2026-13-01T12:00:00Z',
      '2026-00-01T12:00:00Z',
    ],
    'at an hour that does not exist': [
      '2026-11-24T24:00:00Z',
      '2026-11-24T24:00-05:00',
      '2026-11-24T24:01:00Z',
      '2026-11-24T25:00:00Z',
      '2026-11-24T09:60:00Z',
      '2026-11-24T09:20:61Z',
    ],
    'in another form': [
      '',
      'now',
      '24/11/2026 09:20',
      '20261124T142000Z',
      '2026-11-24 09:20:00Z',
      '1795530000000',
    ],
  };
  for (const [what, texts] of Object.entries(refused)) {
    describe(`${what} is refused`, () => {
      for (const text of texts) {
        it(JSON.stringify(text), () => {
          expect(() => parseInstant(text)).to.throw(RangeError, JSON.stringify(text));
        });
      }
    });
  }

  it('comes back from its own text, whatever the offset that it is written with', () => {
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    const moment = fc.integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(moment, offset, (milliseconds, minutes) => {
        const size = Math.abs(minutes);
        const two = (value: number): string => String(value).padStart(2, '0');
        const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        const local = new Date(milliseconds + minutes * 60_000).toISOString().slice(0, -1);
        expect(parseInstant(`${local}${zone}`)).to.equal(milliseconds);
        expect(parseInstant(formatInstant(instant(milliseconds)))).to.equal(milliseconds);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('is earlier or later than another, and the same instant is both', () => {
    expect(earlier(instant(1), instant(2))).to.equal(1);
    expect(earlier(instant(2), instant(1))).to.equal(1);
    expect(later(instant(1), instant(2))).to.equal(2);
    expect(later(instant(2), instant(1))).to.equal(2);
    expect(later(instant(2), instant(2))).to.equal(2);
  });
});
