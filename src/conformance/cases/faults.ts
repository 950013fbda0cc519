import { expect } from 'chai';
import type { Capabilities, Platform } from '../../adapter/contract.ts';
import type { FaultKind } from '../../adapter/faults.ts';
import type { Mark, Observation } from '../../adapter/observation.ts';
import { type Case, declares, graded, hand, isAsked, tellsByItself } from '../case.ts';
import { MAKING, type Making, make, READ_AS, standing } from '../commands.ts';
import { type Context, faultOf, known } from '../context.ts';
import type { ProxyFault } from '../proxy.ts';
import type { FreeTime } from '../target.ts';

/** What a fault of the way there means to a reading, and to a write. */
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

/** What was written can be looked for by our mark. */
const isFound = (capabilities: Capabilities): boolean =>
  capabilities.idempotency !== 'none' && isAsked(capabilities);

const idOf = (title: string): string => title.toLowerCase().replaceAll(' ', '-');

const WRITES: readonly Case[] = graded('gold', [
  ...MAKING.map((name) => ({
    id: `${name}-answer-lost`,
    title: `${name}: an answer that was lost is unsure, and what landed is found by our mark`,
    applies: (capabilities: Capabilities) => declares(name)(capabilities) && isFound(capabilities),
    run: async (context: Context) => {
      const platform = context.connect();
      const time = await context.free();
      const mark = context.mark();
      const [found, ...more] = await landed(context, platform, name, time, mark);
      expect(more).to.deep.equal([]);
      expect(found?.interval).to.deep.equal(time.interval);
      expect(found?.mark).to.equal(mark);
      expect(found?.kind === 'busy' ? found.busyKind : null).to.equal(READ_AS[name]);
    },
  })),
  ...MAKING.map((name) => ({
    id: `${name}-written-again`,
    title: `${name}: an answer that was lost is unsure, and the same command again leaves one thing`,
    applies: (capabilities: Capabilities) =>
      declares(name)(capabilities) && tellsByItself(capabilities) && capabilities.idempotency === 'key',
    run: async (context: Context) => {
      const platform = context.connect();
      const time = await context.free();
      const mark = context.mark();
      context.proxy.set({ kind: 'lose' }, context.isWrite);
      expect((await faultOf(() => make(name, context, platform, time, mark))).kind).to.equal('unsure');
      expect(await standing(context, name, time, mark)).to.have.length(1);
      context.proxy.set(null);
      const { externalId } = known(await make(name, context, platform, time, mark));
      expect((await standing(context, name, time, mark)).map(({ id }) => id)).to.deep.equal([externalId]);
    },
  })),
  {
    id: 'read-back-all',
    title: 'finds both by our mark where a block was written twice',
    applies: (capabilities) => capabilities.idempotency === 'lookup' && declares('block')(capabilities),
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
    applies: isFound,
    run: async (context) => {
      expect(await context.connect().readBack?.(context.calendar, context.mark())).to.deep.equal([]);
    },
  },
  {
    id: 'read-back-down',
    title: 'never says that nothing is there when it could not look',
    applies: isFound,
    run: async (context) => {
      const platform = context.connect();
      for (const { fault } of OUTAGES) {
        context.proxy.set(fault);
        const thrown = await faultOf(async () => platform.readBack?.(context.calendar, context.mark()));
        expect(thrown.kind).to.equal('unavailable');
      }
    },
  },
  ...MAKING.map((name) => ({
    id: `${name}-throttled`,
    title: `${name}: 429 is throttled, and nothing stands there`,
    applies: (capabilities: Capabilities) => declares(name)(capabilities) && isAsked(capabilities),
    run: async (context: Context) => {
      const platform = context.connect();
      const time = await context.free();
      const mark = context.mark();
      context.proxy.set({ kind: 'status', status: 429, headers: { 'retry-after': '17' } }, context.isWrite);
      const fault = await faultOf(() => make(name, context, platform, time, mark));
      expect([fault.kind, fault.retryAfterMilliseconds]).to.deep.equal(['throttled', 17_000]);
      context.proxy.set(null);
      expect((await make(name, context, platform, time, mark)).outcome).to.equal('done');
    },
  })),
  ...MAKING.flatMap((name) =>
    OUTAGES.map(({ title, fault, kinds: [, writing] }) => ({
      id: `${name}-${idOf(title)}`,
      title: `${name}: ${title} is ${writing}, and it works again afterwards`,
      applies: (capabilities: Capabilities) =>
        declares(name)(capabilities) && (fault.kind === 'refuse' || isAsked(capabilities)),
      run: async (context: Context) => {
        const platform = context.connect();
        const time = await context.free();
        context.proxy.set(fault, context.isWrite);
        const mark = context.mark();
        expect((await faultOf(() => make(name, context, platform, time, mark))).kind).to.equal(writing);
        expect(await standing(context, name, time, mark)).to.deep.equal([]);
        context.proxy.set(null);
        expect((await make(name, context, platform, time, mark)).outcome).to.equal('done');
      },
    })),
  ),
  {
    id: 'write-unauthorized',
    title: 'a write with credentials that the platform refuses is unauthorized',
    isExemptable: true,
    applies: (capabilities) => MAKING.some((name) => declares(name)(capabilities)),
    run: async (context) => {
      const platform = context.connect({ settings: refused(context) });
      const name = MAKING.find((each) => platform.operations[each]) ?? 'block';
      const time = await context.free();
      const fault = await faultOf(() => make(name, context, platform, time, context.mark()));
      expect(fault.kind).to.equal('unauthorized');
    },
  },
]);

/** More than any platform takes for one thing, as where a patient is written down before the booking. */
const WRITES_MAX = 4;

/**
 * What the mark finds once an answer is lost: that of the first write, and where that alone left nothing under the mark,
 * in another try that of the next one.
 */
async function landed(
  context: Context,
  platform: Platform,
  name: Making,
  time: FreeTime,
  mark: Mark,
): Promise<readonly Observation[]> {
  for (let answered = 0; answered < WRITES_MAX; answered += 1) {
    let written = 0;
    context.proxy.set({ kind: 'lose' }, (request) => {
      if (!context.isWrite(request)) return false;
      written += 1;
      return written > answered;
    });
    expect((await faultOf(() => make(name, context, platform, time, mark))).kind).to.equal('unsure');
    const found = (await platform.readBack?.(context.calendar, mark)) ?? [];
    if (found.length > 0) return found;
  }
  return [];
}

const READINGS: readonly Case[] = graded('bronze', [
  {
    id: 'throttled',
    title: '429 is throttled, with the time that the platform asks for',
    applies: isAsked,
    run: async (context) => {
      const platform = context.connect();
      context.proxy.set({ kind: 'status', status: 429, headers: { 'retry-after': '17' } });
      const fault = await faultOf(() => context.read(platform));
      expect([fault.kind, fault.retryAfterMilliseconds]).to.deep.equal(['throttled', 17_000]);
    },
  },
  ...OUTAGES.map(({ title, fault, kinds: [reading] }) => ({
    id: `read-${idOf(title)}`,
    title: `${title}: a reading is ${reading}, never empty, and it works again afterwards`,
    applies: isAsked,
    run: async (context: Context) => {
      const platform = context.connect();
      context.proxy.set(fault);
      expect((await faultOf(() => context.read(platform))).kind).to.equal(reading);
      context.proxy.set(null);
      expect((await context.read(platform)).end.kind).to.equal('end');
    },
  })),
  {
    id: 'unauthorized',
    title: 'credentials that the platform refuses are unauthorized, to check and to read',
    isExemptable: true,
    applies: isAsked,
    run: async (context) => {
      const platform = context.connect({ settings: refused(context) });
      expect((await faultOf(() => platform.check(AbortSignal.timeout(5000)))).kind).to.equal('unauthorized');
      expect((await faultOf(() => context.read(platform))).kind).to.equal('unauthorized');
    },
  },
  {
    id: 'aborted',
    title: 'stops reading at once when it is told to, though the platform never answers',
    applies: isAsked,
    run: async (context) => {
      const platform = context.connect();
      context.proxy.set({ kind: 'stall' });
      const stopping = new AbortController();
      const ended = context.read(platform, null, context.window(), stopping.signal).then(
        () => 'it read to the end',
        () => null,
      );
      await context.proxy.stalled();
      stopping.abort();
      const late = new Promise((resolve) =>
        setTimeout(resolve, ABORT_MILLISECONDS_MAX, 'it goes on').unref(),
      );
      expect(await Promise.race([ended, late])).to.equal(null);
    },
  },
]);

/** Far more than stopping takes, and far less than any time-out. */
const ABORT_MILLISECONDS_MAX = 2_000;

const refused = ({ bench, proxy }: Context): Record<string, unknown> =>
  hand(bench.expired, 'refuse credentials')(proxy.url);

export const FAULTS: readonly Case[] = [...READINGS, ...WRITES];
