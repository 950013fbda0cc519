import { expect } from 'chai';
import type { FaultKind } from '../../../src/adapter/faults.ts';
import { MAKING, make } from '../commands.ts';
import { always, type Case, declares, faultOf, known } from '../context.ts';
import type { ProxyFault, Seen } from '../proxy.ts';

const isWrite = ({ method }: Seen): boolean =>
  !['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT'].includes(method);

/** What a fault of the way there means to a reading, and to a block. */
const OUTAGES: readonly {
  readonly title: string;
  readonly fault: ProxyFault;
  readonly kinds: [FaultKind, FaultKind];
}[] = [
  { title: 'HTTP 500', fault: { kind: 'status', status: 500 }, kinds: ['unavailable', 'unsure'] },
  { title: 'HTTP 502', fault: { kind: 'status', status: 502 }, kinds: ['unavailable', 'unsure'] },
  { title: 'HTTP 503', fault: { kind: 'status', status: 503 }, kinds: ['unavailable', 'unavailable'] },
  { title: 'broken connections', fault: { kind: 'refuse' }, kinds: ['unavailable', 'unsure'] },
];

export const FAULTS: readonly Case[] = [
  ...MAKING.map(
    (name): Case => ({
      id: `${name}-answer-lost`,
      title: `${name}: an answer that was lost is unsure, and what landed is found by our mark`,
      applies: (capabilities) => declares(name)(capabilities) && capabilities.idempotency !== 'none',
      run: async (context) => {
        const platform = context.connect();
        const time = await context.free();
        const mark = context.mark();
        context.proxy.set({ kind: 'lose' }, isWrite);
        const fault = await faultOf(() => make(name, context, platform, time, mark));
        expect(fault.kind).to.equal('unsure');
        const [found, ...more] = (await platform.readBack?.(context.calendar, mark)) ?? [];
        expect(more).to.deep.equal([]);
        expect(found?.interval).to.deep.equal(time.interval);
        expect(found?.mark).to.equal(mark);
        const expected = { block: 'block', hold: 'hold', book: 'appointment', publish: undefined }[name];
        expect(found?.kind === 'busy' ? found.busyKind : undefined).to.equal(expected);
      },
    }),
  ),
  {
    id: 'read-back-all',
    title: 'finds both by our mark where a block was written twice',
    applies: ({ idempotency, operations }) => idempotency === 'lookup' && operations.includes('block'),
    run: async (context) => {
      const platform = context.connect();
      const time = await context.free();
      const mark = context.mark();
      const made = [
        known(await make('block', context, platform, time, mark)),
        known(await make('block', context, platform, time, mark)),
      ];
      const found = (await platform.readBack?.(context.calendar, mark)) ?? [];
      expect(found.map((row) => row.externalId)).to.have.members(made.map((each) => each.externalId));
      expect(found.map((row) => row.mark)).to.deep.equal([mark, mark]);
    },
  },
  {
    id: 'read-back-nothing',
    title: 'finds nothing by a mark that nobody wrote',
    applies: ({ idempotency }) => idempotency !== 'none',
    run: async (context) => {
      expect(await context.connect().readBack?.(context.calendar, context.mark())).to.deep.equal([]);
    },
  },
  {
    id: 'read-back-down',
    title: 'never says that nothing is there when it could not look',
    applies: ({ idempotency }) => idempotency !== 'none',
    run: async (context) => {
      const platform = context.connect();
      for (const { fault } of OUTAGES) {
        context.proxy.set(fault);
        const thrown = await faultOf(async () => platform.readBack?.(context.calendar, context.mark()));
        expect(thrown.kind).to.equal('unavailable');
      }
    },
  },
  {
    id: 'throttled',
    title: '429 is throttled, with the time that the platform asks for',
    applies: always,
    run: async (context) => {
      const platform = context.connect();
      context.proxy.set({ kind: 'status', status: 429, headers: { 'retry-after': '17' } });
      const fault = await faultOf(() => context.read(platform));
      expect([fault.kind, fault.retryAfterMilliseconds]).to.deep.equal(['throttled', 17_000]);
    },
  },
  ...OUTAGES.map(
    ({ title, fault, kinds: [reading, writing] }): Case => ({
      id: `outage-${title.toLowerCase().replaceAll(' ', '-')}`,
      title: `${title}: a reading is ${reading}, a write is ${writing}, and it works again afterwards`,
      applies: declares('block'),
      run: async (context) => {
        const platform = context.connect();
        const time = await context.free();
        context.proxy.set(fault);
        expect((await faultOf(() => context.read(platform))).kind).to.equal(reading);
        const mark = context.mark();
        expect((await faultOf(() => make('block', context, platform, time, mark))).kind).to.equal(writing);
        expect(await context.periodsAt(time.interval)).to.deep.equal([]);
        context.proxy.set(null);
        expect((await make('block', context, platform, time, mark)).outcome).to.equal('done');
      },
    }),
  ),
  {
    id: 'unauthorized',
    title: 'credentials that the platform refuses are unauthorized, in every call',
    applies: always,
    run: async (context) => {
      const platform = context.connect({ settings: context.bench.expired(context.proxy.url) });
      const time = await context.free();
      expect((await faultOf(() => platform.check(AbortSignal.timeout(5000)))).kind).to.equal('unauthorized');
      expect((await faultOf(() => context.read(platform))).kind).to.equal('unauthorized');
      if (!platform.operations.block) return;
      const fault = await faultOf(() => make('block', context, platform, time, context.mark()));
      expect(fault.kind).to.equal('unauthorized');
    },
  },
];
