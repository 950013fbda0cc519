import { expect } from 'chai';
import type { Appointment, Bundle, Patient } from 'fhir/r4.js';
import type { Erased } from '../../src/engine/ports/patients.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { BookingClient } from '../support/booking-client.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';

/** One person asks what is known of them, and wants it gone. All is made up. */

const NAM = 'FICA01010113';

describe('one person', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;
  let client: BookingClient;
  let url: string;
  let drop: () => Promise<void> = async () => undefined;
  const log: string[] = [];

  before(async function () {
    await requireServer('PostgreSQL', hasPostgres).call(this);
    ({ url, drop } = await freshPostgres());
    clinic = await MirroredClinic.open({
      ...{ databaseUrl: url, keepDays: 30, failover: 'accept' },
      log: (line) => log.push(line),
    });
    client = new BookingClient(clinic);
  });
  after(async () => {
    await clinic?.close();
    await drop();
  });

  const ask = async <T>(what: string, patient: string) =>
    clinic.ask<T>('POST', `/api/patients/${what}`, { patient }, { 'content-type': 'application/json' });
  const resourcesOf = (bundle: Bundle): (Patient | Appointment)[] =>
    bundle.entry?.map(({ resource }) => resource as Patient | Appointment) ?? [];
  async function query<T extends Record<string, unknown>>(sql: string): Promise<T[]> {
    const database = openPostgres(url, { onError: () => undefined });
    return database.query<T>(sql).finally(() => database.close());
  }

  it('gets all that is known of them: the Patient, and every version of their appointments', async () => {
    const answer = await client.bookOnce(await clinic.vendor.laterSlot(4), 'n-1', 'Fauteuil roulant');
    await client.cancel(answer.json);
    await client.bookOnce(await clinic.vendor.laterSlot(8), 'n-2', 'Première visite');
    const { status, json } = await ask<Bundle>('export', 'fica 0101 0113');
    expect(status).to.equal(200);
    expect(json).to.include({ resourceType: 'Bundle', type: 'collection' });
    const [patient, ...appointments] = resourcesOf(json) as [Patient, ...Appointment[]];
    expect(patient.identifier?.[0]?.value).to.equal(NAM);
    expect(patient.name?.[0]?.family).to.equal('Fictif');
    const seen = appointments.map(({ status: is, meta, identifier }) => [
      is,
      meta?.versionId,
      identifier?.[0]?.value,
    ]);
    expect(seen.filter(([, , number]) => number === 'n-1').map(([is]) => is)).to.include.members([
      'cancelled',
      'booked',
    ]);
    expect(seen.some(([is, , number]) => is === 'booked' && number === 'n-2')).to.equal(true);
    const byId = await ask<Bundle>('export', patient.id ?? '');
    expect(byId.json.entry).to.deep.equal(json.entry);
    const lines = log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'patients read');
    expect(lines.at(-1).patients).to.deep.equal([patient.id]);
  });

  it('is nobody where the number or the id is known to nobody', async () => {
    for (const who of ['FICB02020211', '6c0f5d0e-0000-4000-8000-000000000001', 'x']) {
      const { status, json } = await ask('export', who);
      expect([who, status]).to.deep.equal([who, 404]);
      expect(JSON.stringify(json)).not.to.contain(who === 'x' ? '"x"' : who);
      expect((await ask<Erased>('erase', who)).json).to.deep.equal({
        ...{ patients: [], appointments: 0, waiting: 0, rejected: 0 },
      });
    }
    expect((await ask('erase', '')).status).to.equal(422);
  });

  it('is erased with what is free text, in every version, but for what their platform is still to be told', async () => {
    await clinic.vendor.faults({ down: true });
    const waiting = await client.bookOnce(
      await clinic.vendor.laterSlot(20).catch(() => clinic.vendor.laterSlot(20)),
      'n-3',
      'Plus tard',
    );
    expect(waiting.status).to.equal(201);
    const { json: erased } = await ask<Erased>('erase', NAM);
    expect(erased).to.deep.include({ appointments: 3, waiting: 1, rejected: 0 });
    expect(erased.patients).to.have.length(1);
    expect(await query('select from patient')).to.deep.equal([]);
    expect(await query('select from appointment where patient_id is not null')).to.deep.equal([]);
    const said = await query(
      `select document from appointment union all select document from appointment_version where document is not null`,
    );
    expect(JSON.stringify(said)).not.to.match(/Fauteuil|Première|Plus tard/);
    expect((await ask('export', NAM)).status).to.equal(404);
    const lines = log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'patients erased');
    expect(lines.map(({ patients }) => patients)).to.deep.equal([erased.patients]);
    await clinic.vendor.faults({ down: false });
    await until('their platform has been told, and nothing is left', async () => {
      return (await query('select from appointment where sealed_patient is not null')).length === 0;
    });
    const { json: appointment } = await clinic.ask<Appointment>(
      'GET',
      `/fhir/Appointment/${waiting.json.id}`,
    );
    expect(appointment.status, 'the visit stands').to.equal('booked');
  });

  it('is erased by the id also where what was sealed of them cannot be opened any more', async () => {
    await client.bookOnce(await clinic.vendor.laterSlot(30), 'n-4', 'Au revoir');
    const [kept] = await query<{ id: string }>(`update patient set sealed = '\\x00' returning id`);
    const { json: erased } = await ask<Erased>('erase', kept?.id ?? '');
    expect([erased.patients, erased.appointments]).to.deep.equal([[kept?.id], 1]);
    expect(await query('select from patient')).to.deep.equal([]);
  });
});
