import { expect } from 'chai';
import fc from 'fast-check';
import { HOUR, instant, MINUTE, parseInstant } from '../../../src/domain/instant.ts';
import type { Allotted, Unit } from '../../../src/domain/schedule.ts';
import type { StoredOffer } from '../../../src/engine/ports/store.ts';
import { rebalanced } from '../../../src/engine/rebalance.ts';
import { dealer, holderOf, pooledAt, turnsOf, unitsOf } from '../../../src/engine/shares.ts';
import { at, span, under, uuid } from '../../support/clinic.ts';

const ZONE = 'America/Toronto';
const RULE: Allotted = {
  mode: 'allotted',
  shares: { east: 1, west: 1 },
  unitMinutes: 60,
  pooledMillisecondsBefore: 12 * HOUR,
};
const DAY_BEFORE = at(-24 * 60);
const between = (from: string, to: string) => ({ start: parseInstant(from), end: parseInstant(to) });

describe('allotted time', () => {
  it('is dealt in turn, as often as the shares say and evenly spread', () => {
    expect(turnsOf({ b: 1, a: 2 })).to.deep.equal(['a', 'b', 'a']);
    expect(turnsOf({ a: 5, b: 1, c: 1 })).to.deep.equal(['a', 'a', 'b', 'a', 'c', 'a', 'a']);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer({ min: 1, max: 20 }), { minKeys: 2 }), (shares) => {
        const turns = turnsOf(shares);
        for (const [id, share] of Object.entries(shares))
          expect(turns.filter((turn) => turn === id)).to.have.length(share);
      }),
    );
  });

  it('begins with another each day', () => {
    const dealt = dealer(RULE);
    const [monday, tuesday] = ['2026-11-23', '2026-11-24'].map((day) =>
      ['09:00', '10:00', '11:00'].map((time) => dealt(`${day}T${time}` as Unit)),
    );
    expect(new Set(monday)).to.deep.equal(new Set(['east', 'west']));
    expect(tuesday).to.deep.equal(monday?.map((id) => (id === 'east' ? 'west' : 'east')));
  });

  for (const [what, interval, minutes, units] of [
    ['a slot within one', span(0, 20), 60, ['2026-11-24T09:00']],
    ['one that only touches the next', span(40, 60), 60, ['2026-11-24T09:00']],
    ['one that lies across two', span(50, 70), 60, ['2026-11-24T09:00', '2026-11-24T10:00']],
    ['one as long as three', span(0, 90), 30, ['2026-11-24T09:00', '2026-11-24T09:30', '2026-11-24T10:00']],
    ['a whole day', span(0, 20), 1440, ['2026-11-24T00:00']],
    [
      'the hour that happens twice: one unit, by the wall clock',
      between('2026-11-01T01:30:00-04:00', '2026-11-01T01:30:00-05:00'),
      60,
      ['2026-11-01T01:00'],
    ],
    [
      'the night that skips an hour',
      between('2026-03-08T01:30:00-05:00', '2026-03-08T03:30:00-04:00'),
      60,
      ['2026-03-08T01:00', '2026-03-08T03:00'],
    ],
  ] as const) {
    it(`has units that begin at the wall clock's: ${what}`, () => {
      expect(unitsOf(interval, ZONE, minutes)).to.deep.equal(units);
    });
  }

  it('is held by one, by nobody where it lies across two, and by all once its last unit is pooled', () => {
    const holderAt = (now: typeof DAY_BEFORE) => holderOf(RULE, { zone: ZONE, handed: [], at: now });
    const [nine, ten] = [holderAt(DAY_BEFORE)(span(0, 20)), holderAt(DAY_BEFORE)(span(60, 80))];
    expect([nine, ten]).to.have.deep.members([{ connectionId: 'east' }, { connectionId: 'west' }]);
    expect(holderAt(DAY_BEFORE)(span(50, 70))).to.equal('none');
    const pooled = at(-12 * 60);
    expect(pooledAt(RULE, span(40, 60), ZONE)).to.equal(pooled);
    expect(holderAt(pooled)(span(40, 60))).to.equal('all');
    expect(holderAt(instant(pooled - 1))(span(40, 60))).to.deep.equal(nine);
    expect(holderAt(pooled)(span(50, 70)), 'ten o’clock is not pooled yet').to.equal('none');
    expect(holderAt(at(-11 * 60))(span(50, 70))).to.equal('all');
  });

  it('stays with whom it was handed to, unless that takes part no more', () => {
    const unit = '2026-11-24T09:00' as Unit;
    const [dealt] = [dealer(RULE)(unit)];
    const other = dealt === 'east' ? 'west' : 'east';
    const holds = (connectionId: string) =>
      holderOf(RULE, { zone: ZONE, handed: [{ unit, connectionId }], at: DAY_BEFORE })(span(0, 20));
    expect(holds(other)).to.deep.equal({ connectionId: other });
    expect(holds('north')).to.deep.equal({ connectionId: dealt });
  });
});

describe('a platform that has sold all of its share of a day', () => {
  const directory = under({ sharing: RULE });
  /** Each has one slot in each hour from 09:00 on. */
  const slots = (hours: number, sold: readonly string[] = []): StoredOffer[] =>
    Array.from({ length: hours }, (_, hour) =>
      ['east', 'west'].map((connectionId, index) => ({
        slotId: uuid(2 * hour + index),
        scheduleId: 'doctor-here',
        connectionId,
        calendar: `${connectionId[0]}-doctor`,
        externalId: 'slot',
        version: 1,
        interval: span(hour * 60, hour * 60 + 20),
        content: 'hash',
        status: sold.includes(unitOf(hour)) ? ('busy' as const) : ('free' as const),
        withheld: false,
        awaitedBy: null,
      })),
    ).flat();
  const unitOf = (hour: number): string => `2026-11-24T${String(9 + hour).padStart(2, '0')}:00`;
  const dealt = dealer(RULE);
  const unitsOfEast = [0, 1, 2, 3, 4, 5].map(unitOf).filter((unit) => dealt(unit as Unit) === 'east');
  const handOn = (found: readonly StoredOffer[], handed: { unit: Unit; connectionId: string }[] = []) =>
    rebalanced(found, {
      directory,
      scheduleId: 'doctor-here',
      rule: RULE,
      handed: handed.map((each) => ({ scheduleId: 'doctor-here', ...each })),
      at: DAY_BEFORE,
    });

  it('is handed the last free unit of whoever has most left', () => {
    const last = [0, 1, 2, 3, 4, 5]
      .map(unitOf)
      .filter((unit) => dealt(unit as Unit) === 'west')
      .at(-1);
    expect(handOn(slots(6, unitsOfEast))).to.deep.equal([
      { scheduleId: 'doctor-here', unit: last, connectionId: 'east' },
    ]);
  });

  it('gets no more while that is free, and nothing while it has something left', () => {
    const [given] = handOn(slots(6, unitsOfEast));
    expect(handOn(slots(6, unitsOfEast), given ? [given] : [])).to.deep.equal([]);
    expect(handOn(slots(6, unitsOfEast.slice(1)))).to.deep.equal([]);
  });

  it('gets nobody’s last unit, and none in which something is sold', () => {
    const west = [0, 1, 2, 3, 4, 5].map(unitOf).filter((unit) => dealt(unit as Unit) === 'west');
    expect(handOn(slots(6, [...unitsOfEast, ...west.slice(1)]))).to.deep.equal([]);
    const [given] = handOn(slots(6, [...unitsOfEast, west[2] ?? '']));
    expect(given?.unit).to.equal(west[1]);
  });

  it('gets none that it has no slots in, and none that is pooled', () => {
    expect(handOn(slots(6, unitsOfEast).filter(({ connectionId }) => connectionId === 'west'))).to.deep.equal(
      [],
    );
    const late = { directory, scheduleId: 'doctor-here', rule: RULE, handed: [], at: at(0) };
    expect(rebalanced(slots(6, unitsOfEast), late)).to.deep.equal([]);
  });

  it('gets none that a slot reaches into from the next', () => {
    const across = slots(6, unitsOfEast).map((slot) => ({
      ...slot,
      interval: { start: slot.interval.start, end: instant(slot.interval.end + 50 * MINUTE) },
    }));
    expect(handOn(across)).to.deep.equal([]);
  });
});
