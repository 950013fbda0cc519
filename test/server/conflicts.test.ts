import { expect } from 'chai';
import type { OperationOutcome } from 'fhir/r4.js';
import { CONFLICT, NOW, uuid } from '../support/fake-ports.ts';
import { type Served, serve } from '../support/served-front.ts';

type Listed = { readonly conflicts: { readonly id: string }[]; readonly complete: boolean };

const RESOLVED = {
  ...CONFLICT,
  id: uuid(510),
  settlement: { resolution: 'keep-a', by: 'admin', at: NOW },
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
      schedule: 'agenda-tremblay',
      timeZone: 'America/Toronto',
      start: '2026-11-24T14:10:00.000Z',
      end: '2026-11-24T14:20:00.000Z',
      bookings: {
        a: {
          appointment: uuid(501),
          connection: 'vendor',
          schedule: 'agenda-tremblay',
          start: '2026-11-24T14:00:00.000Z',
          end: '2026-11-24T14:20:00.000Z',
          holdsLock: true,
        },
        b: {
          appointment: uuid(502),
          connection: 'public',
          schedule: 'agenda-tremblay',
          start: '2026-11-24T14:10:00.000Z',
          end: '2026-11-24T14:30:00.000Z',
          holdsLock: false,
        },
      },
      resolution: null,
      endedAt: null,
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
      resolution: { resolution: 'keep-a', by: 'admin', at: '2026-11-23T13:00:00.000Z' },
      endedAt: '2026-11-23T13:00:00.000Z',
    });
  });

  it('knows no other', async () => {
    for (const id of [uuid(1), 'nothing', `${CONFLICT.id}x`, '%00']) {
      const { status, json } = await served.request('GET', `/api/conflicts/${id}`);
      expect([status, json().resourceType], id).to.deep.equal([404, 'OperationOutcome']);
    }
  });
});
