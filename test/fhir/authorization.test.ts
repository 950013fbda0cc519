import { expect } from 'chai';
import type { Bundle, OperationOutcome } from 'fhir/r4.js';
import { hashOfToken } from '../../src/access/api-token.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import { appointmentRow, NOW, slotRow, uuid } from '../support/fake-ports.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { REST_HOOK } from '../support/rest-hook.ts';
import { type Init, type Served, serve } from '../support/served-front.ts';

/** What a request leads to besides its own type: what it includes, what it asks by a chain, what is in a Bundle of it. */
describe('authorization', () => {
  let served: Served;
  let count = 0;
  beforeEach(async () => {
    served = await serve();
    served.world.appointments.push(appointmentRow(900, slotRow(1), null));
  });
  afterEach(() => served.close());

  const ask = async (scopes: string, method: string, path: string, init: Init = {}) => {
    count += 1;
    const text = `passerelle_${String(count).padStart(43, '0')}`;
    const token = {
      id: uuid(count),
      name: `token ${count}`,
      scopes,
      organizationId: null,
      createdAt: NOW,
      createdBy: 'administrator',
      expiresAt: plus(NOW, DAY),
    };
    await served.ports.access.addApiToken(token, hashOfToken(text));
    const headers = { ...init.headers, authorization: `Bearer ${text}` };
    return served.request(method, `/fhir/${path}`, { ...init, headers });
  };
  const get = (scopes: string, path: string) => ask(scopes, 'GET', path);
  const typesIn = (bundle: Bundle): string[] => [
    ...new Set((bundle.entry ?? []).map(({ resource }) => resource?.resourceType ?? '')),
  ];
  const missing = (headers: Headers): string | undefined =>
    /scope="([^"]*)"/.exec(headers.get('www-authenticate') ?? '')?.[1];

  it('includes what may be read, and refuses what may not', async () => {
    const all = await get('system/Slot.s system/Schedule.r', 'Slot?_include=Slot:schedule');
    expect(typesIn(all.json<Bundle>())).to.deep.equal(['Slot', 'Schedule']);
    const some = await get('system/Slot.s system/Schedule.s', 'Slot?_include=Slot:schedule');
    expect([some.status, missing(some.headers)]).to.deep.equal([403, 'system/Schedule.r']);
    expect(some.json<OperationOutcome>().issue[0]?.expression).to.deep.equal(['http._include']);
  });

  it('leaves out what may not be read, where a reference may be to several types', async () => {
    const path = 'Slot?_include=Slot:schedule&_include:iterate=Schedule:actor';
    const both = await get('system/Slot.s system/Schedule.r system/*.r', path);
    expect(typesIn(both.json<Bundle>())).to.include.members(['Practitioner', 'Location']);
    const one = await get('system/Slot.s system/Schedule.r system/Location.r', path);
    expect(typesIn(one.json<Bundle>())).to.include('Location').and.not.to.include('Practitioner');
    const none = await get('system/Slot.s system/Schedule.r', path);
    expect(none.status).to.equal(403);
  });

  it('shows no bookings of slots by the way back', async () => {
    const refused = await get('system/Slot.rs', 'Slot?_revinclude=Appointment:slot');
    expect([refused.status, missing(refused.headers)]).to.deep.equal([403, 'system/Appointment.r']);
    const shown = await get('system/Slot.rs system/Appointment.r', 'Slot?_revinclude=Appointment:slot');
    expect(typesIn(shown.json<Bundle>())).to.include('Appointment');
  });

  it('asks by a chain only of what may be searched', async () => {
    const chained = 'Slot?schedule.actor:Practitioner.identifier=x';
    expect((await get('system/Slot.s system/Schedule.s system/Practitioner.s', chained)).status).to.equal(
      200,
    );
    for (const scopes of ['system/Slot.s', 'system/Slot.s system/Schedule.s', 'system/Slot.s system/*.r']) {
      expect((await get(scopes, chained)).status, scopes).to.equal(403);
    }
    const reverse = 'Schedule?_has:Slot:schedule:status=free';
    const refused = await get('system/Schedule.rs', reverse);
    expect([refused.status, missing(refused.headers)]).to.deep.equal([403, 'system/Slot.s']);
    expect((await get('system/Schedule.rs system/Slot.s', reverse)).status).to.equal(200);
  });

  it('creates only where it may also search, when there is to be none yet', async () => {
    const init = { body: bookingOf(uuid(1)), headers: { 'if-none-exist': 'identifier=urn:x|1' } };
    const refused = await ask('system/Appointment.c', 'POST', 'Appointment', init);
    expect([refused.status, missing(refused.headers)]).to.deep.equal([403, 'system/Appointment.s']);
    expect(served.world.booked).to.deep.equal([]);
  });

  it('judges each entry of a batch by itself, and a transaction as a whole', async () => {
    const bundle = (type: string, ...urls: string[]) => ({
      body: {
        resourceType: 'Bundle',
        type,
        entry: urls.map((url) => ({ request: { method: 'GET', url } })),
      },
    });
    const batch = await ask('system/Slot.s', 'POST', '', bundle('batch', 'Slot?_count=1', 'Appointment'));
    const statuses = batch.json<Bundle>().entry?.map(({ response }) => response?.status);
    expect(statuses).to.deep.equal(['200 OK', '403 Forbidden']);
    const removal = {
      body: {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ request: { method: 'DELETE', url: `Slot/${uuid(1)}` } }],
      },
    };
    const transaction = await ask('system/Slot.rs', 'POST', '', removal);
    expect([transaction.status, missing(transaction.headers)]).to.deep.equal([403, 'system/Slot.d']);
    expect(served.world.slotChanges).to.deep.equal([]);
  });

  it('tells nobody of changes that they may not see', async () => {
    const criteria = (text: string) => ({ body: { ...REST_HOOK, criteria: text } });
    const slots = 'system/Subscription.c system/Slot.rs';
    expect((await ask(slots, 'POST', 'Subscription', criteria('Slot?status=free'))).status).to.equal(201);
    const other = await ask(slots, 'POST', 'Subscription', criteria('Appointment?status=booked'));
    expect([other.status, missing(other.headers)]).to.deep.equal([
      403,
      'system/Appointment.s system/Appointment.r',
    ]);
  });
});
