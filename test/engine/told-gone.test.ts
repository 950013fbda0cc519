import { expect } from 'chai';
import { MINUTE } from '../../src/domain/instant.ts';
import { onEachDatabase } from '../support/databases.ts';
import {
  booking,
  bookings,
  PER_CALENDAR,
  removal,
  ScriptedAgenda,
  type Shown,
  slot,
  slots,
} from '../support/scripted-agenda.ts';

/** A platform that tells of removals by webhooks, one by one. The limit is half of what was known, and 20. */

describe('removals that a platform tells of', () => {
  onEachDatabase((open) => {
    let agenda: ScriptedAgenda;
    const all = [...slots(40), ...bookings(25)];

    beforeEach(async () => {
      agenda = await ScriptedAgenda.open(open());
      agenda.shown = all;
      await agenda.reads();
      await agenda.clock.advance(MINUTE);
    });
    afterEach(() => agenda.close());

    const removes = async (rows: readonly Shown[], connectionId = 'west') => {
      for (const row of rows) await agenda.tells(removal([row]), connectionId);
    };
    const feed = async (feedId = '*', connectionId = 'west') => agenda.store.feed({ connectionId, feedId });
    const ended = () => agenda.events.filter(({ type }) => type === 'busy.ended').length;

    it('are believed at once, each of them, as long as they are not most of the agenda', async () => {
      await removes([booking(3)]);
      expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 24 });
      await removes([...slots(19), ...bookings(19)]);
      expect(await agenda.known()).to.deep.equal({ slots: 21, bookings: 6 });
      expect((await feed())?.suspicion).to.equal(null);
    });

    it('are believed no more beyond the limit: the feed is suspect, and is read', async () => {
      await removes(bookings(25));
      await removes(slots(40));
      expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 6 });
      expect(ended()).to.equal(19);
      const suspicion = {
        since: agenda.clock.now(),
        slots: { known: 40, missing: 0 },
        busy: { known: 25, missing: 20 },
      };
      expect(await feed()).to.deep.include({ suspicion });
      expect(await open().query("select wanted_ms from feed where connection_id = 'west'")).to.deep.equal([
        { wanted_ms: agenda.clock.now() },
      ]);
      const { since: at, ...counts } = suspicion;
      expect(agenda.told()).to.deep.equal([
        { type: 'feed.suspect', at, connectionId: 'west', feedId: '*', ...counts },
      ]);
    });

    it('are counted one after the other when they come all at once', async () => {
      await Promise.all(bookings(25).map((row) => agenda.tells(removal([row]))));
      expect(await agenda.known()).to.deep.include({ bookings: 6 });
      expect(agenda.told()).to.have.length(1);
    });

    it('stay held back when the list has lost them too, until a person says that they are gone', async () => {
      await removes(bookings(25));
      agenda.shown = slots(40);
      for (const missing of [25, 25]) {
        const { suspicion } = await agenda.reads('*', 'west', false);
        expect(suspicion).to.deep.include({ busy: { known: 25, missing } });
      }
      expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 6 });
      expect(agenda.engine.freshness('west', 'w-doctor').stale).to.equal(true);
      await agenda.engine.confirm('west', null);
      expect((await agenda.reads('*', 'west', false)).suspicion).to.equal(null);
      expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 0 });
    });

    it('were wrong when the list has them all', async () => {
      await removes(bookings(25));
      expect(await agenda.reads('*', 'west', false)).to.deep.include({ suspicion: null });
      expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 25 });
      expect(await open().query('select * from told_gone')).to.deep.equal([]);
    });

    it('count together with what the next complete reading misses, and with nothing after it', async () => {
      await removes(slots(15));
      agenda.shown = all.slice(30);
      expect((await agenda.reads()).suspicion).to.deep.include({ slots: { known: 40, missing: 30 } });
      agenda.shown = all.slice(15);
      expect((await agenda.reads()).suspicion).to.equal(null);
      await removes(slots(34).slice(15));
      expect(await agenda.known()).to.deep.include({ slots: 6 });
      expect((await feed())?.suspicion).to.equal(null);
    });

    it('are held back also when a reading is under way that has met them', async () => {
      agenda.meanwhile = async () => removes(bookings(25));
      agenda.shown = all.slice(1);
      expect((await agenda.reads()).suspicion).to.not.equal(null);
      expect(await agenda.known()).to.deep.include({ slots: 40 });
      agenda.meanwhile = async () => undefined;
      agenda.shown = slots(40);
      expect((await agenda.reads()).suspicion).to.not.equal(null);
      expect(await agenda.known()).to.deep.include({ bookings: 6 });
    });

    it('come with slots that wait as long as the feed is suspect, and with bookings that do not', async () => {
      await removes(bookings(25));
      await agenda.tells({ kind: 'rows', rows: [slot(60), booking(61)], removed: [], rejected: [] });
      expect(await agenda.known()).to.deep.equal({ slots: 40, bookings: 7 });
      agenda.shown = [...all, slot(60), booking(61)];
      await agenda.reads();
      expect(await agenda.known()).to.deep.equal({ slots: 41, bookings: 26 });
    });

    it('are counted for each calendar of a feed', async () => {
      agenda.shown = [...slots(60, 'e-doctor'), ...slots(100, 'e-walk-in')];
      await agenda.reads('*', 'east');
      await removes(slots(60, 'e-doctor'), 'east');
      expect((await feed('*', 'east'))?.suspicion).to.deep.include({ slots: { known: 160, missing: 30 } });
      expect(await agenda.known()).to.deep.include({ slots: 40 + 160 - 29 });
    });

    it('leave the feeds of other calendars alone', async () => {
      await agenda.close();
      await agenda.begin(PER_CALENDAR);
      agenda.shown = [...slots(25, 'e-doctor'), ...slots(25, 'e-walk-in')];
      for (const name of ['e-doctor', 'e-walk-in']) await agenda.reads(name, 'east');
      await removes([...slots(25, 'e-doctor'), ...slots(5, 'e-walk-in')], 'east');
      expect((await feed('e-doctor', 'east'))?.suspicion).to.not.equal(null);
      expect((await feed('e-walk-in', 'east'))?.suspicion).to.equal(null);
      expect(await agenda.known()).to.deep.include({ slots: 40 + 6 + 20 });
    });
  });
});
