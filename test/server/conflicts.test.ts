import { expect } from 'chai';
import type { OperationOutcome } from 'fhir/r4.js';
import { parseInstant } from '../../src/domain/instant.ts';
import { CONFLICT, NOW, said, uuid } from '../support/fake-ports.ts';
import { type Served, serve } from '../support/served-front.ts';

type Listed = { readonly conflicts: { readonly id: string }[]; readonly complete: boolean };

const RESOLVED = {
  ...CONFLICT,
  id: uuid(510),
  settlement: { resolution: 'keep-a', by: 'administrator', at: NOW },
  endedAt: NOW,
} as const;
const GONE = { ...CONFLICT, id: uuid(511), endedAt: NOW };

describe('conflicts over HTTP', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
    served.world.conflicts.push(CONFLICT, RESOLVED, GONE);
  });
  afterEach(() => served.close());

  const list = async (query = '') =>
    (await served.request('GET', `/api/conflicts${query}`)).json<Listed>().conflicts.map(({ id }) => id);

  it('lists those that are open, and others when they are asked for', async () => {
    expect(await list()).to.deep.equal([CONFLICT.id]);
    expect(await list('?state=open')).to.deep.equal([CONFLICT.id]);
    expect(await list('?state=resolved')).to.deep.equal([RESOLVED.id]);
    expect(await list('?state=gone')).to.deep.equal([GONE.id]);
    expect(await list('?state=all')).to.deep.equal([CONFLICT.id, RESOLVED.id, GONE.id]);
  });

  it('refuses a state that there is not', async () => {
    for (const query of ['?state=closed', '?state=', '?state=open&state=all', '?state=toString']) {
      const { status, json } = await served.request('GET', `/api/conflicts${query}`);
      expect(status, query).to.equal(400);
      expect(json<OperationOutcome>().issue[0]).to.deep.include({
        diagnostics: 'state: one of open, resolved, gone, all',
        expression: ['http.state'],
      });
    }
  });

  it('says when there are more than it lists', async () => {
    const more = async () => (await served.request('GET', '/api/conflicts')).json<Listed>();
    expect((await more()).complete).to.equal(true);
    for (let n = 0; n < 500; n += 1) served.world.conflicts.push({ ...CONFLICT, id: uuid(1_000 + n) });
    const { conflicts, complete } = await more();
    expect([conflicts.length, complete]).to.deep.equal([500, false]);
  });

  it('tells of one whose time it is, both bookings, who is in the lock, and where either could go', async () => {
    const { status, headers, json } = await served.request('GET', `/api/conflicts/${CONFLICT.id}`);
    expect([status, headers.get('cache-control')]).to.deep.equal([200, 'no-store']);
    expect(json<object>()).to.deep.equal({
      id: CONFLICT.id,
      state: 'open',
      detectedAt: '2026-11-23T12:00:00.000Z',
      actor: 'tremblay',
      practitioner: 'Dre Émilie Tremblay',
      schedule: 'agenda-tremblay',
      timeZone: 'America/Toronto',
      start: '2026-11-24T14:10:00.000Z',
      end: '2026-11-24T14:20:00.000Z',
      bookings: {
        a: {
          appointment: uuid(501),
          connection: 'vendor',
          schedule: 'agenda-tremblay',
          location: 'Clinique fictive de Verdun',
          start: '2026-11-24T14:00:00.000Z',
          end: '2026-11-24T14:20:00.000Z',
          holdsLock: true,
        },
        b: {
          appointment: uuid(502),
          connection: 'public',
          schedule: 'agenda-tremblay',
          location: 'Clinique fictive de Verdun',
          start: '2026-11-24T14:10:00.000Z',
          end: '2026-11-24T14:30:00.000Z',
          holdsLock: false,
        },
      },
      resolution: null,
      endedAt: null,
      endedHow: null,
      proposals: {
        a: [],
        b: [
          {
            slot: uuid(6),
            connection: 'vendor',
            schedule: 'agenda-tremblay',
            start: '2026-11-24T13:40:00.000Z',
            end: '2026-11-24T14:00:00.000Z',
            distanceMinutes: -30,
          },
        ],
      },
    });
  });

  it('tells of one that is settled by whom, how and when', async () => {
    const { json } = await served.request('GET', `/api/conflicts/${RESOLVED.id}`);
    expect(json<object>()).to.deep.include({
      state: 'resolved',
      resolution: { resolution: 'keep-a', by: 'administrator', at: '2026-11-23T13:00:00.000Z' },
      endedAt: '2026-11-23T13:00:00.000Z',
    });
  });

  const resolve = (id: string, body: unknown, headers: Record<string, string> = {}) =>
    served.request('POST', `/api/conflicts/${id}/resolve`, { body, headers });

  it('are settled as they are told, by the name of the caller', async () => {
    for (const type of ['application/json', 'application/fhir+json']) {
      served.world.conflicts = [CONFLICT];
      const { status, json } = await resolve(CONFLICT.id, { resolution: 'keep-b' }, { 'content-type': type });
      expect(status).to.equal(200);
      expect(json<object>()).to.deep.include({
        id: CONFLICT.id,
        state: 'resolved',
        resolution: { resolution: 'keep-b', by: 'administrator', at: '2026-11-23T13:00:00.000Z' },
      });
    }
    expect(served.world.resolved[0]).to.deep.equal([
      CONFLICT.id,
      { resolution: 'keep-b', by: 'administrator' },
    ]);
  });

  it('are not settled by a body that says something else, and no word of it is repeated', async () => {
    const bad: [body: unknown, status: number, at: string | null][] = [
      [{}, 422, 'resolution'],
      [{ resolution: 'Fictif' }, 422, 'resolution'],
      [{ resolution: 'keep-a', reason: 'Madame Fictif a annulé' }, 422, 'body'],
      [{ resolution: 'keep-a', Fictif: 1 }, 422, 'body'],
      [[], 422, 'body'],
      ['{"resolution":', 400, null],
    ];
    for (const [body, status, at] of bad) {
      const answer = await resolve(CONFLICT.id, body);
      expect(answer.status, answer.text).to.equal(status);
      expect(answer.json<OperationOutcome>().issue[0]?.expression ?? [null]).to.deep.equal([at]);
      expect(answer.text).not.to.contain('Fictif');
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await resolve(CONFLICT.id, 'resolution=keep-a', form)).status).to.equal(415);
    expect((await resolve('nothing', { resolution: 'keep-a' })).status).to.equal(404);
    const anonymous = { headers: { authorization: '' }, body: { resolution: 'keep-a' } };
    const path = `/api/conflicts/${CONFLICT.id}/resolve`;
    expect((await served.request('POST', path, anonymous)).status).to.equal(401);
    expect(served.world.resolved).to.deep.equal([]);
  });

  it('are settled by moving one to a slot', async () => {
    const body = { resolution: 'move', booking: 'b', slot: uuid(6) };
    const { status, json } = await resolve(CONFLICT.id, body);
    expect(status).to.equal(200);
    expect(json<{ resolution: object }>().resolution).to.deep.equal({
      resolution: 'move',
      by: 'administrator',
      at: '2026-11-23T13:00:00.000Z',
      booking: 'b',
      slot: uuid(6),
      appointment: uuid(520),
    });
    expect(served.world.resolved).to.deep.equal([
      [CONFLICT.id, { resolution: 'move', side: 'b', slotId: uuid(6), by: 'administrator' }],
    ]);
    for (const bad of [{}, { booking: 'c' }, { slot: 'x' }, { patient: 1 }]) {
      const whole = Object.keys(bad).length === 0 ? { resolution: 'move' } : { ...body, ...bad };
      expect((await resolve(CONFLICT.id, whole)).status).to.equal(422);
    }
    for (const [resolveOutcome, expected] of [
      [{ outcome: 'unknown-slot' }, 422],
      [{ outcome: 'slot-taken', reason: said('taken') }, 409],
      [{ outcome: 'unavailable', reason: said('down') }, 503],
    ] as const) {
      served.world.resolveOutcome = resolveOutcome;
      expect((await resolve(CONFLICT.id, body)).status).to.equal(expected);
    }
  });

  it('that are not open are refused with how they ended', async () => {
    const told = async (id: string) => {
      const { status, json } = await resolve(id, { resolution: 'keep-b' });
      return [status, json<OperationOutcome>().issue[0]?.diagnostics];
    };
    expect(await told(RESOLVED.id)).to.deep.equal([
      409,
      'it was settled by administrator as keep-a at 2026-11-23T13:00:00.000Z',
    ]);
    expect(await told(GONE.id)).to.deep.equal([
      409,
      'it ended by itself at 2026-11-23T13:00:00.000Z: one of the two was cancelled or moved at its platform',
    ]);
    const passed = { ...GONE, id: uuid(512), endedAt: parseInstant('2026-11-24T14:30:00Z') };
    served.world.conflicts.push(passed);
    expect(await told(passed.id)).to.deep.equal([
      409,
      'it ended by itself at 2026-11-24T14:30:00.000Z: its time has passed',
    ]);
    const how = async (id: string) =>
      (await served.request('GET', `/api/conflicts/${id}`)).json<{ endedHow: string | null }>().endedHow;
    expect([await how(passed.id), await how(GONE.id), await how(RESOLVED.id)]).to.deep.equal([
      'passed',
      'apart',
      null,
    ]);
    expect((await told(uuid(1)))[0]).to.equal(404);
    const reason = 'vendor takes no cancellations from outside: cancel the booking there by hand';
    served.world.resolveOutcome = { outcome: 'not-cancellable', reason: said(reason) };
    expect(await told(CONFLICT.id)).to.deep.equal([422, reason]);
  });

  it('knows no other', async () => {
    for (const id of [uuid(1), 'nothing', `${CONFLICT.id}x`, '%00']) {
      const { status, json } = await served.request('GET', `/api/conflicts/${id}`);
      expect([status, json().resourceType], id).to.deep.equal([404, 'OperationOutcome']);
    }
  });
});
