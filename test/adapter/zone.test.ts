import { expect } from 'chai';
import { fromLocal, isZone, readLocal, toLocal, toOffset } from '../../src/adapter/zone.ts';
import { MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';

const utc = (text: string) => parseInstant(text);

describe('zone', () => {
  // Each local reading beside its instants; Blanc-Sablon stays on UTC−4 all year (tz database, northamerica).
  const nights = [
    ['America/Toronto', '2026-11-01T00:30', 'exact', '2026-11-01T04:30:00Z', null],
    ['America/Toronto', '2026-11-01T01:30', 'repeated', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'],
    ['America/Toronto', '2026-11-01T02:00', 'exact', '2026-11-01T07:00:00Z', null],
    ['America/Toronto', '2027-03-14T01:59', 'exact', '2027-03-14T06:59:00Z', null],
    ['America/Toronto', '2027-03-14T02:30', 'skipped', '2027-03-14T07:30:00Z', null],
    ['America/Toronto', '2027-03-14T03:00', 'exact', '2027-03-14T07:00:00Z', null],
    ['America/Halifax', '2026-11-01T01:30', 'repeated', '2026-11-01T04:30:00Z', '2026-11-01T05:30:00Z'],
    ['America/Halifax', '2027-03-14T02:30', 'skipped', '2027-03-14T06:30:00Z', null],
    ['America/Halifax', '2027-03-14T03:30', 'exact', '2027-03-14T06:30:00Z', null],
    ['America/Blanc-Sablon', '2026-11-01T01:30', 'exact', '2026-11-01T05:30:00Z', null],
    ['America/Blanc-Sablon', '2027-03-14T02:30', 'exact', '2027-03-14T06:30:00Z', null],
  ] as const;
  for (const [zone, local, kind, first, second] of nights) {
    it(`${local} in ${zone} is ${kind}: ${first}${second ? ` or ${second}` : ''}`, () => {
      const reading = readLocal(local, zone);
      expect(reading.kind).to.equal(kind);
      expect(reading.at).to.equal(utc(first));
      expect(reading.kind === 'repeated' ? reading.second : null).to.equal(
        second === null ? null : utc(second),
      );
      expect(fromLocal(local, zone)).to.equal(reading.at);
    });
  }

  it('writes an instant as local time and with the offset of that instant', () => {
    const before = utc('2026-11-01T05:30:00Z');
    const after = utc('2026-11-01T06:30:00Z');
    expect([toLocal(before, 'America/Toronto'), toLocal(after, 'America/Toronto')]).to.deep.equal([
      '2026-11-01T01:30:00',
      '2026-11-01T01:30:00',
    ]);
    expect(toOffset(before, 'America/Toronto')).to.equal('2026-11-01T01:30:00-04:00');
    expect(toOffset(after, 'America/Toronto')).to.equal('2026-11-01T01:30:00-05:00');
    expect(toOffset(after, 'America/Blanc-Sablon')).to.equal('2026-11-01T02:30:00-04:00');
  });

  it('comes back to the same instant through its offset, every half hour of both nights', () => {
    for (const night of ['2026-11-01', '2027-03-14']) {
      for (const zone of ['America/Toronto', 'America/Halifax', 'America/Blanc-Sablon']) {
        for (let step = 0; step < 24; step += 1) {
          const at = plus(utc(`${night}T00:00:00Z`), step * 30 * MINUTE);
          expect(parseInstant(toOffset(at, zone))).to.equal(at);
        }
      }
    }
  });

  it('refuses what it cannot read, and never takes an unknown zone for UTC', () => {
    expect(() => readLocal('2026-11-24T09:00', 'America/Nowhere')).to.throw(RangeError);
    expect(() => readLocal('2026-11-24T09:00', '')).to.throw(RangeError);
    expect(() => readLocal('2026-02-30T09:00', 'America/Toronto')).to.throw(RangeError);
    expect(() => readLocal('soon', 'America/Toronto')).to.throw(RangeError);
    expect(isZone('America/Toronto')).to.equal(true);
    expect(isZone('Eastern Standard Time')).to.equal(false);
  });
});
