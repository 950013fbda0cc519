import { expect } from 'chai';
import type { AuditEvent, Bundle } from 'fhir/r4.js';
import { AgendaDesk } from '../support/agenda-desk.ts';
import { BookingClient, becomes } from '../support/booking-client.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';

/** GET /api/agenda of a clinic on two simulated platforms. */

for (const form of ['PGlite', 'PostgreSQL'] as const) {
  describe(`the agenda, on ${form}`, function () {
    this.timeout(120_000);
    let clinic: MirroredClinic;
    let client: BookingClient;
    let desk: AgendaDesk;
    let drop: () => Promise<void> = async () => undefined;

    before(async function () {
      requireServer('PostgreSQL', form === 'PGlite' || hasPostgres).call(this);
      const postgres = form === 'PostgreSQL' ? await freshPostgres() : null;
      if (postgres) ({ drop } = postgres);
      clinic = await MirroredClinic.open({
        databaseUrl: postgres?.url ?? null,
        key: Buffer.alloc(32, 3).toString('base64'),
        keepDays: 30,
      });
      client = new BookingClient(clinic);
      desk = new AgendaDesk(clinic);
    });
    after(async () => {
      await clinic?.close();
      await drop();
    });
    afterEach(() => clinic?.rvsq.faults({}));

    it('shows the schedule, its platforms and their slots', async () => {
      const { schedules, slots, shows } = await desk.agenda();
      expect(shows).to.deep.equal({ appointments: true, patients: true });
      expect(schedules).to.have.length(1);
      const [schedule] = schedules;
      expect(schedule).to.deep.include({
        id: 'dr-tremblay-ici',
        practitioner: { id: 'dr-tremblay', name: 'Dr Essai dr-tremblay' },
        timeZone: 'America/Toronto',
        capacity: 1,
        onOffer: true,
        editedHere: false,
      });
      expect(schedule?.calendars.map(({ connection }) => connection)).to.deep.equal([
        'bonjour-sante',
        'rvsq',
      ]);
      expect(schedule?.calendars[0]).to.deep.include({ stale: false, canBook: true, canCancel: true });
      const connections = new Set(slots.map(({ connection }) => connection));
      expect([...connections].sort()).to.deep.equal(['bonjour-sante', 'rvsq']);
      expect(slots.every(({ schedule: id }) => id === 'dr-tremblay-ici')).to.equal(true);
    });

    it('shows a booking at its platform and closed at the other, with who comes', async () => {
      const slot = await clinic.vendor.laterSlot(4);
      const { json: made } = await client.book(slot);
      const period = await desk.agrees(made.id ?? '');
      expect(period).to.deep.include({
        kind: 'appointment',
        lane: 0,
        origin: 'bonjour-sante',
        status: 'booked',
        endedAt: null,
        conflicts: [],
        canCancel: { can: true },
        canMove: { can: true },
      });
      expect(period.patient).to.deep.include({ name: 'Anne Marie Fictif', healthNumber: 'FICA01010113' });
      const listings = period.listings.map(({ connection, kind, wanted, known, state, error }) => ({
        ...{ connection, kind, wanted, known, state, error },
      }));
      expect(listings).to.deep.equal([
        {
          ...{ connection: 'bonjour-sante', kind: 'booking', wanted: 'booked', known: 'booked' },
          ...{ state: 'agrees', error: null },
        },
        {
          ...{ connection: 'rvsq', kind: 'block', wanted: 'closed', known: 'closed' },
          ...{ state: 'agrees', error: null },
        },
      ]);
    });

    it('records whose names were shown, and of nobody where none was', async () => {
      const records = async () =>
        (await desk.ask<Bundle<AuditEvent>>('GET', '/fhir/AuditEvent?subtype=agenda.read&_count=50')).json
          .entry ?? [];
      const before = (await records()).length;
      await desk.agenda();
      const after = await records();
      expect(after.length).to.equal(before + 1);
      expect(JSON.stringify(after)).to.contain('"Patient/');
      await desk.agenda('dre-gagnon');
      expect((await records()).length).to.equal(before + 1);
    });

    it('shows who may not read patients nobody, and who may not read appointments none', async () => {
      const noNames = await desk.agenda(
        undefined,
        await desk.token('system/Slot.rs', 'system/Appointment.rs'),
      );
      expect(noNames.shows).to.deep.equal({ appointments: true, patients: false });
      expect(noNames.periods.some(({ kind }) => kind === 'appointment')).to.equal(true);
      expect(JSON.stringify(noNames)).not.to.match(/Fictif|FICA|555-0199/);
      const onlySlots = await desk.agenda(undefined, await desk.token('system/Slot.rs'));
      expect(onlySlots.shows).to.deep.equal({ appointments: false, patients: false });
      expect(new Set(onlySlots.periods.map(({ kind }) => kind))).to.deep.equal(new Set(['block']));
      const query = 'from=2026-11-23T00:00:00Z&before=2026-11-24T00:00:00Z';
      const token = await desk.token('system/Appointment.rs');
      expect((await desk.ask('GET', `/api/agenda?${query}`, undefined, token)).status).to.equal(403);
    });

    it('says what a platform is still to be told, and of what is over for as long as it stands there', async () => {
      await clinic.rvsq.faults({ down: true });
      const slot = await clinic.vendor.laterSlot(12);
      const { json: made } = await client.book(slot);
      const id = made.id ?? '';
      const listingAt = async () =>
        (await desk.period(id))?.listings.find(({ connection }) => connection === 'rvsq');
      await until('RVSQ was tried in vain', async () => (await listingAt())?.state === 'failing');
      const failing = await listingAt();
      expect(failing).to.deep.include({ wanted: 'closed', known: 'nothing' });
      expect(failing?.error?.fr).to.equal('la plateforme ne répond pas');
      expect(failing?.differsSince).to.equal(failing?.since);
      await clinic.rvsq.faults({});
      await becomes('it is closed on RVSQ', clinic.rvsq, slot, 'blocked');
      await desk.agrees(id);

      await clinic.rvsq.faults({ down: true });
      expect((await client.cancel(await client.read(id))).status).to.equal(200);
      const over = await desk.period(id);
      expect(over?.endedAt).to.be.a('string');
      expect(over?.status).to.equal('cancelled');
      expect(over?.canCancel).to.deep.include({ can: false });
      expect(await listingAt()).to.deep.include({ wanted: 'nothing', known: 'closed' });
      await clinic.rvsq.faults({});
      await until('it is shown no more', async () => (await desk.period(id)) === undefined);
    });

    for (const query of [
      'from=2026-11-23T00:00:00Z',
      'from=2026-11-23T00:00:00Z&before=2026-11-23T00:00:00Z',
      'from=2026-11-23T00:00:00Z&before=2026-12-28T00:00:01Z',
      'from=2026-11-23&before=2026-11-24',
      'from=2026-11-23T00:00:00Z&before=2026-11-24T00:00:00Z&schedule=nobody',
    ]) {
      it(`refuses ?${query}`, async () => {
        expect((await desk.ask('GET', `/api/agenda?${query}`)).status).to.equal(400);
      });
    }
  });
}
