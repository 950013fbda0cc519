import { expect } from 'chai';
import { MINUTE, plus } from '../../src/domain/instant.ts';
import { NOW, uuid } from '../support/fake-ports.ts';
import { fakeTask } from '../support/fake-tasks.ts';
import { type Served, serve } from '../support/served-front.ts';

const WRONG = { line: 3, reason: { fr: 'heure', en: 'time' } };

describe('tasks and lists over HTTP', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());
  beforeEach(() => {
    const { world } = served;
    world.tasks = [];
    world.taskOutcome = null;
    world.told.length = 0;
    world.lists.length = 0;
    world.audited.length = 0;
    world.listOutcome = { outcome: 'read', rows: 2, slotsChanged: 1, wrong: [], calendars: [] };
  });

  it('shows what is open, when it is due and how late it is, in both languages', async () => {
    served.world.tasks = [
      fakeTask(1),
      fakeTask(2, { dueAt: plus(NOW, MINUTE) }),
      fakeTask(3, { ended: { how: 'done', at: plus(NOW, -13 * MINUTE), by: 'anne' } }),
    ];
    const { json } = await served.request('GET', '/api/tasks');
    const { tasks, complete } = json<{ tasks: Record<string, unknown>[]; complete: boolean }>();
    expect(complete).to.equal(true);
    expect(tasks.map(({ id, state, lateSeconds }) => [id, state, lateSeconds])).to.deep.equal([
      [uuid(1), 'overdue', 900],
      [uuid(2), 'open', 0],
    ]);
    expect(tasks[0]).to.deep.include({
      text: { fr: 'Fermer 9 h 20', en: 'Close 09:20' },
      connection: 'public',
      timeZone: 'America/Toronto',
      operation: 'block',
      dueAt: '2026-11-23T12:45:00.000Z',
      endedAt: null,
    });
    const all = await served.request('GET', '/api/tasks?state=all&connection=vendor');
    expect(all.json<{ tasks: unknown[] }>().tasks).to.deep.equal([]);
    const ended = (await served.request('GET', `/api/tasks/${uuid(3)}`)).json<object>();
    expect(ended).to.deep.include({ state: 'done', endedBy: 'anne', lateSeconds: 120 });
  });

  it('does not show more than can be looked at, and says so', async () => {
    served.world.tasks = Array.from({ length: 501 }, (_, n) => fakeTask(n + 1));
    const { tasks, complete } = (await served.request('GET', '/api/tasks')).json<{
      tasks: unknown[];
      complete: boolean;
    }>();
    expect([tasks.length, complete]).to.deep.equal([500, false]);
  });

  for (const deed of ['done', 'undo', 'taken']) {
    it(`takes the word of who says ${deed}, under the name that they have, and notes it`, async () => {
      served.world.tasks = [fakeTask(1)];
      const { status } = await served.request('POST', `/api/tasks/${uuid(1)}/${deed}`);
      expect(status).to.equal(200);
      expect(served.world.told).to.deep.equal([[deed, uuid(1), 'administrator']]);
      expect(
        served.world.audited.map(({ type, entities, detail }) => [type, entities, detail]),
      ).to.deep.equal([['task.told', [`Task/${uuid(1)}`, 'Connection/public'], { told: deed }]]);
    });
  }

  it('knows no other state, connection or task', async () => {
    for (const [method, path, status] of [
      ['GET', '/api/tasks?state=late', 400],
      ['GET', '/api/tasks?connection=elsewhere', 404],
      ['GET', `/api/tasks/${uuid(9)}`, 404],
      ['GET', '/api/tasks/1', 404],
      ['POST', `/api/tasks/${uuid(9)}/done`, 404],
      ['POST', '/api/connections/elsewhere/lists', 404],
    ] as const) {
      const body = method === 'POST' ? { body: { text: 'x' } } : {};
      expect((await served.request(method, path, body)).status, path).to.equal(status);
    }
    expect(served.world.audited.filter(({ type }) => type === 'task.told')).to.deep.equal([]);
  });

  it('hands a list on as it was said to be, and answers what was taken', async () => {
    served.world.listOutcome = {
      outcome: 'read',
      rows: 2,
      slotsChanged: 1,
      wrong: [WRONG],
      calendars: [{ calendar: 'gagnon', confirmed: true, isSuspect: false }],
    };
    const body = {
      text: 'date,start\n',
      calendar: 'gagnon',
      seenAt: '2026-11-23T07:00:00-05:00',
      complete: { from: '2026-11-23' },
      partial: true,
    };
    const answer = await served.request('POST', '/api/connections/public/lists', { body });
    expect(answer.json()).to.deep.equal(served.world.listOutcome);
    expect(served.world.lists).to.deep.equal([
      [
        'public',
        {
          text: body.text,
          calendar: 'gagnon',
          seenAt: plus(NOW, -60 * MINUTE),
          complete: { from: '2026-11-23', to: null },
          partial: true,
        },
      ],
    ]);
    expect(served.world.audited.map(({ type, detail }) => [type, detail])).to.deep.equal([
      ['list.imported', { rows: '2', wrong: '1' }],
    ]);
    await served.request('POST', '/api/connections/public/lists', { body: { text: '', complete: true } });
    expect(served.world.lists.at(-1)?.[1]).to.deep.include({
      seenAt: null,
      calendar: null,
      complete: { from: null, to: null },
      partial: false,
    });
  });

  it('takes a list that is longer than other bodies, and not one without end', async () => {
    const long = { text: 'x'.repeat(1_500_000) };
    expect((await served.request('POST', '/api/connections/public/lists', { body: long })).status).to.equal(
      200,
    );
    const longer = { text: 'x'.repeat(2_200_000) };
    expect((await served.request('POST', '/api/connections/public/lists', { body: longer })).status).to.equal(
      413,
    );
  });

  it('names each line that cannot be read, and no more of them than can be looked at', async () => {
    served.world.listOutcome = { outcome: 'wrong-lines', wrong: Array.from({ length: 230 }, () => WRONG) };
    const answer = await served.request('POST', '/api/connections/public/lists', {
      body: { text: 'x' },
      headers: { 'accept-language': 'fr' },
    });
    expect(answer.status).to.equal(422);
    const { issue } = answer.json<{ issue: { diagnostics: string }[] }>();
    expect([issue.length, issue[0]?.diagnostics, issue.at(-1)?.diagnostics]).to.deep.equal([
      201,
      'ligne 3 : heure',
      'et 30 lignes de plus',
    ]);
    expect(served.world.audited).to.deep.equal([]);
  });

  it('refuses a body with a key that it does not know, or a day that is none', async () => {
    for (const body of [
      { text: 'x', whole: true },
      { text: 'x', complete: { from: 'today' } },
      { text: 1 },
      {},
    ])
      expect((await served.request('POST', '/api/connections/public/lists', { body })).status).to.be.within(
        400,
        422,
      );
    expect(served.world.lists).to.deep.equal([]);
  });
});
