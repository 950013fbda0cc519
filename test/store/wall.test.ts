import { expect } from 'chai';
import { Directory } from '../../src/domain/directory.ts';
import { DAY, instant, plus } from '../../src/domain/instant.ts';
import { createReaders } from '../../src/store/readers.ts';
import { createStore } from '../../src/store/store.ts';
import { behindWall, raiseWall } from '../../src/store/wall.ts';
import { ownReader, ownSchedules, ownTasks } from '../../src/tenancy/own.ts';
import { onEachDatabase } from '../support/databases.ts';
import { uuid } from '../support/fake-ports.ts';

/** Each wall between organizations by itself: what the one forgets the other keeps. */

const AT = instant(Date.parse('2026-11-24T12:00:00Z'));
const ORGANIZATIONS = ['nord', 'sud'] as const;
const DIRECTORY = new Directory({
  organizations: ORGANIZATIONS.map((id) => ({ id, name: id })),
  practitioners: ORGANIZATIONS.map((id) => ({
    id: `dre-${id}`,
    family: id,
    given: '',
    prefix: null,
    identifiers: [],
  })),
  locations: ORGANIZATIONS.map((id) => ({
    ...{ id: `lieu-${id}`, organizationId: id, name: id, timeZone: 'America/Toronto' },
    ...{ address: null, phone: null, position: null },
  })),
  services: [],
  schedules: [],
  connections: [],
  calendars: [],
});

const EVERY_SLOT = {
  ...{
    ids: null,
    scheduleIds: null,
    statuses: null,
    start: { fromMs: null, beforeMs: null },
    after: null,
    limit: 10,
  },
  ...{ staleCalendars: [], unreleased: [], onlySellable: false },
};
const EVERY_APPOINTMENT = {
  ...{
    ids: null,
    scheduleIds: null,
    statuses: null,
    start: { fromMs: null, beforeMs: null },
    after: null,
    limit: 10,
  },
};
const EVERY_VERSION = { of: null, sinceMs: null, after: null, limit: 10 };
const EVERY_TASK = { state: 'all', now: AT, connectionIds: null, scheduleIds: null, limit: 10 } as const;
const EVERYBODY = { ids: null, anyUpdated: null };
const SCHEDULES = ORGANIZATIONS.map((each) => `horaire-${each}`);
const ROSTERS = ORGANIZATIONS.map((each) => ({ connectionId: `roster-${each}`, externalId: 'c' }));
const AHEAD = { start: AT, end: plus(AT, 4 * DAY) };
const PAGE = { after: null, descending: false, limit: 10 };

describe('walls between organizations', () => {
  onEachDatabase((open) => {
    const id = (index: number, kind: number) => uuid(100 * (index + 1) + kind);

    before(async () => {
      const database = open();
      for (const [index, organization] of ORGANIZATIONS.entries()) {
        const schedule = `horaire-${organization}`;
        await database.query(
          'insert into schedule (id, actor_id, capacity, organization_id) values ($1, $2, 1, $3)',
          [schedule, `dre-${organization}`, organization],
        );
        const start = plus(AT, DAY);
        await database.query(
          `insert into slot (id, connection_id, calendar, external_id, schedule_id, start_ms, end_ms, content, attributes,
             document, updated_ms)
           values ($1, $2, 'c', 'x', $3, $4, $5, 'h', '{}', '{', $6)`,
          [id(index, 1), `agenda-${organization}`, schedule, start, start + 60_000, AT],
        );
        await database.query('update slot set version = version + 1, document = $2 where id = $1', [
          id(index, 1),
          '{"x":1',
        ]);
        await database.query(
          `insert into busy_period (id, actor_id, schedule_id, kind, start_ms, end_ms, lane, changed_ms)
           values ($1, $2, $3, 'appointment', $4, $5, 0, $6)`,
          [id(index, 2), `dre-${organization}`, schedule, start, start + 60_000, AT],
        );
        await database.query(
          `insert into patient (id, hash, sealed, updated_ms, over_ms, organization_id)
           values ($1, 'hash', 'sealed', $2, $2, $3)`,
          [id(index, 3), AT, organization],
        );
        await database.query(
          `insert into appointment (id, schedule_id, start_ms, status, document, updated_ms, patient_id)
           values ($1, $2, $3, 'booked', '{', $4, $5)`,
          [id(index, 2), schedule, start, AT, id(index, 3)],
        );
        await database.query('insert into connection (id, organization_id) values ($1, $2)', [
          `roster-${organization}`,
          organization,
        ]);
        await database.query(
          `insert into connection_sample (connection_id, minute_ms, delivered, differing, failures, circuit_open, paused)
           values ($1, $2, 0, $3, 0, false, false)`,
          [`roster-${organization}`, AT, index],
        );
        await database.query(
          `insert into listing (connection_id, calendar, subject_id, kind, schedule_id, start_ms, end_ms, desired, known_ms, since_ms)
           values ('shared', 'c', $1, 'block', $2, $3, $4, 'block', $3, $3)`,
          [id(index, 4), schedule, start, start + 60_000],
        );
        await database.query(
          `insert into shift (id, connection_id, calendar, external_id, schedule_id, start_ms, end_ms, known_ms)
           values ($1, $2, 'c', 'x', $3, $4, $5, $6)`,
          [id(index, 4), `roster-${organization}`, schedule, start, start + 60_000, AT],
        );
        await database.query(
          `insert into unsupplied (schedule_id, start_ms, end_ms, cause, closes, since_ms)
           values ($1, $2, $3, 'withdrawn', true, $4)`,
          [schedule, plus(AT, 2 * DAY), plus(AT, 3 * DAY), AT],
        );
      }
      for (const [index, organization] of ORGANIZATIONS.entries()) {
        await database.query(
          `insert into task (id, connection_id, calendar, subject_id, schedule_id, operation, start_ms, end_ms, text_fr,
             text_en, asked_ms, due_ms)
           values ($1, 'accueil', 'c', $1, $2, 'block', $3, $4, 'Fermer', 'Close', $3, $4)`,
          [id(index, 4), `horaire-${organization}`, AT, AT + 60_000],
        );
      }
      expect(await raiseWall(database), 'the role is there').to.equal(true);
    });

    it('the second: whoever asks for everything behind it gets one organization, by every way of reading', async () => {
      for (const [index, organization] of ORGANIZATIONS.entries()) {
        const readers = createReaders(behindWall(open(), organization));
        const found = {
          slots: (await readers.searchSlots(EVERY_SLOT)).map((row) => row.id),
          count: await readers.countSlots(EVERY_SLOT),
          schedules: await readers.schedulesOfSlots(EVERY_SLOT),
          appointments: (await readers.searchAppointments(EVERY_APPOINTMENT)).map((row) => row.id),
          versions: [...new Set((await readers.slotVersions(EVERY_VERSION)).map(({ row }) => row.id))],
          called: (await readers.appointmentVersions(EVERY_VERSION)).map((row) => row.id),
          tasks: (await readers.tasks(EVERY_TASK)).map((task) => task.id),
          task: await readers.task(id(1 - index, 4)),
          patients: (await readers.searchPatients(EVERYBODY, PAGE)).map((row) => row.id),
          byHash: await readers.patientsByHash([Buffer.from('hash')]),
          published: (
            await readers.publishedSlots(
              {
                schedules: ORGANIZATIONS.map((each) => ({ id: `horaire-${each}`, releasedUntilMs: null })),
                confirmedCalendars: [],
                start: { fromMs: AT, beforeMs: plus(AT, 2 * DAY) },
                since: null,
              },
              null,
              10,
            )
          ).map((row) => row.id),
          shifts: (await readers.shiftsOn(ROSTERS, AHEAD)).map((row) => row.id),
          span: await readers.publishedOn(ROSTERS),
          unsupplied: (await readers.unsuppliedTime(SCHEDULES)).map(({ scheduleId }) => scheduleId),
          offered: (await readers.slotsOffered(SCHEDULES, AHEAD)).map((row) => row.slotId),
          samples: (
            await Promise.all(
              ORGANIZATIONS.map((each) =>
                readers.connectionHistory({
                  ...{ connectionId: `roster-${each}`, window: AHEAD, stepMilliseconds: 60_000 },
                }),
              ),
            )
          ).flatMap((points) => points.map(({ differing }) => differing)),
          differing: (
            await readers.differingListings({ connectionId: 'shared', scheduleIds: null, limit: 10 })
          ).map((row) => row.subjectId),
          booked: (await readers.timeBooked(SCHEDULES, AHEAD)).map((row) => row.busyId),
        };
        const [slot, appointment, patient] = [id(index, 1), id(index, 2), id(index, 3)];
        expect(found).to.deep.equal({
          slots: [slot],
          count: 1,
          schedules: [`horaire-${organization}`],
          appointments: [appointment],
          versions: [slot],
          called: [appointment],
          tasks: [id(index, 4)],
          task: null,
          patients: [patient],
          byHash: [patient],
          published: [slot],
          shifts: [id(index, 4)],
          span: { start: plus(AT, DAY), end: plus(AT, DAY + 60_000) },
          unsupplied: [`horaire-${organization}`],
          // It is taken.
          offered: [slot],
          samples: [index],
          differing: [id(index, 4)],
          booked: [appointment],
        });
      }
      expect((await createReaders(behindWall(open(), 'nobody')).searchSlots(EVERY_SLOT)).length).to.equal(0);
    });

    it('the second: nothing is written from behind it, and what nobody there needs is not read', async () => {
      const wall = behindWall(open(), 'nord');
      for (const text of [
        'update slot set status = $1',
        'delete from appointment where status <> $1',
        'update task set ended_by = $1',
        'insert into schedule (id, actor_id, capacity) values ($1, $1, 1)',
        'select * from api_token where name <> $1',
        'insert into event (at_ms, type, data) values (1, $1, null)',
        'select * from subscription where owner <> $1',
        'select * from rejected where feed_id <> $1',
        'truncate slot',
      ]) {
        const parameters = text.includes('$1') ? ['x'] : [];
        const error = await wall.query(text, parameters).then(
          () => null,
          (thrown: { code?: string }) => thrown,
        );
        expect(error?.code, text).to.equal('42501');
      }
    });

    it('the second: of events those of its own schedules only are read', async () => {
      for (const schedule of ['horaire-nord', 'horaire-sud', null]) {
        await open().query('insert into event (at_ms, type, data) values ($1, $2, $3)', [
          ...[1, 'appointment.accepted', JSON.stringify({ scheduleId: schedule })],
        ]);
      }
      const read = async (organization: string) =>
        (
          await behindWall(open(), organization).query<{ schedule: string }>(
            "select distinct data->>'scheduleId' as schedule from event",
          )
        ).map(({ schedule }) => schedule);
      expect(await read('nord')).to.deep.equal(['horaire-nord']);
      expect(await read('sud')).to.deep.equal(['horaire-sud']);
      expect(await read('nobody')).to.deep.equal([]);
    });

    it('the second: whoever reads after that sees everything again, on the very same connections', async () => {
      const wall = behindWall(open(), 'nord');
      await Promise.all(Array.from({ length: 20 }, () => wall.query('select 1')));
      await wall.query('select no_such_column').catch(() => undefined);
      const all = await Promise.all(
        Array.from({ length: 20 }, () => createStore(open()).countSlots(EVERY_SLOT)),
      );
      expect(new Set(all)).to.deep.equal(new Set([2]));
      const [who] = await open().query<{ role: string; asked: string | null }>(
        "select current_user as role, nullif(current_setting('passerelle.organization', true), '') as asked",
      );
      expect(who?.asked).to.equal(null);
      expect(who?.role).not.to.equal('passerelle_tenant');
    });

    it('the first: reads of one organization only, without the second', async () => {
      const schedules = [
        {
          ...{
            id: 'horaire-nord',
            practitionerId: 'dre-nord',
            locationId: 'lieu-nord',
            serviceId: 's',
            capacity: 1,
          },
          policy: new Directory(DIRECTORY.entries).policyOf('x'),
        },
      ];
      const own = ownSchedules(new Directory({ ...DIRECTORY.entries, schedules }).ofOrganization('nord'));
      const reader = ownReader(createStore(open()), own);
      expect((await reader.searchSlots(EVERY_SLOT)).map((row) => row.id)).to.deep.equal([id(0, 1)]);
      const asked = { ...EVERY_SLOT, scheduleIds: ['horaire-nord', 'horaire-sud'] };
      expect(await reader.countSlots(asked)).to.equal(1);
      expect(await reader.countSlots({ ...EVERY_SLOT, scheduleIds: ['horaire-sud'] })).to.equal(0);
      expect(await reader.countSlots({ ...EVERY_SLOT, ids: [id(1, 1)] })).to.equal(0);
      expect((await reader.searchAppointments(EVERY_APPOINTMENT)).map((row) => row.id)).to.deep.equal([
        id(0, 2),
      ]);
      const told: string[] = [];
      const tell = async (task: string) => {
        told.push(task);
        return { outcome: 'unknown-task' } as const;
      };
      const everybody = { list: async () => [], find: async () => null, done: tell, undo: tell, taken: tell };
      const tasks = ownTasks(everybody, own, createStore(open()), { now: () => AT });
      const { now: _, scheduleIds: __, ...query } = EVERY_TASK;
      expect((await tasks.list(query)).map((task) => task.id)).to.deep.equal([id(0, 4)]);
      expect((await tasks.list({ ...query, scheduleIds: ['horaire-sud'] })).length).to.equal(0);
      expect(await tasks.find(id(1, 4))).to.equal(null);
      for (const deed of ['done', 'undo', 'taken'] as const) {
        expect(await tasks[deed](id(1, 4), 'x')).to.deep.equal({ outcome: 'unknown-task' });
        await tasks[deed](id(0, 4), 'x');
      }
      expect(told).to.deep.equal([id(0, 4), id(0, 4), id(0, 4)]);
    });
  });
});
