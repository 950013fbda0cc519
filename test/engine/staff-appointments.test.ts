import { expect } from 'chai';
import type { Appointment, AuditEvent, Bundle, OperationOutcome } from 'fhir/r4.js';
import { AgendaDesk, type PeriodJson, type Time } from '../support/agenda-desk.ts';
import { BookingClient, becomes, takenAt } from '../support/booking-client.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { PATIENT } from '../support/incoming-appointment.ts';
import { MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';

/** Appointments that people of the clinic make by no slot: in free time, and knowingly over time that is taken. */

type Placed = { readonly period: PeriodJson };
const HOUR_MILLISECONDS = 3_600_000;

for (const form of ['PGlite', 'PostgreSQL'] as const) {
  describe(`an appointment by staff, on ${form}`, function () {
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

    const place = (time: Time, rest: object = {}, token?: string) =>
      desk.ask<Placed & OperationOutcome>(
        'POST',
        '/api/appointments',
        { schedule: 'dr-tremblay-ici', start: time.start, end: time.end, patient: PATIENT, ...rest },
        token,
      );
    const move = (id: string, { start, end }: Time, rest: object = {}) =>
      desk.ask<Placed & OperationOutcome>('POST', `/api/appointments/${id}/move`, { start, end, ...rest });
    const conflictsOf = async (id: string) => (await desk.period(id))?.conflicts ?? [];
    const closed = (site: MirroredClinic['vendor'], slot: SimSlot) =>
      becomes('it is closed', site, slot, 'blocked');
    const open = (site: MirroredClinic['vendor'], slot: SimSlot) => becomes('it is open', site, slot, 'free');
    const URGENT = { override: { reason: 'urgent' } };

    it('is made where no slot is, in the lock, with who comes, and no platform is told who', async () => {
      const slot = await clinic.vendor.laterSlot(4);
      const evening = new Date(Date.parse(slot.start));
      evening.setUTCHours(2, 0, 0, 0);
      const time = {
        start: evening.toISOString(),
        end: new Date(evening.getTime() + HOUR_MILLISECONDS / 3).toISOString(),
      };
      const { status, json } = await place(time, { comment: 'par téléphone' });
      expect(status, JSON.stringify(json)).to.equal(201);
      expect(json.period).to.deep.include({
        kind: 'appointment',
        origin: null,
        lane: 0,
        status: 'booked',
        reason: null,
        comment: 'par téléphone',
        conflicts: [],
        canCancel: { can: true },
        canMove: { can: true },
      });
      expect(json.period.patient).to.deep.include({ name: 'Anne Marie Fictif' });
      const agreed = await desk.agrees(json.period.id);
      expect(agreed.listings.map(({ connection, kind }) => [connection, kind])).to.deep.equal([
        ['bonjour-sante', 'block'],
        ['rvsq', 'block'],
      ]);
      const told = JSON.stringify([await clinic.vendor.log(), await clinic.rvsq.log()]);
      expect(told).not.to.match(/Fictif|FICA|555-0199|téléphone/);
      expect((await client.read(json.period.id)).status).to.equal('booked');
      expect((await place(time)).status, 'the same time again').to.equal(409);
      expect(
        (await place({ ...time, start: new Date(evening.getTime() - 60_000).toISOString() })).status,
      ).to.equal(409);
    });

    it('over a booking stands outside of the lock, its conflict settled by who made it, and nothing is freed', async () => {
      const slot = await clinic.vendor.laterSlot(8);
      const first = (await client.book(slot)).json.id ?? '';
      await closed(clinic.rvsq, slot);
      const refused = await place(slot);
      expect(refused.status).to.equal(409);
      const { status, json } = await place(slot, URGENT);
      expect(status, JSON.stringify(json)).to.equal(201);
      const { id, lane, reason, conflicts } = json.period;
      expect([lane, reason]).to.deep.equal([null, 'urgent']);
      expect(conflicts.map(({ state, with: other }) => [state, other])).to.deep.equal([['resolved', first]]);
      expect((await desk.period(first))?.lane).to.equal(0);
      type Settled = { state: string; resolution: { resolution: string; by: string } };
      const settled = await desk.ask<Settled>('GET', `/api/conflicts/${conflicts[0]?.id}`);
      expect(settled.json.state).to.equal('resolved');
      expect(settled.json.resolution).to.deep.include({ resolution: 'keep-both', by: 'administrator' });
      await clinic.polls(3);
      await desk.agrees(id);
      expect(await conflictsOf(id), 'it is not detected anew').to.deep.equal(conflicts);
      await closed(clinic.rvsq, slot);

      // Whoever goes first, the other keeps the time closed, and has the lane.
      expect((await client.cancel(await client.read(first))).status).to.equal(200);
      await until('it has the lane', async () => (await desk.period(id))?.lane === 0);
      await closed(clinic.rvsq, slot);
      await closed(clinic.vendor, slot);
      expect(await conflictsOf(id)).to.deep.equal([]);
      expect((await client.cancel(await client.read(id))).status).to.equal(200);
      await open(clinic.rvsq, slot);
      await open(clinic.vendor, slot);
    });

    it('stays across a restart, and a reading of everything', async () => {
      const slot = await clinic.vendor.laterSlot(12);
      const first = (await client.book(slot)).json.id ?? '';
      const { id } = (await place(slot, URGENT)).json.period;
      await clinic.stop();
      await clinic.start();
      await clinic.polls(3);
      expect((await desk.agrees(id)).conflicts.map(({ state }) => state)).to.deep.equal(['resolved']);
      expect((await client.read(first)).status).to.equal('booked');
      expect(await takenAt(clinic.vendor, slot)).to.have.length(2);
    });

    it('over time that staff closed is in the lock', async () => {
      const slot = await clinic.vendor.laterSlot(16);
      const block = { schedule: 'dr-tremblay-ici', start: slot.start, end: slot.end };
      expect((await desk.ask('POST', '/api/blocks', block)).status).to.equal(201);
      expect((await place(slot)).status).to.equal(409);
      const { json } = await place(slot, { override: { reason: 'agreed' } });
      expect(json.period).to.deep.include({ lane: 0, conflicts: [], reason: 'agreed' });
      expect((await place(slot, URGENT)).json.period.lane).to.equal(null);
    });

    it('is moved here, to free time or knowingly over another, and takes its conflict along', async () => {
      const [from, to, taken] = await Promise.all([20, 28, 36].map((n) => clinic.vendor.laterSlot(n)));
      if (!from || !to || !taken) throw new Error('there are not enough slots');
      const other = (await client.book(taken)).json.id ?? '';
      const { id, version } = (await place(from, { comment: 'gardé' })).json.period;
      await closed(clinic.rvsq, from);
      const moved = await move(id, to);
      expect(moved.status, JSON.stringify(moved.json)).to.equal(200);
      expect(moved.json.period).to.deep.include({ id, comment: 'gardé', lane: 0 });
      expect(moved.json.period.patient?.name).to.equal('Anne Marie Fictif');
      expect(moved.json.period.version).to.be.greaterThan(version ?? 0);
      expect((await client.read(id)).start).to.satisfy(
        (start: string) => Date.parse(start) === Date.parse(to.start),
      );
      await open(clinic.rvsq, from);
      await closed(clinic.rvsq, to);
      expect((await move(id, taken)).status).to.equal(409);
      const over = (await move(id, taken, URGENT)).json.period;
      expect(over.lane).to.equal(null);
      expect(over.conflicts.map(({ state, with: met }) => [state, met])).to.deep.equal([['resolved', other]]);
      await open(clinic.rvsq, to);
      const back = await move(id, to);
      expect(back.json.period).to.deep.include({ lane: 0, conflicts: [] });
      expect((await move(other, from)).status, 'a platform has it').to.equal(422);
      const put = await client.move(await client.read(id), from, 'bonjour-sante');
      expect(put.status).to.equal(422);
      expect(JSON.stringify(put.json)).to.contain('/api/appointments/<id>/move');
    });

    it('is recorded with its reason, and for who may: only who operates books over others', async () => {
      const slot = await clinic.vendor.laterSlot(44);
      await client.book(slot);
      const front = await desk.token('system/Appointment.cruds');
      expect((await place(slot, URGENT, front)).status).to.equal(403);
      expect((await place(slot, {}, await desk.token('system/Slot.cruds'))).status).to.equal(403);
      const chief = await desk.token('system/Appointment.cruds', 'passerelle/operate');
      const { status, json } = await place(slot, URGENT, chief);
      expect([status, json.period.patient], 'who may not see patients').to.deep.equal([201, null]);
      const log = await desk.ask<Bundle<AuditEvent>>(
        'GET',
        '/fhir/AuditEvent?subtype=appointment.placed&_sort=-date',
      );
      const record = JSON.stringify(
        log.json.entry?.find(({ resource }) => JSON.stringify(resource).includes(json.period.id)),
      );
      expect(record).to.contain('"valueString":"urgent"').and.to.contain('"Patient/');
    });

    it('refuses a patient who is none, a reason that is text, and a schedule that is none', async () => {
      const slot = await clinic.vendor.laterSlot(48);
      const wrong = await Promise.all([
        place(slot, { patient: { resourceType: 'Patient', name: [{ family: 'Secretname' }] } }),
        place(slot, { patient: { reference: 'Patient/00000000-0000-4000-8000-000000000001' } }),
        place(slot, { patient: { reference: 'Practitioner/x' } }),
        place(slot, { override: { reason: 'Secretname insiste' } }),
        place(slot, { schedule: 'nobody' }),
        place({ start: slot.start, end: '2099-01-01T00:00:00Z' }),
      ]);
      expect(wrong.map(({ status }) => status)).to.deep.equal(Array(6).fill(422));
      expect(JSON.stringify(wrong)).not.to.contain('Secretname');
      const id = '00000000-0000-4000-8000-000000000001';
      expect((await move(id, slot)).status).to.equal(404);
    });

    it('is made once, however often the same request comes', async () => {
      const slot = await clinic.vendor.laterSlot(50);
      await client.book(slot);
      const { start, end } = slot;
      const body = { schedule: 'dr-tremblay-ici', start, end, patient: PATIENT, ...URGENT };
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'abc-2' };
      const send = () => clinic.ask<Placed>('POST', '/api/appointments', body, headers);
      const answers = await Promise.all([send(), send()]);
      expect(answers.map(({ status }) => status)).to.deep.equal([201, 201]);
      expect(new Set(answers.map(({ json }) => json.period.id)).size).to.equal(1);
    });

    it('is one of two at once who want the same free time', async () => {
      const slot = await clinic.vendor.laterSlot(52);
      const answers = await Promise.all([place(slot), client.book(slot), place(slot)]);
      expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
      const { json } = await desk.ask<Bundle<Appointment>>(
        'GET',
        `/fhir/Appointment?status=booked&date=${encodeURIComponent(slot.start)}&actor=Practitioner/dr-tremblay`,
      );
      expect(json.entry?.filter(({ search }) => search?.mode === 'match')).to.have.length(1);
    });
  });
}
