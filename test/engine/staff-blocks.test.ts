import { expect } from 'chai';
import { AgendaDesk, type PeriodJson, type Time } from '../support/agenda-desk.ts';
import { BookingClient, becomes } from '../support/booking-client.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';

/** Time that people of the clinic close by themselves, on two simulated platforms that know nothing of why. */

type Closed = { readonly period: PeriodJson; readonly meets: readonly { readonly id: string }[] | null };

for (const form of ['PGlite', 'PostgreSQL'] as const) {
  describe(`time that staff close, on ${form}`, function () {
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

    const schedule = 'dr-tremblay-ici';
    const close = (time: Time, rest: object = {}, token?: string) =>
      desk.ask<Closed>('POST', '/api/blocks', { schedule, start: time.start, end: time.end, ...rest }, token);
    const open = (id: string, token?: string) =>
      desk.ask<{ period: PeriodJson }>('DELETE', `/api/blocks/${id}`, undefined, token);
    const both = async (time: Time, status: 'free' | 'blocked') => {
      const slot = { ...time, id: '', actor: 'dr-tremblay', status };
      await becomes(`it is ${status} at the vendor`, clinic.vendor, slot, status);
      await becomes(`it is ${status} on RVSQ`, clinic.rvsq, slot, status);
    };

    it('is closed on every platform, whatever is read there, and open on every one again', async () => {
      const slot = await clinic.vendor.laterSlot(4);
      const { status, json } = await close(slot, { reason: 'meeting' });
      expect(status, JSON.stringify(json)).to.equal(201);
      const { period, meets } = json;
      expect(period).to.deep.include({
        kind: 'block',
        origin: null,
        lane: null,
        reason: 'meeting',
        status: null,
      });
      expect(meets).to.deep.equal([]);
      await both(slot, 'blocked');
      const agreed = await desk.agrees(period.id);
      expect(agreed.listings.map(({ connection, kind, known }) => [connection, kind, known])).to.deep.equal([
        ['bonjour-sante', 'block', 'closed'],
        ['rvsq', 'block', 'closed'],
      ]);
      expect(agreed.canCancel).to.deep.equal({ can: true });

      await clinic.polls(3);
      const sync = await fetch(`${clinic.url}/api/connections/bonjour-sante/sync`, {
        method: 'POST',
        headers: await clinic.headers(),
      });
      expect(await sync.text()).to.contain('"outcome":"done"');
      expect((await desk.agenda()).periods.filter(({ start }) => start === period.start)).to.have.length(1);
      expect((await client.book(slot)).status).to.equal(409);

      const opened = await open(period.id);
      expect(opened.status).to.equal(200);
      expect(opened.json.period.endedAt).to.be.a('string');
      await both(slot, 'free');
      expect((await open(period.id)).status, 'said twice').to.equal(200);
      await until('it is shown no more', async () => (await desk.period(period.id)) === undefined);
    });

    it('stays closed, or becomes open, across a restart', async () => {
      const [one, other] = [await clinic.vendor.laterSlot(8), await clinic.vendor.laterSlot(16)];
      const first = (await close(one)).json.period.id;
      await both(one, 'blocked');
      await clinic.rvsq.faults({ down: true });
      await close(other, { reason: 'absence' });
      await open(first);
      await clinic.stop();
      await clinic.rvsq.faults({});
      await clinic.start();
      await both(one, 'free');
      await both(other, 'blocked');
    });

    it('leaves what is booked in it, and says what that is', async () => {
      const slot = await clinic.vendor.laterSlot(24);
      const next = (await clinic.vendor.laterSlots()).find(({ start }) => start >= slot.end);
      const { json: made } = await client.book(slot);
      const day = { start: slot.start, end: next?.end ?? '' };
      const { status, json } = await close(day, { reason: 'lunch' });
      expect(status, JSON.stringify(json)).to.equal(201);
      expect(json.meets?.map(({ id }) => id)).to.deep.equal([made.id]);
      expect((await client.read(made.id ?? '')).status).to.equal('booked');
      await desk.agrees(json.period.id);
      const { start = '', end = '' } = next ?? {};
      await both({ start, end }, 'blocked');
      expect((await client.cancel(await client.read(made.id ?? ''))).status).to.equal(200);
      await both(day, 'blocked');
      await open(json.period.id);
      await both(day, 'free');
    });

    it('is what a platform cannot take away: it is closed there again', async () => {
      const slot = await clinic.rvsq.laterSlot(30);
      const { json } = await close(slot);
      await both(slot, 'blocked');
      const agenda = clinic.simulators.rvsq.agenda;
      const block = agenda
        .records()
        .find(({ kind, reference }) => kind === 'block' && reference === `passerelle:${json.period.id}`);
      if (!block) throw new Error('RVSQ has no such block');
      agenda.remove(block);
      await until('it is closed there anew', async () =>
        agenda.records().some(({ kind, reference }) => kind === 'block' && reference === block.reference),
      );
      await open(json.period.id);
      await both(slot, 'free');
    });

    it('is for who may write slots; who may not read appointments is told of none', async () => {
      const slot = await clinic.vendor.laterSlot(36);
      expect((await close(slot, {}, await desk.token('system/Slot.rs'))).status).to.equal(403);
      const writer = await desk.token('system/Slot.crd');
      const { status, json } = await close(slot, {}, writer);
      expect([status, json.meets]).to.deep.equal([201, null]);
      expect(
        (await open(json.period.id, await desk.token('system/Slot.rs', 'system/Slot.c'))).status,
      ).to.equal(403);
      expect((await open(json.period.id, writer)).status).to.equal(200);
    });

    it('is closed once, however often the same request comes', async () => {
      const [slot, next] = [await clinic.vendor.laterSlot(38), await clinic.vendor.laterSlot(39)];
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'abc-1' };
      const send = ({ start, end }: Time) =>
        clinic.ask<Closed>('POST', '/api/blocks', { schedule, start, end }, headers);
      const answers = await Promise.all([send(slot), send(slot), send(slot)]);
      expect(answers.map(({ status }) => status)).to.deep.equal([201, 201, 201]);
      expect(new Set(answers.map(({ json }) => json.period.id)).size).to.equal(1);
      expect((await send(next)).status, 'the same key for another time').to.equal(422);
      await open(answers[0]?.json.period.id ?? '');
    });

    it('refuses what names no time to come, no schedule or no reason, and what a platform closed', async () => {
      const slot = await clinic.vendor.laterSlot(40);
      const past = { start: '2020-01-01T00:00:00Z', end: '2020-01-01T01:00:00Z' };
      const statuses = await Promise.all([
        close(past),
        close({ start: slot.end, end: slot.start }),
        close(slot, { schedule: 'nobody' }),
        close(slot, { reason: 'Mme Fictif a appelé' }),
        close(slot, { note: 'x' }),
        close({ start: new Date(Date.parse(slot.start) + 1_000).toISOString(), end: slot.end }),
      ]);
      expect(statuses.map(({ status }) => status)).to.deep.equal(Array(6).fill(422));
      const lunch = (await desk.agenda()).periods.find(
        ({ kind, origin }) => kind === 'block' && origin !== null,
      );
      expect(lunch?.canCancel.can).to.equal(false);
      expect((await open(lunch?.id ?? '')).status).to.equal(422);
      expect((await open('00000000-0000-4000-8000-000000000001')).status).to.equal(404);
    });
  });
}
