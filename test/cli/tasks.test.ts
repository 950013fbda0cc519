import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { expect } from 'chai';
import { runProgram } from '../../src/cli/program.ts';
import { renderStatus } from '../../src/cli/status.ts';
import { dependencies } from './output.ts';

const TASK = {
  id: '6c0f5d0e-0000-4000-8000-000000000001',
  state: 'overdue',
  text: {
    fr: 'Fermer mardi 24 novembre 2026, de 9 h 20 à 9 h 40',
    en: 'Close Tuesday 24 November 2026, 09:20 to 09:40',
  },
  connection: 'accueil',
  timeZone: 'America/Toronto',
  dueAt: '2026-11-24T14:05:00.000Z',
  endedBy: null,
  lateSeconds: 420,
};
const TAKEN = {
  rows: 3,
  slotsChanged: 2,
  wrong: [{ line: 4, reason: { fr: 'heure', en: 'the time cannot be read' } }],
  calendars: [
    { calendar: 'tremblay', confirmed: true, isSuspect: false },
    { calendar: 'gagnon', confirmed: false, isSuspect: true },
  ],
};

describe('passerelle tasks, task and list', () => {
  let server: Server;
  let folder: string;
  const asked: { method: string; url: string; body: unknown }[] = [];
  const answers: { tasks: object } = { tasks: { tasks: [TASK], complete: true } };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-tasks-'));
    server = createServer(async (request, response) => {
      const body = await textOf(request);
      const { method = '', url = '' } = request;
      asked.push({ method, url, body: body === '' ? null : JSON.parse(body) });
      if (url.startsWith('/api/tasks?')) response.end(JSON.stringify(answers.tasks));
      else if (url.endsWith('/undo'))
        response.end(JSON.stringify({ ...TASK, state: 'open', lateSeconds: 0 }));
      else if (url.startsWith('/api/tasks/'))
        response.end(JSON.stringify({ ...TASK, state: 'done', endedBy: 'anne' }));
      else response.end(JSON.stringify(TAKEN));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    asked.length = 0;
    answers.tasks = { tasks: [TASK], complete: true };
  });

  const run = async (args: readonly string[], stdin = '') => {
    const { port } = server.address() as AddressInfo;
    const given = dependencies({ stdin: Readable.from([stdin]), variables: { PASSERELLE_LANG: 'en' } });
    const url = `http://127.0.0.1:${port}`;
    const code = await runProgram(given, ['node', 'passerelle', ...args, '--url', url, '--token', 't']);
    return { code, out: given.out(), err: given.err() };
  };

  it('shows what is to be done, until when, and how late it is', async () => {
    const { code, out } = await run(['tasks']);
    expect(code).to.equal(0);
    expect(out).to.match(
      /^ID +DUE +LATE +WHAT\n6c0f5d0e\S+ +Tue 24 Nov 09:05 +7 min +Close Tuesday 24 November 2026/,
    );
    expect(out).to.include('passerelle task done <id>');
    expect(asked[0]?.url).to.equal('/api/tasks?state=open');
  });

  it('in French where that is asked for, of one connection, or only what is late', async () => {
    const { out } = await run(['tasks', '--lang', 'fr', '--connection', 'accueil', '--overdue']);
    expect(out).to.match(/ÉCHÉANCE.*\n.*mar\. 24 nov\. 9 h 05 +7 min +Fermer mardi/);
    expect(asked[0]?.url).to.equal('/api/tasks?state=overdue&connection=accueil');
  });

  it('as JSON, or that there is nothing, or that there is more', async () => {
    expect(JSON.parse((await run(['tasks', '--json'])).out)).to.deep.equal(answers.tasks);
    answers.tasks = { tasks: [TASK], complete: false };
    expect((await run(['tasks'])).out).to.include('There are more');
    answers.tasks = { tasks: [], complete: true };
    expect((await run(['tasks'])).out).to.equal('nothing is to be done\n');
  });

  it('says of a task that it is done, with how late it was, or is to be done again', async () => {
    expect((await run(['task', 'done', TASK.id])).out).to.equal(`${TASK.id}: is over (done, 7 min late)\n`);
    expect((await run(['task', 'undo', TASK.id])).out).to.equal(`${TASK.id}: is to be done again\n`);
    await run(['task', 'taken', TASK.id]);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).to.deep.equal(
      ['done', 'undo', 'taken'].map((deed) => `POST /api/tasks/${TASK.id}/${deed}`),
    );
    expect((await run(['task', 'forget', TASK.id])).code).to.equal(1);
  });

  it('is counted by status, with what is late', () => {
    const connection = { id: 'accueil', platform: 'manual', ready: true, reasons: [] };
    const figures = { paused: false, failures: 0, confirmedAt: null, oldestDifferingSince: null };
    const counts = { differing: 3, conflicts: 0, rejected: 0, unmapped: [], suspects: [], unreadable: [] };
    const report = (open: number, overdue: number) =>
      renderStatus({
        at: '2026-11-24T14:41:03.000Z',
        ready: true,
        connections: [{ ...connection, ...figures, ...counts, tasks: { open, overdue } }],
        subscriptions: { active: 0, error: 0, waiting: 0 },
        body: null,
      });
    expect(report(3, 1)).to.include('\n3 tasks are to be done, 1 of them late: passerelle tasks');
    expect(report(1, 0)).to.include('\n1 task is to be done: passerelle tasks');
    expect(report(0, 0)).not.to.include('task');
  });

  it('takes a list from a file or from standard input, and says what became of it', async () => {
    const file = join(folder, 'agenda.csv');
    await writeFile(file, 'date,start\n');
    const days = ['--complete', '--from', '2026-11-24', '--to', '2026-12-07', '--calendar', 'tremblay'];
    const { out } = await run(['list', 'import', 'accueil', file, ...days, '--partial']);
    expect(out.split('\n')).to.deep.equal([
      'accueil: 3 rows taken, 2 slots changed',
      'tremblay: confirmed as far ahead as it is read',
      'gagnon: so much is missing that nothing was taken for gone; if it is: passerelle confirm accueil gagnon, and import the list again',
      'line 4 was left out: the time cannot be read',
      '',
    ]);
    await run(['list', 'import', 'accueil', '-', '--seen-at', '2026-11-24T08:00:00-05:00'], 'début\n');
    expect(asked.map(({ url, body }) => [url, body])).to.deep.equal([
      [
        '/api/connections/accueil/lists',
        {
          text: 'date,start\n',
          partial: true,
          calendar: 'tremblay',
          complete: { from: '2026-11-24', to: '2026-12-07' },
        },
      ],
      [
        '/api/connections/accueil/lists',
        { text: 'début\n', partial: false, seenAt: '2026-11-24T08:00:00-05:00' },
      ],
    ]);
  });

  it('takes no days of a list that is not complete, and no file that is not there or too large', async () => {
    const large = join(folder, 'large.csv');
    await writeFile(large, 'x'.repeat(1024 * 1024 + 1));
    for (const [args, message] of [
      [['-', '--from', '2026-11-24'], /--complete/],
      [[large], /import it in parts/],
      [[join(folder, 'none.csv')], /no such file/],
    ] as const) {
      const { code, err } = await run(['list', 'import', 'accueil', ...args]);
      expect(code).to.equal(1);
      expect(err).to.match(message);
    }
    expect(asked).to.deep.equal([]);
  });
});
