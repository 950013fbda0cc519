import { expect } from 'chai';
import type { Appointment, CapabilityStatement, OperationOutcome } from 'fhir/r4.js';
import { MINUTE, parseInstant } from '../../src/domain/instant.ts';
import { appointmentRow, said, slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { type Served, serve } from '../support/served-front.ts';

describe('fhir: Slot/$hold', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  const hold = (slotId: string, body?: unknown) =>
    served.request('POST', `/fhir/Slot/${slotId}/$hold`, body === undefined ? {} : { body });
  const put = (body: { readonly id?: unknown; readonly [element: string]: unknown }) =>
    served.request('PUT', `/fhir/Appointment/${body.id}`, { body });
  const issueOf = (text: string) => (JSON.parse(text) as OperationOutcome).issue[0];
  const minutes = (valueDuration: object) => ({
    resourceType: 'Parameters',
    parameter: [{ name: 'duration', valueDuration }],
  });

  it('answers 201 with the pending appointment that the slot is held as', async () => {
    const { status, headers, json } = await hold(uuid(1));
    const appointment = json<Appointment>();
    expect(status).to.equal(201);
    expect(headers.get('location')).to.equal(`${served.url}/fhir/Appointment/${appointment.id}`);
    expect(appointment).to.include({ resourceType: 'Appointment', status: 'pending' });
    expect(faultsOf(appointment)).to.deep.equal([]);
    expect(served.world.held).to.deep.equal([{ slotId: uuid(1), milliseconds: 5 * MINUTE }]);
  });

  it('holds for as long as is asked, up to half an hour', async () => {
    expect((await hold(uuid(1), minutes({ value: 30, code: 'min' }))).status).to.equal(201);
    const body = { resourceType: 'Parameters' };
    expect((await hold(uuid(2), body)).status).to.equal(201);
    expect(served.world.held.map(({ milliseconds }) => milliseconds)).to.deep.equal([
      30 * MINUTE,
      5 * MINUTE,
    ]);
  });

  it('holds no longer than the schedule allows', async () => {
    const { status, text } = await hold(uuid(1), minutes({ value: 31, code: 'min' }));
    expect(status).to.equal(422);
    expect(issueOf(text)).to.deep.include({
      diagnostics: 'a slot of this schedule is held for 30 minutes at the most',
      expression: ["Parameters.parameter.where(name='duration').value"],
    });
    expect(served.world.held).to.deep.equal([]);
  });

  const WRONG: readonly (readonly [title: string, body: unknown])[] = [
    ['no time at all', minutes({ value: 0, code: 'min' })],
    ['in hours', minutes({ value: 1, code: 'h' })],
    ['another parameter', { resourceType: 'Parameters', parameter: [{ name: 'patient', valueString: 'x' }] }],
    ['no Parameters', { resourceType: 'Appointment' }],
    ['null', null],
  ];
  for (const [title, body] of WRONG) {
    it(`refuses what it does not understand: ${title}`, async () => {
      const { status, text } = await hold(uuid(1), body);
      expect(status).to.equal(422);
      expect(issueOf(text)?.diagnostics).to.contain('duration in minutes');
      expect(served.world.held).to.deep.equal([]);
    });
  }

  it('refuses a slot that is not there, or not free', async () => {
    expect((await hold(uuid(999))).status).to.equal(422);
    expect((await hold('no-uuid')).status).to.equal(422);
    await served.request('POST', '/fhir/Appointment', { body: bookingOf(uuid(1)) });
    const { status, text } = await hold(uuid(1));
    expect(status).to.equal(409);
    expect(issueOf(text)).to.include({ code: 'conflict' });
  });

  it('says when to try again where the platform does not answer', async () => {
    served.world.holdOutcome = { outcome: 'unavailable', reason: said('vendor does not answer at present') };
    const { status, headers } = await hold(uuid(1));
    expect([status, headers.get('retry-after')]).to.deep.equal([503, '30']);
  });

  it('says from when on a slot may be held that is not released yet', async () => {
    served.world.holdOutcome = { outcome: 'not-released', from: parseInstant('2026-11-24T05:00:00Z') };
    const { status, text } = await hold(uuid(1));
    expect(status).to.equal(409);
    expect(issueOf(text)?.diagnostics).to.contain('2026-11-24T00:00:00-05:00');
  });

  it('is booked under its own id by PUT, for the patient who comes', async () => {
    const held = (await hold(uuid(1))).json<Appointment>();
    await put({ ...bookingOf(uuid(1)), id: held.id, comment: 'Fauteuil roulant' });
    const [command] = served.world.booked;
    expect(command).to.include({ holdId: held.id, comment: 'Fauteuil roulant' });
    expect(command?.slot.id).to.equal(uuid(1));
    expect(command?.patient).to.include({ family: 'Fictif' });
  });

  it('is not booked on another slot, or at another time', async () => {
    const held = (await hold(uuid(1))).json<Appointment>();
    served.world.moveOutcome = { outcome: 'not-movable', reason: said('it is only held') };
    const third = appointmentRow(0, slotRow(3), null).document;
    const { status, text } = await put({ ...JSON.parse(`${third}}`), status: 'booked', id: held.id });
    expect([status, issueOf(text)?.expression?.[0]]).to.deep.equal([422, 'Appointment.slot']);
    expect(served.world.booked).to.deep.equal([]);
  });

  it('is given back by PUT with status cancelled', async () => {
    const held = (await hold(uuid(1))).json<Appointment>();
    expect((await put({ ...held, status: 'cancelled' as const })).status).to.equal(200);
    expect(served.world.cancelled).to.deep.equal([held.id]);
  });

  it('is called by POST only, and declared', async () => {
    expect((await served.request('POST', `/fhir/Slot/${uuid(1)}/$book`, {})).status).to.equal(404);
    expect((await served.request('POST', `/fhir/Slot/${uuid(1)}/$constructor`, {})).status).to.equal(404);
    expect((await served.request('GET', `/fhir/Slot/${uuid(1)}/$hold`, {})).status).to.equal(405);
    const { json } = await served.request('GET', '/fhir/metadata', {});
    const slot = json<CapabilityStatement>().rest?.[0]?.resource?.find(({ type }) => type === 'Slot');
    expect(slot?.operation?.map(({ name }) => name)).to.include('hold');
  });
});
