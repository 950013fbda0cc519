import { expect } from 'chai';
import type { Known, Platform, Written } from '../../adapter/contract.ts';
import type { Mark } from '../../adapter/observation.ts';
import { overlaps } from '../../domain/interval.ts';
import { type Case, declares, graded } from '../case.ts';
import { make } from '../commands.ts';
import { type Context, faultOf, known, marked, namesPatient, operation } from '../context.ts';
import type { FreeTime } from '../target.ts';

/** A booking that is given another time by its platform, which knows who comes. */

const move = (context: Context, platform: Platform, which: Known, to: FreeTime, mark = context.mark()) =>
  operation(
    platform,
    'move',
  )({
    calendar: context.calendar,
    mark,
    known: which,
    interval: to.interval,
    slot: to.slot,
  });

/** A patient's own booking, as the engine knows it: from a reading. */
async function booked(context: Context, platform: Platform, time: FreeTime): Promise<Known> {
  const id = await context.patientBooks(time);
  return seen(context, platform, time, (row) => row.externalId === id && row.mark === null);
}

async function seen(
  context: Context,
  platform: Platform,
  { interval }: FreeTime,
  isIt: (row: { readonly externalId: string; readonly mark: Mark | null }) => boolean,
): Promise<Known> {
  const { rows } = await context.read(platform);
  const found = rows.find((row) => row.kind === 'busy' && overlaps(row.interval, interval) && isIt(row));
  if (!found) throw new Error('the booking did not come in a reading');
  return { externalId: found.externalId, revision: found.revision };
}

/** What is booked at each of the times, by the second way. */
const bookedAt = async (context: Context, ...times: readonly FreeTime[]): Promise<string[][]> =>
  Promise.all(
    times.map(async ({ interval }) =>
      (await context.periodsAt(interval)).flatMap(({ kind, id }) => (kind === 'booked' ? [id] : [])),
    ),
  );

const idOf = (written: Written): string => known(written).externalId;

export const MOVING: readonly Case[] = graded('silver', [
  {
    id: 'move-stands',
    title: "move: a patient's booking stands at the new time, the same one, and the old time is free",
    applies: declares('move'),
    run: async (context) => {
      const platform = context.connect();
      const [from, to] = [await context.free(), await context.free()];
      const before = await booked(context, platform, from);
      expect(idOf(await move(context, platform, before, to))).to.equal(before.externalId);
      expect(await bookedAt(context, from, to)).to.deep.equal([[], [before.externalId]]);
      expect((await context.periodsAt(to.interval)).map(({ interval }) => interval)).to.deep.equal([
        to.interval,
      ]);
      for (const slot of await context.slotsAt(from.interval)) expect(slot.status).to.equal('free');
      for (const slot of await context.slotsAt(to.interval)) expect(slot.status).to.equal('busy');
      // Under the id that it had, so that whoever reads knows it again.
      await seen(context, platform, to, ({ externalId }) => externalId === before.externalId);
    },
  },
  {
    id: 'move-ours',
    title: 'move: a booking of ours keeps our mark, and no word of the patient goes there again',
    applies: declares('book', 'move'),
    run: async (context) => {
      const platform = context.connect();
      const [from, to] = [await context.free(), await context.free()];
      const mark = context.mark();
      const made = known(await make('book', context, platform, from, mark));
      const before = context.proxy.seen.length;
      expect(idOf(await move(context, platform, made, to, mark))).to.equal(made.externalId);
      expect(namesPatient(JSON.stringify(context.proxy.seen.slice(before)))).to.equal(false);
      const echo = marked((await context.read(platform)).rows, mark);
      expect(echo.map(({ externalId, interval }) => ({ externalId, interval }))).to.deep.equal([
        { externalId: made.externalId, interval: to.interval },
      ]);
    },
  },
  {
    id: 'move-taken',
    title: 'move: to a time that another patient took answers taken, and both stay where they are',
    applies: declares('move'),
    run: async (context) => {
      const platform = context.connect();
      const [from, to] = [await context.free(), await context.free()];
      const before = await booked(context, platform, from);
      const other = await context.patientBooks(to);
      expect(await move(context, platform, before, to)).to.deep.equal({ outcome: 'taken' });
      expect(await bookedAt(context, from, to)).to.deep.equal([[before.externalId], [other]]);
    },
  },
  {
    id: 'move-gone',
    title: 'move: of what is there no more answers gone, and nothing stands at the new time',
    applies: declares('move'),
    run: async (context) => {
      const platform = context.connect();
      const [from, to] = [await context.free(), await context.free()];
      const before = await booked(context, platform, from);
      await context.patientCancels(before.externalId);
      expect(await move(context, platform, before, to)).to.deep.equal({ outcome: 'gone' });
      expect(await bookedAt(context, from, to)).to.deep.equal([[], []]);
    },
  },
  {
    id: 'move-twice',
    title: 'move: the same command twice leaves one booking, at the new time',
    applies: declares('move'),
    run: async (context) => {
      const platform = context.connect();
      const [from, to] = [await context.free(), await context.free()];
      const before = await booked(context, platform, from);
      await move(context, platform, before, to);
      // With what was known before, as after an answer that was lost.
      const again = await move(context, platform, before, to);
      if (again.outcome !== 'taken') expect(idOf(again)).to.equal(before.externalId);
      expect(await bookedAt(context, from, to)).to.deep.equal([[], [before.externalId]]);
    },
  },
  {
    id: 'move-changed',
    title: 'move: refuses to move what changed since we read it',
    applies: (capabilities) => capabilities.conditionalWrite && declares('move')(capabilities),
    run: async (context) => {
      const platform = context.connect();
      const [from, to, other] = [await context.free(), await context.free(), await context.free()];
      const stale = await booked(context, platform, from);
      await move(context, platform, stale, other);
      expect(await move(context, platform, stale, to)).to.deep.equal({ outcome: 'taken' });
      expect(await bookedAt(context, from, to, other)).to.deep.equal([[], [], [stale.externalId]]);
    },
  },
  {
    id: 'move-answer-lost',
    title: 'move: an answer that was lost is unsure, and a reading shows what landed',
    applies: declares('move'),
    run: async (context) => {
      const platform = context.connect();
      const [from, to] = [await context.free(), await context.free()];
      const before = await booked(context, platform, from);
      context.proxy.set({ kind: 'lose' }, context.isWrite);
      expect((await faultOf(() => move(context, platform, before, to))).kind).to.equal('unsure');
      context.proxy.set(null);
      await seen(context, platform, to, ({ externalId }) => externalId === before.externalId);
      expect(await bookedAt(context, from, to)).to.deep.equal([[], [before.externalId]]);
    },
  },
]);
