import { expect } from 'chai';
import type { Bundle, FhirResource, OperationOutcome, Schedule, Slot } from 'fhir/r4.js';
import pino from 'pino';
import { EXTENSION } from '../../mappings/fhir/canonical.ts';
import { DAY, MINUTE, plus } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { BookingClient } from '../support/booking-client.ts';
import { scheduleOf } from '../support/clinic-configuration.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { ACTORS, MirroredClinic, type SimSlot, type SimulatedSite } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';

const [DOCTOR, OTHER] = ACTORS;
const ID = scheduleOf(DOCTOR);

/** Hundreds of slots are closed and opened, which would take RVSQ minutes. */
const UNLIMITED = { requests: 100_000 };

/** A doctor's leave, and a season, as whoever keeps the clinic's schedules writes them. */
describe('a schedule that is taken off offer', function () {
  this.timeout(180_000);
  let postgres: Awaited<ReturnType<typeof freshPostgres>>;
  let clinic: MirroredClinic;
  let client: BookingClient;

  before(async function () {
    requireServer('PostgreSQL', hasPostgres).call(this);
    postgres = await freshPostgres();
    clinic = await MirroredClinic.open({
      databaseUrl: postgres.url,
      limits: { vendor: UNLIMITED, rvsq: UNLIMITED },
    });
    client = new BookingClient(clinic);
  });
  after(async () => {
    await clinic?.close();
    await postgres?.drop();
  });

  async function ask<R extends FhirResource>(method: string, path: string, body?: unknown, headers = {}) {
    const answer = await clinic.ask<R>(method, `/fhir/${path}`, body, headers);
    expect(faultsOf(answer.json), path).to.deep.equal([]);
    return answer;
  }
  async function patch(...operations: readonly object[]): Promise<Schedule> {
    const { status, json } = await ask<Schedule>('PATCH', `Schedule/${ID}`, operations, {
      'content-type': 'application/json-patch+json',
    });
    expect(status, JSON.stringify(json)).to.equal(200);
    return json;
  }
  const active = (value: boolean) => patch({ op: 'add', path: '/active', value });
  const sites = (): readonly SimulatedSite[] => [clinic.vendor, clinic.rvsq];
  /** Those that are shown as free, of later days. */
  const open = async (actor: string = DOCTOR): Promise<SimSlot[]> =>
    (await Promise.all(sites().map((site) => site.laterSlots(actor)))).flat();
  const isClosedAtOther = (slot: SimSlot) =>
    until('it is closed at the other', async () =>
      (await clinic.rvsq.overlapping(slot)).every(({ status }) => status === 'blocked'),
    );
  const search = async (query: string) => (await ask<Bundle<Slot>>('GET', `Slot?${query}`)).json;

  it('is closed on every platform, found and booked by nobody; what is booked stands, and all is open again', async () => {
    const [visit, wanted] = (await clinic.vendor.laterSlots()).filter((_, index) => index % 8 === 0);
    if (!visit || !wanted) throw new Error('nothing on offer');
    const { json: appointment } = await client.book(visit);
    await isClosedAtOther(visit);
    const before = (await open()).length;
    const others = (await open(OTHER)).length;
    expect(before).to.be.greaterThan(20);

    expect((await active(false)).active).to.equal(false);
    const free = await search(`schedule=${ID}&status=free&_summary=count`);
    expect(free.total, 'at once').to.equal(0);
    expect((await search(`schedule=${scheduleOf(OTHER)}&status=free`)).entry).to.not.be.empty;
    const refused = await client.book(wanted);
    expect(refused.status).to.equal(409);
    expect(faultsOf(refused.json)).to.deep.equal([]);
    expect(refused.json).to.have.nested.property('issue[0].code', 'business-rule');
    expect(refused.json).to.have.nested.property('issue[0].expression[0]', 'Appointment.slot');
    const closed = await search(
      `schedule=${ID}&status=free,busy-unavailable&start=gt${tomorrow()}&_count=50`,
    );
    for (const { resource } of closed.entry ?? []) {
      expect(resource?.status).to.equal('busy-unavailable');
      const told = resource?.meta?.extension?.map(({ url }) => url) ?? [];
      expect(told).to.not.include(EXTENSION.bookableFrom);
    }
    await until('nothing is open on either platform', async () => (await open()).length === 0);
    expect(await open(OTHER)).to.have.length(others);
    expect((await client.read(appointment.id ?? '')).status).to.equal('booked');
    expect((await clinic.vendor.slot(visit.id)).status).to.equal('busy');

    expect((await active(true)).active).to.equal(true);
    await until('all is open again', async () => (await open()).length === before);
    expect((await client.book(wanted)).status).to.equal(201);
    await isClosedAtOther(wanted);
  });

  it('closes what lies beyond its horizon only', async () => {
    const before = await open();
    const middle = before[Math.floor(before.length / 4)];
    if (!middle) throw new Error('nothing on offer');
    const end = middle.end;
    const isWithin = (slot: SimSlot): boolean => Date.parse(slot.end) <= Date.parse(end);
    const within = before.filter(isWithin).length;
    expect(within).to.be.greaterThan(0).and.lessThan(before.length);
    const { planningHorizon } = await patch({ op: 'add', path: '/planningHorizon', value: { end } });
    expect(planningHorizon).to.deep.equal({ end });
    const sameTimes = async () => {
      const now = await open();
      return now.length === within && now.every(isWithin);
    };
    await until('only what ends before is open', sameTimes);
    const found = await search(`schedule=${ID}&status=free&start=gt${tomorrow()}&_count=1000`);
    for (const { resource } of found.entry ?? [])
      expect(Date.parse(resource?.end ?? '')).to.be.at.most(Date.parse(end));
    await patch({ op: 'remove', path: '/planningHorizon' });
    await until('all is open again', async () => (await open()).length === before.length);
  });

  it('has what a platform shows meanwhile closed as well, until it is back', async () => {
    await active(false);
    await until('nothing is open', async () => (await open()).length === 0);
    const { agenda } = clinic.simulators.vendor;
    const last = agenda.slots(`ag-${DOCTOR}`).at(-1);
    if (!last) throw new Error('no slot');
    // After all that there is.
    const start = plus(last.interval.end, 60 * MINUTE);
    const shown = agenda.offer(`ag-${DOCTOR}`, interval(start, plus(start, 20 * MINUTE)), last.offer, null);
    await until('it is closed', async () => (await clinic.vendor.slot(shown.id)).status === 'blocked');
    await active(true);
    await until('it is open', async () => (await clinic.vendor.slot(shown.id)).status === 'free');
  });

  it('is known to every process, at once to who wrote it and soon to the others, and after a restart', async () => {
    const other: Gateway = await startGateway({
      environment: clinic.environment,
      role: 'serve',
      configuration: clinic.configuration,
      onEvent: () => undefined,
      logger: pino({ level: 'silent' }),
    });
    try {
      const elsewhere = async (method: string, headers = {}, body?: unknown) => {
        const response = await fetch(`${other.url}/fhir/Schedule/${ID}`, {
          method,
          headers: { ...(await clinic.headers()), 'content-type': 'application/fhir+json', ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { etag: response.headers.get('etag'), json: (await response.json()) as Schedule };
      };
      const written = await patch({ op: 'add', path: '/comment', value: 'En congé' });
      await until('the other serves it', async () => (await elsewhere('GET')).json.comment === 'En congé');
      const seen = await elsewhere('GET');
      expect(seen.json).to.deep.equal(written);
      const back = await elsewhere(
        'PUT',
        { 'if-match': seen.etag ?? '' },
        { ...written, comment: undefined },
      );
      expect(back.json).to.not.have.property('comment');
      const late = await ask<OperationOutcome>('PUT', `Schedule/${ID}`, written, { 'if-match': seen.etag });
      expect(late.status).to.equal(412);
      // As soon as it is written, whether this process would have heard of that by itself or not.
      const headers = { 'content-type': 'application/json-patch+json', 'if-match': back.etag };
      const operations = [{ op: 'add', path: '/comment', value: 'De retour' }];
      const patched = await ask<Schedule>('PATCH', `Schedule/${ID}`, operations, headers);
      expect(patched.status, JSON.stringify(patched.json)).to.equal(200);
      expect(patched.json).to.include({ comment: 'De retour', active: true });
    } finally {
      await other.close();
    }
    const { json: before } = await ask<Schedule>('GET', `Schedule/${ID}`);
    await clinic.stop();
    await clinic.start();
    expect((await ask<Schedule>('GET', `Schedule/${ID}`)).json, 'no version more').to.deep.equal(before);
    const { json: history } = await ask<Bundle<Schedule>>('GET', `Schedule/${ID}/_history`);
    expect(history.entry?.[0]?.resource).to.deep.equal(before);
    expect(history.total).to.equal(Number(before.meta?.versionId));
  });
});

const tomorrow = (): string => new Date(Date.now() + DAY).toISOString();
