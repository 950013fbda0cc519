import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { startSimulator as startVendor } from '../../adapters/bonjour-sante/simulator/start.ts';
import { startSimulator as startRvsq } from '../../adapters/rvsq/simulator/start.ts';
import type { SimulatorOptions } from '../../src/adapter/simulator/server.ts';
import { DAY, HOUR, instant, MINUTE } from '../../src/domain/instant.ts';
import { childOf } from '../support/program.ts';
import { manualClock } from './manual-clock.ts';

type Slot = { id: string; start: string; end: string; status: string; actor: string; calendar: string };
/** A Tuesday, 06:00 in Toronto. */
const TUESDAY = instant(Date.parse('2026-11-24T11:00:00Z'));

describe('simulator kit', () => {
  const ending: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  async function start(
    options: SimulatorOptions = {},
    run: typeof startVendor | typeof startRvsq = startVendor,
  ) {
    const clock = manualClock(TUESDAY);
    const simulator = await run({ seed: 3, actors: 2, days: 7, clock, ...options });
    ending.push(simulator.close);
    const call = async (
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ) => {
      const response = await fetch(`${simulator.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${VENDOR_KEY}`, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
    };
    const slots = async (): Promise<Slot[]> => (await call('GET', '/_sim/slots')).body;
    return { simulator, clock, call, slots };
  }

  async function folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'simulator-'));
    ending.push(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  it('offers weekdays, 09:00–12:00 and 13:00–16:00 in Toronto, by its own step', async () => {
    for (const [run, step] of [
      [startVendor, 15],
      [startRvsq, 20],
    ] as const) {
      const { slots } = await start({ actors: ['dr-tremblay'] }, run);
      const all = await slots();
      // Tuesday to the next Monday: five weekdays of six hours.
      expect(all).to.have.length((5 * 6 * 60) / step);
      expect(all[0]).to.include({ start: '2026-11-24T09:00:00-05:00', status: 'free', actor: 'dr-tremblay' });
      expect(all.at(-1)?.end).to.equal('2026-11-30T16:00:00-05:00');
      const times = all.map((slot) => slot.start.slice(11, 16));
      expect(
        times.every((time) => (time >= '09:00' && time < '12:00') || (time >= '13:00' && time < '16:00')),
      ).to.equal(true);
      expect(all.every((slot) => slot.status === 'free')).to.equal(true);
    }
  });

  it('is the same world for the same seed, and another for another', async () => {
    const rows = async (seed: number) => {
      const { call } = await start({ seed });
      const { body } = await call(
        'GET',
        '/v1/agendas/ag-dr-tremblay/grille?du=2026-11-24T00:00:00Z&au=2026-12-01T00:00:00Z&limite=1000',
      );
      return body.elements.map(({ modifieLe: _, ...element }: { modifieLe: string }) => element);
    };
    expect(await rows(1)).to.deep.equal(await rows(1));
    expect(await rows(1)).not.to.deep.equal(await rows(2));
  });

  it('calls the same doctor by the same word on every simulator', async () => {
    const words = async (run: typeof startVendor | typeof startRvsq) =>
      new Set((await (await start({ actors: 3 }, run)).slots()).map(({ actor }) => actor));
    expect([...(await words(startVendor))]).to.have.members([...(await words(startRvsq))]);
  });

  it('lets a patient book what is free once, and cancel it', async () => {
    const { call, slots } = await start();
    const [slot] = await slots();
    const first = await call('POST', '/_sim/bookings', { slotId: slot?.id, patient: { nom: 'Fictif' } });
    expect(first.status).to.equal(201);
    expect((await call('POST', '/_sim/bookings', { slotId: slot?.id })).status).to.equal(409);
    expect((await slots())[0]?.status).to.equal('busy');
    expect((await call('POST', '/_sim/bookings', { slotId: 'no-such' })).status).to.equal(404);
    expect((await call('POST', '/_sim/bookings', {})).status).to.equal(400);
    expect((await call('DELETE', `/_sim/bookings/${first.body.id}`)).status).to.equal(204);
    expect((await call('DELETE', `/_sim/bookings/${first.body.id}`)).status).to.equal(404);
    expect((await slots())[0]?.status).to.equal('free');
  });

  it('takes one of sixteen who want the same slot at once', async () => {
    const { call, slots } = await start();
    const [slot] = await slots();
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => call('POST', '/_sim/bookings', { slotId: slot?.id })),
    );
    expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
    expect(answers.filter(({ status }) => status === 409)).to.have.length(15);
  });

  it('shows held and blocked, and lets a hold go when its time comes', async () => {
    const { call, clock, slots } = await start({ actors: 1 });
    const [first, second] = await slots();
    if (!first || !second) throw new Error('no slots');
    const lock = {
      debut: first.start,
      fin: first.end,
      plageId: first.id,
      referenceExterne: 'a',
      expireLe: null,
      confirmation: null,
    };
    const { body } = await call('POST', `/v1/agendas/${first.calendar}/reservations`, lock);
    expect(body).to.include({ statut: 'verrouillee', expireLe: '2026-11-24T11:05:00.000Z' });
    await call('POST', `/v1/agendas/${first.calendar}/blocages`, {
      debut: second.start,
      fin: second.end,
      referenceExterne: 'b',
    });
    const states = async () =>
      (await slots()).filter(({ id }) => id === first.id || id === second.id).map(({ status }) => status);
    expect((await states()).sort()).to.deep.equal(['blocked', 'held']);
    await clock.advance(5 * MINUTE);
    expect((await states()).sort()).to.deep.equal(['blocked', 'free']);
  });

  it('is down for everybody but its control API', async () => {
    const { call, slots } = await start();
    const [slot] = await slots();
    await call('PUT', '/_sim/faults', { down: true });
    expect((await call('GET', '/v1/etat')).status).to.equal(503);
    expect((await call('POST', '/_sim/bookings', { slotId: slot?.id })).status).to.equal(503);
    expect((await call('DELETE', '/_sim/bookings/x')).status).to.equal(503);
    expect(await slots()).not.to.have.length(0);
    await call('PUT', '/_sim/faults', {});
    expect((await call('GET', '/v1/etat')).status).to.equal(200);
  });

  it('fails before it acts, or loses the answer after', async () => {
    const { call, slots } = await start();
    const [slot] = await slots();
    if (!slot) throw new Error('no slot');
    const block = () =>
      call('POST', `/v1/agendas/${slot.calendar}/blocages`, {
        debut: slot.start,
        fin: slot.end,
        referenceExterne: 'b',
      });
    await call('PUT', '/_sim/faults', { errorRate: 1 });
    expect((await block()).status).to.equal(500);
    expect((await slots())[0]?.status).to.equal('free');
    await call('PUT', '/_sim/faults', { loseResponseRate: true });
    const lost = await block().then(
      () => 'answered',
      () => 'lost',
    );
    expect(lost).to.equal('lost');
    expect((await slots()).find(({ id }) => id === slot.id)?.status).to.equal('blocked');
    expect((await call('GET', '/v1/etat')).status).to.equal(200);
    const { body } = await call('GET', '/_sim/log');
    expect(body.map(({ status }: { status: number | null }) => status)).to.deep.equal([500, null, 200]);
    expect(body[1]).to.deep.include({
      method: 'POST',
      body: { debut: slot.start, fin: slot.end, referenceExterne: 'b' },
    });
  });

  it('slows down, and limits its callers with Retry-After', async () => {
    const { call, clock } = await start();
    await call('PUT', '/_sim/faults', { rateLimit: { requests: 2, windowMs: 10_000 } });
    const statuses = [];
    for (let request = 0; request < 3; request += 1) statuses.push((await call('GET', '/v1/etat')).status);
    expect(statuses).to.deep.equal([200, 200, 429]);
    await clock.advance(4000);
    expect((await call('GET', '/v1/etat')).headers.get('retry-after')).to.equal('6');
    await clock.advance(6000);
    expect((await call('GET', '/v1/etat')).status).to.equal(200);
    await call('PUT', '/_sim/faults', { latencyMs: 700 });
    let done = false;
    const slow = call('GET', '/v1/etat').then(() => {
      done = true;
    });
    await call('GET', '/_sim/log');
    expect(done).to.equal(false);
    for (let turn = 0; !done && turn < 100; turn += 1) {
      await clock.advance(700);
      await call('GET', '/_sim/log');
    }
    await slow;
  });

  it('says what is wrong with faults that it does not know', async () => {
    const { call } = await start();
    for (const plan of [{ dwon: true }, { errorRate: 2 }, { webhooks: { lose: -1 } }, 'down']) {
      expect((await call('PUT', '/_sim/faults', plan)).status).to.equal(400);
    }
    expect((await call('PUT', '/_sim/faults', { webhooks: { lose: true } })).body.webhooks.lose).to.equal(1);
  });

  it('takes hostile requests for what they are', async () => {
    const { simulator, call } = await start();
    const post = (body: string) =>
      fetch(`${simulator.url}/v1/agendas/ag-dr-tremblay/blocages`, { method: 'POST', body });
    expect((await post('{"debut":')).status).to.equal(400);
    expect((await post('x'.repeat(2_000_000))).status).to.equal(413);
    expect((await call('GET', '/v1/plages/%E0%A4%A')).status).to.equal(404);
    expect((await call('GET', '/v1/agendas/ag-dr-tremblay/grille?du=hier&au=demain')).status).to.equal(400);
    expect((await call('GET', '/_sim/nothing')).status).to.equal(404);
    expect((await call('GET', '/v1/etat', undefined, { authorization: 'Bearer other' })).status).to.equal(
      401,
    );
  });

  it('begins a new world on reset, on which old cursors mean nothing', async () => {
    const { call, slots } = await start({}, startRvsq);
    const key = { 'x-api-key': VENDOR_KEY };
    const cursor = (await call('GET', '/v1/changes/latest', undefined, key)).body.cursor;
    await call('POST', '/_sim/bookings', { slotId: (await slots())[0]?.id });
    expect((await call('GET', `/v1/changes?cursor=${cursor}`, undefined, key)).body.changes).to.have.length(
      1,
    );
    await call('POST', '/_sim/reset', { seed: 9, actors: ['dr-x'], days: 2 });
    const after = await slots();
    expect(new Set(after.map(({ actor }) => actor))).to.deep.equal(new Set(['dr-x']));
    expect(after).to.have.length(2 * 18);
    expect(after.every(({ status }) => status === 'free')).to.equal(true);
    expect((await call('GET', `/v1/changes?cursor=${cursor}`, undefined, key)).status).to.equal(410);
  });

  it('keeps its data over a restart, and adds the days that have come', async () => {
    const stateFile = join(await folder(), 'deep', 'state.json');
    const { simulator, call, slots } = await start({ stateFile });
    const [slot] = await slots();
    const { body } = await call('POST', '/_sim/bookings', { slotId: slot?.id });
    const before = await slots();
    await simulator.close();
    expect(JSON.parse(await readFile(stateFile, 'utf8')).platform).to.equal('bonjour-sante');

    const later = await start({ stateFile, seed: 99, clock: manualClock(instant(TUESDAY + 2 * DAY)) });
    const after = await later.slots();
    const times = (each: typeof after) =>
      each.map(({ id, start, end, actor }) => ({ id, start, end, actor }));
    expect(times(after.slice(0, before.length))).to.deep.equal(times(before));
    expect(after.find(({ id }) => id === slot?.id)?.status).to.equal('busy');
    // Two more weekdays, for each of two doctors.
    expect(after).to.have.length(before.length + 2 * 2 * 24);
    expect((await later.call('DELETE', `/_sim/bookings/${body.id}`)).status).to.equal(204);
  });

  it('sells nothing that has begun', async () => {
    const noon = instant(TUESDAY + 16 * HOUR);
    const { call, slots } = await start({ clock: manualClock(noon) });
    const [first] = await slots();
    expect(first?.status).to.equal('blocked');
    expect((await call('POST', '/_sim/bookings', { slotId: first?.id })).status).to.equal(409);
    const ahead = (await slots()).filter(({ status }) => status === 'free');
    expect(ahead.every(({ start: text }) => Date.parse(text as string) > noon)).to.equal(true);
  });

  it('does not throw away a state file that it cannot read', async () => {
    const stateFile = join(await folder(), 'state.json');
    await writeFile(stateFile, '{"format":1,"platform":"rvsq"}');
    const failure = await startVendor({ stateFile }).then(
      () => null,
      (error: Error) => error.message,
    );
    expect(failure).to.contain('not the state of a bonjour-sante simulator');
    expect(await readFile(stateFile, 'utf8')).to.contain('rvsq');
  });

  describe('webhooks', () => {
    async function receiver(status: () => number = () => 204) {
      const received: { type: string; element: { id: string; version: number } }[] = [];
      const server = createServer(async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        const code = status();
        if (code < 300) received.push(JSON.parse(body));
        response.writeHead(code).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      ending.push(async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      });
      const until = async (done: () => boolean) => {
        const deadline = Date.now() + 5000;
        while (!done()) {
          if (Date.now() > deadline) throw new Error(`${received.length} webhooks came`);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      return { url, received, until };
    }

    it('are sent again when they are not taken', async () => {
      let answers = 0;
      const { url, received, until } = await receiver(() => {
        answers += 1;
        return answers < 2 ? 500 : 204;
      });
      const { call, slots } = await start({ webhook: { url, secret: 's' } });
      await call('POST', '/_sim/bookings', { slotId: (await slots())[0]?.id });
      await until(() => received.length === 1);
      expect(answers).to.equal(2);
    });

    it('tell when a hold ends by itself', async () => {
      const { url, received, until } = await receiver();
      const { call, clock, slots } = await start({ webhook: { url, secret: 's' } });
      const [slot] = await slots();
      if (!slot) throw new Error('no slot');
      const lock = {
        debut: slot.start,
        fin: slot.end,
        plageId: slot.id,
        referenceExterne: 'a',
        expireLe: null,
        confirmation: null,
      };
      const { body } = await call('POST', `/v1/agendas/${slot.calendar}/reservations`, lock);
      await until(() => received.length === 1);
      await clock.advance(5 * MINUTE);
      await until(() => received.length === 2);
      expect(received[1]).to.deep.include({ type: 'suppression' });
      expect(received[1]?.element.id).to.equal(body.id);
      expect(received[1]?.element.version).to.be.greaterThan(body.version);
    });

    it('can be lost, doubled and reordered', async () => {
      const { url, received, until } = await receiver();
      const { call, slots } = await start();
      await call('PUT', '/_sim/webhook', { url, secret: 's' });
      const free = await slots();
      const book = (index: number) => call('POST', '/_sim/bookings', { slotId: free[index]?.id });
      await call('PUT', '/_sim/faults', { webhooks: { lose: true } });
      await book(0);
      await call('PUT', '/_sim/faults', { webhooks: { duplicate: true } });
      await book(1);
      await until(() => received.length === 2);
      expect(received[0]).to.deep.equal(received[1]);
      await call('PUT', '/_sim/faults', { webhooks: { reorder: true } });
      await book(2);
      await book(3);
      await until(() => received.length === 4);
      const [third, fourth] = received.slice(2).map(({ element }) => element.version);
      expect(third).to.be.greaterThan(fourth ?? Number.POSITIVE_INFINITY);
    });
  });

  describe('as a process of its own', () => {
    for (const platform of ['bonjour-sante', 'rvsq']) {
      it(`${platform}: says when it is ready, and ends with its state saved when its parent lets go`, async () => {
        const stateFile = join(await folder(), 'state.json');
        const main = childOf(`adapters/${platform}/simulator/main.ts`);
        const child = fork(
          main.file,
          ['--port', '0', '--state', stateFile, '--actors', 'dr-a,dr-b', '--days', '3'],
          {
            execArgv: [...main.execArgv],
            silent: true,
          },
        );
        let printed = '';
        child.stdout?.on('data', (chunk: Buffer) => {
          printed += chunk.toString();
        });
        const [ready] = await once(child, 'message', { signal: AbortSignal.timeout(15_000) });
        expect(ready).to.deep.include({ ready: true });
        const slots: Slot[] = (await (await fetch(`${ready.url}/_sim/slots`)).json()) as Slot[];
        const exited = once(child, 'exit', { signal: AbortSignal.timeout(15_000) });
        child.disconnect();
        expect(await exited).to.deep.equal([0, null]);
        expect(printed).to.equal(`simulator ${platform} on ${ready.url}\n`);
        const { state } = JSON.parse(await readFile(stateFile, 'utf8'));
        expect(state.calendars).to.have.length(2);
        expect(state.records.filter(({ kind }: { kind: string }) => kind === 'slot')).to.have.length(
          slots.length,
        );
      });
    }
  });
});
