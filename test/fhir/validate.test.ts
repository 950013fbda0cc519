import { expect } from 'chai';
import fc from 'fast-check';
import type { Appointment, OperationOutcome, Slot } from 'fhir/r4.js';
import { PROFILE } from '../../mappings/fhir/canonical.ts';
import { appointmentRow, slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { mutated } from '../support/mutations.ts';
import { RICH_APPOINTMENT, RICH_SLOT, SERVED_SLOT } from '../support/r4-samples.ts';
import { type Answered, type Served, serve } from '../support/served-front.ts';

const R4 = 'http://hl7.org/fhir/StructureDefinition/';

describe('fhir: $validate', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> =>
    served.request('POST', `/fhir/${path}`, { body, headers });
  const inParameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
  /** As `severity code expression`. */
  const told = ({ status, text, json }: Answered): string[] => {
    expect(status, text).to.equal(200);
    expect(faultsOf(json())).to.deep.equal([]);
    return json<OperationOutcome>().issue.map(({ severity, code, expression = [] }) =>
      [severity, code, ...expression].join(' '),
    );
  };
  const ALL_OK = ['information informational'];

  it('says that all is well, in the caller’s language and the other one', async () => {
    const answer = await post('Slot/$validate', RICH_SLOT);
    expect(told(answer)[0]).to.equal(ALL_OK[0]);
    const [issue] = answer.json<OperationOutcome>().issue;
    expect(issue?.details?.text).to.equal('All OK');
    const french = await post('Slot/$validate', RICH_SLOT, { 'accept-language': 'fr' });
    expect(french.json<OperationOutcome>().issue[0]?.diagnostics).to.equal('Tout est correct');
    expect(french.text).to.contain('All OK');
  });

  it('takes the resource itself, or Parameters, with the rest in the query or beside it', async () => {
    const { meta: _, ...slot } = RICH_SLOT;
    expect(told(await post('Slot/$validate', slot))).to.deep.equal(ALL_OK);
    expect(
      told(await post('Slot/$validate', inParameters({ name: 'resource', resource: slot }))),
    ).to.deep.equal(ALL_OK);
    const beside = inParameters(
      { name: 'profile', valueUri: PROFILE.Slot },
      { name: 'resource', resource: SERVED_SLOT },
    );
    expect(told(await post('Slot/$validate', beside))).to.deep.equal(ALL_OK);
    expect(told(await post(`Slot/$validate?profile=${PROFILE.Slot}`, SERVED_SLOT))).to.deep.equal(ALL_OK);
    expect(told(await post(`Slot/${uuid(1)}/$validate`, slot))).to.deep.equal(ALL_OK);
    const read = await served.request(
      'GET',
      `/fhir/Slot/${uuid(3)}/$validate?mode=profile&profile=${PROFILE.Slot}`,
    );
    expect(told(read)).to.deep.equal(ALL_OK);
  });

  it('answers 200 with what is wrong with a resource that is not valid R4, in both languages', async () => {
    const broken = { ...bookingOf(uuid(1)), status: 'taken', colour: 'red' };
    const answer = await post('Appointment/$validate?mode=create', broken);
    expect(told(answer)).to.deep.equal([
      'error code-invalid Appointment.status',
      'error structure Appointment',
    ]);
    const french = await post('Appointment/$validate', broken, { 'accept-language': 'fr' });
    expect(french.text).to.contain('il n’y a pas d’élément colour ici').and.to.contain('Ressource invalide');
  });

  it('takes any valid R4 appointment, also one that could not be booked here', async () => {
    const kept = {
      ...bookingOf(uuid(1)),
      contained: undefined,
      participant: [{ actor: { reference: 'Patient/1' }, status: 'accepted' }],
    };
    for (const body of [RICH_APPOINTMENT, kept]) {
      const issues = told(await post('Appointment/$validate', body));
      expect(issues.filter((each) => !each.startsWith('information'))).to.deep.equal([]);
    }
    expect(served.world.booked).to.deep.equal([]);
  });

  it('says with mode create what this server would not book, as warnings, and books nothing', async () => {
    const create = async (body: object) => told(await post('Appointment/$validate?mode=create', body));
    expect(await create(bookingOf(uuid(1)))).to.deep.equal(ALL_OK);
    const slot = [{ reference: `Slot/${uuid(1)}` }, { reference: `Slot/${uuid(2)}` }];
    expect(await create({ ...bookingOf(uuid(1)), slot })).to.deep.equal([
      'warning not-supported Appointment.slot',
    ]);
    expect(await create({ ...bookingOf(uuid(1)), status: 'fulfilled' })).to.deep.equal([
      'warning business-rule Appointment.status',
    ]);
    expect(await create(bookingOf(uuid(999)))).to.deep.equal(['warning not-found Appointment.slot']);
    expect(await create({ ...bookingOf(uuid(1)), start: '2026-11-24T08:00:00-05:00' })).to.deep.equal([
      'warning business-rule Appointment.start',
    ]);
    served.world.slots = served.world.slots.map((row) => ({ ...row, status: 'busy' }));
    expect(await create(bookingOf(uuid(1)))).to.deep.equal(['warning conflict Appointment.slot']);
    expect(served.world.booked).to.deep.equal([]);
  });

  it('says with mode update what this server would not change', async () => {
    const { json } = await post('Appointment', bookingOf(uuid(1)));
    const booked = json<Appointment>();
    const update = async (body: object, id = booked.id) =>
      told(await post(`Appointment/${id}/$validate?mode=update`, body));
    expect(await update({ ...booked, status: 'cancelled' })).to.deep.equal(ALL_OK);
    expect(await update({ ...booked, comment: 'autre' })).to.deep.equal([
      'warning not-supported Appointment.comment',
    ]);
    expect(await update({ ...booked, id: 'x' })).to.deep.equal(['warning invalid Appointment.id']);
    expect(await update({ ...booked, start: undefined })).to.deep.equal([
      'error invariant Appointment',
      'error invariant Appointment',
    ]);
    const there = JSON.parse(`${appointmentRow(0, slotRow(3), null).document}}`) as Appointment;
    const { start, end, slot } = there;
    const moved = { ...booked, ...{ start, end, slot } };
    expect(await update(moved)).to.deep.equal(ALL_OK);
    expect(await update({ ...moved, slot: booked.slot })).to.deep.equal([
      'warning business-rule Appointment.start',
      'warning business-rule Appointment.end',
    ]);
    served.world.slots = served.world.slots.map((row) => ({ ...row, status: 'busy' }));
    expect(await update(moved)).to.deep.equal(['warning conflict Appointment.slot']);
    expect([served.world.cancelled, served.world.moved]).to.deep.equal([[], []]);
  });

  it('says of a slot whether it would be put on offer, changed or withdrawn, after what is wrong with it', async () => {
    const ours = { ...SERVED_SLOT, resourceType: 'Slot' };
    const create = async (body: object) => told(await post('Slot/$validate?mode=create', body));
    expect(await create(ours)).to.deep.equal(ALL_OK);
    expect(await create({ ...ours, comment: 'À jeun' })).to.deep.equal([
      'warning not-supported Slot.comment',
    ]);
    const path = `Slot/${uuid(1)}/$validate`;
    expect(told(await post(`${path}?mode=update`, { ...ours, id: uuid(1) }))).to.deep.equal(ALL_OK);
    expect(told(await served.request('GET', `/fhir/${path}?mode=delete`))).to.deep.equal(ALL_OK);
    served.world.offeringRefusal = { refusal: 'taken', status: 'busy' };
    expect(await create(ours)).to.deep.equal(['warning conflict Slot.status']);
    expect(told(await served.request('GET', `/fhir/${path}?mode=delete`))).to.deep.equal([
      'warning conflict Slot.status',
    ]);
    expect(served.world.slotChanges).to.deep.equal([]);
  });

  it('says with mode delete that an appointment is not deleted', async () => {
    const { json } = await post(`Slot/${uuid(1)}/$hold`, undefined);
    const answer = await served.request(
      'GET',
      `/fhir/Appointment/${json<Appointment>().id}/$validate?mode=delete`,
    );
    expect(told(answer)).to.deep.equal(['error not-supported']);
  });

  it('finds with mode profile whether what is here conforms', async () => {
    const { json } = await post(`Slot/${uuid(1)}/$hold`, undefined);
    const { id } = json<Appointment>();
    const validated = (profile: string) =>
      served.request('GET', `/fhir/Appointment/${id}/$validate?mode=profile&profile=${profile}`);
    expect(told(await validated(PROFILE.Appointment))).to.deep.equal(ALL_OK);
    expect(told(await validated(`${R4}Appointment`))).to.deep.equal(ALL_OK);
  });

  it('holds a resource against the profile that is named, or that it names itself', async () => {
    const slot = { ...RICH_SLOT, meta: undefined };
    const missing = ['error required Slot.serviceType', 'error code-invalid Slot.appointmentType'];
    const { serviceType: _, ...bare } = slot;
    for (const [query, body] of [
      [`?profile=${PROFILE.Slot}`, bare],
      [`?profile=${PROFILE.Slot}|1.0.0`, bare],
      ['', { ...bare, meta: { profile: [PROFILE.Slot] } }],
    ] as const) {
      expect(told(await post(`Slot/$validate${query}`, body)), query).to.include.members(missing);
    }
    expect(told(await post(`Slot/$validate?profile=${R4}Slot`, bare))).to.deep.equal(ALL_OK);
    const claims = { ...bare, meta: { profile: ['urn:x', `${R4}Slot|3.0.2`, `${R4}Slot|4.0.1`] } };
    expect(told(await post('Slot/$validate', claims))).to.deep.equal([
      ...ALL_OK,
      'information not-supported Slot.meta.profile[0]',
      'information not-supported Slot.meta.profile[1]',
    ]);
  });

  const slot = { name: 'resource', resource: { ...SERVED_SLOT, resourceType: 'Slot' } };
  const REFUSED: Readonly<
    Record<string, readonly [path: string, body: unknown, status: number, at: string | null]>
  > = {
    'no resource': ['Slot/$validate', inParameters(), 400, "'resource'"],
    'nothing at all': ['Slot/$validate', undefined, 400, "'resource'"],
    'another type': ['Slot/$validate', bookingOf(uuid(1)), 400, 'Slot.resourceType'],
    'no type': ['Slot/$validate', inParameters({ name: 'resource', resource: {} }), 400, 'Slot'],
    'what is no resource': ['Slot/$validate', [], 400, 'Parameters'],
    'a mode that R4 does not have': ['Slot/$validate?mode=book', slot.resource, 400, "'mode'"],
    'mode update of no resource': ['Slot/$validate?mode=update', slot.resource, 400, "'mode'"],
    'mode profile of no profile': [`Slot/${uuid(1)}/$validate?mode=profile`, undefined, 400, "'profile'"],
    'mode profile of another one': [
      `Slot/${uuid(1)}/$validate?mode=profile&profile=${PROFILE.Slot}`,
      slot.resource,
      400,
      "'resource'",
    ],
    'a profile that is not known': ['Slot/$validate?profile=urn:x', slot.resource, 400, "'profile'"],
    'a profile of another type': [
      `Slot/$validate?profile=${PROFILE.Schedule}`,
      slot.resource,
      400,
      "'profile'",
    ],
    'an extension as profile': [
      'Slot/$validate?profile=https://passerelle.example/fhir/StructureDefinition/slot-mode',
      slot.resource,
      400,
      "'profile'",
    ],
    'another version of a profile': [
      `Slot/$validate?profile=${PROFILE.Slot}|2.0.0`,
      slot.resource,
      400,
      "'profile'",
    ],
    'a profile that is no text': [
      'Slot/$validate',
      inParameters(slot, { name: 'profile', valueUri: 7 }),
      400,
      "'profile'",
    ],
    'one that is not there': [`Slot/${uuid(999)}/$validate`, slot.resource, 404, null],
  };
  for (const [title, [path, body, status, at]] of Object.entries(REFUSED)) {
    it(`cannot validate, and says so with ${status}: ${title}`, async () => {
      const answer = await post(path, body);
      expect(answer.status, answer.text).to.equal(status);
      const [issue] = answer.json<OperationOutcome>().issue;
      expect(issue?.severity).to.equal('error');
      if (at !== null) expect(issue?.expression?.[0]).to.contain(at);
    });
  }

  it('answers whatever is sent, and changes nothing', async () => {
    const bases = [{ ...SERVED_SLOT, resourceType: 'Slot' }, bookingOf(uuid(1))];
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(mutated(bases), fc.jsonValue()),
        fc.constantFrom('', '?mode=create'),
        async (body, query) => {
          const type = (body as Partial<Slot> | null)?.resourceType === 'Slot' ? 'Slot' : 'Appointment';
          const { status, text } = await post(`${type}/$validate${query}`, body);
          expect(status, text).to.be.oneOf([200, 400]);
        },
      ),
      { seed: 20_261_124, numRuns: 200 },
    );
    expect([served.world.booked, served.world.held, served.world.cancelled]).to.deep.equal([[], [], []]);
  });
});
