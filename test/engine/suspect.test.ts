import { expect } from 'chai';
import { manifest as rvsq } from '../../adapters/rvsq/manifest.ts';
import type { Manifest, Platform } from '../../src/adapter/contract.ts';
import type { ObservedBusy, ObservedSlot, Page } from '../../src/adapter/observation.ts';
import { DAY, MINUTE, plus } from '../../src/domain/instant.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import type { FeedState, Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { type ManualClock, manualClock } from '../adapter/manual-clock.ts';
import { at, span } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

/** A feed that loses most of what it showed. The platform is scripted; the limit is half of what was known, and 20. */

/** Nothing lags here, so no list is read a second time. */
const PROMPT: Manifest = { ...rvsq, limits: { ...rvsq.limits, stalenessMilliseconds: 0 } };
const perCalendar = { ...PROMPT, capabilities: { ...PROMPT.capabilities, feed: 'calendar' as const } };
const common = { mark: null, revision: null, sequence: null };

const slot = (n: number, calendar = 'w-doctor'): ObservedSlot => ({
  ...common,
  kind: 'slot',
  externalId: `${calendar}-slot-${n}`,
  calendar,
  interval: span(n * 20, n * 20 + 20),
  attributes: UNKNOWN_ATTRIBUTES,
});
const booking = (n: number): ObservedBusy => ({
  ...common,
  kind: 'busy',
  externalId: `booking-${n}`,
  calendar: 'w-doctor',
  interval: span(n * 20, n * 20 + 20),
  busyKind: 'appointment',
  expiresAt: null,
  changedAt: null,
});
const slots = (count: number, calendar = 'w-doctor') => numbers(count).map((n) => slot(n, calendar));
const bookings = (count: number) => numbers(count).map(booking);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('a feed that loses most of what it showed', () => {
  onEachDatabase((open) => {
    let clock: ManualClock;
    let store: Store;
    let engine: Engine;
    let events: EngineEvent[] = [];
    /** What the platform shows; and the pages of its next delta, if it is asked for one. */
    let shown: (ObservedSlot | ObservedBusy)[] = [];
    let delta: Page[] = [];
    let isComplete = true;
    let cursors: (string | null)[] = [];

    const read: Platform['read'] = async function* ({ calendars, cursor, window }) {
      cursors.push(cursor);
      if (cursor !== null) {
        yield* delta;
        yield { kind: 'end', complete: null, cursor: 'c2' };
        return;
      }
      const rows = shown.filter(({ calendar }) => calendars.includes(calendar));
      yield { kind: 'rows', rows, removed: [], rejected: [] };
      yield { kind: 'end', complete: isComplete ? window : null, cursor: 'c1' };
    };
    const removal = (rows: readonly (ObservedSlot | ObservedBusy)[]): Page => ({
      kind: 'rows',
      rows: [],
      removed: rows.map(({ kind, externalId }) => ({ kind, externalId, sequence: null })),
      rejected: [],
    });

    async function begin(manifest: Manifest = PROMPT): Promise<void> {
      const context = engineContext(open(), { platform: { read }, manifest, clock });
      store = context.store;
      engine = createEngine({ ...context, onEvent: (event) => events.push(event) }, createStore(open()));
      await engine.start({ works: false });
    }

    beforeEach(async () => {
      await open().script('delete from slot; delete from listing; delete from appointment; delete from feed');
      await open().script('delete from conflict; delete from busy_period');
      clock = manualClock(at(-60));
      [events, shown, delta, cursors, isComplete] = [[], [], [], [], true];
      await begin();
    });
    afterEach(() => engine.stop());

    /** Reads the feed once more, some minutes later. */
    async function reads(feedId = WHOLE_CONNECTION, connectionId = 'west', whole = true): Promise<FeedState> {
      await clock.advance(5 * MINUTE);
      const key = { connectionId, feedId };
      // As six hours later, so that a whole reading is due.
      if (whole) await open().query('update feed set complete_ms = null, due_ms = 0');
      else await open().query('update feed set due_ms = 0');
      await engine.run({ kind: 'observe', ...key });
      const feed = await store.feed(key);
      if (!feed) throw new Error('no such feed');
      return feed;
    }
    const known = async () => ({
      slots: (await open().query('select id from slot')).length,
      bookings: (await open().query('select id from busy_period where ended_ms is null')).length,
    });
    const told = () => events.filter(({ type }) => type.startsWith('feed.') && type !== 'feed.read');
    const since = () => clock.now();

    it('is suspect, and what it does not show stays as it was known', async () => {
      shown = [...slots(40), ...bookings(6)];
      const before = await reads();
      expect(before.suspicion).to.equal(null);
      shown = [...slots(10), booking(0), booking(50)];
      const after = await reads();
      expect(after.suspicion).to.deep.equal({
        since: since(),
        slots: { known: 40, missing: 30 },
        busy: { known: 6, missing: 5 },
      });
      // The booking that is new was taken in all the same.
      expect(await known()).to.deep.equal({ slots: 40, bookings: 7 });
      expect(told()).to.deep.equal([
        {
          type: 'feed.suspect',
          at: since(),
          connectionId: 'west',
          feedId: '*',
          slots: { known: 40, missing: 30 },
          busy: { known: 6, missing: 5 },
        },
      ]);
      const logged = await open().query("select data from event where type = 'feed.suspect'");
      expect(logged.at(-1)).to.deep.equal({ data: told()[0] });
      expect(events.some(({ type }) => type === 'busy.ended')).to.equal(false);
    });

    it('is not served as free from that moment on, also by a process that starts later', async () => {
      shown = slots(40);
      const { confirmedAt } = await reads();
      expect(engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt, stale: false });
      shown = slots(3);
      expect(await reads()).to.deep.include({ confirmedAt });
      expect(engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt, stale: true });
      await engine.stop();
      await begin();
      expect(engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt, stale: true });
      const [summary] = (await engine.summaries()).filter(({ id }) => id === 'west');
      expect(summary?.suspects).to.deep.equal([
        { feedId: '*', since: since(), slots: { known: 40, missing: 37 }, busy: { known: 0, missing: 0 } },
      ]);
    });

    it('counts bookings apart from slots', async () => {
      shown = [...slots(100), ...bookings(30)];
      await reads();
      shown = [...slots(100), ...bookings(10)];
      expect((await reads()).suspicion).to.deep.include({ busy: { known: 30, missing: 20 } });
      expect(await known()).to.deep.equal({ slots: 100, bookings: 30 });
    });

    it('is trusted again by itself when enough is back, and what is still missing then is gone', async () => {
      shown = slots(40);
      await reads();
      shown = slots(5);
      const first = await reads();
      shown = slots(6);
      const second = await reads();
      expect(second.suspicion).to.deep.include({
        since: first.suspicion?.since,
        slots: { known: 40, missing: 34 },
      });
      shown = slots(38);
      expect(await reads()).to.deep.include({ suspicion: null, confirmedAt: since(), completeAt: since() });
      expect(await known()).to.deep.include({ slots: 38 });
      expect(engine.freshness('west', 'w-doctor').stale).to.equal(false);
      expect(told().map(({ type }) => type)).to.deep.equal(['feed.suspect', 'feed.cleared']);
    });

    it('is read whole each time as long as it is suspect', async () => {
      shown = slots(40);
      const { completeAt } = await reads();
      shown = slots(5);
      delta = [removal(slots(40))];
      expect(await reads(WHOLE_CONNECTION, 'west', false)).to.deep.include({ cursor: 'c1', completeAt });
      await reads(WHOLE_CONNECTION, 'west', false);
      expect(cursors).to.deep.equal([null, 'c1', null, null]);
    });

    it('stays suspect after a reading that was not complete', async () => {
      shown = slots(40);
      const { confirmedAt } = await reads();
      shown = slots(5);
      const { suspicion } = await reads();
      isComplete = false;
      shown = slots(40);
      expect(await reads()).to.deep.include({ suspicion, confirmedAt });
    });

    it('is taken at its word once a person has said so, and then is watched as before', async () => {
      shown = slots(60);
      await reads();
      expect(await engine.confirm('west', null)).to.deep.equal([]);
      shown = slots(4);
      await reads();
      expect(await engine.confirm('west', 'another')).to.deep.equal([]);
      expect(await engine.confirm('west', null)).to.deep.equal(['*']);
      expect((await store.feed({ connectionId: 'west', feedId: '*' }))?.dueAt).to.equal(clock.now());
      // Not complete, so it says nothing of what is gone: what was said still waits for one that is.
      isComplete = false;
      await reads();
      expect(await known()).to.deep.include({ slots: 60 });
      isComplete = true;
      expect(await reads()).to.deep.include({ suspicion: null, acceptedAt: null, confirmedAt: since() });
      expect(await known()).to.deep.include({ slots: 4 });
      expect(told().map(({ type }) => type)).to.deep.equal(['feed.suspect', 'feed.accepted', 'feed.cleared']);
      shown = slots(50);
      await reads();
      shown = [];
      expect((await reads()).suspicion).to.not.equal(null);
    });

    it('is not one that empties a small calendar, or withdraws the half but one', async () => {
      shown = slots(19);
      await reads();
      shown = [];
      expect((await reads()).suspicion).to.equal(null);
      expect(await known()).to.deep.include({ slots: 0 });
      shown = slots(60);
      await reads();
      shown = slots(31);
      expect((await reads()).suspicion).to.equal(null);
      expect(await known()).to.deep.include({ slots: 31 });
    });

    it('is not one whose slots have passed', async () => {
      shown = slots(40);
      await reads();
      await engine.stop();
      clock = manualClock(plus(at(0), DAY));
      await begin();
      shown = [];
      expect((await reads()).suspicion).to.equal(null);
    });

    it('is counted by itself where each calendar is read by itself', async () => {
      await engine.stop();
      await begin(perCalendar);
      shown = [...slots(25, 'e-doctor'), ...slots(100, 'e-walk-in')];
      for (const feed of ['e-doctor', 'e-walk-in']) await reads(feed, 'east');
      shown = slots(100, 'e-walk-in');
      expect((await reads('e-doctor', 'east')).suspicion).to.deep.include({
        slots: { known: 25, missing: 25 },
      });
      expect((await reads('e-walk-in', 'east')).suspicion).to.equal(null);
      expect(engine.freshness('east', 'e-doctor').stale).to.equal(true);
      expect(engine.freshness('east', 'e-walk-in').stale).to.equal(false);
    });

    describe('by a delta', () => {
      const all = [...slots(40), ...bookings(2)];

      it('is believed as long as it removes less than the limit', async () => {
        shown = all;
        await reads();
        delta = [removal(all.slice(0, 19)), removal([booking(0)])];
        expect((await reads('*', 'west', false)).suspicion).to.equal(null);
        expect(await known()).to.deep.equal({ slots: 21, bookings: 1 });
        expect(cursors).to.deep.equal([null, 'c1']);
      });

      it('is not believed beyond it: the same reading looks at the whole, where all may still stand', async () => {
        shown = all;
        await reads();
        delta = [removal(slots(40))];
        expect(await reads('*', 'west', false)).to.deep.include({ suspicion: null, completeAt: since() });
        expect(cursors).to.deep.equal([null, 'c1', null]);
        expect(await known()).to.deep.equal({ slots: 40, bookings: 2 });
      });

      it('is suspect when the whole has lost them too, with those that were removed page by page before', async () => {
        shown = all;
        await reads();
        delta = [removal(slots(10)), removal(slots(22)), removal(slots(30))];
        shown = slots(40).slice(30);
        expect((await reads('*', 'west', false)).suspicion).to.deep.include({
          slots: { known: 40, missing: 30 },
        });
        expect(await known()).to.deep.equal({ slots: 30, bookings: 2 });
      });

      it('may remove what is not ours as often as it likes', async () => {
        shown = all;
        await reads();
        delta = [removal(numbers(500).map((n) => booking(1000 + n)))];
        await reads('*', 'west', false);
        expect(cursors).to.deep.equal([null, 'c1']);
      });
    });
  });
});
