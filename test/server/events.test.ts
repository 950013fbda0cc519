import { connect } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { ADMINISTRATOR } from '../../src/domain/access.ts';
import type { StreamEvent, Streamed, Streams } from '../../src/engine/ports/subscriptions.ts';
import { createFront } from '../../src/fhir/front.ts';
import { authenticated } from '../../src/server/authentication.ts';
import { events } from '../../src/server/events.ts';
import { type Listening, listen } from '../../src/server/listen.ts';
import { createManualClock, type ManualClock } from '../queue/manual-clock.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { serve } from '../support/served-front.ts';
import { until } from '../support/servers.ts';

type Opened = { readonly wanted: readonly Streamed[]; readonly lastEventId: string | null; isOver: boolean };

describe('server-sent events', () => {
  let clock: ManualClock;
  let server: Listening;
  let opened: Opened[];
  let reports: unknown[];
  let made: (signal: AbortSignal) => AsyncGenerator<StreamEvent>;
  let closing: AbortController;
  beforeEach(async () => {
    closing = new AbortController();
    clock = createManualClock();
    opened = [];
    reports = [];
    const streams: Streams = {
      open(_by, wanted, lastEventId, left) {
        const one: Opened = { wanted, lastEventId, isOver: false };
        opened.push(one);
        return followed(one, made(AbortSignal.any([left, closing.signal])));
      },
      close: () => closing.abort(),
    };
    const { criteria } = createFront(fakePorts());
    const report = (error: unknown): string => {
      reports.push(error);
      return 'an id';
    };
    const app = express()
      .use(authenticated(() => ADMINISTRATOR))
      .use(events({ streams, criteria, clock, publicUrl: null, report }));
    server = await listen(app, { host: '127.0.0.1', port: 0 });
  });
  afterEach(() => server.close(0));

  async function* followed(one: Opened, stream: AsyncGenerator<StreamEvent>): AsyncGenerator<StreamEvent> {
    try {
      yield* stream;
    } finally {
      one.isOver = true;
    }
  }
  const untilAborted = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  const get = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/events?${query}`, { headers });

  it('are written as a browser reads them', async () => {
    made = async function* () {
      yield { type: 'reset', id: '7-0' };
      yield { type: 'Slot', id: '8-1', data: '{"resourceType":"Slot"}' };
      yield { type: 'alive', id: '9-0' };
    };
    const answer = await get('criteria=Slot%3Fschedule%3DSchedule/x&criteria=Appointment', {
      'last-event-id': '6-5',
    });
    expect(answer.headers.get('content-type')).to.equal('text/event-stream; charset=utf-8');
    expect(answer.headers.get('cache-control')).to.equal('no-store');
    expect(await answer.text()).to.equal(
      'retry: 2000\n\n' +
        'event: reset\nid: 7-0\ndata: {}\n\n' +
        'event: Slot\nid: 8-1\ndata: {"resourceType":"Slot"}\n\n' +
        ': alive\nid: 9-0\n\n',
    );
    const base = `${server.url}/fhir`;
    expect(opened).to.deep.equal([
      {
        wanted: [
          { resourceType: 'Slot', criteria: 'Slot?schedule=Schedule/x', base, organizationId: null },
          { resourceType: 'Appointment', criteria: 'Appointment', base, organizationId: null },
        ],
        lastEventId: '6-5',
        isOver: true,
      },
    ]);
    await get('criteria=Slot');
    expect(opened[1]?.lastEventId).to.equal(null);
    const head = await fetch(`${server.url}/api/events?criteria=Slot`, { method: 'HEAD' });
    expect([head.status, opened.length]).to.deep.equal([200, 2]);
  });

  it('end when the client leaves', async () => {
    made = async function* (signal) {
      yield { type: 'reset', id: '1-0' };
      await untilAborted(signal);
    };
    const leaving = new AbortController();
    await fetch(`${server.url}/api/events?criteria=Slot`, { signal: leaving.signal });
    leaving.abort();
    await until('the stream is over', async () => opened[0]?.isOver === true);
  });

  it('end whole when the server does', async () => {
    made = async function* (signal) {
      yield { type: 'reset', id: '1-0' };
      await untilAborted(signal);
    };
    const answer = await get('criteria=Slot');
    closing.abort();
    expect(await answer.text()).to.contain('event: reset');
    await server.close(60_000);
  });

  it('end whole after five minutes, so that who may no more does not hear on', async () => {
    made = async function* (signal) {
      yield { type: 'reset', id: '1-0' };
      await untilAborted(signal);
    };
    const answer = await get('criteria=Slot');
    clock.advance(5 * 60_000 - 1);
    expect(opened[0]?.isOver).to.equal(false);
    clock.advance(1);
    expect(await answer.text()).to.contain('event: reset');
    expect(clock.sleepers()).to.equal(0);
  });

  it('are cut off where the server fails, so that the client comes again', async () => {
    made = async function* () {
      yield { type: 'reset', id: '1-0' };
      throw new Error('the database does not answer');
    };
    const read = async (): Promise<string> => (await get('criteria=Slot')).text();
    const outcome = await read().then(
      () => 'whole',
      () => 'cut',
    );
    expect(outcome).to.equal('cut');
    expect(reports).to.have.length(1);
  });

  it('are not gathered for a client that does not read: it is let go', async () => {
    const data = JSON.stringify({ resourceType: 'Slot', comment: 'x'.repeat(256 * 1024) });
    let given = 0;
    made = async function* (signal) {
      while (!signal.aborted) {
        given += 1;
        yield { type: 'Slot', id: `1-${given}`, data };
      }
    };
    const { port } = new URL(server.url);
    const client = connect(Number(port), '127.0.0.1');
    client.on('error', () => undefined);
    client.pause();
    client.write('GET /api/events?criteria=Slot HTTP/1.1\r\nHost: here\r\n\r\n');
    // As much as the system keeps for it, and no more.
    await until('nobody reads', async () => clock.sleepers() === 2);
    const before = given;
    clock.advance(29_999);
    expect(opened[0]?.isOver).to.equal(false);
    clock.advance(1);
    await until('the stream is over', async () => opened[0]?.isOver === true);
    expect(given - before).to.be.at.most(1);
    client.destroy();
  });

  it('are for who has the token, and for searches only', async () => {
    const served = await serve();
    const ask = (path: string, headers = {}) => served.request('GET', path, { headers });
    const begun = await ask('/api/events?criteria=Slot');
    expect([begun.status, begun.text]).to.deep.equal([
      200,
      'retry: 2000\n\nevent: reset\nid: 1-0\ndata: {}\n\n',
    ]);
    expect((await ask('/api/events?criteria=Slot', { authorization: '' })).status).to.equal(401);
    const many = Array.from({ length: 21 }, () => 'criteria=Slot').join('&');
    for (const query of [
      '',
      'criteria=',
      'criteria=Slot&criteria=Patient',
      'criteria=Slot%3F_count%3D1',
      many,
    ]) {
      expect((await ask(`/api/events?${query}`)).status, query).to.equal(400);
    }
    await served.close();
  });
});
