import { expect } from 'chai';
import { DAY, type Instant, instant } from '../../src/domain/instant.ts';
import type { AppointmentWrite } from '../../src/engine/ports/appointments.ts';
import type { SlotWrite, Transaction } from '../../src/engine/ports/store.ts';
import type { SlotVersion, VersionQuery } from '../../src/engine/ports/versions.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { wholeOf } from '../support/parted-text.ts';

const EVER = { fromMs: null, beforeMs: null };
const FIRST: Omit<VersionQuery, 'of'> = { sinceMs: null, after: null, limit: 100 };
const ALL: VersionQuery = { ...FIRST, of: null };
const of = (id: string, more: Partial<NonNullable<VersionQuery['of']>> = {}): VersionQuery => ({
  ...FIRST,
  of: { id, version: null, at: EVER, ...more },
});

const slotText = ({ state, row }: SlotVersion): string =>
  `${row.version} ${state === 'gone' ? 'gone' : `${row.status}`}`;

describe('versions', () => {
  onEachDatabase((open) => {
    let store: ReturnType<typeof createStore>;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(() =>
      open().script(
        'truncate slot, slot_version, appointment, appointment_version, resource_version, busy_period, listing cascade',
      ),
    );

    const transaction = <T>(work: (on: Transaction) => Promise<T>): Promise<T> => store.transaction(work);
    const write = (when: Instant, ...slots: SlotWrite[]) => transaction((on) => on.writeSlots(slots, when));
    const insert = (when: Instant, ...slots: SlotWrite[]) => transaction((on) => on.insertSlots(slots, when));
    const remove = (when: Instant, ...externalIds: string[]) =>
      transaction((on) =>
        on.removeSlots(
          'east',
          externalIds.map((externalId) => ({ externalId, sequence: null })),
          when,
        ),
      );
    const apply = (when: Instant, changes: Partial<typeof NO_CHANGES> | object) =>
      transaction((on) => on.apply({ ...NO_CHANGES, ...changes }, when));
    const slotsOf = async (id: string) => (await store.slotVersions(of(id))).map(slotText);
    const kept = async (table: string): Promise<number> => {
      const [row] = await open().query<{ n: number }>(`select count(*)::integer as n from ${table}`);
      return row?.n ?? 0;
    };

    describe('of slots', () => {
      it('are none but the current one while nothing changes', async () => {
        await insert(at(0), slot(1, span(0, 20)), slot(2, span(20, 40)));
        const [only, ...more] = await store.slotVersions(of(uuid(1)));
        expect(more).to.deep.equal([]);
        expect(only).to.deep.equal({
          state: 'current',
          row: {
            id: uuid(1),
            version: 1,
            updatedMs: at(0),
            connectionId: 'east',
            calendar: 'e-doctor',
            scheduleId: 'doctor-here',
            startMs: at(0),
            endMs: at(20),
            status: 'free',
            withheld: false,
            document: wholeOf(slot(1, span(0, 20)).document),
          },
        });
        expect(await kept('slot_version')).to.equal(0);
        expect(await store.slotVersions(of(uuid(9)))).to.deep.equal([]);
      });

      it('are kept as they were, each with its document, when time is taken and when slots move', async () => {
        const document = { pieces: ['{"moved":true'], values: [] };
        await insert(at(0), slot(1, span(0, 20)));
        await apply(at(1), { busy: [busy(50, span(0, 20), { changedAt: at(1) })] });
        await write(at(2), slot(1, span(40, 60), { document, content: 'other' }));
        await apply(at(3), { busy: [busy(51, span(40, 60), { changedAt: at(3) })] });
        const versions = await store.slotVersions(of(uuid(1)));
        expect(versions.map(slotText)).to.deep.equal(['4 busy', '3 free', '2 busy', '1 free']);
        expect(versions.map(({ state }) => state)).to.deep.equal(['current', 'former', 'former', 'former']);
        expect(versions.map(({ row }) => row.updatedMs)).to.deep.equal([at(3), at(2), at(1), at(0)]);
        const texts = versions.map((each) => (each.state === 'gone' ? null : each.row.document));
        const before = wholeOf(slot(1, span(0, 20)).document);
        expect(texts).to.deep.equal(['{"moved":true', '{"moved":true', before, before]);
        // A text is not kept twice.
        const stored = await open().query('select version, document from slot_version order by version');
        expect(stored).to.deep.equal([
          { version: 1, document: null },
          { version: 2, document: before },
          { version: 3, document: null },
        ]);
      });

      it('that were another platform’s to sell were not free', async () => {
        const mark = (withheld: boolean) => (on: Transaction) =>
          on.markSlots([{ slotId: uuid(1), withheld, awaitedBy: null }], at(withheld ? 1 : 2));
        await insert(at(0), slot(1, span(0, 20)));
        await transaction(mark(true));
        await transaction(mark(false));
        // Who is waiting for it is nobody's business: no version of its own.
        await transaction((on) =>
          on.markSlots([{ slotId: uuid(1), withheld: false, awaitedBy: 'west' }], at(3)),
        );
        expect(await slotsOf(uuid(1))).to.deep.equal(['3 free', '2 busy-unavailable', '1 free']);
      });

      it('end with one that says that it is gone, as of the instant that the application tells', async () => {
        await insert(at(0), slot(1, span(0, 20)), slot(2, span(20, 40)));
        await apply(at(1), { busy: [busy(50, span(0, 20), { changedAt: at(1) })] });
        expect((await remove(at(7), 'slot-1', 'nobody')).map(({ id }) => id)).to.deep.equal([uuid(1)]);
        const versions = await store.slotVersions(of(uuid(1)));
        expect(versions.map(slotText)).to.deep.equal(['3 gone', '2 busy', '1 free']);
        expect(versions[0]).to.deep.equal({
          state: 'gone',
          row: { id: uuid(1), version: 3, updatedMs: at(7) },
        });
        const texts = versions.slice(1).map((each) => (each.state === 'gone' ? null : each.row.document));
        expect(new Set(texts)).to.deep.equal(new Set([wholeOf(slot(1, span(0, 20)).document)]));
        expect(await slotsOf(uuid(2))).to.deep.equal(['1 free']);
      });

      for (const how of ['insertSlots', 'writeSlots'] as const) {
        it(`go on where they ended when a platform gives the slot again (${how})`, async () => {
          const again = slot(1, span(0, 20), { document: { pieces: ['{"again":true'], values: [] } });
          await insert(at(0), slot(1, span(0, 20)));
          await remove(at(1), 'slot-1');
          await transaction((on) => on[how]([again], at(2)));
          expect(await slotsOf(uuid(1))).to.deep.equal(['3 free', '2 gone', '1 free']);
          await remove(at(3), 'slot-1');
          const versions = await store.slotVersions(of(uuid(1)));
          expect(versions.map(slotText)).to.deep.equal(['4 gone', '3 free', '2 gone', '1 free']);
          const texts = versions.map((each) => (each.state === 'gone' ? null : each.row.document));
          const first = wholeOf(slot(1, span(0, 20)).document);
          expect(texts).to.deep.equal([null, '{"again":true', null, first]);
        });
      }

      it('cost one insert for a batch, whatever its size', async () => {
        const many = Array.from({ length: 300 }, (_, n) => slot(n, span(n * 20, n * 20 + 20)));
        await insert(at(0), ...many);
        await open().script(`
          create table inserts (n integer);
          create function count_insert() returns trigger language plpgsql as
            $$ begin insert into inserts values (1); return null; end $$;
          create trigger count_inserts after insert on slot_version for each statement execute function count_insert()`);
        try {
          await write(at(1), ...many.map((each) => ({ ...each, content: 'other' })));
          expect(await kept('slot_version')).to.equal(300);
          expect(await kept('inserts')).to.equal(1);
          await remove(at(2), ...many.map((each) => each.externalId));
          expect(await kept('slot_version')).to.equal(900);
          expect(await kept('inserts')).to.equal(2);
        } finally {
          await open().script(
            'drop trigger count_inserts on slot_version; drop function count_insert; drop table inserts',
          );
        }
      });
    });

    describe('of a type', () => {
      beforeEach(async () => {
        await insert(at(0), slot(1, span(0, 20)), slot(2, span(20, 40)), slot(3, span(40, 60)));
        await apply(at(1), { busy: [busy(50, span(0, 40), { changedAt: at(1) })] });
        await remove(at(2), 'slot-2');
      });
      const EXPECTED = [
        [2, '3 gone'],
        [2, '2 busy'],
        [1, '2 busy'],
        [3, '1 free'],
        [2, '1 free'],
        [1, '1 free'],
      ];
      const told = (versions: readonly SlotVersion[]) =>
        versions.map((each) => [Number.parseInt(each.row.id.slice(-12), 16), slotText(each)]);

      it('come newest first, and count', async () => {
        expect(told(await store.slotVersions(ALL))).to.deep.equal(EXPECTED);
        expect(await store.countSlotVersions({ ...ALL, limit: 1 })).to.equal(6);
        expect(told(await store.slotVersions({ ...ALL, sinceMs: at(1) }))).to.deep.equal(
          EXPECTED.slice(0, 3),
        );
        expect(await store.countSlotVersions({ ...ALL, sinceMs: at(1) })).to.equal(3);
      });

      it('come page by page, wherever a page ends', async () => {
        for (const limit of [1, 2, 4]) {
          const pages: SlotVersion[] = [];
          for (let after: VersionQuery['after'] = null; pages.length < 6; after = pages.at(-1)?.row ?? null) {
            const page = await store.slotVersions({ ...ALL, after, limit });
            expect(page).to.have.length(Math.min(limit, 6 - pages.length));
            pages.push(...page);
          }
          expect(told(pages)).to.deep.equal(EXPECTED);
        }
      });

      it('and of one of them page by page, by number, since an instant, and at one', async () => {
        const numbers = async (query: VersionQuery) =>
          (await store.slotVersions(query)).map(({ row }) => row.version);
        const id = uuid(2);
        const key = { id, version: 3, updatedMs: at(2) };
        expect(await numbers({ ...of(id), after: key, limit: 1 })).to.deep.equal([2]);
        expect(await numbers(of(id, { version: 2 }))).to.deep.equal([2]);
        expect(await numbers(of(id, { version: 4 }))).to.deep.equal([]);
        expect(await numbers({ ...of(id), sinceMs: at(1) })).to.deep.equal([3, 2]);
        const moment = (from: number, before: number) =>
          of(id, { at: { fromMs: at(from), beforeMs: at(before) } });
        expect(await numbers(moment(-9, 0))).to.deep.equal([]);
        expect(await numbers(moment(0, 0.5))).to.deep.equal([1]);
        expect(await numbers(moment(0.5, 1.5))).to.deep.equal([2, 1]);
        expect(await numbers(moment(5, 6))).to.deep.equal([3]);
        expect(await store.countSlotVersions({ ...moment(0.5, 1.5), limit: 1 })).to.equal(2);
      });
    });

    describe('of appointments', () => {
      const WRITE: AppointmentWrite = {
        id: uuid(50),
        scheduleId: 'doctor-here',
        slotId: null,
        status: 'pending',
        document: '{"resourceType":"Appointment","comment":"dit \\"oui\\"","x":1',
        sealedPatient: Buffer.from('sealed'),
      };
      const told = async (query: VersionQuery) =>
        (await store.appointmentVersions(query)).map(
          ({ version, status, document }) => `${version} ${status} ${document}`,
        );

      it('are kept without the patient, and lose the comment when it is over', async () => {
        const with1 = '{"resourceType":"Appointment","comment":"dit \\"oui\\"","x":1';
        const without = '{"resourceType":"Appointment","x":1';
        await apply(at(1), { busy: [busy(50, span(0, 20))], appointments: [WRITE] });
        await apply(at(2), { appointmentStatuses: [{ id: uuid(50), status: 'booked' }] });
        expect(await told(of(uuid(50)))).to.deep.equal([`2 booked ${with1}`, `1 pending ${with1}`]);
        await apply(at(3), { appointmentStatuses: [{ id: uuid(50), status: 'cancelled' }] });
        expect(await told(of(uuid(50)))).to.deep.equal([
          `3 cancelled ${without}`,
          `2 booked ${without}`,
          `1 pending ${without}`,
        ]);
        const stored = JSON.stringify(await open().query('select * from appointment_version'));
        expect(stored).to.not.contain('oui').and.not.contain('sealed');
        expect(await told(ALL)).to.have.length(3);
        expect(await store.countAppointmentVersions(ALL)).to.equal(3);
      });

      it('keep no comment that was written over, and the text that was', async () => {
        await apply(at(1), { busy: [busy(50, span(0, 20))], appointments: [WRITE] });
        await apply(at(2), { appointments: [{ ...WRITE, document: '{"resourceType":"Appointment","x":2' }] });
        expect(await told(of(uuid(50)))).to.deep.equal([
          '2 pending {"resourceType":"Appointment","x":2',
          '1 pending {"resourceType":"Appointment","x":1',
        ]);
      });

      it('tell until when it is held of the current one only', async () => {
        const hold = busy(50, span(0, 20), { kind: 'hold', originId: null, expiresAt: at(9) });
        await apply(at(1), { busy: [hold], appointments: [{ ...WRITE, sealedPatient: null }] });
        await apply(at(2), { busy: [{ ...hold, expiresAt: at(12) }] });
        const versions = await store.appointmentVersions(of(uuid(50)));
        expect(versions.map(({ version, heldUntilMs }) => [version, heldUntilMs])).to.deep.equal([
          [2, at(12)],
          [1, null],
        ]);
      });

      it('are none where only the patient is forgotten', async () => {
        await apply(at(1), { busy: [busy(50, span(0, 20))], appointments: [WRITE] });
        await open().query('update appointment set sealed_patient = null');
        expect(await told(of(uuid(50)))).to.have.length(1);
      });
    });

    describe('of the configuration', () => {
      const resource = (id: string, document: string, type = 'Schedule') => ({ type, id, document });
      const told = async (query: VersionQuery, type = 'Schedule') =>
        (await store.resourceVersions(query, type)).map(
          ({ id, version, updatedMs, document }) => `${id} ${version} ${updatedMs - at(0)} ${document}`,
        );

      it('are written where something differs, and tell what is gone and what is back', async () => {
        const a = resource('a', '{"n":1}');
        const b = resource('b', '{"n":1}');
        const place = resource('a', '{"place":1}', 'Location');
        const versionOf = (id: string, version: number, updatedMs: number, type = 'Schedule') => ({
          type,
          id,
          version,
          updatedMs,
        });
        expect(await store.keepResources([a, b, place], at(0))).to.have.deep.members([
          versionOf('a', 1, at(0)),
          versionOf('b', 1, at(0)),
          versionOf('a', 1, at(0), 'Location'),
        ]);
        // Nothing differs.
        await store.keepResources([b, a, place], at(1));
        expect(await store.keepResources([{ ...a, document: '{"n":2}' }, place], at(2))).to.have.deep.members(
          [versionOf('a', 2, at(2)), versionOf('a', 1, at(0), 'Location')],
        );
        await store.keepResources([{ ...a, document: '{"n":2}' }, place], at(3));
        await store.keepResources([{ ...a, document: '{"n":2}' }, b, place], at(4));
        expect(await told(of('b'))).to.deep.equal(['b 3 240000 {"n":1}', 'b 2 120000 null', 'b 1 0 {"n":1}']);
        expect(await told(ALL)).to.deep.equal([
          'b 3 240000 {"n":1}',
          'b 2 120000 null',
          'a 2 120000 {"n":2}',
          'b 1 0 {"n":1}',
          'a 1 0 {"n":1}',
        ]);
        expect(await store.countResourceVersions(ALL, 'Schedule')).to.equal(5);
        expect(await told(ALL, 'Location')).to.deep.equal(['a 1 0 {"place":1}']);
        expect(await told(of('a', { version: 1 }))).to.deep.equal(['a 1 0 {"n":1}']);
      });

      it('do not go back in time with the clock', async () => {
        await store.keepResources([resource('a', '1')], at(5));
        await store.keepResources([resource('a', '2')], at(3));
        expect(
          (await store.resourceVersions(of('a'), 'Schedule')).map((each) => each.updatedMs),
        ).to.deep.equal([at(5), at(5)]);
      });

      it('are written once when several processes start at once, again and again', async () => {
        const ROUNDS = 8;
        for (let round = 1; round <= ROUNDS; round += 1) {
          const resources = Array.from({ length: 50 }, (_, n) => resource(`r${n}`, `{"round":${round}}`));
          const starts = [1, 2, 3, 4].map(() => store.keepResources(resources, at(round)));
          for (const latest of await Promise.all(starts)) {
            expect(latest).to.have.length(50);
            expect(latest.every(({ version }) => version === round)).to.equal(true);
          }
        }
        expect(await kept('resource_version')).to.equal(50 * ROUNDS);
      });
    });

    describe('that are old', () => {
      const LIMIT = at(1_000);

      it('are erased once their time has long passed, bit by bit, the oldest first', async () => {
        const moved = { content: 'other', document: { pieces: ['{"new":true'], values: [] } };
        await insert(at(0), slot(1, span(0, 20)), slot(2, span(2_000, 2_020)), slot(3, span(20, 40)));
        await write(at(1), slot(1, span(0, 20), moved), slot(2, span(2_000, 2_020), moved));
        await remove(at(2), 'slot-3');
        const write1 = { scheduleId: 'doctor-here', slotId: null, document: '{', sealedPatient: null };
        await apply(at(3), {
          busy: [busy(50, span(40, 60))],
          appointments: [{ ...write1, id: uuid(50), status: 'pending' }],
        });
        await apply(at(4), { appointmentStatuses: [{ id: uuid(50), status: 'booked' }] });
        expect(await kept('slot_version')).to.equal(4);

        expect(await store.forgetVersions(at(-1), 10)).to.equal(0);
        expect(await store.forgetVersions(LIMIT, 1)).to.equal(2);
        expect(await slotsOf(uuid(1))).to.deep.equal(['2 free']);
        expect(await slotsOf(uuid(3))).to.deep.equal(['2 gone', '1 free']);
        expect(await store.forgetVersions(LIMIT, 1)).to.equal(1);
        expect(await slotsOf(uuid(3))).to.deep.equal(['2 gone']);
        expect(await store.forgetVersions(LIMIT, 10)).to.equal(1);
        expect(await store.forgetVersions(LIMIT, 10)).to.equal(0);
        // What is to come keeps all, and what is there stays.
        expect(await slotsOf(uuid(2))).to.deep.equal(['2 free', '1 free']);
        expect(await slotsOf(uuid(1))).to.deep.equal(['2 free']);
        expect(await slotsOf(uuid(3))).to.deep.equal([]);
        expect((await store.appointmentVersions(of(uuid(50)))).map((each) => each.version)).to.deep.equal([
          2,
        ]);
      });

      it('of the configuration are erased once they were replaced or gone long ago', async () => {
        const days = (n: number) => instant(at(0) + n * DAY);
        const resource = (id: string, document: string) => ({ type: 'Schedule', id, document });
        await store.keepResources([resource('a', '1'), resource('b', '1'), resource('c', '1')], days(0));
        await store.keepResources([resource('a', '2'), resource('c', '1')], days(10));
        await store.keepResources([resource('a', '3'), resource('c', '1')], days(20));
        expect(await store.forgetVersions(days(15), 100)).to.equal(3);
        const left = await store.resourceVersions(ALL, 'Schedule');
        expect(left.map(({ id, version }) => `${id} ${version}`)).to.deep.equal(['a 3', 'a 2', 'c 1']);
      });
    });
  });
});
