import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { Move, Operations, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { ObservedBusy } from '../../src/adapter/observation.ts';
import { conflictState } from '../../src/domain/conflict.ts';
import { HOUR, type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { busyFingerprint } from '../../src/domain/listing.ts';
import { appointmentOf } from '../../src/engine/appointments.ts';
import { commitBatch } from '../../src/engine/commit.ts';
import type { Context } from '../../src/engine/context.ts';
import { endBooking } from '../../src/engine/end-booking.ts';
import { endHolds } from '../../src/engine/end-holds.ts';
import { move } from '../../src/engine/move.ts';
import { observe, WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import type { ConflictReader, ResolveOutcome } from '../../src/engine/ports/conflicts.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import type { MoveOutcome, Reader } from '../../src/engine/ports/front.ts';
import {
  BEING_BOOKED,
  followed,
  gaveNoAnswer,
  HAS_BEGUN,
  moveByHand,
  movesNothing,
  movesOnItsOwn,
  movesWithin,
  NOT_BOOKED,
  NOTHING_MOVED,
  ONLY_HELD,
  TOO_SHORT,
} from '../../src/engine/reasons.ts';
import { reschedule } from '../../src/engine/reschedule.ts';
import { createStore } from '../../src/store/store.ts';
import {
  at,
  busy,
  conflict,
  entries,
  listing,
  NO_CHANGES,
  slot,
  span,
  under,
  uuid,
} from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

/** A booking of east in the lock, and one of west that found its time taken; a free slot of each later on. */
const EAST = busy(1, span(0, 20));
const WEST = busy(2, span(10, 30), { lane: null, originId: 'west', changedAt: at(-50) });
const CONFLICT = conflict(uuid(1), uuid(2), { connectionId: 'west' });
const LATER = span(60, 80);
const SLOT = slot(10, LATER);
const WEST_SLOT = slot(11, span(100, 120), { connectionId: 'west', calendar: 'w-doctor' });
const DONE: Written = { outcome: 'done', externalId: 'x-1', revision: '8', sequence: 8 };

const feed = (connectionId: string) => ({ connectionId, feedId: WHOLE_CONNECTION });

describe('a booking that its platform moves', () => {
  onEachDatabase((open) => {
    const calls: Move[] = [];
    const told: EngineEvent[] = [];
    let now: Instant = at(-30);
    let shown: readonly ObservedBusy[] = [];
    let answer: () => Promise<Written> = async () => DONE;
    let operations: Partial<Operations> = {};
    const clock = {
      now: () => now,
      sleep: async (milliseconds: number) => {
        now = plus(now, milliseconds);
      },
    };
    const platform = () => ({
      operations,
      async *read() {
        yield { kind: 'rows' as const, rows: shown, removed: [], rejected: [] };
        yield { kind: 'end' as const, complete: null, cursor: 'c' };
      },
    });
    const contextOf = (): Context => ({
      ...engineContext(open(), { platform: platform(), manifest, clock }),
      onEvent: (event) => told.push(event),
      onError: (where, error) => {
        if (!(error instanceof Fault)) throw new Error(where, { cause: error });
      },
    });
    const reader = (): Reader & ConflictReader => createStore(open());
    const order = (more: object = {}): Promise<ResolveOutcome> =>
      move(contextOf(), reader(), CONFLICT.id, {
        resolution: 'move',
        side: 'a',
        slotId: SLOT.id,
        by: 'admin',
        ...more,
      });
    const movedRow = (): ObservedBusy => ({
      kind: 'busy',
      externalId: 'x-1',
      calendar: 'e-doctor',
      interval: LATER,
      mark: null,
      revision: '8',
      sequence: 8,
      busyKind: 'appointment',
      expiresAt: null,
      changedAt: now,
    });
    /** Live time: where, in which lane. */
    const live = async () =>
      Object.fromEntries(
        (
          await open().query<{ id: string; kind: string; start_ms: number; lane: number | null }>(
            'select id, kind, start_ms, lane from busy_period where ended_ms is null order by id',
          )
        ).map((row) => [row.kind === 'hold' ? 'hold' : row.id, [(row.start_ms - at(0)) / MINUTE, row.lane]]),
      );
    const BEFORE = { [EAST.id]: [0, 0], [WEST.id]: [10, null] };
    const MOVED = { [EAST.id]: [60, 0], [WEST.id]: [10, 0] };
    const statusOf = async (id: string) => (await contextOf().store.slotDetails(id))?.status;
    const stateOf = async () => {
      const found = await reader().conflict(CONFLICT.id);
      return found && conflictState(found);
    };
    const known = () =>
      contextOf().store.listing({ connectionId: 'east', calendar: 'e-doctor', subjectId: EAST.id });

    beforeEach(async () => {
      calls.length = 0;
      told.length = 0;
      now = at(-30);
      shown = [];
      answer = async () => DONE;
      operations = {
        move: async (command) => {
          calls.push(command);
          return answer();
        },
      };
      await open().script(
        'truncate conflict, appointment, listing, busy_period, slot, feed, connection cascade',
      );
      const { store } = contextOf();
      const feeds = ['east', 'west'].map(feed);
      await store.applyDirectory(entries(), feeds);
      await store.transaction(async (transaction) => {
        await transaction.writeSlots([SLOT, WEST_SLOT, slot(12, span(0, 20))], at(-40));
        const periods = [EAST, WEST];
        await transaction.apply(
          {
            ...NO_CHANGES,
            busy: periods,
            conflicts: [CONFLICT],
            listings: periods.map(({ id, interval, originId }, index) =>
              listing(index + 1, interval, {
                subjectId: id,
                connectionId: originId ?? '',
                calendar: originId === 'west' ? 'w-doctor' : 'e-doctor',
                externalId: `x-${index + 1}`,
                revision: '7',
                sequence: 7,
              }),
            ),
            appointments: periods.map(({ id, scheduleId }) => ({
              ...{
                id,
                scheduleId,
                slotId: null,
                document: '{"id":"","comment":"Fauteuil \\"roulant\\""',
                sealedPatient: null,
              },
              status: 'booked' as const,
            })),
          },
          at(-40),
        );
      });
    });

    describe('since it is in conflict', () => {
      it('stands at its new time, the same booking, and the other is in the lock', async () => {
        const meanwhile: unknown[] = [];
        answer = async () => {
          meanwhile.push(await statusOf(SLOT.id), await live());
          return DONE;
        };
        const outcome = await order();
        expect(outcome.outcome).to.equal('resolved');
        expect(meanwhile, 'the new time was ours before the platform was asked').to.deep.equal([
          'busy-tentative',
          { ...BEFORE, hold: [60, 0] },
        ]);
        expect(calls).to.deep.equal([
          {
            calendar: 'e-doctor',
            mark: `passerelle:${EAST.id}`,
            known: { externalId: 'x-1', revision: '7' },
            interval: LATER,
            slot: 'slot-10',
          },
        ]);
        expect(await live()).to.deep.equal(MOVED);
        expect(await statusOf(SLOT.id)).to.equal('busy');
        expect((await appointmentOf(reader(), EAST.id)).document).to.contain('"comment":"Fauteuil');
        expect(await known()).to.deep.include({
          known: busyFingerprint('appointment', LATER),
          desired: busyFingerprint('appointment', LATER),
          revision: '8',
          sequence: 8,
        });
        const blocked = await contextOf().store.listing({
          connectionId: 'west',
          calendar: 'w-doctor',
          subjectId: EAST.id,
        });
        expect(blocked?.desired, 'its new time is closed elsewhere').to.equal(
          busyFingerprint('block', LATER),
        );
        const settlement = { side: 'a', slotId: SLOT.id, toBusyId: EAST.id } as const;
        expect((await reader().conflict(CONFLICT.id))?.settlement).to.deep.equal({
          ...settlement,
          resolution: 'move',
          by: 'admin',
          at: now,
        });
        const resolved = told.find(({ type }) => type === 'conflict.resolved');
        expect(resolved).to.deep.include({ resolution: 'move', by: 'admin', move: settlement });
        expect(told.map(({ type }) => type)).to.deep.equal(['busy.moved', 'busy.ended', 'conflict.resolved']);
        const [stored] = await open().query<{ data: object }>(
          "select data from event where type = 'conflict.resolved' order by id desc limit 1",
        );
        expect(stored?.data).to.deep.include({ move: settlement });
      });

      it('is moved once: the same order again is answered the same, another is late', async () => {
        const first = await order();
        expect(await order()).to.deep.equal(first);
        expect((await order({ slotId: WEST_SLOT.id })).outcome).to.equal('not-open');
        expect(calls).to.have.length(1);
      });

      for (const [written, outcome] of [
        ['taken', 'slot-taken'],
        ['gone', 'not-movable'],
      ] as const) {
        it(`stays with the other as it was, where the platform answers ${written}`, async () => {
          answer = async () => ({ outcome: written });
          const refused = await order();
          expect(refused.outcome).to.equal(outcome);
          expect('reason' in refused && refused.reason.en).to.contain('read again');
          expect(await live()).to.deep.equal(BEFORE);
          expect(await statusOf(SLOT.id)).to.equal('free');
          expect(await stateOf()).to.equal('open');
          expect(told.map(({ type }) => type)).not.to.include('conflict.resolved');
        });
      }

      it('stays where it was while the platform does not answer, and the new time is free again', async () => {
        answer = async () => {
          throw new Fault('unavailable', 'down');
        };
        expect(await order()).to.deep.equal({
          outcome: 'unavailable',
          reason: followed(gaveNoAnswer('east'), NOTHING_MOVED),
        });
        expect([await live(), await statusOf(SLOT.id), await stateOf()]).to.deep.equal([
          BEFORE,
          'free',
          'open',
        ]);
      });

      it('is read where the answer was lost, and asked for no second time', async () => {
        answer = async () => {
          shown = [movedRow()];
          throw new Fault('unsure', 'lost');
        };
        expect((await order()).outcome).to.equal('resolved');
        expect(calls).to.have.length(1);
        expect(await live()).to.deep.equal(MOVED);
        expect(await stateOf()).to.equal('resolved');
      });

      it('keeps the new time from others while it is not known whether it was moved, for two minutes', async () => {
        answer = async () => {
          throw new Fault('unsure', 'lost');
        };
        const lost = await order();
        expect(lost.outcome).to.equal('unavailable');
        expect('reason' in lost && lost.reason.en).to.contain('the answer of east was lost');
        expect(calls).to.have.length(1);
        expect(await live()).to.deep.equal({ ...BEFORE, hold: [60, 0] });
        expect(await stateOf()).to.equal('open');
        // It is a hold of ours like any other, also for a process that never gets its answer.
        await endHolds(contextOf());
        expect([await live(), await statusOf(SLOT.id)]).to.deep.equal([BEFORE, 'free']);
      });

      it('is settled by whoever ordered it, though a reading showed the new time before the answer came', async () => {
        answer = async () => {
          await commitBatch(contextOf(), {
            connectionId: 'east',
            asOf: plus(now, 1),
            settledAt: null,
            rows: [movedRow()],
            removed: [],
            isFirst: false,
            missing: null,
          });
          expect(await stateOf()).to.equal('gone');
          return DONE;
        };
        expect((await order()).outcome).to.equal('resolved');
        expect(await live()).to.deep.equal(MOVED);
        expect(await stateOf()).to.equal('resolved');
      });

      it('does not take time that is not free, nor asks for it', async () => {
        await contextOf().store.transaction((transaction) =>
          transaction.apply({ ...NO_CHANGES, busy: [busy(3, LATER)] }, at(-35)),
        );
        expect((await order()).outcome).to.equal('slot-taken');
        expect(calls).to.deep.equal([]);
      });

      it('goes to no other platform, which does not know who comes, and says what to do', async () => {
        const refused = await order({ slotId: WEST_SLOT.id });
        expect(refused).to.deep.equal({
          outcome: 'not-movable',
          reason: movesOnItsOwn('east', 'keep-b'),
        });
        expect(calls).to.deep.equal([]);
      });

      it('is for a person where the platform moves nothing', async () => {
        operations = {};
        expect(await order()).to.deep.equal({
          outcome: 'not-movable',
          reason: moveByHand('east'),
        });
        expect(await live()).to.deep.equal(BEFORE);
      });
    });

    describe('since somebody asks for it through our own API', () => {
      const ask = async (slotId = SLOT.id, appointmentId = EAST.id): Promise<MoveOutcome> => {
        const found = await contextOf().store.slotDetails(slotId);
        if (!found) throw new Error('no slot');
        return reschedule(contextOf(), reader(), { appointmentId, slot: found });
      };
      const unmoved = async () => {
        expect(await live()).to.deep.equal(BEFORE);
        expect(await statusOf(SLOT.id)).to.equal('free');
        expect(await stateOf()).to.equal('open');
      };
      const reasonIn = (outcome: MoveOutcome): string => ('reason' in outcome ? outcome.reason.en : '');

      it('is the same appointment in its new slot, with its comment, and the old time is free', async () => {
        const outcome = await ask();
        if (outcome.outcome !== 'moved') throw new Error(outcome.outcome);
        const { appointment } = outcome;
        expect(appointment).to.include({
          id: EAST.id,
          status: 'booked',
          slotId: SLOT.id,
          startMs: LATER.start,
        });
        const text = JSON.parse(`${appointment.document}}`);
        expect(text).to.include({ comment: 'Fauteuil "roulant"' });
        expect(text.slot).to.deep.equal([{ reference: `Slot/${SLOT.id}` }]);
        expect(await live()).to.deep.equal(MOVED);
        expect([await statusOf(SLOT.id), await stateOf()]).to.deep.equal(['busy', 'gone']);
        expect(told.map(({ type }) => type)).to.deep.equal([
          'appointment.moved',
          'busy.ended',
          'conflict.ended',
        ]);
        expect(told[0]).to.deep.include({ busyId: EAST.id, interval: LATER, connectionId: 'east' });
      });

      it('is moved once: who asks again is answered the same', async () => {
        const first = await ask();
        expect(await ask()).to.deep.equal(first);
        expect(calls).to.have.length(1);
      });

      it('goes to one slot of two that are asked for at once', async () => {
        const other = slot(13, span(120, 140));
        await contextOf().store.transaction((transaction) => transaction.writeSlots([other], at(-40)));
        answer = async () => (calls.length === 1 ? DONE : { outcome: 'taken' });
        const outcomes = await Promise.all([ask(), ask(other.id)]);
        expect(outcomes.map(({ outcome }) => outcome).sort()).to.deep.equal(['moved', 'refused']);
        expect(Object.keys(await live())).to.deep.equal([EAST.id, WEST.id]);
        const free = [await statusOf(SLOT.id), await statusOf(other.id)];
        expect(free.sort()).to.deep.equal(['busy', 'free']);
      });

      it('stays where it was until its platform says that it has the new time', async () => {
        for (const [written, outcome] of [
          ['taken', 'refused'],
          ['gone', 'not-movable'],
        ] as const) {
          answer = async () => ({ outcome: written });
          const refused = await ask();
          expect(refused.outcome).to.equal(outcome);
          expect(reasonIn(refused)).to.contain('read again').and.not.to.contain('conflict');
          await unmoved();
        }
        answer = async () => {
          throw new Fault('unavailable', 'down');
        };
        const reason = followed(gaveNoAnswer('east'), NOTHING_MOVED);
        expect(await ask()).to.deep.equal({ outcome: 'unavailable', reason });
        await unmoved();
      });

      it('is read where the answer was lost, and keeps its comment', async () => {
        answer = async () => {
          shown = [movedRow()];
          throw new Fault('unsure', 'lost');
        };
        const outcome = await ask();
        if (outcome.outcome !== 'moved') throw new Error(outcome.outcome);
        expect(outcome.appointment.slotId).to.equal(SLOT.id);
        expect(outcome.appointment.document).to.contain('Fauteuil');
        expect(await live()).to.deep.equal(MOVED);
        expect(calls).to.have.length(1);
      });

      it('is nobody’s promise while its answer is lost and not seen: its new time is kept for two minutes', async () => {
        answer = async () => {
          throw new Fault('unsure', 'lost');
        };
        const lost = await ask();
        expect(lost.outcome).to.equal('unknown');
        expect(reasonIn(lost)).to.contain('in two minutes');
        expect(await live()).to.deep.equal({ ...BEFORE, hold: [60, 0] });
        await endHolds(contextOf());
        await unmoved();
        // And whoever asks again then is answered, if it was moved after all.
        shown = [movedRow()];
        await observe(contextOf(), feed('east'), { force: true, signal: new AbortController().signal });
        expect((await ask()).outcome).to.equal('moved');
        expect(calls).to.have.length(1);
        const { document } = await appointmentOf(reader(), EAST.id);
        expect(JSON.parse(`${document}}`)).to.include({ comment: 'Fauteuil "roulant"' });
      });

      it('is not given a time when it was cancelled meanwhile', async () => {
        answer = async () => {
          await endBooking(contextOf(), EAST.id, 'appointment.cancelled');
          return DONE;
        };
        expect((await ask()).outcome).to.equal('not-movable');
        expect(await live()).to.deep.equal({ [WEST.id]: [10, 0] });
        expect(await statusOf(SLOT.id)).to.equal('free');
        // It is still to be cancelled there, where it is now.
        expect(await known()).to.deep.include({
          desired: null,
          known: busyFingerprint('appointment', LATER),
          revision: '8',
        });
      });

      const refusals: readonly [title: string, arrange: () => Promise<unknown>, outcome: object][] = [
        [
          'one that is not there',
          async () => open().query('delete from appointment'),
          { outcome: 'unknown-appointment' },
        ],
        [
          'one that was cancelled',
          async () => open().query("update appointment set status = 'cancelled'"),
          { outcome: 'not-movable', reason: NOT_BOOKED },
        ],
        [
          'one that is being booked',
          async () => open().query("update appointment set status = 'pending'"),
          { outcome: 'not-movable', reason: BEING_BOOKED },
        ],
        [
          'one that is only held',
          async () =>
            open().script(`update appointment set status = 'pending';
              update busy_period set kind = 'hold', expires_ms = ${at(600)}`),
          { outcome: 'not-movable', reason: ONLY_HELD },
        ],
        [
          'one that its platform is still to be told of',
          async () => open().query('update listing set known = null'),
          { outcome: 'not-movable', reason: BEING_BOOKED },
        ],
        [
          'one that began',
          async () => {
            now = at(0);
          },
          { outcome: 'too-late', until: at(0) },
        ],
        [
          'one of a platform that moves nothing',
          async () => {
            operations = {};
          },
          { outcome: 'not-movable', reason: movesNothing('east') },
        ],
        [
          'time that somebody has',
          async () =>
            contextOf().store.transaction((transaction) =>
              transaction.apply({ ...NO_CHANGES, busy: [busy(3, LATER)] }, at(-35)),
            ),
          { outcome: 'taken' },
        ],
      ];
      for (const [title, arrange, outcome] of refusals) {
        it(`asks nobody to move ${title}`, async () => {
          await arrange();
          expect(await ask()).to.deep.equal(outcome);
          expect(calls).to.deep.equal([]);
        });
      }

      for (const [title, interval, outcome] of [
        ['a slot that is too short', span(60, 70), { outcome: 'not-movable', reason: TOO_SHORT }],
        ['a slot that has begun', span(-40, -20), { outcome: 'not-movable', reason: HAS_BEGUN }],
      ] as const) {
        it(`asks nobody to move it to ${title}`, async () => {
          const unfit = slot(14, interval);
          await contextOf().store.transaction((transaction) => transaction.writeSlots([unfit], at(-50)));
          expect(await ask(unfit.id)).to.deep.equal(outcome);
          expect(calls).to.deep.equal([]);
        });
      }

      it('asks nobody to move it to another agenda, nor against the rules of its schedule', async () => {
        const reason = movesWithin('east');
        expect(await ask(WEST_SLOT.id)).to.deep.equal({ outcome: 'not-movable', reason });
        const found = await contextOf().store.slotDetails(SLOT.id);
        if (!found) throw new Error('no slot');
        const late = { cancellation: { untilMillisecondsBefore: HOUR } };
        const early = { release: { kind: 'before', milliseconds: HOUR } } as const;
        for (const [policy, outcome] of [
          [late, { outcome: 'too-late', until: at(-60) }],
          [early, { outcome: 'not-released', from: at(0) }],
        ] as const) {
          const ruled = { ...contextOf(), directory: under(policy) };
          expect(await reschedule(ruled, reader(), { appointmentId: EAST.id, slot: found })).to.deep.equal(
            outcome,
          );
        }
        const withheld = { ...found, withheld: true };
        expect(
          (await reschedule(contextOf(), reader(), { appointmentId: EAST.id, slot: withheld })).outcome,
        ).to.equal('not-released');
        expect(calls).to.deep.equal([]);
        await unmoved();
      });
    });
  });
});
