import { expect } from 'chai';
import type { Appointment, AuditEvent, Bundle, Patient } from 'fhir/r4.js';
import { openPostgres } from '../../src/store/postgres.ts';
import { BookingClient, PATIENT_WORDS } from '../support/booking-client.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';

/** A clinic that keeps who comes, for a time. All is made up. */

const BOOKINGS = 6;
/** Of gateways that share a database. */
const KEY = Buffer.alloc(32, 3).toString('base64');
const NAM = 'FICA01010113';

const FORMS = [
  { name: 'PGlite', postgres: false },
  { name: 'PostgreSQL', postgres: true },
];

for (const form of FORMS) {
  describe(`a patient who is kept, on ${form.name}`, function () {
    this.timeout(120_000);
    let clinic: MirroredClinic;
    let client: BookingClient;
    let drop: () => Promise<void> = async () => undefined;
    let url: string | null = null;
    const log: string[] = [];

    before(async function () {
      requireServer('PostgreSQL', !form.postgres || hasPostgres).call(this);
      const postgres = form.postgres ? await freshPostgres() : null;
      if (postgres) ({ drop, url } = postgres);
      clinic = await MirroredClinic.open({
        databaseUrl: url,
        key: KEY,
        keepDays: 30,
        log: (line) => log.push(line),
      });
      client = new BookingClient(clinic);
    });
    after(async () => {
      await clinic?.close();
      await drop();
    });

    const get = async <R>(path: string) => (await clinic.ask<R>('GET', `/fhir/${path}`)).json;
    const patientOf = ({ participant }: Appointment) =>
      participant.map(({ actor }) => actor?.reference).find((each) => each?.startsWith('Patient/'));

    it('is one, of however many bookings of one number at once', async () => {
      const slots = await Promise.all(
        Array.from({ length: BOOKINGS }, (_, n) => clinic.vendor.laterSlot(4 + 4 * n)),
      );
      const answers = await Promise.all(slots.map((slot) => client.book(slot)));
      expect(answers.map(({ status }) => status)).to.deep.equal(Array(BOOKINGS).fill(201));
      const references = new Set(answers.map(({ json }) => patientOf(json)));
      const [reference] = references;
      expect(references.size).to.equal(1);
      const patient = await get<Patient>(reference ?? '');
      expect(patient.name).to.deep.equal([{ use: 'official', family: 'Fictif', given: ['Anne Marie'] }]);
      expect(patient.identifier?.map(({ value }) => value)).to.deep.equal([NAM]);
      expect(patient.meta?.versionId).to.equal(String(BOOKINGS));
      const found = await get<Bundle>(`Appointment?patient=${reference}&_total=accurate`);
      expect(found.total).to.equal(BOOKINGS);
    });

    it('comes with a hold once it is booked, and stays with what is cancelled', async () => {
      const slot = await clinic.vendor.laterSlot(60);
      const { json: held } = await client.hold(slot, 'bonjour-sante', 600);
      expect(patientOf(held)).to.equal(undefined);
      const { json: booked } = await client.bookHeld(held, slot);
      const reference = patientOf(booked);
      expect(reference).to.match(/^Patient\/[0-9a-f-]{36}$/);
      expect(patientOf(await client.read(held.id ?? ''))).to.equal(reference);
      expect(patientOf((await client.cancel(booked)).json)).to.equal(reference);
      const history = await clinic.ask('GET', `/fhir/Appointment/${held.id}/_history`);
      expect(JSON.stringify(history.json)).not.to.contain('Patient/');
    });

    it('goes to the platform, is told in the log by id, and named nowhere else', async () => {
      expect(JSON.stringify(await clinic.vendor.log())).to.contain(NAM);
      const lines = log.filter((line) => line.includes('patients read')).map((line) => JSON.parse(line));
      expect(lines).not.to.be.empty;
      expect(lines[0].patients[0]).to.match(/^[0-9a-f-]{36}$/);
      const said = log.join('\n') + JSON.stringify(clinic.events) + JSON.stringify(await clinic.rvsq.log());
      for (const word of PATIENT_WORDS) expect(said).not.to.contain(word);
    });

    it('is in the audit log by reference: who booked for them, and who read of them', async () => {
      const [patient] = (await get<Bundle>('Patient')).entry ?? [];
      const about = `patient=${patient?.resource?.id}&_count=200`;
      const events = ((await get<Bundle>(`AuditEvent?${about}`)).entry ?? []).map(
        ({ resource }) => resource as AuditEvent,
      );
      const codes = events.map(({ subtype }) => subtype?.[0]?.code);
      expect(codes).to.include.members(['create', 'update', 'read', 'search-type']);
      const booked = events.find(({ subtype }) => subtype?.[0]?.code === 'create');
      expect(booked?.entity?.map(({ what }) => what?.reference?.split('/')[0])).to.include.members([
        'Appointment',
        'Slot',
        'Patient',
      ]);
      const all = await fetch(`${clinic.url}/api/audit/export`, { headers: await clinic.headers() });
      const text = await all.text();
      expect(text.split('\n').length).to.be.greaterThan(events.length);
      for (const word of PATIENT_WORDS) expect(text).not.to.contain(word);
      const verified = await clinic.ask<{ fault: unknown; records: number }>('GET', '/api/audit/verify');
      expect(verified.json.fault).to.equal(null);
      expect(log.some((line) => /"anchor":"\d+:[0-9a-f]{64}"/.test(line))).to.equal(true);
    });

    // Of the embedded database nobody else can be asked.
    if (!form.postgres) return;
    it('is erased when the clinic comes to keep none', async () => {
      await clinic.stop();
      const without = await MirroredClinic.open({ databaseUrl: url, key: KEY });
      const database = openPostgres(url ?? '', { onError: () => undefined });
      try {
        await until(
          'nobody is left',
          async () => (await database.query('select id from patient')).length === 0,
        );
        const linked = await database.query('select id from appointment where patient_id is not null');
        expect(linked).to.deep.equal([]);
      } finally {
        await database.close();
        await without.close();
      }
    });
  });
}
