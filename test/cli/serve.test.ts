import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { copyMigratedPglite } from '../support/pglite-copies.ts';
import { childOf, PROGRAM } from '../support/program.ts';
import { until } from '../support/servers.ts';
import { isFree, threePorts } from '../support/three-ports.ts';

/** A gateway that takes its time to close. */
const CHILD = childOf('test/cli/serve-process.ts');
const STAND_IN = [...CHILD.execArgv, CHILD.file];
/** Of a first start, which makes the database, on a machine that is busy with other tests. */
const READY_MILLISECONDS = 200_000;
/** Of what is booked while the lunch hours are still being closed. */
const TOLD_MILLISECONDS = 100_000;

const Slots = z.array(z.object({ start: z.string(), end: z.string(), actor: z.string() }));

type SimSlot = { readonly id: string; readonly start: string; readonly status: string };

type Run = {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<unknown[]>;
};

/** Two weeks of slots of each doctor, each simulator's of its own length. */
async function haveTheirGrids(port: number): Promise<void> {
  for (const [offset, minutes] of [
    [1, 15],
    [2, 20],
  ] as const) {
    const response = await fetch(`http://127.0.0.1:${port + offset}/_sim/slots`);
    const slots = Slots.parse(await response.json());
    expect(new Set(slots.map(({ actor }) => actor))).to.deep.equal(
      new Set(['dr-tremblay', 'dre-gagnon', 'dr-nguyen']),
    );
    const lengths = slots.map(({ start, end }) => (Date.parse(end) - Date.parse(start)) / 60_000);
    expect(new Set(lengths)).to.deep.equal(new Set([minutes]));
    expect(new Set(slots.map(({ start }) => start.slice(0, 10))).size).to.be.at.least(10);
  }
}

describe('passerelle serve, the demonstration', function () {
  this.timeout(420_000);
  let folder: string;
  let port: number;
  let runs: Run[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-serve-'));
    port = await threePorts();
    runs = [];
  });
  afterEach(async () => {
    for (const { child, ended } of runs) {
      child.kill('SIGKILL');
      await ended;
    }
    // Simulators whose parent was killed save what they have before they end.
    await until(
      'the simulators have ended',
      async () => (await isFree(port + 1)) && (await isFree(port + 2)),
    );
    await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 100 });
  });

  const start = (script: readonly string[] = PROGRAM, variables: Record<string, string> = {}): Run => {
    const child = spawn(process.execPath, [...script, 'serve', '--lang', 'en'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: String(port),
        PASSERELLE_DATA: folder,
        ...variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)));
    const run = { child, output: () => text, ended: once(child, 'exit') };
    runs.push(run);
    return run;
  };

  /** The first start is one test's; to make a database takes each other one seconds of a processor. */
  const wasStartedBefore = () => copyMigratedPglite(join(folder, 'database'));

  const isReady = ({ child, output }: Run) =>
    until(
      'ready',
      async () => {
        if (child.exitCode !== null) throw new Error(output());
        return /^ready /m.test(output());
      },
      READY_MILLISECONDS,
    );

  it('prints where everything is, starts both simulators with the days of three doctors, and ends all of it on one signal', async () => {
    const run = start();
    await isReady(run);
    const output = run.output();
    expect(output).to.contain(`Bonjour-santé  http://127.0.0.1:${port + 1}\n`);
    expect(output).to.contain(`RVSQ           http://127.0.0.1:${port + 2}\n`);
    expect(output).to.contain(join(folder, 'admin-token'));
    expect(output).to.match(new RegExp(`^ready http://127\\.0\\.0\\.1:${port}$`, 'm'));

    // The line that it prints is one that books.
    const [, url, body] = /-X POST (\S+) .* -d '(\{"slotId":"[^"]+"\})'/.exec(output) ?? [];
    expect(url).to.equal(`http://127.0.0.1:${port + 1}/_sim/bookings`);
    const booked = await fetch(url ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body ?? '',
    });
    expect(booked.status).to.equal(201);
    const told = /^\S+ +Dr Tremblay +booked on Bonjour-santé .* → closed on RVSQ in \d+(\.\d+)? m?s$/m;
    await until('the line that tells of it', async () => told.test(run.output()), TOLD_MILLISECONDS);

    await haveTheirGrids(port);

    run.child.kill('SIGTERM');
    expect(await run.ended).to.deep.equal([0, null]);
    for (const each of [port, port + 1, port + 2]) expect(await isFree(each)).to.equal(true);
    expect(await readdir(join(folder, 'simulators'))).to.have.members(['bonjour-sante.json', 'rvsq.json']);
  });

  it('keeps its data: what was booked before is booked after a second start', async () => {
    await wasStartedBefore();
    const first = start();
    await isReady(first);
    const slots = async () =>
      (await (await fetch(`http://127.0.0.1:${port + 2}/_sim/slots`)).json()) as SimSlot[];
    const free = (await slots()).filter(({ status }) => status === 'free').at(-1);
    const booking = { method: 'POST', body: JSON.stringify({ slotId: free?.id }) };
    expect((await fetch(`http://127.0.0.1:${port + 2}/_sim/bookings`, booking)).status).to.equal(201);
    const told = /booked on RVSQ .* → closed on Bonjour-santé/;
    await until('it is told', async () => told.test(first.output()), TOLD_MILLISECONDS);
    first.child.kill('SIGINT');
    await first.ended;

    const second = start();
    await isReady(second);
    expect((await slots()).find(({ id }) => id === free?.id)?.status).to.equal('busy');
    const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
    const found = await fetch(`http://127.0.0.1:${port}/fhir/Appointment?status=booked`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const bundle = (await found.json()) as { entry?: { resource: { start: string } }[] };
    const starts = (bundle.entry ?? []).map(({ resource }) => Date.parse(resource.start));
    expect(starts).to.include(Date.parse(free?.start ?? ''));
  });

  it('ends at once on a second signal', async () => {
    const run = start(STAND_IN, { CLOSE_MILLISECONDS: '60000' });
    await isReady(run);
    run.child.kill('SIGINT');
    await until('closing', async () => run.output().includes('closing'));
    run.child.kill('SIGINT');
    expect(await run.ended).to.deep.equal([130, null]);
  });

  it('takes the simulators with it when it is killed', async () => {
    await wasStartedBefore();
    const run = start();
    await isReady(run);
    run.child.kill('SIGKILL');
    await run.ended;
    await until('the ports are free', async () => (await isFree(port + 1)) && isFree(port + 2));
  });

  it('says that the port is taken, and leaves no simulator behind', async () => {
    await wasStartedBefore();
    // Hangs up on the vendor's webhooks, which are sent to this port: else it could not be closed.
    const other = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    await once(other, 'listening');
    const run = start();
    expect(await run.ended).to.deep.equal([1, null]);
    expect(run.output()).to.contain('EADDRINUSE').and.to.contain('set PORT to another');
    for (const each of [port + 1, port + 2]) expect(await isFree(each)).to.equal(true);
    await new Promise((resolve) => other.close(resolve));
  });
});
