import { expect } from 'chai';
import type { Appointment, Bundle, FhirResource, OperationOutcome, Slot } from 'fhir/r4.js';
import { becomes, takenAt } from '../support/booking-client.ts';
import { scheduleOf } from '../support/clinic-configuration.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { PATIENT } from '../support/incoming-appointment.ts';
import { ACTORS, type Answer, MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';

const CALLERS = 50;
/** Four rooms, and staff for three of them. */
const WALK_IN = { id: 'sans-rendez-vous', capacity: 3, rooms: ['salle-1', 'salle-2', 'salle-3', 'salle-4'] };

type Said = Answer<Appointment | Bundle<FhirResource> | OperationOutcome>;

/** IHE's operations answer with a Bundle, also where they refuse. */
const resourcesIn = (json: Said['json']): FhirResource[] =>
  json.resourceType === 'Bundle' ? (json.entry ?? []).flatMap(({ resource }) => resource ?? []) : [json];

/** 201 of a create, 200 of an operation. */
const isDone = (status: number): boolean => status === 200 || status === 201;

for (const [name, onServer] of [
  ['PGlite', false],
  ['PostgreSQL', true],
] as const) {
  describe(`many callers at once, over HTTP, on ${name}`, function () {
    this.timeout(90_000);
    let clinic: MirroredClinic;
    let drop: () => Promise<void> = async () => undefined;

    before(async function () {
      requireServer(name, !onServer || hasPostgres).call(this);
      const postgres = onServer ? await freshPostgres() : null;
      if (postgres) drop = postgres.drop;
      clinic = await MirroredClinic.open({ databaseUrl: postgres?.url ?? null, walkInService: WALK_IN });
    });
    after(async () => {
      await clinic?.close();
      await drop();
    });

    /** Each case has an hour of its own. */
    let taken = 0;
    const nextSlot = async (actor: string): Promise<SimSlot> => {
      taken += 1;
      const found = (await clinic.vendor.laterSlots(actor))[taken * 4];
      if (!found) throw new Error('no free slot');
      return found;
    };
    /** The vendor's slots at that time, by their FHIR ids. */
    const slotIds = async (schedule: string, { start }: SimSlot): Promise<string[]> => {
      const query = `schedule=${schedule}&start=${encodeURIComponent(start)}`;
      const { json } = await clinic.ask<Bundle<Slot>>('GET', `/fhir/Slot?${query}`);
      return (json.entry ?? []).flatMap(({ resource }) =>
        resource?.id && resource.meta?.source?.endsWith('/bonjour-sante') ? [resource.id] : [],
      );
    };
    const slotIdOf = async (slot: SimSlot): Promise<string> => {
      const [id] = await slotIds(scheduleOf(slot.actor), slot);
      if (!id) throw new Error(`there is no slot at ${slot.start}`);
      return id;
    };
    const participant = [{ actor: { reference: '#patient' }, status: 'accepted' }];
    const booking = ({ start, end }: SimSlot) => ({
      ...{ resourceType: 'Appointment', status: 'booked', start, end, contained: [PATIENT], participant },
    });
    const book = (slot: SimSlot, slotId: string): Promise<Said> =>
      clinic.ask('POST', '/fhir/Appointment', {
        ...booking(slot),
        slot: [{ reference: `Slot/${slotId}` }],
      });
    const hold = (slotId: string): Promise<Said> => clinic.ask('POST', `/fhir/Slot/${slotId}/$hold`);
    const put = (id: string, body: object): Promise<Answer<Appointment>> =>
      clinic.ask('PUT', `/fhir/Appointment/${id}`, { ...body, id });

    /** Whoever won, and that everybody else was told that somebody had. */
    const winners = (answers: readonly Said[]): Appointment[] => {
      const refusals = answers.filter(({ status }) => !isDone(status));
      expect([...new Set(refusals.map(({ status }) => status))]).to.deep.equal([409]);
      // All are told the same, so each text is looked at once.
      for (const text of new Set(refusals.map(({ json }) => JSON.stringify(json)))) {
        expect(faultsOf(JSON.parse(text)), text).to.deep.equal([]);
        const [outcome] = resourcesIn(JSON.parse(text)) as OperationOutcome[];
        expect(outcome?.resourceType, text).to.equal('OperationOutcome');
        expect(outcome?.issue[0], text).to.include({ severity: 'error', code: 'conflict' });
      }
      const won = answers.filter(({ status }) => isDone(status));
      return won.flatMap(({ json }) => resourcesIn(json) as Appointment[]);
    };
    const winnerOf = (answers: readonly Said[]): Appointment & { id: string } => {
      const [winner, ...more] = winners(answers);
      expect(more, 'one wins').to.deep.equal([]);
      if (!winner?.id) throw new Error('nobody won');
      return { ...winner, id: winner.id };
    };
    /** By the platforms' own state: it stands once where it was booked, and the other has closed the time. */
    const standsOnce = async (slot: SimSlot, { id }: Appointment): Promise<void> => {
      await becomes('it is closed elsewhere', clinic.rvsq, slot, 'blocked');
      const marks = (await takenAt(clinic.vendor, slot)).map(({ kind, reference }) => `${kind} ${reference}`);
      expect(marks).to.deep.equal([`booked passerelle:${id}`]);
      expect(await takenAt(clinic.rvsq, slot)).to.have.length(1);
    };
    const isOpen = async (slot: SimSlot): Promise<void> => {
      await becomes('it is open here', clinic.vendor, slot, 'free');
      await becomes('it is open elsewhere', clinic.rvsq, slot, 'free');
    };
    const callers = <T>(count: number, call: (index: number) => Promise<T>): Promise<T>[] =>
      Array.from({ length: count }, (_, index) => call(index));

    it(`${CALLERS} book one slot: one has it, the others are told of a conflict`, async () => {
      const slot = await nextSlot(ACTORS[0]);
      const id = await slotIdOf(slot);
      const winner = winnerOf(await Promise.all(callers(CALLERS, () => book(slot, id))));
      expect(winner.status).to.equal('booked');
      await standsOnce(slot, winner);
    });

    it(`${CALLERS} book one proposal by $book: the same`, async () => {
      const slot = await nextSlot(ACTORS[0]);
      const parameter = [
        { name: 'start', valueDateTime: slot.start },
        { name: 'end', valueDateTime: slot.end },
        { name: 'practitioner', valueReference: { reference: `Practitioner/${slot.actor}` } },
      ];
      const ask = (operation: string, parameters: readonly object[]): Promise<Said> =>
        clinic.ask('POST', `/fhir/Appointment/$${operation}`, {
          resourceType: 'Parameters',
          parameter: parameters,
        });
      const found = (await ask('find', parameter)).json as Bundle<Appointment>;
      const id = await slotIdOf(slot);
      const proposal = found.entry?.find(({ resource }) => resource?.slot?.[0]?.reference === `Slot/${id}`);
      const chosen = [
        {
          name: 'appointment-reference',
          valueReference: { reference: `Appointment/${proposal?.resource?.id}` },
        },
        { name: 'patient-resource', resource: PATIENT },
      ];
      const winner = winnerOf(await Promise.all(callers(CALLERS, () => ask('book', chosen))));
      expect(winner.status).to.equal('booked');
      await standsOnce(slot, winner);
    });

    it('half of them hold and half book: one has it; what is held is booked by its holder', async () => {
      const slot = await nextSlot(ACTORS[0]);
      const id = await slotIdOf(slot);
      const answers = callers(CALLERS, (index) => (index % 2 === 0 ? hold(id) : book(slot, id)));
      const winner = winnerOf(await Promise.all(answers));
      if (winner.status === 'pending') expect((await put(winner.id, booking(slot))).status).to.equal(200);
      await standsOnce(slot, winner);
    });

    it('they all hold, then half of them book meanwhile: one holds it, and only that one books', async () => {
      const slot = await nextSlot(ACTORS[0]);
      const id = await slotIdOf(slot);
      const holder = winnerOf(await Promise.all(callers(CALLERS / 2, () => hold(id))));
      expect(holder.status).to.equal('pending');
      const bookers = callers(CALLERS / 2, () => book(slot, id));
      const booked = await put(holder.id, booking(slot));
      expect([booked.status, booked.json.status]).to.deep.equal([200, 'booked']);
      expect(winners(await Promise.all(bookers))).to.deep.equal([]);
      await standsOnce(slot, holder);
    });

    it('what is given back is free for everybody again, and goes to one of them', async () => {
      const slot = await nextSlot(ACTORS[0]);
      const id = await slotIdOf(slot);
      const answers = callers(CALLERS, (index) => (index % 2 === 0 ? book(slot, id) : hold(id)));
      const first = winnerOf(await Promise.all(answers));
      const released = await put(first.id, { ...first, status: 'cancelled' });
      expect([released.status, released.json.status]).to.deep.equal([200, 'cancelled']);
      await isOpen(slot);
      await until('it can be found again', async () => {
        const { json } = await clinic.ask<Bundle>('GET', `/fhir/Slot?_id=${id}&status=free`);
        return json.entry?.length === 1;
      });
      const second = winnerOf(await Promise.all(callers(CALLERS, () => book(slot, id))));
      expect(second.id).to.not.equal(first.id);
      await standsOnce(slot, second);
    });

    it(`${CALLERS} book a walk-in with three lanes and four rooms: three have it in the end, and never more`, async () => {
      const slot = await nextSlot(WALK_IN.rooms[0] ?? '');
      const ids = await slotIds(scheduleOf(WALK_IN.id), slot);
      expect(ids).to.have.length(WALK_IN.rooms.length);
      const answers = await Promise.all(
        callers(CALLERS, (index) => book(slot, ids[index % ids.length] ?? '')),
      );
      // Two may have claimed lanes for one room, of which its platform took one: the lane of the other is free again, once
      // what closed the other rooms meanwhile is taken off the platform.
      await until('no room is left', async () => {
        for (const id of ids) answers.push(await book(slot, id));
        return winners(answers).length >= WALK_IN.capacity;
      });
      for (const id of ids) answers.push(await book(slot, id));
      const won = winners(answers);
      expect(won.map(({ status }) => status)).to.deep.equal(Array(WALK_IN.capacity).fill('booked'));
      const marks = async (): Promise<(string | null)[]> => {
        const there = WALK_IN.rooms.map((actor) => takenAt(clinic.vendor, { ...slot, actor }));
        const periods = (await Promise.all(there)).flat();
        return periods.flatMap(({ kind, reference }) => (kind === 'booked' ? [reference] : [])).sort();
      };
      expect(await marks()).to.deep.equal(won.map(({ id }) => `passerelle:${id}`).sort());
      for (const actor of WALK_IN.rooms) {
        await becomes(`${actor} is closed elsewhere`, clinic.rvsq, { ...slot, actor }, 'blocked');
      }
    });
  });
}
