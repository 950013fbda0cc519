import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openPglite } from '../../src/store/pglite.ts';
import { BookingClient, becomes, PATIENT_WORDS, takenAt } from '../support/booking-client.ts';
import { MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';
import { disagreements, type SimulatedSite } from '../support/simulated-site.ts';

describe('a booking through POST /fhir/Appointment', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;
  let client: BookingClient;
  let vendor: SimulatedSite;
  let rvsq: SimulatedSite;
  let taken = 0;

  before(async () => {
    clinic = await MirroredClinic.open();
    client = new BookingClient(clinic);
    ({ vendor, rvsq } = clinic);
  });
  after(() => clinic?.close());
  afterEach('the vendor is whole again', () => vendor.faults({}));

  /** Each case has a slot of its own, an hour from the others. */
  const nextSlot = async (site = vendor): Promise<SimSlot> => {
    taken += 1;
    return site.laterSlot(taken * 4);
  };
  const closedOn = (site: SimulatedSite, slot: SimSlot) => becomes('it is closed', site, slot, 'blocked');
  const openOn = (site: SimulatedSite, slot: SimSlot) => becomes('it is open', site, slot, 'free');

  it('is made at the vendor, closed on RVSQ, and refused to whoever comes later', async () => {
    const slot = await nextSlot();
    const { status, json } = await client.book(slot);
    expect(status).to.equal(201);
    expect(json.status).to.equal('booked');
    const [booking, ...more] = await takenAt(vendor, slot);
    expect(more).to.deep.equal([]);
    expect(booking).to.include({ kind: 'booked', reference: `passerelle:${json.id}` });
    await closedOn(rvsq, slot);

    expect((await client.book(slot)).status).to.equal(409);
    expect(await takenAt(vendor, slot)).to.have.length(1);
  });

  it('tells the vendor who comes, and nobody else', async () => {
    const told = JSON.stringify(await vendor.log());
    for (const word of PATIENT_WORDS) expect(told).to.contain(word);
    const other = JSON.stringify(await rvsq.log());
    for (const word of PATIENT_WORDS) expect(other).not.to.contain(word);
  });

  it('is given to one of two callers at once', async () => {
    const slot = await nextSlot();
    const answers = await Promise.all([client.book(slot), client.book(slot)]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409]);
    expect(await takenAt(vendor, slot)).to.have.length(1);
    await closedOn(rvsq, slot);
  });

  it('is made once for who asks several times at once, for several slots, with one identifier', async () => {
    const slots = [await nextSlot(), await nextSlot(), await nextSlot(), await nextSlot()];
    const answers = await Promise.all(slots.map((slot) => client.bookOnce(slot, 'at-once')));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 200, 200, 201]);
    const { json } = await client.bookOnce(slots[0] as SimSlot, 'at-once');
    expect(json).to.deep.include({
      status: 'booked',
      identifier: [{ system: 'urn:test:portal', value: 'at-once' }],
    });
    expect(new Set(answers.map((answer) => answer.json.id))).to.deep.equal(new Set([json.id]));
    const standing = (await Promise.all(slots.map((slot) => takenAt(vendor, slot)))).flat();
    expect(standing.map(({ reference }) => reference)).to.deep.equal([`passerelle:${json.id}`]);
  });

  it('is no booking where the vendor refused it: the same identifier books another slot', async () => {
    const [sold, next] = [await nextSlot(), await nextSlot()];
    await vendor.faults({ webhooks: { lose: true } });
    const id = await vendor.book(sold.id);
    expect((await client.bookOnce(sold, 'refused')).status).to.equal(409);
    await vendor.faults({});
    expect((await client.bookOnce(next, 'refused')).status).to.equal(201);
    await closedOn(rvsq, sold);
    await vendor.cancel(id);
    await openOn(rvsq, sold);
  });

  it('is refused where the vendor sold the slot a moment ago, and leaves nothing behind', async () => {
    const slot = await nextSlot();
    await vendor.faults({ webhooks: { lose: true } });
    const id = await vendor.book(slot.id);
    expect((await client.book(slot)).status).to.equal(409);
    expect((await takenAt(vendor, slot)).map((period) => period.id)).to.deep.equal([id]);
    // The refusal is the news: the vendor is read at once, although its next reading is a minute away.
    await closedOn(rvsq, slot);
    expect(await takenAt(rvsq, slot)).to.have.length(1);
    await vendor.faults({});
    await vendor.cancel(id);
    await openOn(rvsq, slot);
    expect(await takenAt(rvsq, slot)).to.deep.equal([]);
  });

  it('is refused while the vendor is down, and leaves nothing behind', async () => {
    const slot = await nextSlot();
    await vendor.faults({ down: true });
    const { status } = await client.book(slot);
    expect(status).to.equal(503);
    await vendor.faults({});
    await clinic.polls(4);
    expect(await takenAt(vendor, slot)).to.deep.equal([]);
    expect(await takenAt(rvsq, slot)).to.deep.equal([]);
    await until('it can be booked again', async () => (await client.book(slot)).status === 201);
    await closedOn(rvsq, slot);
  });

  it('is found again when the vendor’s answer is lost', async () => {
    const slot = await nextSlot();
    await vendor.faults({ loseResponseRate: 1 });
    const { status, json } = await client.book(slot);
    await vendor.faults({});
    expect(status).to.equal(201);
    expect(json.status).to.equal('booked');
    const booked = await takenAt(vendor, slot);
    expect(booked.map((period) => period.reference)).to.deep.equal([`passerelle:${json.id}`]);
    const attempts = (await vendor.writes()).filter((entry) =>
      JSON.stringify(entry.body).includes(json.id ?? '?'),
    );
    expect(attempts).to.have.length(1);
    await closedOn(rvsq, slot);
  });

  it('is gone at the vendor and open on RVSQ once it is cancelled by PUT', async () => {
    const slot = await nextSlot();
    const { json } = await client.book(slot);
    await closedOn(rvsq, slot);
    const cancelled = await client.cancel(json);
    expect(cancelled.status).to.equal(200);
    expect(cancelled.json.status).to.equal('cancelled');
    await until('it is gone', async () => (await takenAt(vendor, slot)).length === 0);
    await openOn(rvsq, slot);
    expect((await vendor.slot(slot.id)).status).to.equal('free');
  });

  it('is cancelled here when the vendor cancels it', async () => {
    const slot = await nextSlot();
    const { json } = await client.book(slot);
    await closedOn(rvsq, slot);
    const [booking] = await takenAt(vendor, slot);
    await vendor.cancel(booking?.id ?? '');
    await openOn(rvsq, slot);
    expect((await client.read(json.id ?? '')).status).to.equal('cancelled');
    expect(await takenAt(vendor, slot), 'it is not made again').to.deep.equal([]);
  });

  for (const [connectionId, siteOf, otherOf] of [
    ['bonjour-sante', () => vendor, () => rvsq],
    ['rvsq', () => rvsq, () => vendor],
  ] as const) {
    it(`is moved by ${connectionId} under its id, closed elsewhere at its new time and open at the old`, async () => {
      const [site, other] = [siteOf(), otherOf()];
      const [slot, later] = [await nextSlot(site), await nextSlot(site)];
      const { json } = await client.book(slot, connectionId);
      await closedOn(other, slot);
      const before = await takenAt(site, slot);
      const moved = await client.move(json, later, connectionId);
      expect(moved.status).to.equal(200);
      expect(Date.parse(moved.json.start ?? '')).to.equal(Date.parse(later.start));
      expect(await takenAt(site, slot)).to.deep.equal([]);
      expect((await takenAt(site, later)).map(({ id, reference }) => [id, reference])).to.deep.equal([
        [before[0]?.id, `passerelle:${json.id}`],
      ]);
      await closedOn(other, later);
      await openOn(other, slot);
      expect(await client.read(json.id ?? '')).to.deep.equal(moved.json);
      expect((await client.move(json, later, connectionId)).json).to.deep.equal(moved.json);
    });
  }

  it('is where it was when the platform sold the new time a moment ago, or is down', async () => {
    const [slot, later] = [await nextSlot(), await nextSlot()];
    const { json } = await client.book(slot);
    await vendor.faults({ webhooks: { lose: true } });
    const id = await vendor.book(later.id);
    expect((await client.move(json, later, 'bonjour-sante')).status).to.equal(409);
    await vendor.faults({ down: true });
    expect((await client.move(json, await nextSlot(), 'bonjour-sante')).status).to.equal(503);
    await vendor.faults({});
    expect((await takenAt(vendor, later)).map((period) => period.id)).to.deep.equal([id]);
    expect((await takenAt(vendor, slot)).map(({ reference }) => reference)).to.deep.equal([
      `passerelle:${json.id}`,
    ]);
    expect((await client.read(json.id ?? '')).meta?.versionId).to.equal(json.meta?.versionId);
    await vendor.cancel(id);
    await until(
      'the vendor answers again',
      async () => (await disagreements(vendor, rvsq)).length === 0,
      30_000,
    );
  });

  it('leaves in the database neither a patient nor a claim that no platform knows', async () => {
    await until('both agree', async () => (await disagreements(vendor, rvsq)).length === 0);
    const standing = (await vendor.periods()).filter((period) => period.kind === 'booked');
    await clinic.stop();
    await expectNoPatient(clinic, standing.map((period) => period.reference).sort());
    await clinic.start();
  });
});

describe('a booking that is accepted while its platform is down', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;
  let client: BookingClient;

  before(async () => {
    clinic = await MirroredClinic.open({ failover: 'accept' });
    client = new BookingClient(clinic);
  });
  after(() => clinic?.close());

  for (const { when, isKnown } of [
    { when: 'the outage is news', isKnown: false },
    { when: 'the outage is known', isKnown: true },
  ]) {
    it(`closes RVSQ at once and is written to the vendor, patient and all, when it is back (${when})`, async () => {
      const { vendor, rvsq } = clinic;
      const slot = await vendor.laterSlot(isKnown ? 4 : 0);
      await vendor.faults({ down: true });
      if (isKnown) await knowOfOutage(clinic);
      const { status, json } = await client.book(slot);
      expect(status).to.equal(201);
      await becomes('it is closed', rvsq, slot, 'blocked');
      expect(await takenAt(vendor, slot)).to.deep.equal([]);

      const told = (await vendor.writes()).length;
      await vendor.faults({});
      await until('the vendor has it', async () => (await takenAt(vendor, slot)).length === 1, 30_000);
      const [booking] = await takenAt(vendor, slot);
      expect(booking).to.include({ kind: 'booked', reference: `passerelle:${json.id}` });
      const since = JSON.stringify((await vendor.writes()).slice(told));
      for (const word of PATIENT_WORDS) expect(since).to.contain(word);
      expect((await client.read(json.id ?? '')).status).to.equal('booked');
      expect(await takenAt(rvsq, slot)).to.have.length(1);
    });
  }

  it('keeps no patient once the vendor has them', async () => {
    const { vendor, rvsq } = clinic;
    await until('both agree', async () => (await disagreements(vendor, rvsq)).length === 0);
    const standing = (await vendor.periods()).flatMap(({ kind, reference }) =>
      kind === 'booked' ? reference : [],
    );
    await clinic.stop();
    await expectNoPatient(clinic, standing.sort());
    await clinic.start();
  });
});

/** Bookings on RVSQ call for blocks at the vendor; they fail until its circuit opens. */
async function knowOfOutage(clinic: MirroredClinic): Promise<void> {
  for (const index of [40, 44, 48]) await clinic.rvsq.book((await clinic.rvsq.laterSlot(index)).id);
  await until('the circuit of the vendor is open', async () => {
    const { json } = await clinic.ask<{ connections: { id: string; openUntil: string | null }[] }>(
      'GET',
      '/api/status',
    );
    return json.connections.some(({ id, openUntil }) => id === 'bonjour-sante' && openUntil !== null);
  });
}

/**
 * The stopped gateway's data, as whoever steals the disk has it: rows, and the bytes of every file.
 * @param standing the references of the bookings that stand at the vendor: just these are live here.
 */
async function expectNoPatient(clinic: MirroredClinic, standing: readonly (string | null)[]): Promise<void> {
  const { dataFolder } = clinic.environment;
  const database = await openPglite(join(dataFolder, 'database'));
  const appointments = await database.query<{ id: string; status: string; sealed_patient: unknown }>(
    'select id, status, sealed_patient from appointment',
  );
  const live = await database.query<{ id: string }>(
    `select id from busy_period where kind <> 'block' and ended_ms is null and origin_id = 'bonjour-sante'`,
  );
  const texts = await database.query<{ text: string }>(
    'select document as text from appointment union all select data::text from event union all select listing::text from listing',
  );
  const patients = await database.query('select id from patient');
  await database.close();
  expect(patients).to.deep.equal([]);
  expect(appointments.length).to.be.above(1);
  expect(appointments.filter((row) => row.sealed_patient !== null)).to.deep.equal([]);
  expect(live.map(({ id }) => `passerelle:${id}`).sort()).to.deep.equal(standing);
  const said = texts.map(({ text }) => text).join('\n');
  for (const word of PATIENT_WORDS) expect(said).not.to.contain(word);
  for (const file of await readdir(dataFolder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const bytes = await readFile(join(file.parentPath, file.name));
    for (const word of PATIENT_WORDS.filter((each) => each.length > 5)) {
      expect(bytes.includes(word), `${file.name} names the patient`).to.equal(false);
    }
  }
}
