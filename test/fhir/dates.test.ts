import { expect } from 'chai';
import { parseInstant } from '../../src/domain/instant.ts';
import { dateRange } from '../../src/fhir/dates.ts';
import { intersectRanges } from '../../src/fhir/ranges.ts';
import { Unusable } from '../../src/fhir/unusable.ts';

const ZONE = 'America/Toronto';
const at = (text: string | null): number | null => (text === null ? null : parseInstant(text));

describe('fhir: search by date', () => {
  // The local reading in the zone stands in the value, the instants beside it.
  const rows: [value: string, from: string | null, before: string | null][] = [
    ['2026', '2026-01-01T05:00:00Z', '2027-01-01T05:00:00Z'],
    ['2026-11', '2026-11-01T04:00:00Z', '2026-12-01T05:00:00Z'],
    ['2026-11-24', '2026-11-24T05:00:00Z', '2026-11-25T05:00:00Z'],
    // The day on which the clocks go back has 25 hours, the other one 23.
    ['2026-11-01', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
    ['2027-03-14', '2027-03-14T05:00:00Z', '2027-03-15T04:00:00Z'],
    ['eq2026-11-24T09:20', '2026-11-24T14:20:00Z', '2026-11-24T14:21:00Z'],
    ['2026-11-24T09:20:30', '2026-11-24T14:20:30Z', '2026-11-24T14:20:31Z'],
    ['2026-11-24T09:20:30.5Z', '2026-11-24T09:20:30.500Z', '2026-11-24T09:20:30.501Z'],
    ['2026-11-24T09:20:00+02:00', '2026-11-24T07:20:00Z', '2026-11-24T07:20:01Z'],
    ['2026-11-24T09:20:00 02:00', '2026-11-24T07:20:00Z', '2026-11-24T07:20:01Z'],
    ['ge2026-11-24', '2026-11-24T05:00:00Z', null],
    ['gt2026-11-24', '2026-11-25T05:00:00Z', null],
    ['sa2026-11-24', '2026-11-25T05:00:00Z', null],
    ['lt2026-11-24', null, '2026-11-24T05:00:00Z'],
    ['eb2026-11-24', null, '2026-11-24T05:00:00Z'],
    ['le2026-11-24', null, '2026-11-25T05:00:00Z'],
    // A local time that happens twice is the first of the two; one that is skipped is as long after midnight.
    ['ge2026-11-01T01:30', '2026-11-01T05:30:00Z', null],
    ['ge2027-03-14T02:30', '2027-03-14T07:30:00Z', null],
  ];
  for (const [value, from, before] of rows) {
    it(value, () => expect(dateRange(value, ZONE)).to.deep.equal({ fromMs: at(from), beforeMs: at(before) }));
  }

  const refused = [
    ['ne2026', 'prefix ne'],
    ['ap2026', 'prefix ap'],
    ['2026-02-30', 'no such'],
    ['2026-13', 'no such'],
    ['2026-11-24T25:00Z', 'no such'],
    ['2026-11-24T09', 'not a FHIR date'],
    ['20261124', 'not a FHIR date'],
    ['2026-11-24,2026-11-25', 'not a FHIR date'],
    ['tomorrow', 'not a FHIR date'],
    ['', 'not a FHIR date'],
  ] as const;
  for (const [value, reason] of refused) {
    it(`refuses ${JSON.stringify(value)}`, () =>
      expect(() => dateRange(value, ZONE)).to.throw(Unusable, reason));
  }

  it('narrows with each repeat', () => {
    const open = { fromMs: null, beforeMs: null };
    const both = intersectRanges(
      intersectRanges(open, dateRange('ge2026-11-24', ZONE)),
      dateRange('lt2026-11-25', ZONE),
    );
    expect(both).to.deep.equal(dateRange('2026-11-24', ZONE));
    expect(intersectRanges(both, dateRange('le2026-11-23', ZONE))).to.deep.equal({
      fromMs: at('2026-11-24T05:00:00Z'),
      beforeMs: at('2026-11-24T05:00:00Z'),
    });
  });
});
