import { expect } from 'chai';
import type { OperationOutcome } from 'fhir/r4.js';
import { HOUR, instant, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { FIRST_START, NOW, REJECTED, summary, uuid } from '../support/fake-ports.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { subscriptionOf } from '../support/rest-hook.ts';
import { type Served, serve } from '../support/served-front.ts';

type Ready = { ready: boolean; connections: { id: string; ready: boolean; reasons: string[] }[] };

const SUSPECT = {
  feedId: '*',
  since: instant(NOW - HOUR),
  slots: { known: 360, missing: 340 },
  busy: { known: 12, missing: 1 },
};
const UNREADABLE = { feedId: '*', since: instant(NOW - HOUR), records: 40, unread: 38 };

describe('server', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());
  const anonymous = { headers: { authorization: '' } };

  describe('authentication', () => {
    const open = ['/healthz', '/readyz', '/fhir/metadata'];
    const closed = [
      '/fhir/Slot',
      `/fhir/Slot/${uuid(1)}`,
      '/fhir/metadata/x',
      '/metrics',
      '/api/status',
      '/api/connections/vendor/rejected?raw=true',
      '/api/conflicts',
      `/api/conflicts/${uuid(500)}`,
      '/api/events?criteria=Slot',
      '/api/backup',
      '/fhir/Subscription',
      '/nothing',
    ];
    for (const path of open) {
      it(`does not ask for a token on ${path}`, async () => {
        expect((await served.request('GET', path, anonymous)).status).to.equal(200);
      });
    }
    for (const path of closed) {
      it(`asks for one on ${path}`, async () => {
        const { status, headers, json } = await served.request('GET', path, anonymous);
        expect(status).to.equal(401);
        expect(headers.get('www-authenticate')).to.equal('Bearer realm="passerelle"');
        expect(json<OperationOutcome>().issue[0]?.code).to.equal('login');
      });
    }

    it('asks for one before it reads or books anything', async () => {
      for (const [method, path] of [
        ['POST', '/fhir/Appointment'],
        ['POST', '/fhir/metadata'],
        ['POST', '/api/connections/vendor/sync'],
        ['POST', '/api/connections/vendor/confirm'],
      ] as const) {
        const init = { headers: { authorization: 'Bearer nearly' }, body: bookingOf(uuid(1)) };
        expect((await served.request(method, path, init)).status, path).to.equal(401);
      }
      expect(served.world.booked).to.deep.equal([]);
    });
  });

  describe('readiness', () => {
    const ready = async (): Promise<Ready & { status: number }> => {
      const { status, json } = await served.request('GET', '/readyz', anonymous);
      return { status, ...json<Ready>() };
    };

    it('is 200 when every connection was read and none fails', async () => {
      const { status, ready: isReady, connections } = await ready();
      expect([status, isReady]).to.deep.equal([200, true]);
      expect(connections.map(({ id, reasons }) => [id, reasons])).to.deep.equal([
        ['vendor', []],
        ['public', []],
      ]);
    });

    const rows: [title: string, change: Parameters<typeof summary>[1], reason: string][] = [
      ['never read', { feedsRead: 0, confirmedAt: null, feeds: 3 }, 'never read yet: 0 of 3 feeds'],
      ['read in part', { feedsRead: 2, feeds: 3 }, 'never read yet: 2 of 3 feeds'],
      ['without feeds', { feedsRead: 0, feeds: 0, confirmedAt: null }, 'never read yet'],
      [
        'whose circuit is open',
        {
          failures: 5,
          failingSince: instant(NOW - HOUR),
          openUntil: instant(NOW + MINUTE),
          lastError: 'GET /slots: HTTP 503',
        },
        'circuit open since 2026-11-23T12:00:00.000Z: 5 faults in a row, next attempt at 2026-11-23T13:01:00.000Z; the last one: GET /slots: HTTP 503',
      ],
      [
        'that is stale',
        { confirmedAt: instant(NOW - 10 * MINUTE - SECOND) },
        'stale: not confirmed since 2026-11-23T12:49:59.000Z, and its freshness limit is 600 s',
      ],
      ['that is paused', { paused: true }, 'paused by an operator'],
      [
        'that lost most of what it showed',
        { suspects: [SUSPECT] },
        'suspect since 2026-11-23T12:00:00.000Z: the feed * misses 340 of 360 slots and 1 of 12 busy periods, which are held back; if they are truly gone: passerelle confirm vendor',
      ],
      [
        'of which most records could not be read',
        { unreadable: [UNREADABLE] },
        'unreadable since 2026-11-23T12:00:00.000Z: 38 of 40 records of the feed * could not be read, so it is not confirmed; which, and why: passerelle rejected vendor',
      ],
    ];
    for (const [title, change, reason] of rows) {
      it(`is 503 and says why of a connection ${title}`, async () => {
        served.world.summaries = [summary('vendor', change), summary('public')];
        const { status, ready: isReady, connections } = await ready();
        expect([status, isReady]).to.deep.equal([503, false]);
        expect(connections[0]?.ready).to.equal(false);
        expect(connections[0]?.reasons.join()).to.contain(reason);
        expect(connections[1]).to.deep.include({ ready: true, reasons: [] });
      });
    }

    it('lists a connection of which the store knows nothing', async () => {
      served.world.summaries = [summary('public')];
      const { status, connections } = await ready();
      expect([status, connections[0]?.id]).to.deep.equal([503, 'vendor']);
      expect(connections[0]?.reasons.join()).to.contain('never read yet');
    });

    it('is 503 when the database does not answer, and health still 200', async () => {
      served.world.failure = new Error('no connection');
      const { status, connections } = await ready();
      expect(status).to.equal(503);
      expect(connections.map((each) => each.reasons.join())).to.deep.equal([
        'unknown: the database does not answer',
        'unknown: the database does not answer',
      ]);
      const health = await served.request('GET', '/healthz', anonymous);
      expect([health.status, health.json()]).to.deep.equal([200, { status: 'ok' }]);
    });
  });

  describe('webhooks', () => {
    const deliver = (path: string, signature: string) =>
      served.request('POST', path, {
        body: '{"id": 1}',
        headers: { authorization: '', 'x-signature': signature, 'content-type': 'text/plain' },
      });

    it('takes what its platform signed, over the raw bytes and without a token', async () => {
      expect((await deliver('/webhooks/vendor', '9')).status).to.equal(202);
    });
    it('refuses the rest', async () => {
      expect((await deliver('/webhooks/vendor', '8')).status).to.equal(401);
    });
    it('refuses those of no connection in the same words', async () => {
      const [unknown, forged] = await Promise.all([
        deliver('/webhooks/nobody', '9'),
        deliver('/webhooks/vendor', '8'),
      ]);
      expect([unknown.status, unknown.text]).to.deep.equal([401, forged.text]);
    });
    it('hands on an empty delivery as no bytes', async () => {
      const headers = { authorization: '', 'x-signature': '0' };
      expect((await served.request('POST', '/webhooks/vendor', { headers })).status).to.equal(202);
    });
  });

  describe('api', () => {
    it('tells how every connection is', async () => {
      served.world.summaries = [summary('vendor', { differing: 4, conflicts: 1 }), summary('public')];
      served.world.subscriptions = [subscriptionOf(1), subscriptionOf(2, { status: 'error' })];
      const status = (await served.request('GET', '/api/status')).json<Record<string, unknown>>();
      expect(status).to.deep.include({
        at: '2026-11-23T13:00:00.000Z',
        organizations: [{ id: 'clinique', name: 'Clinique fictive' }],
        ready: true,
        subscriptions: { requested: 0, active: 1, error: 1, off: 0, waiting: 0 },
      });
      expect((status['connections'] as object[])[0]).to.deep.include({
        id: 'vendor',
        platform: 'vendor-platform',
        title: { fr: 'Plateforme vendor', en: 'Platform vendor' },
        ready: true,
        differing: 4,
        conflicts: 1,
        confirmedAt: '2026-11-23T13:00:00.000Z',
        openUntil: null,
      });
    });

    it('tells which feeds are suspect, and takes the word of a person for all of them or for one', async () => {
      served.world.summaries = [summary('vendor', { suspects: [SUSPECT] }), summary('public')];
      const status = (await served.request('GET', '/api/status')).json<{ connections: object[] }>();
      expect(status.connections[0]).to.deep.include({
        suspects: [{ ...SUSPECT, since: '2026-11-23T12:00:00.000Z' }],
      });
      const confirm = async (query: string) =>
        (await served.request('POST', `/api/connections/vendor/confirm${query}`)).json<object>();
      expect(await confirm('')).to.deep.equal({ confirmed: ['*'] });
      expect(await confirm('?feed=%2A')).to.deep.equal({ confirmed: ['*'] });
      expect(served.world.confirmed).to.deep.equal([
        ['vendor', null],
        ['vendor', '*'],
      ]);
      expect((await served.request('POST', '/api/connections/nobody/confirm')).status).to.equal(404);
    });

    it('takes no feed that is none for all of them', async () => {
      for (const query of ['?feed=a%2Fb', '?feed=%00', '?feed=', '?feed=*&feed=*'])
        expect(
          (await served.request('POST', `/api/connections/vendor/confirm${query}`)).status,
          query,
        ).to.equal(400);
      expect(served.world.confirmed).to.deep.equal([]);
    });

    it('lists the records that were set aside, with what they were only when that is asked for', async () => {
      const list = async (path: string) => {
        const { headers, json } = await served.request('GET', `/api/connections/${path}`);
        expect(headers.get('cache-control')).to.equal('no-store');
        return json<{ records: object[] }>().records;
      };
      const record = { ...REJECTED, firstAt: '2026-11-23T12:00:00.000Z', lastAt: '2026-11-23T13:00:00.000Z' };
      expect(await list('vendor/rejected')).to.deep.equal([{ ...record, raw: null }]);
      expect(await list('vendor/rejected?raw=true')).to.deep.equal([record]);
      expect(await list('public/rejected')).to.deep.equal([]);
      expect((await served.request('GET', '/api/connections/nobody/rejected')).status).to.equal(404);
    });

    it('reads a connection now and tells its progress line by line', async () => {
      const { status, headers, text } = await served.request('POST', '/api/connections/vendor/sync');
      expect([status, headers.get('content-type')]).to.deep.equal([
        200,
        'application/x-ndjson; charset=utf-8',
      ]);
      expect(
        text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).to.deep.equal([
        { type: 'progress', feedId: 'all', rows: 6, feedsDone: 0, feeds: 1 },
        { type: 'progress', feedId: 'all', rows: 12, feedsDone: 1, feeds: 1 },
        { type: 'result', outcome: 'done', rows: 12, slotsChanged: 3, milliseconds: 5 },
      ]);
    });

    it('knows no other connection', async () => {
      const { status, json } = await served.request('POST', '/api/connections/nobody/sync');
      expect([status, json().resourceType]).to.deep.equal([404, 'OperationOutcome']);
    });
  });

  describe('metrics', () => {
    const sample = async (name: string): Promise<string[]> => {
      const { text } = await served.request('GET', '/metrics');
      return text.split('\n').filter((line) => line.startsWith(name));
    };

    it('counts what the engine tells', async () => {
      const { listener } = served.metrics;
      const at = NOW;
      const busy = {
        at,
        busyId: uuid(1),
        scheduleId: 'agenda-gagnon',
        interval: { start: FIRST_START, end: FIRST_START },
      };
      listener({ ...busy, type: 'busy.observed', connectionId: 'vendor', busyKind: 'appointment' });
      listener({ ...busy, type: 'busy.observed', connectionId: 'vendor', busyKind: 'block' });
      listener({ ...busy, type: 'appointment.booked', connectionId: null });
      listener({
        ...busy,
        type: 'conflict.detected',
        connectionId: 'public',
        conflictId: uuid(3),
        withBusyId: uuid(2),
      });
      listener({
        at,
        type: 'listing.closed',
        connectionId: 'public',
        originId: 'vendor',
        busyKind: 'appointment',
        subjectId: uuid(1),
        scheduleId: 'agenda-gagnon',
        interval: busy.interval,
        lagMilliseconds: 140,
      });
      listener({ at, type: 'connection.down', connectionId: 'public', reason: 'HTTP 503' });
      expect(await sample('passerelle_bookings_total')).to.deep.equal([
        'passerelle_bookings_total{connection="vendor",outcome="observed"} 1',
        'passerelle_bookings_total{connection="passerelle",outcome="booked"} 1',
      ]);
      expect(await sample('passerelle_conflicts_total')).to.deep.equal([
        'passerelle_conflicts_total{connection="public"} 1',
      ]);
      expect(await sample('passerelle_mirror_lag_seconds_sum')).to.deep.equal([
        'passerelle_mirror_lag_seconds_sum{connection="public",change="closed"} 0.14',
      ]);
      expect(await sample('passerelle_connection_changes_total')).to.deep.equal([
        'passerelle_connection_changes_total{connection="public",to="down"} 1',
      ]);
    });

    it('tells what the store knows of each connection', async () => {
      const open = { failures: 3, openUntil: instant(NOW + MINUTE), differing: 7 };
      served.world.summaries = [
        summary('vendor', { ...open, suspects: [SUSPECT], unreadable: [UNREADABLE] }),
        summary('public'),
      ];
      expect(await sample('passerelle_connection_up')).to.deep.equal([
        'passerelle_connection_up{connection="vendor"} 0',
        'passerelle_connection_up{connection="public"} 1',
      ]);
      expect((await sample('passerelle_differing_listings'))[0]).to.contain('} 7');
      expect((await sample('passerelle_suspect_feeds')).map((line) => line.at(-1))).to.deep.equal(['1', '0']);
      expect((await sample('passerelle_unreadable_feeds')).map((line) => line.at(-1))).to.deep.equal([
        '1',
        '0',
      ]);
      expect(await sample('passerelle_store_up')).to.deep.equal(['passerelle_store_up 1']);
      served.world.failure = new Error('no connection');
      expect(await sample('passerelle_store_up')).to.deep.equal(['passerelle_store_up 0']);
      expect(await sample('passerelle_connection_up')).to.deep.equal([]);
    });

    it('tells of subscribers, and of the attempts to tell them', async () => {
      served.world.subscriptions = [
        subscriptionOf(1),
        subscriptionOf(2),
        subscriptionOf(3, { status: 'off' }),
      ];
      served.metrics.notified({ subscriptionId: uuid(1), outcome: 'delivered', trouble: null });
      served.metrics.notified({ subscriptionId: uuid(2), outcome: 'failed', trouble: { kind: 'timeout' } });
      expect(await sample('passerelle_subscriptions')).to.deep.equal([
        'passerelle_subscriptions{status="requested"} 0',
        'passerelle_subscriptions{status="active"} 2',
        'passerelle_subscriptions{status="error"} 0',
        'passerelle_subscriptions{status="off"} 1',
      ]);
      expect(await sample('passerelle_notifications_total')).to.deep.equal([
        'passerelle_notifications_total{outcome="delivered"} 1',
        'passerelle_notifications_total{outcome="failed"} 1',
      ]);
      expect(await sample('passerelle_changes_waiting')).to.deep.equal(['passerelle_changes_waiting 0']);
      served.world.failure = new Error('no connection');
      expect(await sample('passerelle_subscriptions')).to.deep.equal([]);
      expect(await sample('passerelle_changes_waiting')).to.deep.equal(['passerelle_changes_waiting Nan']);
    });

    it('times requests by the pattern of their route, never by what a client makes up', async () => {
      await served.request('GET', `/fhir/Slot/${uuid(1)}`);
      await served.request('GET', '/fhir/Nothing/1234');
      await served.request('GET', '/secret/path');
      await served.request('POST', '/api/connections/vendor/sync');
      const counts = (await sample('passerelle_http_request_duration_seconds_count')).join('\n');
      expect(counts).to.contain('{method="GET",route="/fhir/Slot/:id",status="200"} 1');
      expect(counts).to.contain('{method="GET",route="/fhir/*",status="404"} 1');
      expect(counts).to.contain('{method="GET",route="*",status="404"} 1');
      expect(counts).to.contain('{method="POST",route="/api/connections/:id/sync",status="200"} 1');
      expect(counts).to.not.match(/secret|1234|Nothing|0000/);
    });
  });

  it('logs route, status and time, and neither query, nor body, nor token', async () => {
    await served.request('GET', '/fhir/Practitioner?name=Quelquun');
    await served.request('POST', '/fhir/Appointment', { body: bookingOf(uuid(1)) });
    await served.request('GET', '/readyz?x=Quelquun');
    const lines = served.log.filter((line) => line['msg'] === 'request');
    expect(lines.map(({ method, route, status }) => [method, route, status])).to.deep.equal([
      ['GET', '/fhir/Practitioner', 200],
      ['POST', '/fhir/Appointment', 201],
      ['GET', '/readyz', 200],
    ]);
    for (const line of lines) expect(line['milliseconds']).to.be.a('number').at.least(0);
    expect(JSON.stringify(served.log)).to.not.match(/Quelquun|Fictif|FICA|Bearer|only-used-in-tests/);
  });
});
