import { expect } from 'chai';
import { Directory } from '../../../src/domain/directory.ts';
import type { Calendar } from '../../../src/domain/schedule.ts';
import { UNKNOWN_ATTRIBUTES } from '../../../src/domain/slot.ts';
import { type Decision, decideOffering, type View } from '../../../src/engine/decide-offering.ts';
import { derivedId } from '../../../src/engine/identity.ts';
import type { SlotChange } from '../../../src/engine/ports/offerings.ts';
import type { StoredOffer } from '../../../src/engine/ports/store.ts';
import { at, busy, entries, span, uuid } from '../../support/clinic.ts';

const HERE: Calendar = {
  connectionId: 'east',
  externalId: 'e-doctor',
  scheduleId: 'doctor-here',
  topology: 'block',
};
const THERE: Calendar = { ...HERE, connectionId: 'west', externalId: 'w-doctor' };

const { connections, ...others } = entries([HERE, THERE]);
const DIRECTORY = new Directory({
  ...others,
  connections: connections.map((each) => ({ ...each, isEditedHere: each.id === 'east' })),
});

const offer = (n: number, interval = span(0, 20), more: Partial<StoredOffer> = {}): StoredOffer => ({
  slotId: uuid(n),
  scheduleId: 'doctor-here',
  connectionId: 'east',
  calendar: 'e-doctor',
  externalId: `own-${n}`,
  version: 3,
  interval,
  content: 'hash',
  status: 'free',
  withheld: false,
  awaitedBy: null,
  ...more,
});

const view = (more: Partial<View> = {}): View => ({
  directory: DIRECTORY,
  offers: [],
  live: [],
  at: at(-60),
  newId: () => 'new',
  ...more,
});

const wish = (interval = span(0, 20), more: object = {}) => ({
  scheduleId: 'doctor-here',
  interval,
  attributes: UNKNOWN_ATTRIBUTES,
  status: 'free' as const,
  ...more,
});
const publish = (interval = span(0, 20), more: object = {}): SlotChange => ({
  kind: 'publish',
  ...wish(interval, more),
});
const change = (n: number, interval = span(0, 20), more: object = {}): SlotChange => ({
  kind: 'change',
  slotId: uuid(n),
  ifVersion: null,
  ...wish(interval, more),
});
const withdraw = (n: number, ifVersion: number | null = null): SlotChange => ({
  kind: 'withdraw',
  slotId: uuid(n),
  ifVersion,
});
const refusalOf = (decision: Decision) =>
  decision.decision === 'refuse' ? [decision.index, decision.refusal] : decision.decision;

describe('slots that a caller writes', () => {
  it('get an id of their own, and are offered from now on where nothing else is said', () => {
    const decision = decideOffering([publish()], view());
    expect(decision).to.deep.equal({
      decision: 'write',
      slotIds: [derivedId('slot', 'east', 'new')],
      writes: [
        {
          connectionId: 'east',
          removed: [],
          rows: [
            {
              kind: 'slot',
              externalId: 'new',
              calendar: 'e-doctor',
              interval: span(0, 20),
              mark: null,
              revision: null,
              sequence: null,
              attributes: { ...UNKNOWN_ATTRIBUTES, availableSince: at(-60) },
            },
          ],
        },
      ],
    });
  });

  it('keep their id when they move, and are removed by it when they are withdrawn', () => {
    const decision = decideOffering(
      [change(1, span(20, 40)), withdraw(2, 3)],
      view({ offers: [offer(1), offer(2, span(40, 60))] }),
    );
    if (decision.decision !== 'write') throw new Error(decision.refusal);
    expect(decision.slotIds).to.deep.equal([uuid(1), uuid(2)]);
    expect(decision.writes[0]?.rows[0])
      .to.include({ externalId: 'own-1' })
      .and.deep.include({
        interval: span(20, 40),
      });
    expect(decision.writes[0]?.removed).to.deep.equal([
      { kind: 'slot', externalId: 'own-2', sequence: null },
    ]);
  });

  it('may take the place of one that is withdrawn with them, and not of one that is not', () => {
    const offers = [offer(1)];
    expect(refusalOf(decideOffering([withdraw(1), publish()], view({ offers })))).to.equal('write');
    expect(refusalOf(decideOffering([publish(), withdraw(1)], view({ offers })))).to.deep.equal([
      0,
      'duplicate',
    ]);
    expect(refusalOf(decideOffering([publish(), publish()], view()))).to.deep.equal([1, 'duplicate']);
  });

  describe('as closed time', () => {
    const closed = { status: 'busy-unavailable' };
    const block = (n: number) =>
      busy(9, span(0, 20), { id: derivedId('busy', 'east', `own-${n}`), kind: 'block', lane: null });
    const written = (wanted: SlotChange, more: Partial<View> = {}) => {
      const decision = decideOffering([wanted], view(more));
      if (decision.decision !== 'write') throw new Error(decision.refusal);
      return decision.writes.flatMap(({ rows, removed }) => [
        ...rows.map((row) => `${row.kind} ${row.externalId}`),
        ...removed.map((each) => `no ${each.kind} ${each.externalId}`),
      ]);
    };
    const standing = { offers: [offer(1, span(0, 20), { status: 'busy-unavailable' })], live: [block(1)] };

    it('are a block under their name', () => {
      expect(written(publish(span(0, 20), closed))).to.deep.equal(['slot new', 'busy new']);
      expect(written(change(1, span(0, 20), closed), { offers: [offer(1)] })).to.deep.equal([
        'slot own-1',
        'busy own-1',
      ]);
    });

    it('stay one, also where they move, until they are written as free or withdrawn', () => {
      expect(written(change(1, span(20, 40), closed), standing)).to.deep.equal(['slot own-1', 'busy own-1']);
      expect(written(change(1), standing)).to.deep.equal(['slot own-1', 'no busy own-1']);
      expect(written(withdraw(1), standing)).to.deep.equal(['no slot own-1', 'no busy own-1']);
    });

    it('close all of their time, though others have closed some of it', () => {
      const live = [busy(9, span(5, 10), { kind: 'block', lane: null })];
      expect(written(publish(span(0, 20), closed), { live })).to.deep.equal(['slot new', 'busy new']);
    });

    it('are none where they are written back as others have closed them', () => {
      const live = [busy(9, span(0, 60), { kind: 'block', lane: null })];
      expect(written(change(1, span(0, 20), closed), { ...standing, live })).to.deep.equal(['slot own-1']);
    });

    it('are refused where somebody is booked', () => {
      const live = [busy(9, span(10, 30))];
      expect(refusalOf(decideOffering([publish(span(0, 60), closed)], view({ live })))).to.deep.equal([
        0,
        'status',
      ]);
    });
  });

  const cases: readonly [string, SlotChange, Partial<View>, unknown][] = [
    ['of a slot that is not there', change(1), {}, 'unknown-slot'],
    [
      'of a slot of a platform',
      withdraw(1),
      { offers: [offer(1, span(0, 20), { connectionId: 'west' })] },
      'elsewhere',
    ],
    ['of another version', withdraw(1, 2), { offers: [offer(1)] }, 'version'],
    [
      'of a booked one: to withdraw it',
      withdraw(1),
      { offers: [offer(1, span(0, 20), { status: 'busy' })] },
      'taken',
    ],
    [
      'of a held one: to move it',
      change(1, span(20, 40)),
      { offers: [offer(1, span(0, 20), { status: 'busy-tentative' })] },
      'taken',
    ],
    [
      'on a schedule that is not configured',
      publish(span(0, 20), { scheduleId: 'nobody' }),
      {},
      'unknown-schedule',
    ],
    [
      'on a schedule whose agenda is elsewhere',
      publish(span(0, 20), { scheduleId: 'walk-in-here' }),
      {},
      'elsewhere',
    ],
    ['of time that has begun', publish(), { at: at(0) }, 'begun'],
    ['of more than a day', publish(span(0, 24 * 60 + 1)), {}, 'too-long'],
    [
      'onto the time of another',
      change(1, span(20, 40)),
      { offers: [offer(1), offer(2, span(20, 40))] },
      'duplicate',
    ],
    ['as free, where a booking is', publish(), { live: [busy(9, span(10, 30))] }, 'status'],
    [
      'as free, where time is blocked',
      publish(),
      { live: [busy(9, span(10, 30), { kind: 'block', lane: null })] },
      'status',
    ],
    ['as busy, where nothing is', publish(span(0, 20), { status: 'busy' }), {}, 'status'],
  ];
  for (const [name, wanted, more, refusal] of cases)
    it(`are refused: ${name}`, () => {
      expect(refusalOf(decideOffering([wanted], view(more)))).to.deep.equal([0, refusal]);
    });

  const good: readonly [string, SlotChange, Partial<View>][] = [
    ['of one that is not there: to withdraw it', withdraw(1), {}],
    [
      'of a blocked one: to withdraw it',
      withdraw(1),
      { offers: [offer(1, span(0, 20), { status: 'busy-unavailable' })] },
    ],
    [
      'of a booked one, that keeps its time',
      change(1, span(0, 20), { status: 'busy' }),
      {
        offers: [offer(1, span(0, 20), { status: 'busy' })],
        live: [busy(9, span(0, 20))],
      },
    ],
    [
      'as busy, where a booking is',
      publish(span(0, 20), { status: 'busy' }),
      { live: [busy(9, span(10, 30))] },
    ],
    [
      'as it is served, while its time is another platform’s to sell',
      change(1, span(0, 20), { status: 'busy-unavailable' }),
      { offers: [offer(1, span(0, 20), { withheld: true })] },
    ],
    ['of one that has begun, that keeps its time', change(1), { offers: [offer(1)], at: at(5) }],
    ['beside another that it overlaps', publish(span(10, 30)), { offers: [offer(1)] }],
    ['free of another actor’s booking', publish(), { live: [busy(9, span(0, 20), { actorId: 'somebody' })] }],
  ];
  for (const [name, wanted, more] of good)
    it(`are taken: ${name}`, () => {
      expect(refusalOf(decideOffering([wanted], view(more)))).to.equal('write');
    });
});
