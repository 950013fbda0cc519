import { expect } from 'chai';
import { MINUTE } from '../../src/domain/instant.ts';
import { onEachDatabase } from '../support/databases.ts';
import {
  booking,
  bookings,
  numbers,
  removal,
  ScriptedAgenda,
  slot,
  slots,
} from '../support/scripted-agenda.ts';

/** What ends a suspicion, and what does not. The limit is half of what was known, and 20. */

describe('a suspect feed', () => {
  onEachDatabase((open) => {
    let agenda: ScriptedAgenda;

    beforeEach(async () => {
      agenda = await ScriptedAgenda.open(open());
    });
    afterEach(() => agenda.close());

    const ended = () => agenda.events.filter(({ type }) => type === 'busy.ended').length;

    describe('that shows another agenda', () => {
      const ours = [...slots(40), ...bookings(22)];
      const strangers = numbers(40).flatMap((n) => [
        { ...slot(n), externalId: `stranger-slot-${n}` },
        booking(n, `stranger-${n}`),
      ]);

      beforeEach(async () => {
        agenda.shown = ours;
        await agenda.reads();
        agenda.shown = strangers;
      });

      it('stays suspect however often it is read: what is new in it stands for nothing that is missing', async () => {
        const first = await agenda.reads();
        for (const _ of numbers(3)) {
          expect((await agenda.reads()).suspicion).to.deep.equal({
            since: first.suspicion?.since,
            slots: { known: 40, missing: 40 },
            busy: { known: 22, missing: 22 },
          });
        }
        expect(ended()).to.equal(0);
      });

      it('has its bookings taken in, as time that is taken, and its slots not', async () => {
        await agenda.reads();
        expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 62 });
        agenda.shown = [...strangers, { ...slot(50), externalId: 'stranger-slot-50' }, booking(51)];
        await agenda.reads();
        expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 63 });
      });

      it('is trusted when it shows its own again, with the slots that are new there since', async () => {
        await agenda.reads();
        agenda.shown = [...ours.slice(1), slot(45), booking(46)];
        expect((await agenda.reads()).suspicion).to.equal(null);
        expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 23 });
        expect(await open().query("select 1 from slot where external_id like '%-45'")).to.have.length(1);
        expect(await open().query('select * from held_back')).to.deep.equal([]);
      });

      it('is taken as it is once a person has said so', async () => {
        await agenda.reads();
        await agenda.engine.confirm('west', null);
        expect((await agenda.reads()).suspicion).to.equal(null);
        expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 40 });
        expect(ended()).to.equal(22);
      });
    });

    it('does not become trusted by waiting, until all that it misses has passed', async () => {
      agenda.shown = [...slots(30), ...bookings(25)];
      await agenda.reads();
      agenda.shown = [];
      const { suspicion } = await agenda.reads();
      await agenda.restarts(260 * MINUTE);
      expect((await agenda.reads()).suspicion).to.deep.equal({
        since: suspicion?.since,
        slots: { known: 19, missing: 19 },
        busy: { known: 14, missing: 14 },
      });
      await agenda.restarts(380 * MINUTE);
      expect((await agenda.reads()).suspicion).to.equal(null);
      expect(ended()).to.equal(0);
    });

    it('is not trusted for a few that are back, even when these outlast the others', async () => {
      agenda.shown = bookings(25);
      await agenda.reads();
      agenda.shown = [];
      await agenda.reads();
      await agenda.restarts(200 * MINUTE);
      agenda.shown = bookings(25).slice(20);
      expect((await agenda.reads()).suspicion).to.deep.include({ busy: { known: 17, missing: 12 } });
      agenda.shown = bookings(25).slice(15);
      expect((await agenda.reads()).suspicion).to.equal(null);
      expect(ended()).to.equal(7);
    });

    describe('that serves several calendars', () => {
      const walkIn = slots(100, 'e-walk-in');

      beforeEach(async () => {
        agenda.shown = [...slots(60, 'e-doctor'), ...walkIn];
        await agenda.reads('*', 'east');
      });

      it('is one that loses a whole calendar, however little that is of all', async () => {
        agenda.shown = walkIn;
        const feed = await agenda.reads('*', 'east');
        expect(feed.suspicion).to.deep.include({ slots: { known: 160, missing: 60 } });
        expect(await agenda.known()).to.deep.include({ slots: 160 });
        expect(agenda.engine.freshness('east', 'e-doctor').stale).to.equal(true);
        expect((await agenda.reads('*', 'east')).suspicion).to.not.equal(null);
      });

      it('is so until that calendar is back: of the others less than the limit may be gone', async () => {
        agenda.shown = walkIn.slice(1);
        await agenda.reads('*', 'east');
        agenda.shown = walkIn.slice(2);
        await agenda.reads('*', 'east');
        agenda.shown = walkIn.slice(30);
        await agenda.reads('*', 'east');
        expect(await agenda.known()).to.deep.include({ slots: 160 });
        agenda.shown = [...slots(60, 'e-doctor'), ...walkIn.slice(30)];
        expect((await agenda.reads('*', 'east')).suspicion).to.equal(null);
        expect(await agenda.known()).to.deep.include({ slots: 130 });
      });

      it('is not believed when a delta removes a whole calendar', async () => {
        agenda.delta = [removal(slots(60, 'e-doctor'))];
        expect((await agenda.reads('*', 'east', false)).suspicion).to.equal(null);
        expect(await agenda.known()).to.deep.include({ slots: 160 });
        agenda.delta = [removal(slots(25, 'e-doctor')), removal(slots(60, 'e-doctor'))];
        agenda.shown = walkIn;
        const feed = await agenda.reads('*', 'east', false);
        expect(feed.suspicion).to.deep.include({ slots: { known: 160, missing: 60 } });
        expect(await agenda.known()).to.deep.include({ slots: 135 });
      });
    });
  });
});
