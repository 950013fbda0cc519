import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import { Directory } from '../../src/domain/directory.ts';
import { HOUR, MINUTE, plus } from '../../src/domain/instant.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import { confirmations } from '../../src/fhir/freshness.ts';
import { createStore } from '../../src/store/store.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { at, under } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

describe('the freshness of a calendar', () => {
  it('is judged by the stricter of its connection and its schedule', () => {
    // The connections of the made-up clinic allow an hour.
    const limit = (freshnessMilliseconds: number | null) =>
      under({ freshnessMilliseconds }).freshnessOf('west', 'w-doctor');
    expect([limit(null), limit(10 * MINUTE), limit(2 * HOUR)]).to.deep.equal([HOUR, 10 * MINUTE, HOUR]);
    expect(under({ freshnessMilliseconds: 1 }).freshnessOf('west', 'nobody linked it')).to.equal(HOUR);
  });

  onEachDatabase((open) => {
    beforeEach('nothing was read yet', () => open().script('delete from feed'));

    it('counts from when the answer was true, where a cache gave it', async () => {
      const clock = manualClock(at(-60));
      let age = 20 * MINUTE;
      const read: Platform['read'] = async function* () {
        yield { kind: 'end', complete: null, cursor: 'c1', trueAt: plus(clock.now(), -age) };
      };
      const context = engineContext(open(), { platform: { read }, manifest, clock, directory: under({}) });
      const engine = createEngine(context, createStore(open()));
      await engine.start({ works: false });
      const key = { connectionId: 'east', feedId: WHOLE_CONNECTION };
      const observe = async () => {
        await context.store.hastenFeeds([key], clock.now());
        await engine.run({ kind: 'observe', ...key });
        return (await context.store.feed(key))?.confirmedAt;
      };
      try {
        expect(await observe()).to.equal(at(-80));
        // By a clock that goes ahead of ours nothing is confirmed before it was asked for.
        age = -5 * MINUTE;
        await clock.advance(30 * MINUTE);
        expect(await observe()).to.equal(at(-30));
      } finally {
        await engine.stop();
      }
    });

    it('is over sooner for the schedule that wants so, and goes on for the others of the same reading', async () => {
      const clock = manualClock(at(-60));
      const read: Platform['read'] = async function* () {
        yield { kind: 'end', complete: null, cursor: 'c1' };
      };
      const { entries } = under({});
      const strict = new Directory({
        ...entries,
        schedules: entries.schedules.map((schedule) =>
          schedule.id === 'doctor-here'
            ? { ...schedule, policy: { ...schedule.policy, freshnessMilliseconds: 5 * MINUTE } }
            : schedule,
        ),
      });
      const context = engineContext(open(), { platform: { read }, manifest, clock, directory: strict });
      const engine = createEngine(context, createStore(open()));
      await engine.start({ works: false });
      try {
        await context.store.hastenFeeds([{ connectionId: 'east', feedId: WHOLE_CONNECTION }], clock.now());
        await engine.run({ kind: 'observe', connectionId: 'east', feedId: WHOLE_CONNECTION });
      } finally {
        await engine.stop();
      }
      const stale = () =>
        ['e-doctor', 'e-walk-in'].map((calendar) => engine.freshness('east', calendar).stale);
      await clock.advance(5 * MINUTE);
      expect(stale()).to.deep.equal([false, false]);
      await clock.advance(1);
      expect(stale()).to.deep.equal([true, false]);
      // The searches and the extension of FHIR ask for nothing else.
      const asked = confirmations(strict, engine, clock);
      expect(asked.stale(null)).to.deep.include({ connectionId: 'east', calendar: 'e-doctor' });
      expect(asked.stale(['walk-in-here'])).to.deep.equal([]);
      expect(asked.now()('east', 'e-doctor').tail).to.contain('stale');
      expect(asked.now()('east', 'e-walk-in').tail).not.to.contain('stale');
    });

    it('is known from the moment at which its reading ends, and goes by', async () => {
      const clock = manualClock(at(-60));
      const read: Platform['read'] = async function* () {
        yield { kind: 'end', complete: null, cursor: 'c1' };
      };
      const context = engineContext(open(), { platform: { read }, manifest, clock });
      const engine = createEngine(context, createStore(open()));
      // The clock stands still, so nothing that is looked at from time to time is looked at again.
      await engine.start({ works: false });
      try {
        expect(engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt: null, stale: true });
        await context.store.hastenFeeds([{ connectionId: 'west', feedId: WHOLE_CONNECTION }], clock.now());
        await engine.run({ kind: 'observe', connectionId: 'west', feedId: WHOLE_CONNECTION });
        expect(engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt: at(-60), stale: false });
        expect(engine.freshness('east', 'e-doctor').stale).to.equal(true);
      } finally {
        await engine.stop();
      }
      await clock.advance(HOUR + MINUTE);
      expect(engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt: at(-60), stale: true });
    });
  });
});
