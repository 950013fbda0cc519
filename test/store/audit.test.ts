import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { openAudit } from '../../src/audit/audit.ts';
import { createAuditor } from '../../src/audit/auditor.ts';
import { chainKey } from '../../src/audit/chain.ts';
import { factsOf } from '../../src/audit/facts.ts';
import { type Fault, verify } from '../../src/audit/verify.ts';
import type { Clock } from '../../src/domain/environment.ts';
import { instant, MINUTE, plus } from '../../src/domain/instant.ts';
import type { AuditEvent, AuditLink, AuditPage, AuditQuery } from '../../src/engine/ports/audit.ts';
import type { Incident } from '../../src/engine/ports/incidents.ts';
import type { Database } from '../../src/store/database.ts';
import { createStore } from '../../src/store/store.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { auditEvent } from '../support/audit-events.ts';
import { freshPostgres, hasPostgres, onEachDatabase } from '../support/databases.ts';
import { uuid } from '../support/fake-ports.ts';
import { childOf } from '../support/program.ts';
import { requireServer, until } from '../support/servers.ts';

const KEY = chainKey(Buffer.alloc(32, 7));
const AT = instant(Date.parse('2026-11-24T12:00:00Z'));
const ANY: AuditQuery = {
  sequences: null,
  at: null,
  agents: null,
  name: null,
  types: null,
  outcomes: null,
  entities: null,
  patients: null,
  organizationId: null,
};
const FIRST: AuditPage = { after: null, descending: false, limit: 100 };

const auditorOn = (database: Database, key = KEY) => {
  let now = AT;
  const failed: (AuditEvent | null)[] = [];
  const auditor = createAuditor({
    store: createStore(database),
    key,
    // A second later each time.
    now: () => {
      now = plus(now, 1_000);
      return now;
    },
    onWritten: () => undefined,
    onError: (event) => failed.push(event),
  });
  return { auditor, failed };
};

/** As whoever owns the database can: without the triggers. */
const tampered = (database: Database, ...statements: string[]): Promise<void> =>
  database.script(
    [
      'alter table audit_event disable trigger audit_event_append_only;',
      ...statements.map((each) => `${each};`),
      'alter table audit_event enable trigger audit_event_append_only;',
    ].join('\n'),
  );

const emptied = (database: Database): Promise<void> => tampered(database, 'delete from audit_event');

describe('the audit log in the store', () => {
  onEachDatabase((open) => {
    beforeEach(() => emptied(open()));

    it('keeps what it is told, in the order of its numbers, without gaps', async () => {
      const { auditor } = auditorOn(open());
      const events = [
        auditEvent({ type: 'rest.read' }),
        auditEvent({
          type: 'access.unauthenticated',
          ...{ agent: null, name: null, purpose: null, requestId: null, address: null },
          entities: [],
          detail: {},
        }),
        auditEvent({ type: 'rest.create', action: 'C', entities: ['Slot/a', 'Schedule/é "x" \\'] }),
      ];
      for (const event of events) await auditor.record(event);
      const kept = await createStore(open()).auditAfter(0, 10);
      expect(kept.map(({ sequence, at, keyId, previous, hash, ...event }) => event)).to.deep.equal(events);
      expect(kept.map(({ sequence }) => sequence)).to.deep.equal([1, 2, 3]);
      expect(kept.map(({ at }) => at)).to.deep.equal([1, 2, 3].map((n) => plus(AT, n * 1_000)));
      expect(kept[1]?.previous).to.equal(kept[0]?.hash);
    });

    it('can be neither changed, shortened nor emptied', async () => {
      await auditorOn(open()).auditor.record(auditEvent());
      for (const text of [
        `update audit_event set agent = 'other'`,
        'delete from audit_event',
        'truncate audit_event',
      ]) {
        const refused = await open()
          .query(text)
          .catch((error: Error) => error.message);
        expect(refused, text).to.equal('audit_event is append-only');
      }
    });

    it('keeps a name that is cut in the middle of a letter, and what is written with it', async () => {
      const { auditor, failed } = auditorOn(open());
      const name = `${'a'.repeat(299)}😀 and more`;
      await Promise.allSettled([
        auditor.record(auditEvent()),
        auditor.record(auditEvent({ name })),
        auditor.record(auditEvent({ agent: `user:${'é'.repeat(294)}😀` })),
      ]);
      expect(failed).to.deep.equal([]);
      expect((await createStore(open()).auditAfter(0, 10)).map((record) => record.name)).to.deep.equal([
        'portail',
        'a'.repeat(299),
        'portail',
      ]);
    });

    it('says who an appointment is for, where whoever changes it may not know', async () => {
      const store = createStore(open());
      const { auditor } = auditorOn(open());
      const entities = [`Appointment/${uuid(5)}`];
      // No appointment has this id: nothing is added, and nothing fails.
      await auditor.record(auditEvent({ action: 'U', type: 'rest.update', entities }));
      expect((await store.auditAfter(0, 1))[0]?.entities).to.deep.equal(entities);
    });

    it('is found by who, what, when, to whom and how it went', async () => {
      const { auditor } = auditorOn(open());
      await auditor.record(auditEvent({ agent: 'client:a', name: 'Agrégateur', entities: ['Slot/x'] }));
      await auditor.record(auditEvent({ type: 'token.created', outcome: 'refused', organizationId: 'org' }));
      await auditor.record(auditEvent({ entities: ['Patient/p', 'Appointment/q'] }));
      const store = createStore(open());
      const numbers = async (query: Partial<AuditQuery>, page = FIRST) =>
        (await store.auditRecords({ ...ANY, ...query }, page)).map(({ sequence }) => sequence);
      expect(await numbers({})).to.deep.equal([1, 2, 3]);
      expect(await numbers({}, { ...FIRST, descending: true })).to.deep.equal([3, 2, 1]);
      expect(await numbers({}, { ...FIRST, after: 1, limit: 1 })).to.deep.equal([2]);
      expect(await numbers({}, { after: 3, descending: true, limit: 5 })).to.deep.equal([2, 1]);
      expect(await numbers({ agents: ['client:a'] })).to.deep.equal([1]);
      expect(await numbers({ name: 'agr' })).to.deep.equal([1]);
      expect(await numbers({ types: ['token.created'] })).to.deep.equal([2]);
      expect(await numbers({ outcomes: ['refused'] })).to.deep.equal([2]);
      expect(await numbers({ organizationId: 'org' })).to.deep.equal([2]);
      expect(await numbers({ entities: ['Appointment/q', 'Slot/x'], patients: ['Patient/p'] })).to.deep.equal(
        [3],
      );
      expect(await numbers({ sequences: [2, 9] })).to.deep.equal([2]);
      const at = [{ fromMs: AT + 2_000, beforeMs: AT + 3_000 }];
      expect(await numbers({ at })).to.deep.equal([2]);
      expect(await store.countAuditRecords({ ...ANY, at })).to.equal(1);
    });

    it('tells of an incident whom somebody saw in a period, and from where', async () => {
      const { auditor } = auditorOn(open());
      await auditor.record(auditEvent({ entities: ['Patient/a', 'Appointment/x'] }));
      await auditor.record(auditEvent({ address: '198.51.100.9', entities: ['Patient/b', 'Patient/a'] }));
      await auditor.record(auditEvent({ outcome: 'refused', entities: ['Patient/never'] }));
      await auditor.record(auditEvent({ agent: 'client:other', entities: ['Patient/c'] }));
      const { agent } = auditEvent();
      const facts = await factsOf(
        createStore(open()),
        { agent: agent ?? '', from: AT, before: plus(AT, MINUTE) },
        null,
      );
      expect(facts).to.deep.include({
        records: 3,
        patients: ['Patient/a', 'Patient/b'],
        appointments: ['Appointment/x'],
        addresses: ['192.0.2.7', '198.51.100.9'],
        byType: { 'rest.read': 3 },
        first: { at: plus(AT, 1_000), sequence: 1 },
        last: { at: plus(AT, 3_000), sequence: 3 },
      });
    });

    it('keeps every version of an incident, and shows the latest', async () => {
      const store = createStore(open());
      const statement: Incident['statement'] = {
        information: null,
        circumstances: null,
        occurred: null,
        awareOn: null,
        persons: null,
        risk: null,
        noticeToMinister: null,
        noticeToCommission: null,
        noticeToPersons: null,
        measures: null,
      };
      const incident: Incident = {
        id: uuid(1),
        version: 1,
        writtenAt: AT,
        writtenBy: 'administrator',
        statement,
        facts: null,
      };
      expect(await store.writeIncident(incident)).to.equal(true);
      expect(await store.writeIncident(incident)).to.equal(false);
      const second = { ...incident, version: 2, writtenAt: plus(AT, 5) };
      expect(await store.writeIncident(second)).to.equal(true);
      expect(await store.incidents()).to.deep.equal([second]);
    });

    describe('verified', () => {
      const write = async (count: number): Promise<void> => {
        const { auditor } = auditorOn(open());
        for (let index = 0; index < count; index += 1) {
          await auditor.record(auditEvent({ detail: { index: String(index) } }));
        }
      };
      const check = (anchors: Parameters<typeof verify>[2] = [], keys = [KEY]) =>
        verify(createStore(open()), keys, anchors);

      it('holds as it was written, whatever number of pages', async () => {
        await open().script('select 1');
        const { auditor } = auditorOn(open());
        await Promise.all(Array.from({ length: 2_100 }, () => auditor.record(auditEvent())));
        const { records, from, to, last, fault } = await check();
        expect([records, fault, from]).to.deep.equal([2_100, null, plus(AT, 1_000)]);
        expect(to).to.equal(plus(AT, 2_100_000));
        expect(last).to.deep.equal(await createStore(open()).auditHead());
      }).timeout(60_000);

      it('is nothing where nothing was written', async () => {
        const nothing = { records: 0, from: null, to: null, last: null, fault: null };
        expect(await check()).to.deep.equal(nothing);
      });

      const swap = (a: number, b: number): string[] => [
        `update audit_event set sequence = -1 where sequence = ${a}`,
        `update audit_event set sequence = ${a} where sequence = ${b}`,
        `update audit_event set sequence = ${b} where sequence = -1`,
      ];
      const COPY = `insert into audit_event select ${'sequence'} + 100, at_ms, type, action, outcome, 'forged', agent_name,
        organization_id, address, request_id, purpose, entities, detail, key_id, previous, hash from audit_event where sequence = 4`;
      const columns = [
        ['agent', `'x'`],
        ['agent_name', `'x'`],
        ['at_ms', 'at_ms + 1'],
        ['type', `'rest.search'`],
        ['action', `'U'`],
        ['outcome', `'refused'`],
        ['organization_id', `'x'`],
        ['address', `'::1'`],
        ['request_id', 'null'],
        ['purpose', 'null'],
        ['entities', `array['Patient/other']`],
        ['detail', `'{}'`],
        ['detail', `'no JSON'`],
        ['detail', `'null'`],
        ['at_ms', '9223372036854775807'],
        ['entities', 'array[null]::text[]'],
      ];
      const cases: readonly (readonly [name: string, statements: readonly string[], fault: Fault])[] = [
        ...columns.map(
          ([column, value]) =>
            [
              `${column} changed to ${value}`,
              [`update audit_event set ${column} = ${value} where sequence = 5`],
              { kind: 'altered', sequence: 5 },
            ] as const,
        ),
        [
          'one changed, and its hash made anew without the key',
          [
            `update audit_event set agent = 'x', hash = sha256('forged') where sequence = 5`,
            `update audit_event set previous = sha256('forged') where sequence = 6`,
          ],
          { kind: 'altered', sequence: 5 },
        ],
        ['one deleted', ['delete from audit_event where sequence = 5'], { kind: 'missing', sequence: 5 }],
        [
          'the first deleted',
          ['delete from audit_event where sequence = 1'],
          { kind: 'missing', sequence: 1 },
        ],
        [
          'one deleted, and those after it moved up',
          [
            'delete from audit_event where sequence = 5',
            'update audit_event set sequence = -sequence where sequence > 5',
            'update audit_event set sequence = -sequence - 1 where sequence < 0',
          ],
          { kind: 'reordered', sequence: 5, writtenAs: 6 },
        ],
        ['two swapped', swap(4, 7), { kind: 'reordered', sequence: 4, writtenAs: 7 }],
        [
          'one put in between',
          [
            'update audit_event set sequence = -sequence where sequence > 4',
            'update audit_event set sequence = 1 - sequence where sequence < 0',
            COPY.replace('sequence + 100', 'sequence + 1'),
          ],
          { kind: 'inserted', sequence: 5 },
        ],
        [
          'one put at the end',
          [COPY.replace('sequence + 100', 'sequence + 7')],
          { kind: 'altered', sequence: 11 },
        ],
        [
          'one that says that another key made it',
          [`update audit_event set key_id = 'other' where sequence = 5`],
          { kind: 'unknown-key', sequence: 5 },
        ],
      ];
      for (const [name, statements, fault] of cases) {
        it(`names the first that is wrong: ${name}`, async () => {
          await write(10);
          expect((await check()).fault).to.equal(null);
          await tampered(open(), ...statements);
          expect((await check()).fault).to.deep.equal(fault);
        });
      }

      it('knows by an anchor that its end was cut off, or written anew', async () => {
        await write(10);
        const anchor = await createStore(open()).auditHead();
        if (!anchor) throw new Error('none');
        await tampered(open(), 'delete from audit_event where sequence > 8');
        expect((await check()).fault, 'unseen without one').to.equal(null);
        expect((await check([anchor])).fault).to.deep.equal({ kind: 'cut', sequence: 9 });
        // By the gateway itself, which goes on from there.
        await write(2);
        expect((await check()).fault).to.equal(null);
        expect((await check([anchor])).fault).to.deep.equal({ kind: 'rewritten', sequence: 10 });
      });

      it('takes several anchors of one number, of which only one can be right', async () => {
        await write(10);
        const anchor = await createStore(open()).auditHead();
        if (!anchor) throw new Error('none');
        const other = { sequence: 10, hash: 'f'.repeat(64) };
        expect((await check([anchor, anchor])).fault).to.equal(null);
        for (const anchors of [
          [anchor, other],
          [other, anchor],
        ]) {
          expect((await check(anchors)).fault).to.deep.equal({ kind: 'rewritten', sequence: 10 });
        }
      });

      it('knows two histories that were put together', async () => {
        await write(10);
        await open().script('create table former as select * from audit_event where sequence > 8');
        await tampered(open(), 'delete from audit_event where sequence > 8');
        await write(1);
        await tampered(open(), 'insert into audit_event select * from former where sequence = 10');
        await open().script('drop table former');
        expect((await check()).fault).to.deep.equal({ kind: 'unlinked', sequence: 10 });
      });

      it('holds across a change of keys, where the former one is given too', async () => {
        await write(3);
        const next = chainKey(Buffer.alloc(32, 8));
        await auditorOn(open(), next).auditor.record(auditEvent());
        expect((await check([], [next, KEY])).fault).to.equal(null);
        expect((await check([], [next])).fault).to.deep.equal({ kind: 'unknown-key', sequence: 1 });
        expect((await check()).fault).to.deep.equal({ kind: 'unknown-key', sequence: 4 });
      });
    });

    it('tells of the life of the gateway: start, another configuration, stop; and notes where the log ends', async () => {
      const run = async (configuration: string): Promise<AuditLink[]> => {
        const anchors: AuditLink[] = [];
        const audit = await openAudit({
          store: createStore(open()),
          keys: [Buffer.alloc(32, 7)],
          clock: { ...systemEnvironment.clock, now: () => AT },
          running: { role: 'both', configuration },
          onAnchor: (anchor) => anchors.push(anchor),
          onWritten: () => undefined,
          onError: (_, error) => {
            throw error;
          },
        });
        await audit.close();
        return anchors;
      };
      await run('first');
      await run('first');
      const anchors = await run('second');
      const kept = await createStore(open()).auditAfter(0, 20);
      expect(kept.map(({ type, detail }) => [type, detail['configuration']])).to.deep.equal([
        ['gateway.started', 'first'],
        ['gateway.stopped', undefined],
        ['gateway.started', 'first'],
        ['gateway.stopped', undefined],
        ['gateway.started', 'second'],
        ['configuration.changed', 'second'],
        ['gateway.stopped', undefined],
      ]);
      expect(anchors.map(({ sequence }) => sequence)).to.deep.equal([6, 7]);
      expect(anchors.at(-1)?.hash).to.equal(kept.at(-1)?.hash);
    });

    it('rejects what could not be written, tells of it, and goes on with the next', async () => {
      const { auditor, failed } = auditorOn(open());
      await open().script('alter table audit_event rename to audit_event_away');
      const refused = await auditor.record(auditEvent()).catch((error: Error) => error.message);
      await open().script('alter table audit_event_away rename to audit_event');
      expect(refused).to.contain('audit_event');
      expect(failed).to.have.length(1);
      await auditor.record(auditEvent());
      expect((await verify(createStore(open()), [KEY])).records).to.equal(1);
    });

    it('takes no flood: so many of a kind a minute, and the rest counted', async () => {
      let now = AT;
      const store = createStore(open());
      const auditor = createAuditor({
        store,
        key: KEY,
        now: () => now,
        onWritten: () => undefined,
        onError: () => undefined,
      });
      const refused = auditEvent({ type: 'access.unauthenticated', agent: null, name: null, detail: {} });
      for (let index = 0; index < 500; index += 1) auditor.note(refused);
      now = plus(now, MINUTE);
      auditor.note(refused);
      // What is recorded after them is written after them.
      await auditor.record(auditEvent());
      const kept = await store.auditRecords({ ...ANY, types: ['access.unauthenticated'] }, FIRST);
      expect(kept).to.have.length(31);
      expect(kept.at(-1)?.detail).to.deep.equal({ leftOut: '470' });
    });

    it('says how much was left out also where nothing of it came afterwards, and at the end', async () => {
      const manual = manualClock(AT);
      let sleeps = 0;
      const clock: Clock = {
        now: manual.now,
        sleep: (milliseconds, signal) => {
          sleeps += 1;
          return manual.sleep(milliseconds, signal);
        },
      };
      const store = createStore(open());
      const audit = await openAudit({
        store,
        keys: [Buffer.alloc(32, 7)],
        clock,
        running: { role: 'both', configuration: 'x' },
        onAnchor: () => undefined,
        onWritten: () => undefined,
        onError: (_, error) => {
          throw error;
        },
      });
      const refused = auditEvent({ type: 'access.unauthenticated', agent: null, name: null, detail: {} });
      const kept = async () => {
        const found = await store.auditRecords({ ...ANY, types: ['access.unauthenticated'] }, FIRST);
        return [found.length, found.at(-1)?.detail['leftOut']];
      };
      for (let index = 0; index < 500; index += 1) audit.auditor.note(refused);
      // Once the loop that notes anchors waits.
      await until('it sleeps', async () => sleeps > 0);
      await manual.advance(5 * MINUTE);
      await until('it is told', async () => (await kept())[0] === 31);
      expect(await kept()).to.deep.equal([31, '469']);
      for (let index = 0; index < 32; index += 1) audit.auditor.note(refused);
      await audit.close();
      expect(await kept()).to.deep.equal([62, '1']);
      const ends = await store.auditRecords(ANY, { ...FIRST, descending: true, limit: 1 });
      expect(ends[0]?.type).to.equal('gateway.stopped');
    });

    it('has one record a minute of whoever asks too often, and of thirty of them at the most', async () => {
      let now = AT;
      const store = createStore(open());
      const dependencies = { store, key: KEY, now: () => now, onWritten: () => undefined };
      const auditor = createAuditor({ ...dependencies, onError: () => undefined });
      const asked = (caller: number, times: number): void => {
        const event = auditEvent({ type: 'access.throttled', agent: `client:${caller}`, detail: {} });
        for (let index = 0; index < times; index += 1) auditor.note(event);
      };
      const kept = async () => {
        await auditor.record(auditEvent());
        const found = await store.auditRecords(
          { ...ANY, types: ['access.throttled'] },
          { ...FIRST, limit: 999 },
        );
        return found.map(({ agent, detail }) => [agent, detail['leftOut'] ?? '0']);
      };
      asked(1, 100);
      asked(2, 1);
      expect(await kept()).to.deep.equal([
        ['client:1', '0'],
        ['client:2', '0'],
      ]);
      now = plus(now, MINUTE);
      asked(1, 1);
      expect((await kept()).at(-1)).to.deep.equal(['client:1', '99']);
      now = plus(now, MINUTE);
      for (let caller = 100; caller < 1_000; caller += 1) asked(caller, 2);
      // Those of before are over and have left nothing out, so they are in nobody's way.
      expect(await kept()).to.have.length(3 + 30 + 1);
    });
  });

  describe('of several processes on one database', () => {
    let opened: Awaited<ReturnType<typeof freshPostgres>>;
    before(async function () {
      requireServer('PostgreSQL', hasPostgres).call(this);
      this.timeout(60_000);
      opened = await freshPostgres();
    });
    after(() => opened?.drop());

    it('is one chain', async function () {
      this.timeout(60_000);
      const writer = childOf('test/support/audit-writer.ts');
      const run = promisify(execFile);
      const names = ['one', 'two'];
      await Promise.all(
        names.map((name) => run(process.execPath, [...writer.execArgv, writer.file, opened.url, '50', name])),
      );
      const store = createStore(opened.database);
      expect(await verify(store, [KEY])).to.include({ records: 100, fault: null });
      const kept = await store.auditAfter(0, 200);
      for (const name of names) {
        const own = kept
          .filter((record) => record.name === name)
          .map(({ detail }) => Number(detail['index']));
        expect(own).to.deep.equal(Array.from({ length: 50 }, (_, index) => index));
      }
    });
  });
});
