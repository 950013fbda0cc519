import { expect } from 'chai';
import { DAY } from '../../src/domain/instant.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import { onEachDatabase } from '../support/databases.ts';
import {
  booking,
  bookings,
  numbers,
  PER_CALENDAR,
  removal,
  ScriptedAgenda,
  slots,
} from '../support/scripted-agenda.ts';

/** A feed that loses most of what it showed. The limit is half of what was known, and 20. */

describe('a feed that loses most of what it showed', () => {
  onEachDatabase((open) => {
    let agenda: ScriptedAgenda;

    beforeEach(async () => {
      agenda = await ScriptedAgenda.open(open());
    });
    afterEach(() => agenda.close());

    it('is suspect, and what it does not show stays as it was known', async () => {
      agenda.shown = [...slots(40), ...bookings(6)];
      const before = await agenda.reads();
      expect(before.suspicion).to.equal(null);
      agenda.shown = [...slots(10), booking(0), booking(50)];
      const after = await agenda.reads();
      expect(after.suspicion).to.deep.equal({
        since: agenda.clock.now(),
        slots: { known: 40, missing: 30 },
        busy: { known: 6, missing: 5 },
      });
      // The booking that is new was taken in all the same.
      expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 7 });
      expect(agenda.told()).to.deep.equal([
        {
          type: 'feed.suspect',
          at: agenda.clock.now(),
          connectionId: 'west',
          feedId: '*',
          slots: { known: 40, missing: 30 },
          busy: { known: 6, missing: 5 },
        },
      ]);
      const logged = await open().query("select data from event where type = 'feed.suspect'");
      expect(logged.at(-1)).to.deep.equal({ data: agenda.told()[0] });
      expect(agenda.events.some(({ type }) => type === 'busy.ended')).to.equal(false);
    });

    it('is not served as free from that moment on, also by a process that starts later', async () => {
      agenda.shown = slots(40);
      const { confirmedAt } = await agenda.reads();
      expect(agenda.engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt, stale: false });
      agenda.shown = slots(3);
      expect(await agenda.reads()).to.deep.include({ confirmedAt });
      expect(agenda.engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt, stale: true });
      await agenda.engine.stop();
      await agenda.begin();
      expect(agenda.engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt, stale: true });
      const [summary] = (await agenda.engine.summaries()).filter(({ id }) => id === 'west');
      expect(summary?.suspects).to.deep.equal([
        {
          feedId: '*',
          since: agenda.clock.now(),
          slots: { known: 40, missing: 37 },
          busy: { known: 0, missing: 0 },
        },
      ]);
    });

    it('counts bookings apart from slots', async () => {
      agenda.shown = [...slots(100), ...bookings(30)];
      await agenda.reads();
      agenda.shown = [...slots(100), ...bookings(10)];
      expect((await agenda.reads()).suspicion).to.deep.include({ busy: { known: 30, missing: 20 } });
      expect(await agenda.known()).to.deep.equal({ slots: 100, bookings: 30 });
    });

    it('is trusted again by itself when enough is back, and what is still missing then is gone', async () => {
      agenda.shown = slots(40);
      await agenda.reads();
      agenda.shown = slots(5);
      const first = await agenda.reads();
      agenda.shown = slots(6);
      const second = await agenda.reads();
      expect(second.suspicion).to.deep.include({
        since: first.suspicion?.since,
        slots: { known: 40, missing: 34 },
      });
      agenda.shown = slots(38);
      expect(await agenda.reads()).to.deep.include({
        suspicion: null,
        confirmedAt: agenda.clock.now(),
        completeAt: agenda.clock.now(),
      });
      expect(await agenda.known()).to.deep.include({ slots: 38 });
      expect(agenda.engine.freshness('west', 'w-doctor').stale).to.equal(false);
      expect(agenda.told().map(({ type }) => type)).to.deep.equal(['feed.suspect', 'feed.cleared']);
    });

    it('is read whole each time as long as it is suspect', async () => {
      agenda.shown = slots(40);
      const { completeAt } = await agenda.reads();
      agenda.shown = slots(5);
      agenda.delta = [removal(slots(40))];
      expect(await agenda.reads(WHOLE_CONNECTION, 'west', false)).to.deep.include({
        cursor: 'c1',
        completeAt,
      });
      await agenda.reads(WHOLE_CONNECTION, 'west', false);
      expect(agenda.cursors).to.deep.equal([null, 'c1', null, null]);
    });

    it('stays suspect after a reading that was not complete', async () => {
      agenda.shown = slots(40);
      const { confirmedAt } = await agenda.reads();
      agenda.shown = slots(5);
      const { suspicion } = await agenda.reads();
      agenda.isComplete = false;
      agenda.shown = slots(40);
      expect(await agenda.reads()).to.deep.include({ suspicion, confirmedAt });
    });

    it('is taken at its word once a person has said so, and then is watched as before', async () => {
      agenda.shown = slots(60);
      await agenda.reads();
      expect(await agenda.engine.confirm('west', null)).to.deep.equal([]);
      agenda.shown = slots(4);
      await agenda.reads();
      expect(await agenda.engine.confirm('west', 'another')).to.deep.equal([]);
      expect(await agenda.engine.confirm('west', null)).to.deep.equal(['*']);
      expect((await agenda.store.feed({ connectionId: 'west', feedId: '*' }))?.dueAt).to.equal(
        agenda.clock.now(),
      );
      // Not complete, so it says nothing of what is gone: what was said still waits for one that is.
      agenda.isComplete = false;
      await agenda.reads();
      expect(await agenda.known()).to.deep.include({ slots: 60 });
      agenda.isComplete = true;
      expect(await agenda.reads()).to.deep.include({
        suspicion: null,
        acceptedAt: null,
        confirmedAt: agenda.clock.now(),
      });
      expect(await agenda.known()).to.deep.include({ slots: 4 });
      expect(agenda.told().map(({ type }) => type)).to.deep.equal([
        'feed.suspect',
        'feed.accepted',
        'feed.cleared',
      ]);
      agenda.shown = slots(50);
      await agenda.reads();
      agenda.shown = [];
      expect((await agenda.reads()).suspicion).to.not.equal(null);
    });

    it('is not one that empties a small calendar, or withdraws the half but one', async () => {
      agenda.shown = slots(19);
      await agenda.reads();
      agenda.shown = [];
      expect((await agenda.reads()).suspicion).to.equal(null);
      expect(await agenda.known()).to.deep.include({ slots: 0 });
      agenda.shown = slots(60);
      await agenda.reads();
      agenda.shown = slots(31);
      expect((await agenda.reads()).suspicion).to.equal(null);
      expect(await agenda.known()).to.deep.include({ slots: 31 });
    });

    it('is not one whose slots have passed', async () => {
      agenda.shown = slots(40);
      await agenda.reads();
      await agenda.restarts(DAY);
      agenda.shown = [];
      expect((await agenda.reads()).suspicion).to.equal(null);
    });

    it('is counted by itself where each calendar is read by itself', async () => {
      await agenda.engine.stop();
      await agenda.begin(PER_CALENDAR);
      agenda.shown = [...slots(25, 'e-doctor'), ...slots(100, 'e-walk-in')];
      for (const feed of ['e-doctor', 'e-walk-in']) await agenda.reads(feed, 'east');
      agenda.shown = slots(100, 'e-walk-in');
      expect((await agenda.reads('e-doctor', 'east')).suspicion).to.deep.include({
        slots: { known: 25, missing: 25 },
      });
      expect((await agenda.reads('e-walk-in', 'east')).suspicion).to.equal(null);
      expect(agenda.engine.freshness('east', 'e-doctor').stale).to.equal(true);
      expect(agenda.engine.freshness('east', 'e-walk-in').stale).to.equal(false);
    });

    describe('by a delta', () => {
      const all = [...slots(40), ...bookings(2)];

      it('is believed as long as it removes less than the limit', async () => {
        agenda.shown = all;
        await agenda.reads();
        agenda.delta = [removal(all.slice(0, 19)), removal([booking(0)])];
        expect((await agenda.reads('*', 'west', false)).suspicion).to.equal(null);
        expect(await agenda.known()).to.deep.equal({ slots: 21, bookings: 1 });
        expect(agenda.cursors).to.deep.equal([null, 'c1']);
      });

      it('is not believed beyond it: the same reading looks at the whole, where all may still stand', async () => {
        agenda.shown = all;
        await agenda.reads();
        agenda.delta = [removal(slots(40))];
        expect(await agenda.reads('*', 'west', false)).to.deep.include({
          suspicion: null,
          completeAt: agenda.clock.now(),
        });
        expect(agenda.cursors).to.deep.equal([null, 'c1', null]);
        expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 2 });
      });

      it('is suspect when the whole has lost them too, with those that were removed page by page before', async () => {
        agenda.shown = all;
        await agenda.reads();
        agenda.delta = [removal(slots(10)), removal(slots(22)), removal(slots(30))];
        agenda.shown = slots(40).slice(30);
        expect((await agenda.reads('*', 'west', false)).suspicion).to.deep.include({
          slots: { known: 40, missing: 30 },
        });
        expect(await agenda.known()).to.deep.equal({ slots: 30, bookings: 2 });
      });

      it('may remove what is not ours as often as it likes', async () => {
        agenda.shown = all;
        await agenda.reads();
        agenda.delta = [removal(numbers(500).map((n) => booking(1000 + n)))];
        await agenda.reads('*', 'west', false);
        expect(agenda.cursors).to.deep.equal([null, 'c1']);
      });
    });
  });
});
