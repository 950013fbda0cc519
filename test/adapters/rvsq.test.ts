import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import targets, { simulator } from '../../adapters/rvsq/conformance.ts';
import { startSimulator } from '../../adapters/rvsq/simulator/start.ts';
import { make, unmake } from '../../src/conformance/commands.ts';
import { faultOf, known, operation, type Reading } from '../../src/conformance/context.ts';
import { conforms, ownCases } from '../../src/conformance/mocha.ts';
import { simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { HOUR, MINUTE, plus } from '../../src/domain/instant.ts';

for (const target of targets) conforms('rvsq', target, 'platinum');

const changes = readFileSync(new URL('../../adapters/rvsq/fixtures/changes.json', import.meta.url), 'utf8');
const own = ownCases(simulatorTarget(simulator));
const forgetful = ownCases(
  simulatorTarget({ ...simulator, start: (each) => startSimulator({ ...each, changesRemembered: 4 }) }),
);
const cursorOf = ({ end }: Reading): string | null => (end.kind === 'end' ? end.cursor : null);

describe('rvsq, by itself', () => {
  own('misses nothing that changes while the first list is read', async (context) => {
    const platform = context.connect();
    const time = await context.free();
    const mark = context.mark();
    let made: Promise<unknown> | null = null;
    context.proxy.set({ kind: 'tamper', change: (body) => body }, ({ path }) => {
      // The list is under way: the cursor was taken already.
      if (path.startsWith('/v1/records')) made ??= make('block', context, context.connect(), time, mark);
      return false;
    });
    const first = await context.read(platform);
    await made;
    const next = await context.read(platform, cursorOf(first));
    expect(next.rows.map((row) => row.mark)).to.include(mark);
  });

  forgetful('says of a cursor that is too old that it is no more', async (context) => {
    const platform = context.connect();
    const cursor = cursorOf(await context.read(platform));
    for (let count = 0; count < 6; count += 1) {
      await make('block', context, platform, await context.free(), context.mark());
    }
    expect((await context.read(platform, cursor)).end.kind).to.equal('cursorExpired');
    const again = await context.read(platform);
    expect(again.rows.filter(({ mark }) => mark !== null)).to.have.length(6);
  });

  own('does not take its own booking, whose answer was lost, for another’s', async (context) => {
    const platform = context.connect();
    const time = await context.free();
    const mark = context.mark();
    context.proxy.set({ kind: 'lose' }, ({ method }) => method === 'POST');
    await faultOf(() => make('book', context, platform, time, mark));
    context.proxy.set(null);
    const again = await make('book', context, platform, time, mark);
    const periods = await context.periodsAt(time.interval);
    expect(again).to.deep.include({ outcome: 'done', externalId: periods[0]?.id });
    expect(periods).to.have.length(1);
  });

  own('does not take its own lock, whose answer was lost, for another’s', async (context) => {
    const platform = context.connect();
    const time = await context.free();
    const mark = context.mark();
    context.proxy.set({ kind: 'lose' }, ({ method }) => method === 'POST');
    await faultOf(() => make('hold', context, platform, time, mark));
    context.proxy.set(null);
    const again = await make('hold', context, platform, time, mark);
    const periods = await context.periodsAt(time.interval);
    expect(again).to.deep.include({ outcome: 'done', externalId: periods[0]?.id });
    expect(periods.map(({ kind }) => kind)).to.deep.equal(['held']);
  });

  own('promises a lock for no longer than it is granted', async (context) => {
    const { interval, slot } = await context.free();
    const { calendar } = context;
    const asked = { calendar, interval, slot, mark: context.mark(), expiresAt: plus(context.now(), HOUR) };
    const before = context.now();
    const held = await operation(context.connect(), 'hold')(asked);
    expect(held.outcome === 'done' && held.expiresAt).to.be.within(
      before + 15 * MINUTE,
      context.now() + 15 * MINUTE,
    );
  });

  own(
    'books anew when its lock is gone and nobody took the time, and not when somebody did',
    async (context) => {
      const platform = context.connect();
      for (const isTaken of [false, true]) {
        const time = await context.free();
        const mark = context.mark();
        const hold = known(await make('hold', context, platform, time, mark));
        await unmake('hold', context, platform, mark, hold);
        const patient = isTaken ? await context.patientBooks(time) : null;
        const { outcome } = await make('book', context, platform, time, context.mark(), hold);
        expect(outcome).to.equal(isTaken ? 'taken' : 'done');
        const booked = await context.periodsAt(time.interval);
        expect(booked.map(({ kind }) => kind)).to.deep.equal(['booked']);
        if (isTaken) expect(booked[0]?.id).to.equal(patient);
      }
    },
  );

  own('neither moves a lock nor lets go of it twice', async (context) => {
    const platform = context.connect();
    const [time, other] = [await context.free(), await context.free()];
    const { calendar } = context;
    const mark = context.mark();
    const hold = known(await make('hold', context, platform, time, mark));
    const { interval, slot } = other;
    const moved = await operation(platform, 'move')({ calendar, mark, known: hold, interval, slot });
    expect(moved).to.deep.equal({ outcome: 'taken' });
    expect((await unmake('hold', context, platform, mark, hold)).outcome).to.equal('done');
    expect((await unmake('hold', context, platform, mark, hold)).outcome).to.equal('gone');
  });

  own(
    'reads the changes of its fixture: the repeated hour, what is gone, what contradicts itself',
    async (context) => {
      const platform = context.connect();
      const cursor = cursorOf(await context.read(platform));
      context.proxy.set({ kind: 'tamper', change: () => changes });
      const { rows, removed, rejected, end } = await context.read(platform, cursor);
      const id = (last: number) => `11111111-aaaa-4aaa-a111-00000000000${last}`;
      expect(rows.map((row) => [row.kind, row.externalId, row.mark])).to.deep.equal([
        ['slot', id(1), null],
        ['busy', id(3), 'passerelle:0b7c4f9e-1111-4222-8333-444455556666'],
      ]);
      expect(rows[0]?.interval.start).to.equal(Date.parse('2026-11-01T06:20:00Z'));
      expect(rows[0]?.kind === 'slot' && rows[0].attributes).to.deep.equal({
        availableSince: null,
        eligibility: ['registered-doctor', 'registered-place'],
        reasons: ['urgent'],
        reorientation: [],
        mode: null,
        bookingUrl: null,
      });
      expect(removed).to.deep.equal([
        { kind: 'busy', externalId: id(2), sequence: 22 },
        { kind: 'slot', externalId: id(4), sequence: 24 },
      ]);
      expect(rejected.map(({ raw: _, ...told }) => told)).to.deep.equal([
        { externalId: id(1), reason: 'unmapped code TELEPATHY in visitType' },
        { externalId: id(5), reason: 'date: custom' },
      ]);
      expect(rejected.map(({ raw }) => (raw as { id: string }).id)).to.deep.equal([id(1), id(5)]);
      expect(end).to.deep.equal({ kind: 'end', complete: null, cursor: 'cq' });
    },
  );
});
