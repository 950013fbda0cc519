import { expect } from 'chai';
import type { Capabilities } from '../../adapter/contract.ts';
import type { Interval } from '../../domain/interval.ts';
import { type Case, graded } from '../case.ts';
import { SECRET } from '../target.ts';

/** What a person copied from a platform's screen: all of it, under ids that hold, and nothing that was guessed. */

const reads = ({ lists }: Capabilities): boolean => lists === true;

const key = ({ start, end }: Interval): string => `${start}-${end}`;

/** Whatever people paste by mistake. */
const HOSTILE: readonly string[] = [
  '',
  '\0\0\0',
  '<html><body>Session expirée</body></html>',
  `"${'x'.repeat(70_000)}`,
  `${'a,b;c\td\n'.repeat(20_000)}`,
  '{"rows": [1, 2]}',
  'date,start,end,status\n"',
  '__proto__,constructor,toString\n1,2,3',
];

export const LISTS: readonly Case[] = graded('bronze', [
  {
    id: 'list-whole',
    title: 'a list: gives all that is on the screen, each once, and no mark',
    applies: reads,
    run: async (context) => {
      await context.patientBooks(await context.free());
      const { rows, wrong } = await context.list(context.connect());
      const raw = await context.raw();
      expect(wrong).to.deep.equal([]);
      const slots = rows.filter(({ kind }) => kind === 'slot').map(({ interval }) => key(interval));
      // A screen may show what is booked alone.
      if (slots.length > 0) expect(slots).to.include.members(raw.slots.map(({ interval }) => key(interval)));
      const shown = rows.filter(({ kind }) => kind === 'busy').map(({ interval }) => key(interval));
      expect(shown.sort()).to.deep.equal(raw.periods.map(({ interval }) => key(interval)).sort());
      expect(new Set(rows.map(({ kind, externalId }) => `${kind} ${externalId}`)).size).to.equal(rows.length);
      for (const row of rows) {
        expect(row.mark).to.equal(null);
        expect(row.calendar).to.equal(context.calendar);
      }
    },
  },
  {
    id: 'list-ids',
    title: 'a list: gives the same the same id again, also where somebody says it of one time',
    applies: reads,
    run: async (context) => {
      const platform = context.connect();
      const time = await context.free();
      await context.patientBooks(time);
      const ids = async () => (await context.list(platform)).rows.map(({ externalId }) => externalId);
      const first = await ids();
      expect(await ids()).to.deep.equal(first);
      const { calendar } = context;
      const times = [{ calendar, interval: time.interval, status: 'booked' as const }];
      const said = await platform.readList?.({ kind: 'times', times });
      const [busy, ...more] = (said?.rows ?? []).filter(({ kind }) => kind === 'busy');
      expect(more).to.deep.equal([]);
      expect(first).to.include(busy?.externalId);
    },
  },
  {
    id: 'list-freed',
    title: 'a list: what is free says that the booking of that time is gone',
    applies: reads,
    run: async (context) => {
      const platform = context.connect();
      const time = await context.free();
      const booking = await context.patientBooks(time);
      if (booking === null) throw new Error('the patient could not book');
      const { rows } = await context.list(platform);
      const before = rows.find(
        ({ kind, interval }) => kind === 'busy' && key(interval) === key(time.interval),
      );
      await context.patientCancels(booking);
      const { rows: left, removed } = await context.list(platform);
      expect(left.some(({ externalId }) => externalId === before?.externalId)).to.equal(false);
      expect(removed.filter(({ kind }) => kind === 'busy').map(({ externalId }) => externalId)).to.include(
        before?.externalId,
      );
    },
  },
  {
    id: 'list-bad-line',
    title:
      'a list: names a line that cannot be read by its number, without a value of it, and takes nothing of it',
    applies: reads,
    run: async (context) => {
      const platform = context.connect();
      const text = (await context.person.copies()).trimEnd();
      const right = await context.list(platform, text);
      const { rows, wrong } = await context.list(platform, `${text}\n${context.person.badLine}\n`);
      expect(wrong.map(({ line }) => line)).to.deep.equal([text.split('\n').length + 1]);
      const [named] = wrong;
      expect(named?.reason.fr).to.be.a('string').that.is.not.empty;
      expect(named?.reason.en).to.be.a('string').that.is.not.empty;
      expect(JSON.stringify(wrong)).not.to.include(SECRET);
      expect(rows).to.deep.equal(right.rows);
    },
  },
  {
    id: 'list-hostile',
    title: 'a list: takes nothing from what is none, and says that it is none',
    applies: reads,
    run: async (context) => {
      const platform = context.connect();
      for (const text of HOSTILE) {
        const { rows, removed, wrong } = await context.list(platform, text);
        expect([rows, removed], text.slice(0, 20)).to.deep.equal([[], []]);
        expect(wrong.length, text.slice(0, 20)).to.be.greaterThan(0);
      }
    },
  },
]);
