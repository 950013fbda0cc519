import { expect } from 'chai';
import type { Appointment, Bundle, BundleEntry, OperationOutcome } from 'fhir/r4.js';
import { r4Definitions } from '../../mappings/fhir/validation/definitions.ts';
import { unknownElements } from '../../mappings/fhir/validation/unknown.ts';
import { r4Tables } from '../../src/system/mappings.ts';
import { uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf, PATIENT } from '../support/incoming-appointment.ts';
import { RICH_APPOINTMENT, RICH_SLOT } from '../support/r4-samples.ts';
import { REST_HOOK } from '../support/rest-hook.ts';
import { type Served, serve } from '../support/served-front.ts';

describe('validation: elements that R4 does not have', () => {
  const r4 = r4Definitions({ ...r4Tables(), ours: [] });
  const placesIn = (resource: { readonly resourceType: string }): string[] =>
    unknownElements({ ...resource }, resource.resourceType, r4).map(
      ({ expression, message }) => `${expression}: ${/element (\S+)/.exec(message.en)?.[1]}`,
    );

  it('are none in what R4 has, extensions and all', () => {
    for (const resource of [RICH_SLOT, RICH_APPOINTMENT, bookingOf(uuid(1)), REST_HOOK]) {
      expect(placesIn(resource), resource.resourceType).to.deep.equal([]);
    }
  });

  it('are found wherever they are, and nothing else is', () => {
    const booking = {
      ...bookingOf(uuid(1)),
      slots: [],
      status: 7,
      _status: { extension: [{ url: 'urn:x', value: 1 }] },
      participant: [{ actor: { referense: 'x', identifier: { sytem: 'x' } } }, null],
      contained: [
        { ...PATIENT, phone: '555' },
        { resourceType: 'Nothing', x: 1 },
      ],
      extension: [{ url: 'urn:x', extension: [{ url: 'y', valueString: 'x', valeu: 'x' }] }],
      '<b>': 1,
    };
    expect(placesIn(booking)).to.have.members([
      'Appointment: slots',
      'Appointment: …',
      'Appointment.status.extension[0]: value',
      'Appointment.participant[0].actor: referense',
      'Appointment.participant[0].actor.identifier: sytem',
      'Appointment.contained[0]: phone',
      'Appointment.extension[0].extension[0]: valeu',
    ]);
  });

  it('are looked for no deeper, and told no more often, than anybody reads', () => {
    let deep: unknown = { url: 'x' };
    for (let level = 0; level < 5_000; level += 1) deep = { url: 'x', extension: [deep] };
    expect(placesIn({ ...bookingOf(uuid(1)), ...{ extension: [deep] } })).to.deep.equal([]);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`x${n}`, n]));
    expect(placesIn({ ...bookingOf(uuid(1)), ...many })).to.have.length(100);
  });
});

describe('fhir: what is written has no element that R4 does not have', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  const ask = (method: string, path: string, body: unknown, prefer = '') =>
    served.request(method, `/fhir/${path}`, { body, headers: { prefer } });
  const TYPO = { ...bookingOf(uuid(1)), coment: 'Fauteuil roulant' };

  it('else it is refused, and nothing is booked', async () => {
    const { status, text, json } = await ask('POST', 'Appointment', TYPO);
    expect(status, text).to.equal(422);
    expect(faultsOf(json())).to.deep.equal([]);
    const [issue, ...more] = json<OperationOutcome>().issue;
    expect(more).to.deep.equal([]);
    expect(issue).to.deep.include({ code: 'structure', expression: ['Appointment'] });
    expect(issue?.diagnostics).to.contain('coment').and.not.contain('Fauteuil');
    expect(served.world.booked).to.deep.equal([]);
  });

  it('unless its client asks for lenient handling', async () => {
    expect((await ask('POST', 'Appointment', TYPO, 'return=minimal, handling=lenient')).status).to.equal(201);
    const strict = await ask('POST', 'Appointment', TYPO, 'handling=strict');
    expect(strict.status).to.equal(422);
  });

  it('nor does what is changed, or subscribed to; what was read passes, with an extension of anybody’s', async () => {
    const extension = [{ url: 'https://portal.example/fhir/colour', valueCode: 'red' }];
    const booked = await ask('POST', 'Appointment', { ...bookingOf(uuid(1)), extension });
    expect(booked.status, booked.text).to.equal(201);
    const created = booked.json<Appointment>();
    const path = `Appointment/${created.id}`;
    expect((await ask('PUT', path, { ...created, staus: 'cancelled' })).status).to.equal(422);
    expect((await ask('PUT', path, created)).status).to.equal(200);
    const subscribed = await ask('POST', 'Subscription', { ...REST_HOOK, chanel: {} });
    expect([subscribed.status, subscribed.text.includes('chanel')]).to.deep.equal([422, true]);
  });

  it('nor do the parameters of an operation that books', async () => {
    const parameter = [{ name: 'appointment-resource', resource: TYPO }];
    const body = { resourceType: 'Parameters', parameter };
    const { status, json } = await ask('POST', 'Appointment/$book', body);
    expect(status).to.equal(422);
    const [issue] = json<OperationOutcome>().issue;
    expect(issue?.expression).to.deep.equal(['Parameters.parameter[0].resource']);
    expect(served.world.booked).to.deep.equal([]);
    expect((await ask('POST', 'Appointment/$book', body, 'handling=lenient')).status).to.be.oneOf([200, 201]);
  });

  it('in a batch either, where lenient handling holds for all of it', async () => {
    const entry = [
      { request: { method: 'POST', url: 'Appointment' }, resource: TYPO },
    ] as unknown as BundleEntry[];
    const statusOf = async (prefer: string) => {
      const answer = await ask('POST', '', { resourceType: 'Bundle', type: 'batch', entry }, prefer);
      return answer.json<Bundle>().entry?.[0]?.response?.status;
    };
    expect(await statusOf('')).to.equal('422 Unprocessable Entity');
    expect(await statusOf('handling=lenient')).to.equal('201 Created');
  });
});
