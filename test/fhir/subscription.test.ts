import { expect } from 'chai';
import type { Bundle, OperationOutcome, Subscription } from 'fhir/r4.js';
import { EXTENSION } from '../../mappings/fhir/canonical.ts';
import type { Trouble } from '../../src/engine/ports/subscriptions.ts';
import { NOW, uuid } from '../support/fake-ports.ts';
import { fakeSecrets } from '../support/fake-subscriptions.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { REST_HOOK, subscriptionOf } from '../support/rest-hook.ts';
import { type Answered, resourcesOf, type Served, serve } from '../support/served-front.ts';

const PATH = '/fhir/Subscription';
const CLIENT_TOKEN = 'Bearer a-token-of-nobody';

type Channel = Subscription['channel'];
const rest = (channel: Partial<Channel>, more: object = {}) => ({
  ...REST_HOOK,
  ...more,
  channel: { ...REST_HOOK.channel, ...channel },
});

const secretIn = (subscription: Subscription): string | undefined =>
  subscription.channel.extension?.find(({ url }) => url === EXTENSION.webhookSecret)?.valueString;

describe('fhir: a subscription', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  const post = (body: unknown): Promise<Answered> => served.request('POST', PATH, { body });
  const put = (id: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> =>
    served.request('PUT', `${PATH}/${id}`, { body, headers });
  const created = async (body: unknown = REST_HOOK): Promise<Subscription> => {
    const answer = await post(body);
    expect(answer.status, answer.text).to.equal(201);
    return answer.json<Subscription>();
  };
  const secretsOf = (index = 0) =>
    fakeSecrets.open(served.world.subscriptions[index]?.sealed ?? new Uint8Array());
  const valid = (resource: unknown): void => expect(faultsOf(resource)).to.deep.equal([]) as never;

  it('is created, becomes active, and gives its secret once', async () => {
    const answer = await post(rest({}, { contact: [{ system: 'phone', value: 'poste 4123' }] }));
    expect(answer.status, answer.text).to.equal(201);
    const made = answer.json<Subscription>();
    valid(made);
    expect(answer.headers.get('location')).to.equal(`${served.url}${PATH}/${made.id}`);
    expect(answer.headers.get('etag')).to.equal(`W/"${made.meta?.versionId}"`);
    expect(made).to.deep.include({
      status: 'active',
      criteria: REST_HOOK.criteria,
      reason: 'un essai',
      contact: [{ system: 'phone', value: 'poste 4123' }],
    });
    const secret = secretIn(made) ?? '';
    expect(secret).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(secret.slice(6), 'base64')).to.have.length(32);
    expect(secretsOf()).to.deep.equal({
      secret,
      headers: [{ name: 'Authorization', value: CLIENT_TOKEN }],
    });
    expect(served.world.subscriptions[0]).to.include({ resourceType: 'Slot', base: `${served.url}/fhir` });

    const read = (await served.request('GET', `${PATH}/${made.id}`)).json<Subscription>();
    valid(read);
    expect(read.channel).to.deep.equal({
      type: 'rest-hook',
      endpoint: REST_HOOK.channel.endpoint,
      payload: 'application/fhir+json',
      header: ['Authorization: ********'],
    });
  });

  it('shows nobody its secret and its headers, and logs neither', async () => {
    const made = await created();
    const secret = secretIn(made) ?? '';
    const answers = [
      await served.request('GET', `${PATH}/${made.id}`),
      await served.request('GET', PATH),
      await put(made.id ?? '', { ...REST_HOOK, id: made.id }),
      await put(made.id ?? '', { ...REST_HOOK, id: made.id, criteria: 'Nothing' }),
      await post({ ...REST_HOOK, channel: { ...REST_HOOK.channel, header: [`Host: ${CLIENT_TOKEN}`] } }),
      await served.request('DELETE', `${PATH}/${made.id}`),
    ];
    for (const { text } of answers) expect(text).to.not.contain(secret).and.not.contain('a-token-of-nobody');
    expect(JSON.stringify(served.log)).to.not.contain(secret).and.not.contain('a-token-of-nobody');
  });

  it('may begin off, and without a payload, headers and an end', async () => {
    const made = await created({
      ...REST_HOOK,
      status: 'off',
      channel: { type: 'rest-hook', endpoint: 'https://a.example' },
    });
    valid(made);
    expect(made.status).to.equal('off');
    expect(made.channel).to.have.keys('extension', 'type', 'endpoint');
    const ending = await created({ ...REST_HOOK, end: '2026-12-24T18:00:00-05:00' });
    valid(ending);
    expect(ending.end).to.equal('2026-12-24T23:00:00.000Z');
  });

  const refused: Readonly<Record<string, readonly [body: object, expression: string]>> = {
    'that says itself that it is active': [{ ...REST_HOOK, status: 'active' }, 'Subscription.status'],
    'without a reason': [{ ...REST_HOOK, reason: undefined }, 'Subscription.reason'],
    'with an end that is no instant': [{ ...REST_HOOK, end: '2026-12-24' }, 'Subscription.end'],
    'by another channel': [rest({ type: 'websocket' }), 'Subscription.channel.type'],
    'in XML': [rest({ payload: 'application/fhir+xml' }), 'Subscription.channel.payload'],
    'without a target': [{ ...REST_HOOK, channel: { type: 'rest-hook' } }, 'Subscription.channel.endpoint'],
    'with a relative target': [rest({ endpoint: '/hook' }), 'Subscription.channel.endpoint'],
    'with a target that is no web address': [
      rest({ endpoint: 'ftp://a.example/' }),
      'Subscription.channel.endpoint',
    ],
    'with a user in the address': [
      rest({ endpoint: 'https://u:p@a.example/' }),
      'Subscription.channel.endpoint',
    ],
    'with a fragment in the address': [
      rest({ endpoint: 'https://a.example/#x' }),
      'Subscription.channel.endpoint',
    ],
    'with a header that is none': [rest({ header: ['Authorization'] }), 'Subscription.channel.header[0]'],
    'with a header of two lines': [
      rest({ header: ['A: x', 'X-Key: y\r\nHost: internal'] }),
      'Subscription.channel.header[1]',
    ],
    'with a header of ours': [rest({ header: ['Webhook-Id: 1'] }), 'Subscription.channel.header[0]'],
    'with a header twice': [rest({ header: ['A: 1', 'a: 2'] }), 'Subscription.channel.header'],
    'with a value that is known to nobody': [
      rest({ header: ['Authorization: ********'] }),
      'Subscription.channel.header[0]',
    ],
    'with modifier extensions': [
      { ...REST_HOOK, modifierExtension: [{ url: 'urn:x', valueBoolean: true }] },
      'Subscription.modifierExtension',
    ],
    'for another type': [{ ...REST_HOOK, criteria: 'Patient?name=x' }, 'Subscription.criteria'],
    'for no search': [{ ...REST_HOOK, criteria: '/Slot?status=free' }, 'Subscription.criteria'],
    'for a parameter that is not known': [
      { ...REST_HOOK, criteria: 'Slot?speciality=x' },
      'Subscription.criteria',
    ],
    'for a value that is none': [{ ...REST_HOOK, criteria: 'Slot?start=soon' }, 'Subscription.criteria'],
    'for a status that is none': [
      { ...REST_HOOK, criteria: 'Appointment?status=taken' },
      'Subscription.criteria',
    ],
    'for pages': [{ ...REST_HOOK, criteria: 'Slot?_count=5' }, 'Subscription.criteria'],
    'for an order': [{ ...REST_HOOK, criteria: 'Slot?_sort=start' }, 'Subscription.criteria'],
    'for what is included': [
      { ...REST_HOOK, criteria: 'Slot?_include=Slot:schedule' },
      'Subscription.criteria',
    ],
    'for a total': [{ ...REST_HOOK, criteria: 'Slot?_summary=count' }, 'Subscription.criteria'],
    'for a patient': [
      { ...REST_HOOK, criteria: 'Appointment?patient:identifier=TREM00010112' },
      'Subscription.criteria',
    ],
    'for a patient as an actor': [
      { ...REST_HOOK, criteria: 'Appointment?actor=Patient/1' },
      'Subscription.criteria',
    ],
  };
  for (const [what, [body, expression]] of Object.entries(refused)) {
    it(`is refused ${what}, and nothing is kept`, async () => {
      const answer = await post(body);
      expect(answer.status, answer.text).to.equal(422);
      const outcome = answer.json<OperationOutcome>();
      valid(outcome);
      expect(outcome.issue[0]?.expression).to.deep.equal([expression]);
      expect(answer.text).to.not.contain('TREM00010112').and.not.contain('a-token-of-nobody');
      expect(served.world.subscriptions).to.deep.equal([]);
    });
  }

  for (const criteria of [
    'Slot',
    'Slot?',
    'Slot?status=free&start=ge2026-11-24&start=lt2026-12-01',
    'Slot?_id=x&stale=include',
    'Appointment?practitioner=gagnon&status=booked,cancelled',
  ]) {
    it(`may be for ${criteria}`, async () => {
      expect((await created({ ...REST_HOOK, criteria })).criteria).to.equal(criteria);
    });
  }

  for (const problem of ['forbidden-address', 'not-https', 'unknown-host'] as const) {
    it(`is refused with a target that may not be called: ${problem}`, async () => {
      served.world.targetProblem = problem;
      const answer = await post(REST_HOOK);
      expect(answer.status).to.equal(422);
      const [issue] = answer.json<OperationOutcome>().issue;
      expect(issue).to.deep.include({
        code: 'business-rule',
        expression: ['Subscription.channel.endpoint'],
      });
    });
  }

  it('is changed as a whole, but for what it keeps to itself', async () => {
    const { id = '', ...made } = await created();
    const before = secretsOf();
    const read = (await served.request('GET', `${PATH}/${id}`)).json<Subscription>();
    const { payload: _none, ...channel } = read.channel;
    const answer = await put(id, { ...read, status: 'requested', criteria: 'Appointment', channel });
    expect(answer.status, answer.text).to.equal(200);
    const changed = answer.json<Subscription>();
    valid(changed);
    expect(secretIn(changed)).to.equal(undefined);
    expect(changed).to.include({ status: 'active', criteria: 'Appointment' });
    expect(changed.channel).to.not.have.property('payload');
    expect(Number(changed.meta?.versionId)).to.be.greaterThan(Number(made.meta?.versionId));
    expect(served.world.subscriptions[0]?.resourceType).to.equal('Appointment');
    expect(secretsOf()).to.deep.equal(before);

    const { header: _gone, ...bare } = channel;
    expect((await put(id, { ...read, status: 'off', channel: bare })).json<Subscription>().status).to.equal(
      'off',
    );
    expect(secretsOf()).to.deep.equal({ secret: before?.secret, headers: [] });
    const again = (await put(id, { ...REST_HOOK, id })).json<Subscription>();
    expect(again.status).to.equal('active');
  });

  it('does not send what it keeps to another target', async () => {
    const { id = '' } = await created();
    const elsewhere = { endpoint: 'https://elsewhere.example/', header: ['Authorization: ********'] };
    const answer = await put(id, { ...rest(elsewhere), id });
    expect(answer.status).to.equal(422);
    expect(answer.json<OperationOutcome>().issue[0]?.expression).to.deep.equal([
      'Subscription.channel.header[0]',
    ]);
    expect(served.world.subscriptions[0]?.endpoint).to.equal(REST_HOOK.channel.endpoint);
  });

  it('is changed only if it is what the client saw', async () => {
    const { id = '', meta } = await created();
    const stale = await put(id, { ...REST_HOOK, id }, { 'if-match': 'W/"1"' });
    expect(stale.status).to.equal(412);
    const fresh = await put(id, { ...REST_HOOK, id }, { 'if-match': `W/"${meta?.versionId}"` });
    expect(fresh.status).to.equal(200);
    expect((await put(uuid(9), { ...REST_HOOK, id: uuid(9) })).status).to.equal(404);
    expect((await put(id, { ...REST_HOOK, id: uuid(9) })).status).to.equal(400);
    expect((await put(id, { ...REST_HOOK, id, criteria: 'Nothing' })).status).to.equal(422);
  });

  it('gets another secret where its own was sealed with a key that is lost', async () => {
    served.world.subscriptions = [{ ...subscriptionOf(1), sealed: Buffer.alloc(64) }];
    const id = uuid(0x501);
    const changed = (await put(id, { ...REST_HOOK, id })).json<Subscription>();
    expect(secretIn(changed))
      .to.equal(secretsOf()?.secret)
      .and.match(/^whsec_/);
  });

  it('is deleted, once', async () => {
    const { id } = await created();
    const answer = await served.request('DELETE', `${PATH}/${id}`);
    expect([answer.status, answer.text]).to.deep.equal([204, '']);
    expect((await served.request('DELETE', `${PATH}/${id}`)).status).to.equal(404);
    expect((await served.request('GET', `${PATH}/${id}`)).status).to.equal(404);
    expect((await served.request('DELETE', `${PATH}/nothing`)).status).to.equal(404);
  });

  it('says why it could not be told, in both languages', async () => {
    const troubles: Trouble[] = [
      { kind: 'status', status: 503 },
      { kind: 'unreachable', code: 'ECONNREFUSED' },
      { kind: 'gone' },
      { kind: 'redirect' },
      { kind: 'timeout' },
      { kind: 'forbidden-address' },
      { kind: 'backlog' },
      { kind: 'owner' },
      { kind: 'criteria' },
      { kind: 'sealed' },
    ];
    for (const trouble of troubles) {
      served.world.subscriptions = [subscriptionOf(1, { status: 'error', trouble, failingSince: NOW })];
      const read = (await served.request('GET', `${PATH}/${uuid(0x501)}`)).json<Subscription>();
      valid(read);
      expect(read.status).to.equal('error');
      expect(read.error).to.be.a('string').and.not.equal('');
      expect(JSON.stringify(read._error)).to.contain('"valueCode":"en"');
    }
  });

  const searches: readonly (readonly [query: string, found: number[]])[] = [
    ['', [1, 2, 3]],
    ['_sort=-_id', [3, 2, 1]],
    ['status=active', [1]],
    ['status=active,error', [1, 2]],
    ['type=rest-hook', [1, 2, 3]],
    ['type=email', []],
    ['payload=application/json', [2]],
    ['url=https://b.example/?a,b', [2]],
    ['url=https://b.example', []],
    ['criteria=appointment', [3]],
    [`_id=${uuid(0x501)},${uuid(0x503)}`, [1, 3]],
  ];
  for (const [query, found] of searches) {
    it(`is found by ${query || 'nothing in particular'}`, async () => {
      served.world.subscriptions = [
        subscriptionOf(3, { status: 'off', criteria: 'Appointment?status=booked' }),
        subscriptionOf(2, {
          status: 'error',
          payload: 'application/json',
          endpoint: 'https://b.example/?a,b',
        }),
        subscriptionOf(1),
      ];
      const bundle = (await served.request('GET', `${PATH}?${query}`)).json<Bundle>();
      valid(bundle);
      expect(bundle.total).to.equal(found.length);
      expect(resourcesOf(bundle).map(({ id }) => id)).to.deep.equal(found.map((n) => uuid(0x500 + n)));
    });
  }

  it('is given in pages', async () => {
    served.world.subscriptions = [1, 2, 3].map((n) => subscriptionOf(n));
    for (const [query, order] of [
      ['_count=2', [1, 2, 3]],
      ['_count=2&_sort=-_id', [3, 2, 1]],
    ] as const) {
      const first = (await served.request('GET', `${PATH}?${query}`)).json<Bundle>();
      const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? '';
      const second = (await served.request('GET', next.slice(served.url.length))).json<Bundle>();
      expect([...resourcesOf(first), ...resourcesOf(second)].map(({ id }) => id)).to.deep.equal(
        order.map((n) => uuid(0x500 + n)),
      );
    }
  });
});
