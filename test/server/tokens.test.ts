import { expect } from 'chai';
import type { OperationOutcome } from 'fhir/r4.js';
import { type Served, serve } from '../support/served-front.ts';

type Made = { id: string; name: string; token: string; status: string; scopes: string[]; createdBy: string };

describe('tokens over HTTP', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  const BODY = { name: 'portail', scopes: ['system/Slot.rs'], expiresInDays: 30 };
  const make = (body: object, authorization?: string) =>
    served.request('POST', '/api/tokens', {
      body,
      ...(authorization === undefined ? {} : { headers: { authorization: `Bearer ${authorization}` } }),
    });
  const made = async (change: object = {}) => (await make({ ...BODY, ...change })).json<never>() as Made;
  const slots = async (token: string) =>
    (await served.request('GET', '/fhir/Slot', { headers: { authorization: `Bearer ${token}` } })).status;

  it('are made, shown once, used, and revoked at once', async () => {
    const { token, id, ...rest } = await made();
    expect(token).to.match(/^passerelle_[A-Za-z0-9_-]{43}$/);
    expect([rest.status, rest.createdBy, rest.scopes]).to.deep.equal([
      'active',
      'administrator',
      ['system/Slot.rs'],
    ]);
    expect(await slots(token)).to.equal(200);
    const listed = await served.request('GET', '/api/tokens');
    expect(listed.text).to.contain(id).and.not.to.contain(token);
    expect((await served.request('POST', '/api/tokens/portail/revoke')).status).to.equal(200);
    expect(await slots(token)).to.equal(401);
    expect((await served.request('POST', `/api/tokens/${id}/revoke`)).status).to.equal(404);
  });

  it('end by themselves', async () => {
    const { token } = await made({ expiresInDays: 1 / 24 });
    served.ports.clock.now = (
      (before) => () =>
        (before() + 3_600_000) as ReturnType<typeof before>
    )(served.ports.clock.now);
    expect(await slots(token)).to.equal(401);
  });

  const wrong: [title: string, change: object, at: string][] = [
    ['no scope that exists', { scopes: ['system/Slot.everything'] }, 'scopes'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['an organization that is not here', { organization: 'elsewhere' }, 'organization'],
    ['no end', { expiresInDays: 401 }, 'expiresInDays'],
    ['a name that breaks lines', { name: 'a\nb' }, 'name'],
    ['another key', { admin: true }, ''],
  ];
  for (const [title, change, at] of wrong) {
    it(`are refused with ${title}`, async () => {
      const answer = await make({ ...BODY, ...change });
      expect(answer.status).to.equal(422);
      expect(answer.json<OperationOutcome>().issue[0]?.expression?.join() ?? '').to.contain(at);
    });
  }

  it('have one name each', async () => {
    await made();
    const answer = await make(BODY);
    expect([answer.status, answer.json<OperationOutcome>().issue[0]?.expression]).to.deep.equal([
      422,
      ['name'],
    ]);
  });

  it('can do no more than who makes them', async () => {
    const { token } = await made({ name: 'keeper', scopes: ['passerelle/administer', 'system/Slot.r'] });
    const ask = (scopes: string[]) => make({ ...BODY, name: 'child', scopes }, token);
    expect((await ask(['system/Slot.rs'])).status).to.equal(422);
    expect((await ask(['system/*.r'])).status).to.equal(422);
    expect((await ask(['passerelle/operate'])).status).to.equal(422);
    const child = await ask(['system/Slot.r']);
    expect(child.status).to.equal(201);
    expect((child.json<never>() as Made).createdBy).to.match(/^token:/);
  });
});
