import { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { expect } from 'chai';
import type { Appointment, Bundle, FhirResource, Schedule, Slot } from 'fhir/r4.js';
import { becomes, takenAt } from '../support/booking-client.ts';
import { scheduleOf } from '../support/clinic-configuration.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { PATIENT } from '../support/incoming-appointment.ts';
import { ACTORS, MirroredClinic } from '../support/mirrored-clinic.ts';

/** What is used of it. Its own types bring those of a browser into every file here. */
type Client = {
  readonly request: <T>(what: string | object, options?: object) => Promise<T>;
  readonly pages: (url: string) => AsyncIterable<Bundle<Slot>>;
  readonly resources: (url: string, options: object) => AsyncIterable<Slot>;
  readonly create: (resource: FhirResource) => Promise<Appointment>;
  readonly update: (resource: FhirResource) => Promise<Appointment>;
  readonly getFhirVersion: () => Promise<string>;
  readonly getFhirRelease: () => Promise<number>;
};
type Smart = (request: IncomingMessage, response: ServerResponse) => { client: (state: object) => Client };
const smart: Smart = createRequire(import.meta.url)('fhirclient');

/** SMART's own client, as an app on a server has it; it asks for `application/json` and sends that. */
describe('fhir: as fhirclient sees it', function () {
  this.timeout(90_000);
  let clinic: MirroredClinic;
  let client: Client;

  before(async () => {
    clinic = await MirroredClinic.open();
    // It belongs to a request of the app's own, which it needs for nothing but signing in.
    const request = new IncomingMessage(new Socket());
    const { authorization } = await clinic.headers();
    client = smart(request, new ServerResponse(request)).client({
      serverUrl: `${clinic.url}/fhir`,
      tokenResponse: { token_type: 'Bearer', access_token: authorization.replace('Bearer ', '') },
    });
  });
  after(() => clinic?.close());

  const [doctor] = ACTORS;
  const schedule = `Schedule/${scheduleOf(doctor)}`;
  const [tomorrow] = new Date(Date.now() + 86_400_000).toISOString().split('T');
  const freeSlots = `Slot?status=free&schedule=${schedule}&start=gt${tomorrow}`;

  it('is understood: R4 by the metadata', async () => {
    expect(await client.getFhirVersion()).to.equal('4.0.1');
    expect(await client.getFhirRelease()).to.equal(4);
  });

  it('answers `Accept: application/json` with that', async () => {
    const { response, body } = await client.request<{ response: Response; body: Slot }>({
      url: `${freeSlots}&_count=1`,
      includeResponse: true,
    });
    expect(response.headers.get('content-type')).to.match(/^application\/json/);
    expect(faultsOf(body)).to.deep.equal([]);
  });

  it('goes through all pages of a search, and meets each slot once', async () => {
    const pages: Bundle<Slot>[] = [];
    for await (const page of client.pages(`${freeSlots}&_count=50`)) pages.push(page);
    const found = pages.flatMap(({ entry }) => (entry ?? []).map(({ resource }) => resource?.id));
    expect(pages.length).to.be.above(1);
    expect(new Set(found).size).to.equal(found.length);
    expect(await client.request<Bundle>(`${freeSlots}&_summary=count`)).to.include({ total: found.length });

    const flat = await client.request<Slot[]>(`${freeSlots}&_count=50`, { pageLimit: 0, flat: true });
    expect(flat.map(({ id }) => id)).to.deep.equal(found);
    const some: unknown[] = [];
    for await (const each of client.resources(`${freeSlots}&_count=50`, { limit: 60 })) some.push(each.id);
    expect(some).to.deep.equal(found.slice(0, 60));
  });

  it('reads a schedule, and follows its references', async () => {
    const read = await client.request<Schedule>(schedule);
    expect(faultsOf(read)).to.deep.equal([]);
    const whole = await client.request<{ actor: FhirResource[] }>(schedule, { resolveReferences: 'actor' });
    const actors = whole.actor.map(({ resourceType, id }) => `${resourceType}/${id}`);
    expect(actors).to.include.members([`Practitioner/${doctor}`, 'Location/ici']);
  });

  it('has what comes with the results', async () => {
    const bundle = await client.request<Bundle>(
      `${freeSlots}&_count=3&_include=Slot:schedule&_include:iterate=Schedule:actor`,
    );
    const included = (bundle.entry ?? []).filter(({ search }) => search?.mode === 'include');
    const ids = included.map(({ resource }) => `${resource?.resourceType}/${resource?.id}`).sort();
    expect(ids).to.deep.equal([
      'HealthcareService/famille',
      'Location/ici',
      `Practitioner/${doctor}`,
      schedule,
    ]);
  });

  it('books, is refused what is taken, and cancels', async () => {
    const slot = await clinic.vendor.laterSlot(8);
    const { start, end } = slot;
    const bundle = await client.request<Bundle<Slot>>(
      `Slot?schedule=${schedule}&start=${encodeURIComponent(start)}`,
    );
    const ours = bundle.entry?.find(({ resource }) => resource?.meta?.source?.endsWith('/bonjour-sante'));
    const booking = {
      ...{ resourceType: 'Appointment', status: 'booked', contained: [PATIENT] },
      slot: [{ reference: `Slot/${ours?.resource?.id}` }],
      start,
      end,
      participant: [{ actor: { reference: '#patient' }, status: 'accepted' }],
    } as unknown as Appointment;
    const created = await client.create(booking);
    expect(created.status).to.equal('booked');
    expect(await takenAt(clinic.vendor, slot)).to.have.length(1);

    const refused = await client.create(booking).then(
      () => 'it was booked twice',
      (error: Error) => error.message,
    );
    // It shows the outcome to its user.
    expect(refused).to.contain('409').and.contain('La plage n’est plus libre').and.contain('conflict');

    const cancelled = await client.update({ ...created, status: 'cancelled' });
    expect([cancelled.id, cancelled.status]).to.deep.equal([created.id, 'cancelled']);
    await becomes('it is free again', clinic.vendor, slot, 'free');
    await becomes('and elsewhere', clinic.rvsq, slot, 'free');
  });
});
