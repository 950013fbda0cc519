import { expect } from 'chai';
import { instant } from '../../src/domain/instant.ts';
import type {
  AppointmentStatus,
  AppointmentWrite,
  PatientWrite,
} from '../../src/engine/ports/appointments.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { PatientKeeper, PatientReader } from '../../src/engine/ports/patients.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, listing, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { fakeSeal } from '../support/fake-ring.ts';

const SEAL = fakeSeal(5);
/** Made up, as all that is here. */
const NAM = 'FICA01010113';
const CALLERS = 20;
const ANY = { ids: null, anyUpdated: null };
const ALL = { after: null, descending: false, limit: 100 };
const timeOf = (n: number) => span(n * 15, n * 15 + 15);

/** @param n of the id that it gets if nobody has the number yet. */
const patient = (n: number, nam: string | null, given = 'Anne'): PatientWrite => ({
  isKnown: false,
  id: uuid(900 + n),
  hash: nam === null ? null : SEAL.hash(nam),
  sealed: SEAL.close({ family: 'Fictif', given, phone: null, email: null, nam, birthDate: null }, 'patient'),
});

describe('patients in the database', () => {
  onEachDatabase((open) => {
    let store: Store & Reader & PatientReader & PatientKeeper;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(async () => {
      await open().script(
        'delete from listing; delete from appointment; delete from appointment_version; delete from patient; delete from slot; delete from busy_period',
      );
      const slots = Array.from({ length: CALLERS }, (_, n) => slot(n, timeOf(n)));
      await store.transaction((transaction) => transaction.writeSlots(slots, at(-60)));
    });

    const appointment = (n: number, who: PatientWrite | null | undefined): AppointmentWrite => ({
      id: uuid(50 + n),
      scheduleId: 'doctor-here',
      slotId: uuid(n),
      status: 'pending',
      document: '{"resourceType":"Appointment"',
      sealedPatient: null,
      ...(who === undefined ? {} : { patient: who }),
    });
    /** Takes slot n for the appointment 50 + n. @param actorId of its own, so that nobody waits for an actor. */
    const claim = (n: number, who?: PatientWrite, actorId = 'doctor') =>
      store.claimSlot(
        {
          slotId: uuid(n),
          busy: busy(50 + n, timeOf(n), { actorId, lane: null }),
          capacity: 1,
          appointment: appointment(n, who),
          listing: { ...listing(50 + n, timeOf(n)), subjectId: uuid(50 + n), known: null, externalId: null },
          leaseUntil: at(1),
          events: [],
        },
        at(-10),
      );
    const write = (wanted: AppointmentWrite) =>
      store.transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, appointments: [wanted] }, at(-5)),
      );
    const setStatus = (n: number, status: AppointmentStatus) =>
      store.transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, appointmentStatuses: [{ id: uuid(50 + n), status }] }, at(-5)),
      );
    const refuse = (n: number) =>
      store.transaction((transaction) => {
        const told = { at: at(-5), connectionId: 'east', busyId: uuid(50 + n), scheduleId: 'doctor-here' };
        const events = [{ type: 'appointment.refused' as const, ...told, interval: timeOf(n) }];
        const appointmentStatuses = [{ id: uuid(50 + n), status: 'cancelled' as const }];
        return transaction.apply({ ...NO_CHANGES, appointmentStatuses, events }, at(-5));
      });
    const known = async () =>
      (await store.searchPatients(ANY, ALL)).map(({ id, version, sealed }) => [
        id,
        version,
        SEAL.open(sealed, 'patient').given,
      ]);
    const patientOf = async (n: number) => {
      const [row] = await store.searchAppointments({
        ids: [uuid(50 + n)],
        scheduleIds: null,
        statuses: null,
        start: { fromMs: null, beforeMs: null },
        after: null,
        limit: 1,
      });
      return row?.patientId;
    };
    const overAt = async (): Promise<unknown> =>
      (await open().query<{ over_ms: number }>('select over_ms from patient order by id')).map(
        ({ over_ms }) => over_ms,
      );

    it('are one where one number books many times at the same moment, with nobody’s number to be read', async () => {
      const claims = await Promise.all(
        Array.from({ length: CALLERS }, (_, n) => claim(n, patient(n, NAM), `doctor-${n}`)),
      );
      expect(claims).to.deep.equal(Array(CALLERS).fill(true));
      const rows = await open().query('select * from patient');
      expect(rows).to.have.length(1);
      expect(rows[0]).to.include({ version: CALLERS, over_ms: timeOf(CALLERS - 1).end });
      const ids = await Promise.all(Array.from({ length: CALLERS }, (_, n) => patientOf(n)));
      expect(new Set(ids)).to.deep.equal(new Set([rows[0]?.['id']]));
      expect(await store.patientsByHash([SEAL.hash(NAM), SEAL.hash('FICB02020211')])).to.deep.equal([ids[0]]);
      // What lies there, read as text and as bytes.
      const [raw] = await open().query<{ text: string }>(
        "select string_agg(patient::text || encode(sealed, 'escape') || encode(hash, 'escape'), '') as text from patient",
      );
      for (const word of [NAM, 'Fictif', 'Anne']) expect(raw?.text).not.to.contain(word);
    });

    it('have the details of the latest booking, and are apart without a number', async () => {
      await claim(0, patient(0, NAM, 'Anne'));
      await claim(1, patient(1, NAM, 'Anne Marie'));
      await claim(2, patient(2, null));
      await claim(3, patient(3, null));
      await claim(4);
      expect(await known()).to.deep.equal([
        [uuid(900), 2, 'Anne Marie'],
        [uuid(902), 1, 'Anne'],
        [uuid(903), 1, 'Anne'],
      ]);
      expect(await Promise.all([0, 1, 2, 4].map(patientOf))).to.deep.equal([
        uuid(900),
        uuid(900),
        uuid(902),
        null,
      ]);
      expect(await claim(4, patient(4, NAM, 'Berthe'))).to.equal(false);
      expect((await known())[0], 'a booking that was not made').to.deep.equal([uuid(900), 2, 'Anne Marie']);
    });

    it('are who they were where a booking names one of them, and nobody once erased', async () => {
      await claim(0, patient(0, null));
      const same = { isKnown: true as const, id: uuid(900) };
      expect(await claim(1, same)).to.equal(true);
      await claim(2);
      await write(appointment(2, same));
      expect(await Promise.all([1, 2].map(patientOf))).to.deep.equal([uuid(900), uuid(900)]);
      expect(await known()).to.deep.equal([[uuid(900), 1, 'Anne']]);
      expect(await overAt()).to.deep.equal([timeOf(2).end]);
      await store.forgetPatients(null, 10);
      expect(await claim(3, same)).to.equal(true);
      await write(appointment(2, same));
      expect(await Promise.all([1, 2, 3].map(patientOf))).to.deep.equal([null, null, null]);
    });

    it('come with a hold that is booked, and go with one that stays a hold', async () => {
      await claim(0);
      await write(appointment(0, patient(0, NAM)));
      expect(await patientOf(0)).to.equal(uuid(900));
      expect(await overAt()).to.deep.equal([timeOf(0).end]);
      await write(appointment(0, undefined));
      expect(await patientOf(0)).to.equal(uuid(900));
      await write(appointment(0, null));
      expect([await patientOf(0), await known()]).to.deep.equal([null, []]);
    });

    it('are erased with a booking that was refused, unless they have another', async () => {
      await claim(0, patient(0, NAM));
      await claim(1, patient(1, NAM));
      await refuse(1);
      expect(await known()).to.have.length(1);
      expect([await patientOf(0), await patientOf(1)]).to.deep.equal([uuid(900), null]);
      expect(await overAt()).to.deep.equal([timeOf(0).end]);
      await refuse(0);
      expect([await patientOf(0), await known()]).to.deep.equal([null, []]);
    });

    it('are over when their last appointment is, and when that is called off', async () => {
      await claim(0, patient(0, NAM));
      await claim(1, patient(1, NAM));
      expect(await overAt()).to.deep.equal([timeOf(1).end]);
      await setStatus(1, 'cancelled');
      expect(await overAt()).to.deep.equal([timeOf(0).end]);
      await setStatus(0, 'cancelled');
      expect(await overAt()).to.deep.equal([at(-5)]);
    });

    it('are forgotten after that, with what links to them, and without a new version of it', async () => {
      await claim(0, patient(0, NAM));
      await claim(1, patient(1, null));
      expect(await store.forgetPatients(instant(timeOf(0).end - 1), 10)).to.equal(0);
      expect(await store.forgetPatients(timeOf(0).end, 10)).to.equal(1);
      expect([await patientOf(0), await patientOf(1)]).to.deep.equal([null, uuid(901)]);
      const versions = await open().query(
        'select version from appointment union all select 0 from appointment_version',
      );
      expect(versions).to.deep.equal([{ version: 1 }, { version: 1 }]);
      expect(await store.forgetPatients(null, 10)).to.equal(1);
      expect(await known()).to.deep.equal([]);
    });

    it('lose what an appointment of long ago says in free text, and nothing else', async () => {
      const document = '{"resourceType":"Appointment","comment":"Un mot, \\"entre\\" nous","x":1';
      await claim(0, patient(0, NAM));
      await claim(1, patient(1, NAM));
      await open().query('update appointment set document = $1', [document]);
      expect(await store.forgetComments(instant(timeOf(0).start), 10)).to.equal(1);
      expect(await store.forgetComments(instant(timeOf(0).start), 10)).to.equal(0);
      const rows = await open().query('select document, version from appointment order by start_ms');
      expect(rows).to.deep.equal([
        { document: '{"resourceType":"Appointment","x":1', version: 1 },
        { document, version: 1 },
      ]);
    });

    it('are found by id, page by page, and have their present version only', async () => {
      await Promise.all([claim(0, patient(0, null)), claim(1, patient(1, null)), claim(2, patient(2, NAM))]);
      const ids = async (...query: Parameters<PatientReader['searchPatients']>) =>
        (await store.searchPatients(...query)).map(({ id }) => id);
      expect(await ids(ANY, { ...ALL, limit: 2 })).to.deep.equal([uuid(900), uuid(901)]);
      expect(await ids(ANY, { ...ALL, after: uuid(901) })).to.deep.equal([uuid(902)]);
      expect(await ids(ANY, { ...ALL, descending: true, after: uuid(901) })).to.deep.equal([uuid(900)]);
      const some = {
        ids: [uuid(900), uuid(902), uuid(7)],
        anyUpdated: [{ fromMs: at(-10), beforeMs: null }],
      };
      expect(await ids(some, ALL)).to.deep.equal([uuid(900), uuid(902)]);
      expect(await store.countPatients(some)).to.equal(2);
      expect(await store.countPatients({ ids: null, anyUpdated: [] })).to.equal(0);
      await claim(3, patient(3, NAM));
      const of = (version: number | null) => ({
        of: { id: uuid(902), version, at: { fromMs: null, beforeMs: null } },
        sinceMs: null,
        after: null,
        limit: 10,
      });
      const versionsOf = async (version: number | null) =>
        (await store.patientVersions(of(version))).map((row) => row.version);
      expect([await versionsOf(null), await versionsOf(1), await versionsOf(2)]).to.deep.equal([
        [2],
        [],
        [2],
      ]);
      expect(await store.countPatientVersions({ ...of(null), of: null })).to.equal(3);
      const latest = { id: uuid(902), version: 2, updatedMs: at(-10) };
      const older = await store.patientVersions({ ...of(null), of: null, after: latest, limit: 1 });
      expect(older.map(({ id }) => id)).to.deep.equal([uuid(901)]);
    });
  });
});
