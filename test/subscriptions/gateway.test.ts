import { expect } from 'chai';
import type { Appointment, Bundle, Slot, Subscription } from 'fhir/r4.js';
import { Webhook } from 'standardwebhooks';
import { EXTENSION } from '../../mappings/fhir/canonical.ts';
import { BookingClient, PATIENT_WORDS } from '../support/booking-client.ts';
import { scheduleOf } from '../support/clinic-configuration.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { ACTORS, MirroredClinic } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';
import { type Subscriber, startSubscriber } from '../support/subscriber.ts';

const FORMS = [
  { name: 'PGlite', postgres: false },
  { name: 'PostgreSQL', postgres: true },
];

for (const form of FORMS) {
  describe(`the gateway tells who subscribed, on ${form.name}`, function () {
    this.timeout(120_000);
    let clinic: MirroredClinic;
    let client: BookingClient;
    let drop: () => Promise<void> = async () => undefined;
    const subscribers: Subscriber[] = [];

    before(async function () {
      requireServer('PostgreSQL', !form.postgres || hasPostgres).call(this);
      const postgres = form.postgres ? await freshPostgres() : null;
      if (postgres) drop = postgres.drop;
      clinic = await MirroredClinic.open({ databaseUrl: postgres?.url ?? null, keepDays: 30 });
      client = new BookingClient(clinic);
    });
    after(async () => {
      await clinic?.close();
      await Promise.all(subscribers.map((subscriber) => subscriber.close()));
      await drop();
    });

    /** An active one, with its secret. */
    async function subscribe(
      criteria: string,
    ): Promise<{ subscriber: Subscriber; id: string; secret: string }> {
      const subscriber = await startSubscriber();
      subscribers.push(subscriber);
      const { status, json } = await clinic.ask<Subscription>('POST', '/fhir/Subscription', {
        resourceType: 'Subscription',
        status: 'requested',
        reason: 'un essai',
        criteria,
        channel: {
          type: 'rest-hook',
          endpoint: subscriber.url,
          payload: 'application/fhir+json',
          header: ['Authorization: Bearer of-the-subscriber'],
        },
      });
      expect(status).to.equal(201);
      const { id = '', channel } = json;
      await until('it is active', async () => {
        const read = await clinic.ask<Subscription>('GET', `/fhir/Subscription/${id}`);
        return read.json.status === 'active';
      });
      const secret = channel.extension?.find(({ url }) => url === EXTENSION.webhookSecret)?.valueString ?? '';
      return { subscriber, id, secret };
    }

    const resources = <R>({ received }: Subscriber): R[] => received.map(({ body }) => JSON.parse(body) as R);

    it('of a booking elsewhere: the slot at either platform is taken, and open again when it ends', async () => {
      const { subscriber, id, secret } = await subscribe(`Slot?schedule=${scheduleOf(ACTORS[0])}`);
      const slot = await clinic.rvsq.laterSlot(8);
      const booking = await clinic.rvsq.book(slot.id);
      const statusesAt = (start: string): (string | undefined)[] => {
        const latest = new Map(
          resources<Slot>(subscriber)
            .filter((each) => Date.parse(each.start) === Date.parse(start))
            .map((each) => [each.id, each.status]),
        );
        return [...latest.values()];
      };
      await until('it is told that the slot is taken', async () => statusesAt(slot.start).includes('busy'));
      await clinic.rvsq.cancel(booking);
      await until('it is told that the slot is free', async () =>
        statusesAt(slot.start).every((status) => status === 'free'),
      );
      for (const { path, method, headers, body } of subscriber.received) {
        const resource = JSON.parse(body) as Slot;
        expect(faultsOf(resource)).to.deep.equal([]);
        expect([method, path]).to.deep.equal(['PUT', `/hook/Slot/${resource.id}`]);
        expect(headers['authorization']).to.equal('Bearer of-the-subscriber');
        new Webhook(secret).verify(body, headers as Record<string, string>);
        expect(resource.schedule.reference).to.equal(`Schedule/${scheduleOf(ACTORS[0])}`);
      }
      expect(new Set(subscriber.ids()).size).to.equal(subscriber.received.length);
      const figures = await (
        await fetch(`${clinic.url}/metrics`, { headers: await clinic.headers() })
      ).text();
      expect(figures).to.match(/passerelle_subscriptions\{status="active"\} 1/);
      expect(figures).to.match(/passerelle_notifications_total\{outcome="delivered"\} [1-9]/);
      const gone = await fetch(`${clinic.url}/fhir/Subscription/${id}`, {
        method: 'DELETE',
        headers: await clinic.headers(),
      });
      expect(gone.status).to.equal(204);
    });

    it('of appointments, and never who comes', async () => {
      const { subscriber } = await subscribe('Appointment?status=booked');
      const { json } = await client.book(await clinic.vendor.laterSlot(12));
      await until('it is told', async () => subscriber.received.length > 0);
      const told = resources<Appointment>(subscriber);
      expect(told.map(({ id, status }) => [id, status])).to.deep.equal([[json.id, 'booked']]);
      expect(faultsOf(told[0])).to.deep.equal([]);
      for (const word of PATIENT_WORDS) expect(JSON.stringify(subscriber.received)).to.not.contain(word);
      // Whom the clinic keeps, and shows to who may know.
      expect(JSON.stringify(await client.read(json.id ?? ''))).to.contain('Patient/');
      expect(JSON.stringify(subscriber.received)).to.not.contain('Patient');
    });

    it('and who has a stream open, which goes on where it was', async () => {
      const open = async (lastEventId: string | null) => {
        const leaving = new AbortController();
        const response = await fetch(`${clinic.url}/api/events?criteria=Slot&criteria=Appointment`, {
          headers: {
            ...(await clinic.headers()),
            ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
          },
          signal: leaving.signal,
        });
        let text = '';
        const reading = (async () => {
          for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
        })().catch(() => undefined);
        return {
          events: () =>
            [...text.matchAll(/^event: (\w+)\nid: (\S+)\ndata: (.*)$/gm)].map(([, ...parts]) => parts),
          leave: async () => {
            leaving.abort();
            await reading;
          },
          ended: reading,
        };
      };
      const stream = await open(null);
      await until('it has begun', async () => stream.events()[0]?.[0] === 'reset');
      const bundle = await clinic.ask<Bundle<Slot>>('GET', '/fhir/Slot?status=free&_count=1');
      expect(bundle.status).to.equal(200);
      const slot = await clinic.vendor.laterSlot(16);
      const { json } = await client.book(slot);
      const has = (from: typeof stream, id: string | undefined, status: string) =>
        from.events().some(([, , data = '{}']) => {
          const resource = JSON.parse(data);
          return resource.id === id && resource.status === status;
        });
      await until('it is told of the booking', async () => has(stream, json.id, 'booked'));
      await stream.leave();
      const last = stream.events().at(-1)?.[1] ?? null;
      await client.cancel(json);
      const again = await open(last);
      await until('it is told what it missed', async () => has(again, json.id, 'cancelled'));
      expect(again.events().map(([type]) => type)).to.not.include('reset');
      expect(JSON.stringify([...stream.events(), ...again.events()])).to.not.contain('Patient');
      await clinic.stop();
      await again.ended;
      await clinic.start();
    });
  });
}
