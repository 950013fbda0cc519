import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { Operations, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { conflictState } from '../../src/domain/conflict.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { busyFingerprint } from '../../src/domain/listing.ts';
import { conflictId } from '../../src/engine/conflicts.ts';
import type { Context } from '../../src/engine/context.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { endLive } from '../../src/engine/end-booking.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import type { ConflictReader, ResolveCommand } from '../../src/engine/ports/conflicts.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { cancelByHand } from '../../src/engine/reasons.ts';
import { keep } from '../../src/engine/resolve.ts';
import { createStore } from '../../src/store/store.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { at, busy, conflict, entries, listing, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

/** A booking of east in the lock, and one of west that found its time taken; a third waits even longer. */
const EAST = busy(1, span(0, 20));
const WEST = busy(2, span(10, 30), { lane: null, originId: 'west', changedAt: at(-50) });
const THIRD = busy(3, span(10, 20), { lane: null, originId: 'west', changedAt: at(-55) });
const CONFLICT = conflict(uuid(1), uuid(2), { connectionId: 'west' });
const OTHERS = [conflict(uuid(1), uuid(3)), conflict(uuid(2), uuid(3))];

describe('a conflict that a person settles', () => {
  onEachDatabase((open) => {
    const calls: string[] = [];
    const told: EngineEvent[] = [];
    let clock = manualClock(at(-30));
    let answer: Written | Fault = { outcome: 'done', externalId: null, revision: null, sequence: null };
    let operations: Partial<Operations> = {};
    const cancel: Operations['cancel'] = async ({ known }) => {
      calls.push(`cancel ${known.externalId}`);
      if (answer instanceof Fault) throw answer;
      return answer;
    };

    const contextOf = (): Context => ({
      ...engineContext(open(), { platform: { operations }, manifest, clock }),
      onEvent: (event) => told.push(event),
      onError: (where, error) => {
        if (!(error instanceof Fault)) throw new Error(where, { cause: error });
      },
    });
    const reader = (): ConflictReader => createStore(open());
    const settle = (
      resolution: Exclude<ResolveCommand['resolution'], 'move'>,
      id = CONFLICT.id,
      by = 'admin',
    ) => keep(contextOf(), reader(), id, { resolution, by });
    const put = (periods: readonly ReturnType<typeof busy>[], conflicts = [CONFLICT]) =>
      contextOf().store.transaction((transaction) =>
        transaction.apply(
          {
            ...NO_CHANGES,
            busy: periods,
            conflicts,
            listings: periods.map(({ id, interval, originId }, index) =>
              listing(index + 1, interval, {
                subjectId: id,
                connectionId: originId ?? '',
                calendar: originId === 'west' ? 'w-doctor' : 'e-doctor',
                externalId: `x-${index + 1}`,
              }),
            ),
            appointments: periods.map(({ id, scheduleId }) => ({
              id,
              scheduleId,
              slotId: null,
              status: 'booked' as const,
              document: '{}',
              sealedPatient: null,
            })),
          },
          at(-40),
        ),
      );
    const lanes = async () =>
      Object.fromEntries(
        (
          await open().query<{ id: string; lane: number | null }>(
            'select id, lane from busy_period where ended_ms is null',
          )
        ).map(({ id, lane }) => [id, lane]),
      );
    const statusOf = async (id: string) =>
      (await open().query<{ status: string }>('select status from appointment where id = $1', [id]))[0]
        ?.status;
    const states = async () =>
      Object.fromEntries(
        (await reader().conflicts({ state: null, limit: 9 }, clock.now())).map((each) => [
          each.id,
          conflictState(each),
        ]),
      );
    const wanted = async (connectionId: 'east' | 'west', subjectId: string) =>
      (
        await contextOf().store.listing({
          connectionId,
          calendar: connectionId === 'east' ? 'e-doctor' : 'w-doctor',
          subjectId,
        })
      )?.desired;
    const bring = (connectionId: string) => deliver(contextOf(), connectionId, new AbortController().signal);

    beforeEach(async () => {
      calls.length = 0;
      told.length = 0;
      clock = manualClock(at(-30));
      operations = { cancel };
      answer = { outcome: 'done', externalId: null, revision: null, sequence: null };
      await open().script('truncate conflict, appointment, listing, busy_period, feed cascade');
      const feeds = ['east', 'west'].map((connectionId) => ({ connectionId, feedId: WHOLE_CONNECTION }));
      await contextOf().store.applyDirectory(entries(), feeds);
    });

    for (const [resolution, kept, lost, home] of [
      ['keep-a', EAST, WEST, 'west'],
      ['keep-b', WEST, EAST, 'east'],
    ] as const) {
      it(`by ${resolution}: the one stays, in the lock, and the other is cancelled at its platform`, async () => {
        await put([EAST, WEST]);
        const { outcome } = await settle(resolution);
        expect(outcome).to.equal('resolved');
        expect(await lanes()).to.deep.equal({ [kept.id]: 0 });
        expect(await statusOf(lost.id)).to.equal('cancelled');
        expect(await statusOf(kept.id)).to.equal('booked');
        expect(told.map(({ type }) => type)).to.deep.equal(['appointment.cancelled', 'conflict.resolved']);
        expect(told[1]).to.deep.include({ by: 'admin', resolution, conflictId: CONFLICT.id });
        expect(await wanted(home, lost.id), 'the platform is to cancel it').to.equal(null);
        await bring(home);
        expect(calls).to.deep.equal([`cancel x-${lost === EAST ? 1 : 2}`]);
        expect((await reader().conflict(CONFLICT.id))?.settlement).to.deep.equal({
          resolution,
          by: 'admin',
          at: at(-30),
        });
      });
    }

    it('closes the time of whom was kept elsewhere, once they are in the lock', async () => {
      await put([EAST, WEST]);
      await settle('keep-b');
      expect(await wanted('east', uuid(2))).to.equal(busyFingerprint('block', WEST.interval));
    });

    it('by keeping both: nothing is changed or cancelled', async () => {
      await put([EAST, WEST]);
      expect((await settle('keep-both')).outcome).to.equal('resolved');
      expect(await lanes()).to.deep.equal({ [uuid(1)]: 0, [uuid(2)]: null });
      expect(await states()).to.deep.equal({ [CONFLICT.id]: 'resolved' });
      expect(told.map(({ type }) => type)).to.deep.equal(['conflict.resolved']);
      expect(
        (await contextOf().store.connectionSummaries(contextOf().environment.clock.now())).map(
          (each) => each.conflicts,
        ),
      ).to.deep.equal([0, 0]);
    });

    it('gives the lane to whom was kept, though another waits longer, and ends what is over with it', async () => {
      await put([EAST, WEST, THIRD], [CONFLICT, ...OTHERS]);
      await settle('keep-b');
      expect(await lanes()).to.deep.equal({ [uuid(2)]: 0, [uuid(3)]: null });
      expect(await states()).to.deep.equal({
        [CONFLICT.id]: 'resolved',
        [conflictId(uuid(1), uuid(3))]: 'gone',
        [conflictId(uuid(2), uuid(3))]: 'open',
      });
    });

    it('is answered the same when it is told the same again, and otherwise with how it was settled', async () => {
      await put([EAST, WEST]);
      const first = await settle('keep-a');
      await clock.advance(MINUTE);
      expect(await settle('keep-a', CONFLICT.id, 'another')).to.deep.equal(first);
      const other = await settle('keep-both');
      expect(other.outcome).to.equal('not-open');
      expect(other).to.deep.include({ conflict: 'conflict' in first ? first.conflict : null });
      expect(told.filter(({ type }) => type === 'conflict.resolved')).to.have.length(1);
      expect((await settle('keep-a', uuid(98))).outcome).to.equal('unknown-conflict');
    });

    it('is refused where the platform cancels nothing, and then nothing is changed', async () => {
      operations = {};
      await put([EAST, WEST]);
      const refused = await settle('keep-a');
      expect(refused).to.deep.equal({
        outcome: 'not-cancellable',
        reason: cancelByHand('west'),
      });
      expect(await lanes()).to.deep.equal({ [uuid(1)]: 0, [uuid(2)]: null });
      expect(await states()).to.deep.equal({ [CONFLICT.id]: 'open' });
      expect(told).to.deep.equal([]);
      expect((await settle('keep-both')).outcome).to.equal('resolved');
    });

    it('is settled once when two people say opposite things at once, and somebody is left', async () => {
      await put([EAST, WEST]);
      const outcomes = await Promise.all([settle('keep-a'), settle('keep-b')]);
      expect(outcomes.map(({ outcome }) => outcome).sort()).to.deep.equal(['not-open', 'resolved']);
      expect(Object.values(await lanes())).to.deep.equal([0]);
    });

    it('was over by itself or is settled, when its platform cancels one of them at the same moment', async () => {
      await put([EAST, WEST]);
      const cancelled = endLive(contextOf(), uuid(1), (draft, each) => ({
        type: 'busy.ended',
        at: draft.at,
        connectionId: each.originId,
        busyId: each.id,
        busyKind: each.kind,
        scheduleId: each.scheduleId,
        interval: each.interval,
      }));
      const [{ outcome }] = await Promise.all([settle('keep-a'), cancelled]);
      // Over by itself, nobody is cancelled; settled before, the second ends as any booking does.
      expect([outcome, await lanes()]).to.deep.be.oneOf([
        ['not-open', { [uuid(2)]: 0 }],
        ['resolved', {}],
      ]);
    });

    it('is open again when the platform does not let the booking go, which stands for it', async () => {
      await put([EAST, WEST]);
      await settle('keep-a');
      answer = { outcome: 'taken' };
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        expect(await lanes(), `before attempt ${attempt}`).to.deep.equal({ [uuid(1)]: 0 });
        await bring('west');
        await clock.advance(MINUTE);
      }
      expect(calls).to.have.length(3);
      expect(await lanes()).to.deep.equal({ [uuid(1)]: 0, [uuid(2)]: null });
      expect(await statusOf(uuid(2))).to.equal('booked');
      expect(await states()).to.deep.equal({ [CONFLICT.id]: 'open' });
      expect(await wanted('east', uuid(2))).to.equal(busyFingerprint('block', WEST.interval));
      await bring('west');
      expect(calls, 'it is not tried for ever').to.have.length(3);
    });

    it('is open again after three refusals, however often the platform did not answer before', async () => {
      await put([EAST, WEST]);
      await settle('keep-a');
      const tries = async (given: Written | Fault, times: number) => {
        answer = given;
        for (let attempt = 1; attempt <= times; attempt += 1) {
          await bring('west');
          await clock.advance(2 * MINUTE);
        }
      };
      await tries(new Fault('unavailable', 'down'), 4);
      expect(calls).to.have.length(4);
      await tries({ outcome: 'taken' }, 2);
      expect(await lanes(), 'what a person ordered stands').to.deep.equal({ [uuid(1)]: 0 });
      expect(await states()).to.deep.equal({ [CONFLICT.id]: 'resolved' });
      await tries(new Fault('unavailable', 'down'), 1);
      await tries({ outcome: 'taken' }, 1);
      expect(await lanes()).to.deep.equal({ [uuid(1)]: 0, [uuid(2)]: null });
      expect(await states()).to.deep.equal({ [CONFLICT.id]: 'open' });
    });
  });
});
