import { expect } from 'chai';
import type { Appointment, Bundle, FhirResource, OperationOutcome, Parameters, Slot } from 'fhir/r4.js';
import { DAY, formatInstant, HOUR, instant, MINUTE } from '../../src/domain/instant.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { PATIENT } from '../support/incoming-appointment.ts';
import { ACTORS, MirroredClinic, type SimulatedSite, type Simulators } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';

const [OWN, OTHER] = ACTORS;
const FIRST = Math.ceil(Date.now() / HOUR) * HOUR + 3 * DAY;

/** On an hour of its own: `number` hours after the first one of three days from now. */
const slotAt = (number: number, change: Partial<Slot> = {}) => ({
  resourceType: 'Slot' as const,
  schedule: { reference: `Schedule/${OWN}-ici` },
  status: 'free' as const,
  start: timeOf(number),
  end: timeOf(number, 20),
  ...change,
});

const timeOf = (hours: number, minutes = 0): string =>
  formatInstant(instant(FIRST + hours * HOUR + minutes * MINUTE));

describe('slots of an agenda that is edited here', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;

  before(async () => {
    clinic = await MirroredClinic.open({
      topology: { vendor: 'publish', rvsq: 'publish' },
      ownAgenda: [OWN],
      prepare: empty,
    });
  });
  after(() => clinic?.close());

  async function ask<T extends FhirResource>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const response = await fetch(`${clinic.url}/fhir/${path}`, {
      method,
      headers: {
        ...(await clinic.headers()),
        'content-type': 'application/fhir+json',
        'accept-language': 'en',
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = text === '' ? null : (JSON.parse(text) as T);
    if (json) expect(faultsOf(json)).to.deep.equal([]);
    return { status: response.status, headers: response.headers, json };
  }
  async function publish(number: number): Promise<Slot & { id: string }> {
    const { status, json } = await ask<Slot & { id: string }>('POST', 'Slot', slotAt(number));
    if (status !== 201 || !json) throw new Error(`it was answered ${status}: ${JSON.stringify(json)}`);
    return json;
  }
  const placeOf = (json: FhirResource | null): string | undefined =>
    json?.resourceType === 'OperationOutcome' ? json.issue[0]?.expression?.[0] : undefined;
  const startOf = (json: FhirResource | null): string => (json?.resourceType === 'Slot' ? json.start : '');
  async function refused(method: string, path: string, body?: unknown, headers = {}) {
    const { status, json } = await ask<OperationOutcome>(method, path, body, headers);
    const [issue] = json?.issue ?? [];
    return { status, at: issue?.expression?.[0], said: issue?.diagnostics ?? '' };
  }
  const status = async (id: string) => (await ask<Slot>('GET', `Slot/${id}`)).json?.status;
  const copies = async (site: SimulatedSite, start: string) =>
    (await site.slots(OWN)).filter((slot) => Date.parse(slot.start) === Date.parse(start));
  const shows = (start: string, wanted: string | null) =>
    until(`at ${start} both show ${wanted ?? 'nothing'}`, async () => {
      for (const site of [clinic.vendor, clinic.rvsq]) {
        const found = (await copies(site, start)).map((slot) => slot.status);
        if (JSON.stringify(found) !== JSON.stringify(wanted === null ? [] : [wanted])) return false;
      }
      return true;
    });

  it('are published by POST, and then on every platform that is fed', async () => {
    const before = Date.now();
    const { status, headers, json } = await ask<Slot>('POST', 'Slot', slotAt(0));
    expect(status).to.equal(201);
    expect(headers.get('location')).to.equal(`${clinic.url}/fhir/Slot/${json?.id}`);
    expect(json).to.include({ status: 'free' });
    const since =
      json?.extension?.find(({ url }) => url.endsWith('slot-available-since'))?.valueDateTime ?? '';
    expect(Date.parse(since)).to.be.within(Math.floor(before / 1_000) * 1_000, Date.now());
    await shows(timeOf(0), 'free');
    const found = await ask<Bundle>('GET', `Slot?schedule=${OWN}-ici&status=free`);
    expect(found.json?.entry?.map(({ resource }) => resource?.id)).to.deep.equal([json?.id]);
  });

  it('are closed everywhere as soon as one of them sells the time, and stand until that ends', async () => {
    const { id, ...slot } = await publish(1);
    await shows(timeOf(1), 'free');
    const [copy] = await copies(clinic.rvsq, timeOf(1));
    const booking = await clinic.rvsq.book(copy?.id ?? '');
    await until('it is busy here', async () => (await status(id)) === 'busy');
    await until(
      'it is withdrawn at the vendor',
      async () => (await copies(clinic.vendor, timeOf(1))).length === 0,
    );

    expect(await refused('DELETE', `Slot/${id}`)).to.include({ status: 409, at: 'Slot.status' });
    const moved = { ...slot, id, status: 'busy', start: timeOf(2), end: timeOf(2, 20) };
    expect(await refused('PUT', `Slot/${id}`, moved)).to.include({ status: 409, at: 'Slot.status' });
    const { said, ...as } = await refused('PUT', `Slot/${id}`, { ...slot, id, status: 'free' });
    expect(as).to.deep.equal({ status: 409, at: 'Slot.status' });
    expect(said).to.contain('appointment').and.to.contain('busy');
    expect(await status(id)).to.equal('busy');

    await clinic.rvsq.cancel(booking);
    await shows(timeOf(1), 'free');
  });

  it('are booked here, with nobody else to ask, and the time is closed elsewhere', async () => {
    const slot = await publish(3);
    await shows(timeOf(3), 'free');
    const { status: answered, json } = await ask<Appointment>('POST', 'Appointment', {
      resourceType: 'Appointment',
      status: 'booked',
      contained: [PATIENT],
      slot: [{ reference: `Slot/${slot.id}` }],
      start: slot.start,
      end: slot.end,
      participant: [
        { actor: { reference: '#patient' }, status: 'accepted' },
        { actor: { reference: `Practitioner/${OWN}` }, status: 'accepted' },
      ],
    });
    expect(answered).to.equal(201);
    expect(json?.status).to.equal('booked');
    await shows(timeOf(3), null);
    const cancelled = await ask('PUT', `Appointment/${json?.id}`, { ...json, status: 'cancelled' });
    expect(cancelled.status).to.equal(200);
    await shows(timeOf(3), 'free');
  });

  it('are changed by PUT, only as the version that is meant, and their copies with them', async () => {
    const slot = await publish(4);
    await shows(timeOf(4), 'free');
    const later = { ...slot, start: timeOf(5), end: timeOf(5, 30) };
    expect(await refused('PUT', `Slot/${slot.id}`, later, { 'if-match': 'W/"7"' })).to.include({
      status: 412,
      at: 'Slot.meta.versionId',
    });
    const {
      status: answered,
      json,
      headers,
    } = await ask<Slot>('PUT', `Slot/${slot.id}`, later, { 'if-match': 'W/"1"' });
    expect(answered).to.equal(200);
    expect(headers.get('etag')).to.equal('W/"2"');
    expect(Date.parse(json?.start ?? '')).to.equal(Date.parse(timeOf(5)));
    await shows(timeOf(5), 'free');
    await shows(timeOf(4), null);
    const again = await ask<Slot>('PUT', `Slot/${slot.id}`, json);
    expect(again.headers.get('etag'), 'nothing has changed').to.equal('W/"2"');
    const old = await ask<Slot>('GET', `Slot/${slot.id}/_history/1`);
    expect(Date.parse(old.json?.start ?? '')).to.equal(Date.parse(timeOf(4)));
  });

  it('are changed by a JSON Patch, of what is kept of a slot only', async () => {
    const { id } = await publish(19);
    const patch = (operations: readonly object[], ifMatch?: string) =>
      ask<Slot | OperationOutcome>('PATCH', `Slot/${id}`, operations, {
        'content-type': 'application/json-patch+json',
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      });
    const later = [
      { op: 'test', path: '/status', value: 'free' },
      { op: 'replace', path: '/start', value: timeOf(20) },
      { op: 'replace', path: '/end', value: timeOf(20, 20) },
    ];
    expect((await patch(later, 'W/"4"')).status).to.equal(412);
    const moved = await patch(later, 'W/"1"');
    expect([moved.status, Date.parse(startOf(moved.json))]).to.deep.equal([200, Date.parse(timeOf(20))]);
    await shows(timeOf(20), 'free');
    expect((await patch([{ op: 'test', path: '/status', value: 'busy' }])).status).to.equal(409);
    const unkept = await patch([{ op: 'add', path: '/overbooked', value: true }]);
    expect([unkept.status, placeOf(unkept.json)]).to.deep.equal([422, 'Slot.overbooked']);
  });

  it('are withdrawn by DELETE, and gone here and there', async () => {
    const slot = await publish(6);
    await shows(timeOf(6), 'free');
    expect((await ask('DELETE', `Slot/${slot.id}`)).status).to.equal(204);
    await shows(timeOf(6), null);
    expect((await refused('GET', `Slot/${slot.id}`)).status).to.equal(410);
    expect((await ask('DELETE', `Slot/${slot.id}`)).status).to.equal(204);
    expect((await ask('DELETE', 'Slot/nobody')).status).to.equal(204);
    expect((await refused('PUT', `Slot/${slot.id}`, slot)).status).to.equal(404);
  });

  it('close time where they are written as closed, and everybody’s slots of that time with it', async () => {
    const { id } = await publish(12);
    await shows(timeOf(12), 'free');
    const closed = slotAt(12, { status: 'busy-unavailable', end: timeOf(13) });
    const { status: answered, json } = await ask<Slot>('POST', 'Slot', closed);
    expect([answered, json?.status]).to.deep.equal([201, 'busy-unavailable']);
    expect(await status(id)).to.equal('busy-unavailable');
    await shows(timeOf(12), null);
    expect((await ask('DELETE', `Slot/${json?.id}`)).status).to.equal(204);
    await shows(timeOf(12), 'free');

    const again = await ask<Slot>('POST', 'Slot', closed);
    await until('it is closed', async () => (await status(id)) === 'busy-unavailable');
    const opened = { ...again.json, status: 'free' };
    expect((await ask<Slot>('PUT', `Slot/${again.json?.id}`, opened)).json?.status).to.equal('free');
    expect(await status(id)).to.equal('free');
  });

  it('are refused where the time has passed, is on offer already, or is edited elsewhere', async () => {
    await publish(7);
    const past = {
      start: formatInstant(instant(Date.now() - HOUR)),
      end: formatInstant(instant(Date.now() + HOUR)),
    };
    expect(await refused('POST', 'Slot', slotAt(7, past))).to.include({ status: 422, at: 'Slot.start' });
    expect(await refused('POST', 'Slot', slotAt(7))).to.include({ status: 409, at: 'Slot.start' });
    expect(await refused('POST', 'Slot', slotAt(8, { end: timeOf(40) }))).to.include({
      status: 422,
      at: 'Slot.end',
    });
    const elsewhere = { schedule: { reference: `Schedule/${OTHER}-ici` } };
    expect(await refused('POST', 'Slot', slotAt(8, elsewhere))).to.include({
      status: 422,
      at: 'Slot.schedule',
    });
    const nowhere = { schedule: { reference: 'Schedule/nobody' } };
    expect(await refused('POST', 'Slot', slotAt(8, nowhere))).to.include({
      status: 422,
      at: 'Slot.schedule.reference',
    });
    const taken = await refused('POST', 'Slot', slotAt(8, { status: 'busy' }));
    expect(taken).to.include({ status: 409, at: 'Slot.status' });
    expect(taken.said).to.contain('nothing takes this time');
    const { json } = await ask<Bundle>('GET', `Slot?start=${encodeURIComponent(timeOf(8))}`);
    expect(json?.entry ?? [], 'nothing was written').to.deep.equal([]);
  });

  it('are said to be good or not by $validate, and not written', async () => {
    const validate = async (resource: unknown) =>
      (
        await ask<OperationOutcome>('POST', 'Slot/$validate', {
          resourceType: 'Parameters',
          parameter: [
            { name: 'mode', valueCode: 'create' },
            { name: 'resource', resource },
          ],
        })
      ).json?.issue.map(({ severity }) => severity);
    expect(await validate(slotAt(9))).to.deep.equal(['information']);
    expect(await validate(slotAt(9, { status: 'busy' }))).to.deep.equal(['warning']);
    const { json } = await ask<Bundle>('GET', `Slot?start=${encodeURIComponent(timeOf(9))}`);
    expect(json?.entry ?? []).to.deep.equal([]);
  });

  it('are written together by a transaction, all or none, whatever the order of its entries', async () => {
    const [first, second] = [await publish(14), await publish(15)];
    const transact = (entry: readonly object[]) =>
      ask<Bundle | OperationOutcome>('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    const post = (number: number, change: object = {}) => ({
      request: { method: 'POST', url: 'Slot' },
      resource: slotAt(number, change),
    });
    const moved = { ...second, start: timeOf(16), end: timeOf(16, 20) };
    const put = (ifMatch: string) => ({
      request: { method: 'PUT', url: `Slot/${second.id}`, ifMatch },
      resource: moved,
    });
    const remove = { request: { method: 'DELETE', url: `Slot/${first.id}` } };
    const found = async () =>
      (
        await ask<Bundle<Slot>>(
          'GET',
          `Slot?start=ge${encodeURIComponent(timeOf(14))}&start=lt${encodeURIComponent(timeOf(18))}`,
        )
      ).json?.entry?.map(({ resource }) => [Date.parse(resource?.start ?? ''), resource?.id]) ?? [];
    const before = await found();
    const wrong = await transact([post(14), remove, put('W/"9"')]);
    expect(wrong.status).to.equal(412);
    expect(placeOf(wrong.json)).to.equal('Bundle.entry[2].resource.meta.versionId');
    const invalid = await transact([remove, post(17, { start: 'soon' })]);
    expect(invalid.status).to.equal(422);
    expect(placeOf(invalid.json)).to.equal('Bundle.entry[1].resource.start');
    expect((await transact([remove, remove])).status).to.equal(422);
    expect(await found(), 'none of it was done').to.deep.equal(before);

    const { status, json: answer } = await transact([post(14), remove, put('W/"1"')]);
    const json = answer?.resourceType === 'Bundle' ? answer : null;
    expect([status, json?.type]).to.deep.equal([200, 'transaction-response']);
    expect(json?.entry?.map(({ response }) => response?.status)).to.deep.equal([
      '201 Created',
      '204 No Content',
      '200 OK',
    ]);
    const made = json?.entry?.[0]?.resource?.id;
    expect(await found()).to.deep.equal([
      [Date.parse(timeOf(14)), made],
      [Date.parse(timeOf(16)), second.id],
    ]);
    expect(made).to.not.equal(first.id);
  });

  it('are made from the week of the clinic, and made anew without touching what is booked', async () => {
    const day = (number: number): string => timeOf(24 * number).slice(0, 10);
    const week = (minutes: number, ...more: object[]) => ({
      resourceType: 'Parameters',
      parameter: [
        { name: 'start', valueDate: day(3) },
        { name: 'end', valueDate: day(4) },
        { name: 'holidays', valueCode: 'keep' },
        {
          name: 'template',
          part: [
            { name: 'rrule', valueString: 'FREQ=DAILY' },
            { name: 'from', valueTime: '09:00:00' },
            { name: 'to', valueTime: '10:00:00' },
            { name: 'duration', valuePositiveInt: minutes },
          ],
        },
        ...more,
      ],
    });
    const generate = async (minutes: number, ...more: object[]) => {
      const path = `Schedule/${OWN}-ici/$generate-slots`;
      const { status, json } = await ask<Parameters>('POST', path, week(minutes, ...more));
      expect(status).to.equal(200);
      const numberOf = (name: string) =>
        json?.parameter?.find((each) => each.name === name)?.valueUnsignedInt ?? null;
      return { created: numberOf('created'), removed: numberOf('removed') };
    };
    const REPLACE = { name: 'mode', valueCode: 'replace' };
    const found = async () =>
      (await ask<Bundle<Slot>>('GET', `Slot?schedule=${OWN}-ici&start=ge${day(3)}&start=lt${day(5)}`)).json
        ?.entry ?? [];
    expect(await generate(30)).to.deep.equal({ created: 4, removed: 0 });
    expect(await generate(30, REPLACE), 'all of it is there').to.deep.equal({ created: 0, removed: 0 });
    const [first] = await found();
    await shows(first?.resource?.start ?? '', 'free');
    const [copy] = await copies(clinic.rvsq, first?.resource?.start ?? '');
    await clinic.rvsq.book(copy?.id ?? '');
    await until('it is busy', async () => (await status(first?.resource?.id ?? '')) === 'busy');
    expect(await generate(20, REPLACE)).to.deep.equal({ created: 4, removed: 3 });
    const after = await found();
    expect(after.map(({ resource }) => resource?.id)).to.include(first?.resource?.id);
    expect(after).to.have.length(5);
    await until('the platforms show the same', async () => {
      const there = (await clinic.vendor.slots(OWN)).map(({ start }) => Date.parse(start));
      const free = after.flatMap(({ resource }) =>
        resource?.status === 'free' ? [Date.parse(resource.start)] : [],
      );
      return free.length === 4 && free.every((start) => there.includes(start));
    });
    const path = (schedule: string) => `Schedule/${schedule}/$generate-slots`;
    expect((await refused('POST', path(`${OTHER}-ici`), week(20))).status).to.equal(422);
    expect((await refused('POST', path('nobody'), week(20))).status).to.equal(404);
  });

  it('are given once to one of two who publish the same at once', async () => {
    const answers = await Promise.all([ask('POST', 'Slot', slotAt(10)), ask('POST', 'Slot', slotAt(10))]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409]);
  });
});

describe('time that is closed here, of a doctor with slots of the platforms', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;
  before(async () => {
    clinic = await MirroredClinic.open({ ownAgenda: [OWN] });
  });
  after(() => clinic?.close());

  it('is closed there for as long as it is here, all of it, with lunch and all', async () => {
    const first = await clinic.vendor.laterSlot(0);
    const day = first.start.slice(0, 10);
    const open = async () => {
      const slots = [...(await clinic.vendor.slots(OWN)), ...(await clinic.rvsq.slots(OWN))];
      return slots.filter(({ start, status }) => start.startsWith(day) && status === 'free').length;
    };
    const before = await open();
    expect(before).to.be.greaterThan(2);
    const { status, json } = await clinic.ask<Slot>('POST', '/fhir/Slot', {
      resourceType: 'Slot',
      schedule: { reference: `Schedule/${OWN}-ici` },
      status: 'busy-unavailable',
      start: `${day}T06:00:00-05:00`,
      end: `${day}T22:00:00-05:00`,
    });
    expect([status, json.status]).to.deep.equal([201, 'busy-unavailable']);
    await until('nothing of that day is open', async () => (await open()) === 0);
    await fetch(`${clinic.url}/fhir/Slot/${json.id}`, { method: 'DELETE', headers: await clinic.headers() });
    await until('it is as before', async () => (await open()) === before);
  });
});

/** Both platforms show what Passerelle puts there, and nothing else. */
function empty({ vendor, rvsq }: Simulators): void {
  for (const { agenda } of [vendor, rvsq])
    for (const record of agenda.records()) agenda.remove(record as never);
}
