import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { type Case, graded, tellsByItself } from '../case.ts';
import type { Context } from '../context.ts';
import type { Ear } from '../ear.ts';
import { type FeedAnswer, SECRET } from '../target.ts';

/** A platform that cannot be asked: what it says comes once, so it is acknowledged when it is safe and no sooner. */

const HELD_MILLISECONDS = 250;

/** Listens, has heard all that stood there, and takes note of what is received from then on. */
async function listening(context: Context): Promise<Ear> {
  const ear = await context.ear(context.connect());
  await ear.all();
  return ear;
}

/** The next thing that is received, held back until it is let go. */
function held(ear: Ear): { readonly came: Promise<void>; readonly letGo: (error?: Error) => void } {
  let letGo: (error?: Error) => void = () => undefined;
  const released = new Promise<void>((resolve, reject) => {
    letGo = (error) => (error ? reject(error) : resolve());
  });
  const came = new Promise<void>((resolve) => {
    ear.intercept = async ({ outcome }) => {
      if (outcome !== 'payload') return;
      ear.intercept = async () => undefined;
      resolve();
      await released;
    };
  });
  return { came, letGo };
}

export const LISTENING: readonly Case[] = graded(
  'bronze',
  [
    {
      id: 'told-then-acknowledged',
      title: 'acknowledges what it was told once that is committed, and never before',
      run: async (context: Context) => {
        const ear = await listening(context);
        const before = ear.feed.answers.length;
        const { came, letGo } = held(ear);
        await context.patientBooks(await context.free());
        await came;
        // Held back for as long as an answer that was not waited for takes to arrive.
        await Promise.race([ear.feed.told(), wait(HELD_MILLISECONDS)]);
        expect(ear.feed.answers.length).to.equal(before);
        letGo();
        await ear.told();
        expect(ear.feed.answers.slice(before)).to.deep.equal(['accepted']);
      },
    },
    {
      id: 'told-not-committed',
      title: 'says that it failed where it could not be committed, and takes it when it is told again',
      run: async (context: Context) => {
        const ear = await listening(context);
        const before = ear.feed.answers.length;
        const { came, letGo } = held(ear);
        const time = await context.free();
        await context.patientBooks(time);
        await came;
        letGo(new Error('the database does not answer'));
        const { rows } = await ear.all();
        const failed: readonly FeedAnswer[] = ear.feed.hearsFailures === false ? [] : ['failed'];
        expect(ear.feed.answers.slice(before)).to.deep.equal([...failed, 'accepted']);
        expect(rows.some(({ interval }) => interval.start === time.interval.start)).to.equal(true);
      },
    },
    {
      id: 'told-twice',
      title: 'the same message a second time changes nothing',
      run: async (context: Context) => {
        const ear = await listening(context);
        await context.patientBooks(await context.free());
        const { rows } = await ear.all();
        const before = ear.feed.answers.length;
        ear.feed.repeat();
        expect((await ear.all()).rows).to.deep.equal(rows);
        expect(ear.feed.answers.slice(before)).to.deep.equal(['accepted']);
      },
    },
    {
      id: 'told-malformed',
      title: 'sets a malformed record aside, says where without a value, and hears what comes after it',
      run: async (context: Context) => {
        const ear = await listening(context);
        const before = ear.feed.answers.length;
        ear.feed.tellMalformed();
        const time = await context.free();
        await context.patientBooks(time);
        const { rows, rejected } = await ear.all();
        expect(ear.feed.answers.slice(before)).to.deep.equal(['accepted', 'accepted']);
        expect(rejected).to.not.have.length(0);
        // The raw form, which is sealed before it is stored, is the one place for a value.
        const said = rejected.map(({ raw: _, ...told }) => told);
        expect(JSON.stringify(said)).not.to.contain(SECRET);
        expect(rows.some(({ interval }) => interval.start === time.interval.start)).to.equal(true);
      },
    },
    {
      id: 'told-hostile',
      title: 'accepts nothing that is no message, and listens on',
      run: async (context: Context) => {
        const ear = await listening(context);
        const { rows } = await ear.all();
        for (const [index, send] of ear.feed.hostile.entries())
          expect(await send(), `hostile input ${index}`).not.to.equal('accepted');
        expect((await ear.all()).rows).to.deep.equal(rows);
        const time = await context.free();
        await context.patientBooks(time);
        const after = await ear.all();
        expect(after.rows.some(({ interval }) => interval.start === time.interval.start)).to.equal(true);
      },
    },
    {
      id: 'told-end-confirms-nothing',
      title: 'claims nothing by a reading, as nobody was asked',
      run: async (context: Context) => {
        const { end } = await context.read(context.connect());
        expect(end).to.deep.equal({ kind: 'end', complete: null, cursor: null, trueAt: null });
      },
    },
  ].map((each) => ({ ...each, applies: tellsByItself })),
);
