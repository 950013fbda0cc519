import { expect } from 'chai';
import { HOUR, instant, MINUTE, plus, SECOND } from '../../src/domain/instant.ts';
import { sample } from '../../src/engine/sample.ts';
import { createStore } from '../../src/store/store.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { at, directory, entries, listing, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const EAST_FEED = { connectionId: 'east', feedId: '*' };

describe('how connections were, minute by minute', () => {
  onEachDatabase((open) => {
    let store: ReturnType<typeof createStore>;

    before(() => {
      store = createStore(open());
    });
    beforeEach(async () => {
      await open().script(
        'delete from connection_sample; delete from listing; delete from feed; delete from connection',
      );
      await store.applyDirectory(entries(), [EAST_FEED]);
    });

    const told = (minutes: number, lagMilliseconds: number) =>
      store.appendEvents([
        {
          type: 'listing.closed',
          at: at(minutes),
          ...{ connectionId: 'east', originId: null, busyKind: 'appointment', subjectId: uuid(1) },
          ...{ scheduleId: 'doctor-here', interval: span(60, 80), lagMilliseconds },
        },
      ]);
    const points = (from: number, to: number, minutes = 1, connectionId = 'east') =>
      store.connectionHistory({ connectionId, window: span(from, to), stepMilliseconds: minutes * MINUTE });

    it('has of the minute what was confirmed in it, and of the rest how it is now', async () => {
      for (const [minutes, lag] of [
        [-1, 9_999],
        [0, 100],
        [0.25, 300],
        [0.99, 2_000],
        [1, 9_999],
      ] as const)
        await told(minutes, lag);
      await store.transaction((on) =>
        on.apply({ ...NO_CHANGES, listings: [listing(1, span(60, 80), { known: null })] }, at(0)),
      );
      await store.recordFeed(EAST_FEED, {
        ...{ cursor: 'c', unsettledAt: null, asOf: null, confirmedAt: at(0), completeAt: null },
        ...{ dueAt: at(1), suspicion: null, unreadable: null },
      });
      await store.sampleConnections(['east', 'west'], at(0), plus(at(1), 5 * SECOND));
      expect(await points(0, 10)).to.deep.equal([
        {
          ...{ at: at(0), delivered: 3, lagMillisecondsMedian: 300, lagMillisecondsMax: 2_000 },
          ...{ ageMilliseconds: 65 * SECOND, differing: 1, failures: 0, isOpen: false, isPaused: false },
        },
      ]);
      expect(await points(0, 10, 1, 'west')).to.deep.equal([
        {
          ...{ at: at(0), delivered: 0, lagMillisecondsMedian: null, lagMillisecondsMax: null },
          ...{ ageMilliseconds: null, differing: 0, failures: 0, isOpen: false, isPaused: false },
        },
      ]);
    });

    it('has one sample a minute, of whoever was first, however many sample at once', async () => {
      await Promise.all(
        [1, 2, 3].map((more) => store.sampleConnections(['east'], at(0), plus(at(1), more * SECOND))),
      );
      const [first, ...others] = await points(0, 1);
      expect(others).to.deep.equal([]);
      await store.pauseConnection('east', at(1));
      await store.sampleConnections(['east'], at(0), plus(at(1), 30 * SECOND));
      expect(await points(0, 1)).to.deep.equal([first]);
    });

    it('puts minutes together: the worst of each, and nothing of time without one', async () => {
      await told(100, 100);
      await told(101, 500);
      await told(102, 900);
      const failing = { ...(await store.connectionState('east')), failures: 4, openUntil: at(130) };
      await store.sampleConnections(['east'], at(100), at(101));
      await store.recordConnection(failing);
      await store.sampleConnections(['east'], at(101), at(102));
      await store.sampleConnections(['east'], at(102), at(103));
      await store.pauseConnection('east', at(120));
      await store.sampleConnections(['east'], at(121), at(122));
      const found = await points(100, 130, 10);
      expect(
        found.map((point) => [point.at, point.delivered, point.lagMillisecondsMax, point.failures]),
      ).to.deep.equal([
        [at(100), 3, 900, 4],
        [at(120), 0, null, 4],
      ]);
      expect(found.map((point) => [point.lagMillisecondsMedian, point.isOpen, point.isPaused])).to.deep.equal(
        [
          [500, true, false],
          [null, true, true],
        ],
      );
    });

    it('is of the last minute that is over and has settled', async () => {
      const run = (minutes: number, seconds: number) => {
        const clock = { ...systemEnvironment.clock, now: () => plus(at(minutes), seconds * SECOND) };
        return sample({ store, directory, environment: { ...systemEnvironment, clock } });
      };
      await run(5, 4);
      await run(5, 6);
      await run(5, 21);
      expect((await points(0, 30)).map((point) => point.at)).to.deep.equal([at(3), at(4)]);
    });

    it('forgets what is old, some at a time', async () => {
      for (const minutes of [0, 1, 2]) await store.sampleConnections(['east'], at(minutes), at(minutes + 1));
      expect(await store.forgetSamples(at(2), 1)).to.equal(1);
      expect(await store.forgetSamples(at(2), 10)).to.equal(1);
      expect(await store.forgetSamples(at(2), 10)).to.equal(0);
      expect((await points(0, 30)).map((point) => point.at)).to.deep.equal([at(2)]);
    });

    it('knows since when a connection is paused, and keeps that when it is paused again', async () => {
      const east = async () => (await store.connectionSummaries(at(0))).find(({ id }) => id === 'east');
      await store.pauseConnection('east', at(1));
      await store.pauseConnection('east', at(2));
      expect(await east()).to.include({ paused: true, pausedAt: at(1) });
      await store.pauseConnection('east', null);
      expect(await east()).to.include({ paused: false, pausedAt: null });
    });

    it('lists what differs at one connection, the soonest first, of some schedules or of all', async () => {
      const ours = [
        listing(3, span(120, 140), { known: null }),
        listing(1, span(60, 80), { known: null }),
        listing(2, span(90, 110)),
        listing(4, span(30, 50), { known: null, connectionId: 'west', calendar: 'w-doctor' }),
        listing(5, span(70, 90), { known: null, calendar: 'e-walk-in', scheduleId: 'walk-in-here' }),
      ];
      await store.transaction((on) => on.apply({ ...NO_CHANGES, listings: ours }, at(0)));
      const query = { connectionId: 'east', scheduleIds: null, limit: 10 };
      const ids = async (more: object) =>
        (await store.differingListings({ ...query, ...more })).map(({ subjectId }) => subjectId);
      expect(await ids({})).to.deep.equal([uuid(1), uuid(5), uuid(3)]);
      expect(await ids({ limit: 2 })).to.deep.equal([uuid(1), uuid(5)]);
      expect(await ids({ scheduleIds: ['walk-in-here'] })).to.deep.equal([uuid(5)]);
      const [first] = await store.differingListings(query);
      expect(first).to.deep.include({ interval: span(60, 80), kind: 'booking', known: null, isAsked: false });
      expect(first?.since).to.equal(instant(at(0)));
      expect(first?.knownAt).to.equal(plus(at(0), -HOUR));
    });
  });
});
