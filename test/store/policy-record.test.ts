import { expect } from 'chai';
import type { Conflict } from '../../src/domain/conflict.ts';
import { DAY, MINUTE, plus } from '../../src/domain/instant.ts';
import { createPolicyPreviews } from '../../src/engine/preview/policy-previews.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, conflict, directory, entries, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const EAST_FEED = { connectionId: 'east', feedId: '*' };
const WINDOW = { start: at(0), end: at(600) };
const ALL = { scheduleId: 'doctor-here', window: WINDOW, after: null, limit: 100 };

describe('what is kept of the last days of a schedule', () => {
  onEachDatabase((open) => {
    let store: ReturnType<typeof createStore>;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), [EAST_FEED]);
      const subject = (n: number, when: number) => ({
        ...{ at: at(when), connectionId: 'east', busyId: uuid(n), scheduleId: 'doctor-here' },
        interval: span(n * 20, n * 20 + 20),
      });
      const accepted = (n: number, when: number) =>
        ({ type: 'appointment.accepted', ...subject(n, when) }) as const;
      await store.transaction(async (on) => {
        await on.lockActors(['doctor', 'walk-in']);
        const of = (n: number) => busy(n, span(n * 20, n * 20 + 20));
        await on.apply(
          {
            ...NO_CHANGES,
            busy: [
              ...[1, 2, 3].map(of),
              { ...of(4), kind: 'block', lane: null },
              { ...of(5), kind: 'hold', originId: null, expiresAt: at(30) },
              // Another’s, and of another day.
              busy(6, span(20, 40), { scheduleId: 'walk-in-here', actorId: 'walk-in' }),
              busy(7, span(2000, 2020)),
              { ...of(8), lane: null, interval: span(20, 40) },
            ],
            conflicts: [aConflict()],
          },
          at(-50),
        );
        await on.apply({ ...NO_CHANGES, ended: [uuid(2), uuid(5)] }, at(-10));
      });
      await store.appendEvents([
        { type: 'busy.ended', busyKind: 'appointment', ...subject(2, -10) },
        { type: 'busy.observed', busyKind: 'appointment', ...subject(2, -60) },
        { type: 'appointment.claimed', ...subject(1, -70) },
        accepted(1, -69),
        accepted(7, 100),
        { ...accepted(6, 100), scheduleId: 'walk-in-here' },
      ]);
      await store.transaction((on) =>
        on.writeSlots(
          [1, 2, 3].map((n) => slot(n, span(n * 20, n * 20 + 20))),
          at(-90),
        ),
      );
    });

    const aConflict = (): Conflict => ({
      ...conflict(uuid(1), uuid(8)),
      ...{ a: { busyId: uuid(1), interval: span(20, 40) }, b: { busyId: uuid(8), interval: span(20, 40) } },
    });

    it('is its bookings and holds, over or not, with what happened to them, in pages', async () => {
      const found = await store.recordedPeriods(ALL);
      expect(found.map(({ id, kind }) => [id, kind])).to.deep.equal([
        [uuid(1), 'appointment'],
        [uuid(8), 'appointment'],
        [uuid(2), 'appointment'],
        [uuid(3), 'appointment'],
        [uuid(5), 'hold'],
      ]);
      expect(found[2]).to.deep.include({ originId: 'east', endedAt: at(-10), interval: span(40, 60) });
      expect(found[2]?.facts.map(({ type, at: when }) => [type, when])).to.deep.equal([
        ['busy.observed', at(-60)],
        ['busy.ended', at(-10)],
      ]);
      expect(found[4]).to.deep.include({ originId: null, expiresAt: at(30), facts: [] });
      const paged = [];
      for (let after = null as { id: string; start: typeof WINDOW.start } | null; ; ) {
        const page = await store.recordedPeriods({ ...ALL, after, limit: 2 });
        paged.push(...page);
        const last = page.at(-1);
        if (!last) break;
        after = { id: last.id, start: last.interval.start };
      }
      expect(paged).to.deep.equal(found);
    });

    it('is its slots, and its conflicts with both bookings', async () => {
      expect((await store.recordedSlots(ALL)).map(({ slotId }) => slotId)).to.deep.equal([1, 2, 3].map(uuid));
      expect((await store.recordedSlots({ ...ALL, limit: 2 })).length).to.equal(2);
      const [found, ...others] = await store.recordedConflicts(ALL);
      expect(others).to.deep.equal([]);
      expect(found).to.deep.include({ detectedAt: at(-30), settledAt: null });
      expect([found?.a.id, found?.b.id]).to.deep.equal([uuid(1), uuid(8)]);
      expect(await store.recordedConflicts({ ...ALL, scheduleId: 'walk-in-here' })).to.deep.equal([]);
    });

    it('is what was accepted within it, whenever the visit is', async () => {
      expect(await store.recordedAccepted(ALL)).to.deep.equal([
        { connectionId: 'east', at: at(100), interval: span(140, 160) },
      ]);
    });

    it('is outages of minutes in a row, apart where nobody worked, and not one call that failed', async () => {
      const state = await store.connectionState('east');
      const minute = async (from: number, failures: number, openUntil: number | null) => {
        await store.recordConnection({
          ...{ ...state, failures, failingSince: failures > 0 ? at(from) : null },
          openUntil: openUntil === null ? null : at(openUntil),
        });
        await store.sampleConnections(['east'], at(from), at(from + 1));
      };
      await minute(10, 0, null);
      await minute(11, 1, null);
      await minute(12, 5, 20);
      await minute(13, 5, null);
      await minute(14, 0, null);
      await minute(20, 5, 30);
      await minute(22, 5, 30);
      await minute(30, 1, null);
      await store.recordConnection({ ...state, failures: 0, openUntil: null });
      await store.pauseConnection('east', at(40));
      await store.sampleConnections(['east'], at(40), at(41));
      const found = await store.recordedOutages(['east', 'west'], WINDOW);
      expect(
        found.map(({ kind, window }) => [
          kind,
          (window.start - at(0)) / MINUTE,
          (window.end - at(0)) / MINUTE,
        ]),
      ).to.deep.equal([
        ['down', 11, 14],
        ['down', 20, 21],
        ['down', 22, 23],
        ['paused', 40, 41],
      ]);
      expect(await store.recordedSince('doctor-here', ['east'], WINDOW)).to.deep.include({ minutes: 9 });
    });

    it('is played as a whole: the seven days before today, at the place', async () => {
      const { preview } = createPolicyPreviews({
        ...{ directory, reader: store, cancels: () => true },
        clock: { now: () => plus(at(0), 3 * DAY) },
      });
      const found = await preview(
        'doctor-here',
        {
          ...directory.policyOf('doctor-here'),
          failover: { mode: 'refuse' },
          release: { kind: 'before', milliseconds: 30 * MINUTE },
        },
        'last',
      );
      expect(found.window).to.deep.equal({
        start: plus(at(0), -4 * DAY - 9 * 60 * MINUTE),
        end: plus(at(0), 2 * DAY + 15 * 60 * MINUTE),
      });
      expect(found.current.bookings.made).to.equal(5);
      expect(found.candidate.bookings.reasons).to.include({ release: 1 });
      expect(found.candidate.conflicts).to.include({ arose: 1, prevented: 1 });
      expect(
        found.current.platforms.map(({ connectionId, minutesOffered }) => [connectionId, minutesOffered]),
      ).to.deep.equal([
        ['east', 60],
        ['west', 0],
      ]);
    });
  });
});
