import { expect } from 'chai';
import type { Rejected } from '../../src/adapter/observation.ts';
import { HOUR } from '../../src/domain/instant.ts';
import { onEachDatabase } from '../support/databases.ts';
import {
  booking,
  bookings,
  numbers,
  PER_CALENDAR,
  ScriptedAgenda,
  slots,
} from '../support/scripted-agenda.ts';

/** Records of a platform that changed how it writes them. What is booked there now can't be read either. */

const REASON = 'debut: not an instant';
const unread = (count: number): Rejected[] =>
  numbers(count).map((n) => ({ externalId: `booking-${n}`, reason: REASON }));

describe('a feed of which most records cannot be read', () => {
  onEachDatabase((open) => {
    let agenda: ScriptedAgenda;

    beforeEach(async () => {
      agenda = await ScriptedAgenda.open(open());
      agenda.shown = bookings(40);
      await agenda.reads();
    });
    afterEach(() => agenda.close());

    const freshness = () => agenda.engine.freshness('west', 'w-doctor');

    it('is not confirmed, says so, and becomes stale when its time is over', async () => {
      const confirmedAt = agenda.clock.now();
      agenda.shown = bookings(40).slice(38);
      agenda.rejected = unread(38);
      const { unreadable, ...feed } = await agenda.reads();
      expect(unreadable).to.deep.equal({ since: agenda.clock.now(), records: 40, unread: 38 });
      expect(feed).to.deep.include({ confirmedAt, suspicion: null });
      expect(freshness()).to.deep.equal({ confirmedAt, stale: false });
      const [summary] = (await agenda.engine.summaries()).filter(({ id }) => id === 'west');
      expect(summary?.unreadable).to.deep.equal([{ feedId: '*', ...unreadable }]);
      await agenda.restarts(HOUR);
      expect((await agenda.reads()).unreadable).to.deep.equal(unreadable);
      expect(freshness()).to.deep.equal({ confirmedAt, stale: true });
      expect(await agenda.known()).to.deep.include({ bookings: 40 });
    });

    it('is read whole each time, until its records can be read again', async () => {
      agenda.rejected = unread(40);
      agenda.shown = [];
      await agenda.reads();
      agenda.delta = [];
      await agenda.reads('*', 'west', false);
      agenda.rejected = [];
      agenda.shown = bookings(40);
      const feed = await agenda.reads('*', 'west', false);
      expect(agenda.cursors).to.deep.equal([null, null, null, null]);
      expect(feed).to.deep.include({ unreadable: null, confirmedAt: agenda.clock.now() });
    });

    it('is so too where they have no readable name', async () => {
      agenda.shown = [];
      agenda.isComplete = false;
      agenda.rejected = numbers(40).map(() => ({ externalId: null, reason: 'id: missing' }));
      const { unreadable, confirmedAt } = await agenda.reads();
      expect(unreadable).to.deep.include({ records: 40, unread: 40 });
      expect(confirmedAt).to.not.equal(agenda.clock.now());
      const [summary] = (await agenda.engine.summaries()).filter(({ id }) => id === 'west');
      expect(summary?.rejected).to.equal(40);
    });

    it('is not one with a few that are odd, nor one whose codes are unknown', async () => {
      agenda.rejected = [...unread(19), { externalId: null, reason: REASON }];
      agenda.shown = bookings(40).slice(19);
      expect(await agenda.reads()).to.deep.include({ unreadable: null, confirmedAt: agenda.clock.now() });
      agenda.rejected = unread(40).map((each) => ({ ...each, reason: 'unmapped code X in motifs' }));
      agenda.shown = bookings(40);
      expect((await agenda.reads()).unreadable).to.equal(null);
    });

    it('of a small agenda is one of which nothing can be read, and not one with four odd records', async () => {
      agenda.shown = [booking(5)];
      agenda.rejected = unread(4);
      expect((await agenda.reads()).unreadable).to.equal(null);
      agenda.shown = [];
      expect((await agenda.reads()).unreadable).to.deep.include({ records: 4, unread: 4 });
    });

    it('is found by a series and a plan as what they are, and not by how many rows they give', async () => {
      agenda.shown = slots(60).map((each, n) => ({ ...each, externalId: `plan#${n}` }));
      agenda.rejected = unread(40);
      expect((await agenda.reads()).unreadable).to.deep.include({ records: 41, unread: 40 });
    });

    it('is looked for in the whole when a delta cannot be read', async () => {
      agenda.delta = [{ kind: 'rows', rows: [], removed: [], rejected: unread(1) }];
      expect((await agenda.reads('*', 'west', false)).unreadable).to.equal(null);
      agenda.shown = [];
      agenda.rejected = unread(40);
      expect((await agenda.reads('*', 'west', false)).unreadable).to.deep.include({ unread: 40 });
      await agenda.reads('*', 'west', false);
      expect(agenda.cursors).to.deep.equal([null, 'c1', null, 'c1', null, null]);
    });

    it('is counted by itself where each calendar is read by itself', async () => {
      await agenda.close();
      await agenda.begin(PER_CALENDAR);
      agenda.shown = slots(30, 'e-walk-in');
      agenda.rejected = unread(10);
      expect((await agenda.reads('e-doctor', 'east')).unreadable).to.deep.include({ unread: 10 });
      expect((await agenda.reads('e-walk-in', 'east')).unreadable).to.equal(null);
    });
  });
});
