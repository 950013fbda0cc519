import { expect } from 'chai';
import fc from 'fast-check';
import { instant } from '../../src/domain/instant.ts';
import { overlaps } from '../../src/domain/interval.ts';
import { wall } from '../../src/domain/recurrence/wall.ts';
import { type PresentSlot, type Renewal, renew } from '../../src/domain/renewal.ts';
import { type SlotAttributes, UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import type { WantedSlot } from '../../src/domain/template.ts';
import { SEED } from './arbitraries.ts';

const time = (start: number, end: number) => ({ start: instant(start), end: instant(end) });
const says = (mode: SlotAttributes['mode']): SlotAttributes => ({ ...UNKNOWN_ATTRIBUTES, mode });
const wants = (start: number, end: number, mode: SlotAttributes['mode'] = null): WantedSlot => ({
  day: wall(0),
  interval: time(start, end),
  attributes: says(mode),
});
const has = (id: string, start: number, end: number, change: Partial<PresentSlot> = {}): PresentSlot => ({
  id,
  interval: time(start, end),
  attributes: UNKNOWN_ATTRIBUTES,
  status: 'free',
  isTaken: false,
  ...change,
});
const BUSY = { status: 'busy', isTaken: true } as const;

const shown = ({ create, remove, keep, skip }: Renewal<PresentSlot>) => ({
  create: create.map(({ interval }) => interval.start as number),
  remove: remove.map(({ id }) => id),
  keep: keep.map(({ slot, why }) => `${slot.id} ${why}`),
  skip: skip.map(({ slot, why }) => `${slot.interval.start} ${why}`),
});

describe('slots that are wanted beside those that are there', () => {
  const PERIOD = time(0, 100);
  const of = (mode: 'add' | 'replace', wanted: WantedSlot[], present: PresentSlot[], now = -10) =>
    shown(renew({ mode, period: PERIOD, now: instant(now), wanted, present }));
  const nothing = { create: [], remove: [], keep: [], skip: [] };

  type Expected = Partial<ReturnType<typeof shown>>;
  const rows: [
    title: string,
    wanted: WantedSlot[],
    present: PresentSlot[],
    add: Expected,
    replace: Expected,
  ][] = [
    ['nothing is there', [wants(0, 10), wants(10, 20)], [], { create: [0, 10] }, { create: [0, 10] }],
    ['nothing is wanted', [], [has('a', 0, 10)], {}, { remove: ['a'] }],
    ['the same is there', [wants(0, 10)], [has('a', 0, 10)], { keep: ['a wanted'] }, { keep: ['a wanted'] }],
    [
      'the same is there and booked',
      [wants(0, 10)],
      [has('a', 0, 10, BUSY)],
      { keep: ['a wanted'] },
      { keep: ['a wanted'] },
    ],
    [
      'another length is there',
      [wants(0, 10)],
      [has('a', 0, 15)],
      { skip: ['0 overlap'] },
      { create: [0], remove: ['a'] },
    ],
    [
      'the same time says something else',
      [wants(0, 10, 'video')],
      [has('a', 0, 10)],
      { skip: ['0 overlap'] },
      { create: [0], remove: ['a'] },
    ],
    [
      'what touches is there',
      [wants(10, 20)],
      [has('a', 0, 10, BUSY), has('b', 20, 30, BUSY)],
      { create: [10] },
      { create: [10], keep: ['a busy', 'b busy'] },
    ],
    [
      'a booked slot is in the way',
      [wants(0, 10), wants(10, 20), wants(20, 30)],
      [has('a', 5, 15, BUSY)],
      { create: [20], skip: ['0 busy', '10 busy'] },
      { create: [20], skip: ['0 busy', '10 busy'], keep: ['a busy'] },
    ],
    [
      'one that is held, one that is blocked, and one of whose lanes one is booked, are not wanted',
      [],
      [
        has('held', 0, 10, { status: 'busy-tentative', isTaken: true }),
        has('blocked', 10, 20, { status: 'busy-unavailable' }),
        has('lane', 20, 30, { isTaken: true }),
      ],
      {},
      { keep: ['held busy', 'blocked busy', 'lane busy'] },
    ],
    [
      'one reaches in from before the period',
      [wants(0, 10), wants(10, 20)],
      [has('a', -5, 5)],
      { create: [10], skip: ['0 overlap'] },
      { create: [10], skip: ['0 overlap'] },
    ],
    [
      'the same is there twice: the booked one stays for it',
      [wants(0, 10)],
      [has('a', 0, 10), has('b', 0, 10, BUSY)],
      { keep: ['b wanted'] },
      { keep: ['b wanted'], remove: ['a'] },
    ],
  ];
  for (const [title, wanted, present, add, replace] of rows) {
    it(title, () => {
      expect(of('add', wanted, present)).to.deep.equal({ ...nothing, ...add });
      expect(of('replace', wanted, present)).to.deep.equal({ ...nothing, ...replace });
    });
  }

  it('some of it has begun', () => {
    const wanted = [wants(0, 10), wants(10, 20), wants(20, 30)];
    const present = [has('a', 2, 8), has('b', 14, 20)];
    expect(of('replace', wanted, present, 10)).to.deep.equal({
      create: [10, 20],
      remove: ['b'],
      keep: ['a begun'],
      skip: ['0 past'],
    });
    expect(of('add', wanted, present, 10)).to.deep.equal({
      ...nothing,
      create: [20],
      skip: ['0 past', '10 overlap'],
    });
  });

  it('since when it may be booked counts where it is wanted, and else is as it was made', () => {
    const since = (at: number | null) => ({
      ...says(null),
      availableSince: at === null ? null : instant(at),
    });
    const present = [has('a', 0, 10, { attributes: since(-50) })];
    const kept = (at: number | null) =>
      of('replace', [{ ...wants(0, 10), attributes: since(at) }], present).keep;
    expect(kept(null)).to.deep.equal(['a wanted']);
    expect(kept(-50)).to.deep.equal(['a wanted']);
    expect(kept(-40)).to.deep.equal([]);
  });

  it('lists of codes are sets', () => {
    const wanted = {
      ...wants(0, 10),
      attributes: { ...says(null), reasons: ['urgent', 'semi-urgent'] },
    } as const;
    const present = (reasons: SlotAttributes['reasons']) =>
      has('a', 0, 10, { attributes: { ...says(null), reasons } });
    expect(of('replace', [wanted], [present(['semi-urgent', 'urgent'])]).keep).to.deep.equal(['a wanted']);
    expect(of('replace', [wanted], [present(['urgent'])]).remove).to.deep.equal(['a']);
    expect(of('replace', [wanted], [present(null)]).remove).to.deep.equal(['a']);
  });
});

describe('a renewal of any slots', () => {
  const anyMode = fc.constantFrom('add' as const, 'replace' as const);
  const anySays = fc.constantFrom<SlotAttributes['mode']>(null, 'video');
  /** In order, and apart. */
  const anyWanted = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 6 }), anySays), {
      maxLength: 12,
    })
    .map((list) => {
      let at = 0;
      return list.map(([gap, length, mode]) => {
        const start = at + gap;
        at = start + length;
        return wants(start, at, mode);
      });
    });
  const anyPresent = fc
    .array(
      fc.record({
        start: fc.integer({ min: -3, max: 59 }),
        length: fc.integer({ min: 1, max: 6 }),
        mode: anySays,
        status: fc.constantFrom<PresentSlot['status']>(
          'free',
          'free',
          'busy',
          'busy-tentative',
          'busy-unavailable',
        ),
        isTaken: fc.boolean(),
      }),
      { maxLength: 12 },
    )
    .map((list) =>
      list
        .filter(({ start, length }) => start + length > 0)
        .map(({ start, length, mode, status, isTaken }, index) =>
          has(`p${index}`, start, start + length, { attributes: says(mode), status, isTaken }),
        ),
    );
  const anyRequest = fc.record({
    mode: anyMode,
    period: fc.constant(time(0, 60)),
    now: fc.integer({ min: -5, max: 30 }).map(instant),
    wanted: anyWanted,
    present: anyPresent,
  });
  type Request = typeof anyRequest extends fc.Arbitrary<infer R> ? R : never;

  const leftBy = ({ present }: Request, { create, remove }: Renewal<PresentSlot>): PresentSlot[] => [
    ...present.filter((slot) => !remove.includes(slot)),
    ...create.map(({ interval, attributes }, index) =>
      has(`new${index}`, interval.start, interval.end, { attributes }),
    ),
  ];
  const isTouchable = ({ status, isTaken }: PresentSlot): boolean => status === 'free' && !isTaken;

  it('touches nothing that is taken, and makes nothing over it', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { create, remove } = renew(request);
        for (const slot of remove) {
          expect(isTouchable(slot)).to.equal(true);
          expect(slot.interval.start).to.be.at.least(Math.max(request.now, request.period.start));
        }
        for (const { interval } of create) {
          expect(interval.start).to.be.at.least(request.now);
          const left = request.present.filter((slot) => !remove.includes(slot));
          expect(left.some((slot) => overlaps(slot.interval, interval))).to.equal(false);
        }
        if (request.mode === 'add') expect(remove).to.deep.equal([]);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('says of everything that is wanted what became of it, and when replacing of everything that is there', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { create, remove, keep, skip } = renew(request);
        const wanted = keep.filter(({ why }) => why === 'wanted').length;
        expect(create.length + skip.length + wanted).to.equal(request.wanted.length);
        if (request.mode === 'add') return;
        const inside = request.present.filter(
          (slot) => slot.interval.start >= 0 || !isTouchable(slot) || slot.interval.start < request.now,
        );
        expect([...remove, ...keep.map(({ slot }) => slot)]).to.have.members(inside);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('has nothing to make nor to remove the second time', () => {
    fc.assert(
      fc.property(anyRequest, fc.integer({ min: 0, max: 10 }), (request, later) => {
        const present = leftBy(request, renew(request));
        const now = instant(request.now + later);
        expect(shown(renew({ ...request, now, present }))).to.deep.include({ create: [], remove: [] });
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('leaves of what is free only what is wanted, when replacing', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { wanted, now, period } = request;
        const left = leftBy(request, renew({ ...request, mode: 'replace' }));
        const free = left.filter(
          (slot) => isTouchable(slot) && slot.interval.start >= Math.max(now, period.start),
        );
        const textOf = ({ interval, attributes }: Pick<WantedSlot, 'interval' | 'attributes'>) =>
          `${interval.start}/${interval.end}/${attributes.mode}`;
        const texts = free.map(textOf);
        expect(new Set(texts).size).to.equal(texts.length);
        expect(wanted.map(textOf)).to.include.members(texts);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('is decided at once for 20,000 slots beside 20,000', () => {
    const wanted = Array.from({ length: 20_000 }, (_, index) => wants(index * 10, index * 10 + 10));
    const present = Array.from({ length: 20_000 }, (_, index) =>
      has(String(index), index * 10 + 5, index * 10 + 12, index % 3 === 0 ? BUSY : {}),
    );
    const began = performance.now();
    const { create, skip } = renew({
      mode: 'replace',
      period: time(0, 300_000),
      now: instant(0),
      wanted,
      present,
    });
    expect(create.length + skip.length).to.equal(20_000);
    expect(performance.now() - began).to.be.lessThan(2_000);
  });
});
