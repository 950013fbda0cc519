import { expect } from 'chai';
import { manifest as vendor } from '../../adapters/bonjour-sante/manifest.ts';
import { manifest as rvsq } from '../../adapters/rvsq/manifest.ts';
import type { Manifest, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { HOUR, type Instant, MINUTE } from '../../src/domain/instant.ts';
import type { Failover } from '../../src/domain/schedule.ts';
import { failoverRefusal } from '../../src/engine/failover.ts';
import type { BookOutcome } from '../../src/engine/ports/front.ts';
import { at, slot, span, under, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { AT_ONCE, type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';
import { until } from '../support/servers.ts';
import { manifestWithoutHolds } from '../support/without-holds.ts';

const accept = (forHours: number | null, untilHoursBefore = 0): Failover => ({
  mode: 'accept',
  forMilliseconds: forHours === null ? null : forHours * HOUR,
  untilMillisecondsBefore: untilHoursBefore * HOUR,
});

describe('whether a booking is accepted for a platform that is down', () => {
  // 09:00 is booked, and each row says when it failed first and what time it is, in minutes from 09:00.
  const rows: [
    name: string,
    failover: Failover,
    since: number | null,
    now: number,
    refusal: RegExp | null,
  ][] = [
    [
      'never, by default',
      { mode: 'refuse' },
      -600,
      -600,
      /^east has not answered since 2026-11-23T23:00:00-05:00$/,
    ],
    ['never while it is paused, either', { mode: 'refuse' }, null, -600, /^east is paused$/],
    ['however long it takes', accept(null), -100_000, -5, null],
    ['also when it is paused', accept(null), null, -5, null],
    ['within its hours', accept(4), -600, -600 + 239, null],
    ['not after its hours', accept(4), -600, -600 + 240, /accepted on its behalf for 4 h only$/],
    [
      'not for hours when nobody knows since when',
      accept(4),
      null,
      -600,
      /^east is paused, .* for 4 h only$/,
    ],
    ['early enough before the start', accept(null, 2), -600, -120, null],
    ['not too near to the start', accept(null, 2), -600, -119, /nothing that starts within 2 h is accepted/],
  ];
  for (const [name, failover, since, now, refusal] of rows) {
    it(name, () => {
      const outage = {
        connectionId: 'east',
        since: since === null ? null : at(since),
        start: at(0) as Instant,
        zone: 'America/Toronto',
      };
      const found = failoverRefusal(failover, outage, at(now));
      if (refusal === null) expect(found).to.equal(null);
      else expect(found?.en).to.match(refusal);
    });
  }

  onEachDatabase((open) => {
    async function closed(failover: Failover, manifest: Manifest = rvsq): Promise<RuledClinic> {
      const clinic = await ruledClinic(open(), under({ failover }), AT_ONCE, manifest);
      const slots = [1, 2, 3].map((n) => slot(n, span(n * 20, n * 20 + 20)));
      await clinic.context.store.transaction((transaction) => transaction.writeSlots(slots, at(-3000)));
      clinic.fault = new Fault('unavailable', 'nobody there');
      return clinic;
    }

    async function book(clinic: RuledClinic, number: number): Promise<BookOutcome> {
      const found = await clinic.engine.find(uuid(number));
      if (!found) throw new Error('no slot');
      return clinic.engine.book({ slot: found, patient: null, comment: null, holdId: null });
    }

    const free = async (clinic: RuledClinic, number: number) =>
      (await clinic.engine.find(uuid(number)))?.status === 'free';

    it('is judged from the first fault on: those within the hours are written when it is back, later ones refused', async () => {
      const clinic = await closed(accept(4));
      expect((await book(clinic, 1)).outcome, 'the first fault').to.equal('pending');
      await clinic.clock.advance(4 * HOUR - MINUTE);
      expect((await book(clinic, 2)).outcome).to.equal('pending');
      await clinic.clock.advance(MINUTE);
      const late = await book(clinic, 3);
      expect(late.outcome).to.equal('unavailable');
      expect('reason' in late && late.reason.en).to.match(/^east has not answered since .* for 4 h only$/);
      expect(await free(clinic, 3), 'nothing is left of it').to.equal(true);

      clinic.fault = null;
      await clinic.clock.advance(HOUR);
      await clinic.engine.run({ kind: 'deliver', connectionId: 'east' });
      const booked = clinic.asked.filter(({ operation }) => operation === 'book');
      expect(booked.map(({ startMs }) => startMs)).to.deep.equal([at(20), at(40)]);
      expect((await book(clinic, 3)).outcome, 'it is back').to.equal('booked');
    });

    it('writes the others where who comes to one was changed in the database, and says so of that one', async () => {
      const clinic = await closed(accept(null));
      for (const number of [1, 2]) {
        const found = await clinic.engine.find(uuid(number));
        if (!found) throw new Error('no slot');
        const patient = {
          family: 'Fictif',
          given: 'Anne',
          phone: null,
          email: null,
          nam: null,
          birthDate: null,
        };
        const booked = await clinic.engine.book({ slot: found, patient, comment: null, holdId: null });
        expect(booked.outcome).to.equal('pending');
      }
      await open().query(
        'update appointment set sealed_patient = set_byte(sealed_patient, 40, get_byte(sealed_patient, 40) # 1) where slot_id = $1',
        [uuid(1)],
      );
      clinic.fault = null;
      await clinic.clock.advance(HOUR);
      await clinic.engine.run({ kind: 'deliver', connectionId: 'east' });
      const asked = clinic.asked.filter(({ operation }) => operation === 'book');
      expect(asked.map(({ startMs }) => startMs)).to.deep.equal([at(40)]);
      const waiting = await open().query(
        'select last_error as error from listing where differs and last_error is not null',
      );
      expect(waiting).to.deep.equal([
        { error: 'who comes cannot be opened: its key is not here, or it was changed in the database' },
      ]);
    });

    it('refuses what starts too soon, and takes what is later', async () => {
      const clinic = await closed(accept(null, 1));
      await clinic.clock.advance(24 * HOUR);
      // Ten minutes to nine: 09:20 is near, 10:00 is not.
      const near = await book(clinic, 1);
      expect(near.outcome).to.equal('unavailable');
      expect(await free(clinic, 1)).to.equal(true);
      expect((await book(clinic, 3)).outcome).to.equal('pending');
    });

    describe('for whom a slot was held meanwhile', () => {
      const patient = {
        family: 'Fictif',
        given: 'Anne',
        phone: null,
        email: null,
        nam: null,
        birthDate: null,
      };
      const done: Written = { outcome: 'done', externalId: 'there', revision: null, sequence: null };

      async function held(clinic: RuledClinic): Promise<string> {
        const found = await clinic.engine.find(uuid(1));
        if (!found) throw new Error('no slot');
        const result = await clinic.engine.hold({ slot: found, milliseconds: 10 * MINUTE });
        if (result.outcome !== 'held') throw new Error(result.outcome);
        return result.appointment.id;
      }

      async function bookHeld(clinic: RuledClinic, holdId: string): Promise<BookOutcome> {
        const found = await clinic.engine.find(uuid(1));
        if (!found) throw new Error('no slot');
        return clinic.engine.book({ slot: found, patient, comment: null, holdId });
      }

      const deliver = ({ engine }: RuledClinic) => engine.run({ kind: 'deliver', connectionId: 'east' });

      /** It is told of the hold in vain until it is called no more. */
      async function givenUp(clinic: RuledClinic): Promise<void> {
        await deliver(clinic);
        await clinic.clock.advance(MINUTE);
        await deliver(clinic);
      }

      const listingOf = (clinic: RuledClinic, subjectId: string) =>
        clinic.context.store.listing({ connectionId: 'east', calendar: 'e-doctor', subjectId });

      it('is booked on its behalf as well, and nothing but the booking is written to it', async () => {
        const clinic = await closed(accept(null));
        const holdId = await held(clinic);
        expect((await bookHeld(clinic, holdId)).outcome).to.equal('pending');
        clinic.fault = null;
        await clinic.clock.advance(MINUTE);
        await deliver(clinic);
        expect(clinic.asked.map(({ operation }) => operation)).to.deep.equal(['book']);
      });

      it('is looked for first where the hold may have landed', async () => {
        const clinic = await closed(accept(null));
        const holdId = await held(clinic);
        clinic.fault = new Fault('unsure', 'no answer');
        await givenUp(clinic);
        expect((await bookHeld(clinic, holdId)).outcome).to.equal('pending');
        expect(await listingOf(clinic, holdId)).to.include({ unsure: true, home: 'stands' });
      });

      /** From now on it answers what it is told of a hold when the test says so, and all else at once. */
      function answersLate(clinic: RuledClinic) {
        clinic.fault = null;
        let answer: (written: Written) => void = () => undefined;
        const answered = new Promise<Written>((resolve) => {
          answer = resolve;
        });
        const patients: unknown[] = [];
        clinic.answer = async (operation, command) => {
          if (operation === 'block' || operation === 'hold') return answered;
          if (operation === 'book') patients.push(command.patient);
          return done;
        };
        return { answer: (written: Written) => answer(written), patients };
      }

      // The one can hold, and the other is blocked in place of it.
      for (const manifest of [vendor, manifestWithoutHolds(rvsq)]) {
        for (const [what, written] of [
          ['takes', done],
          ['refuses', { outcome: 'taken' }],
        ] as const) {
          it(`is booked for while ${manifest.id} is told of the hold, which it ${what}`, async () => {
            const clinic = await closed(accept(null), manifest);
            const holdId = await held(clinic);
            await givenUp(clinic);
            // Whoever looks now whether it is back is answered late.
            await clinic.clock.advance(MINUTE);
            const { answer, patients } = answersLate(clinic);
            const delivered = deliver(clinic);
            await until('it is told of the hold', async () => clinic.asked.length === 1);
            expect((await bookHeld(clinic, holdId)).outcome).to.equal('pending');
            answer(written);
            await delivered;
            await clinic.clock.advance(MINUTE);
            await deliver(clinic);
            expect(patients).to.deep.equal([patient]);
            const after = await listingOf(clinic, holdId);
            expect(after?.appointmentStatus).to.equal('booked');
            expect(after?.known).to.equal(after?.desired);
          });
        }

        it(`waits while ${manifest.id}, which is back, is being told of the hold`, async () => {
          const clinic = await closed(accept(null), manifest);
          const holdId = await held(clinic);
          const { answer, patients } = answersLate(clinic);
          const delivered = deliver(clinic);
          await until('it is told of the hold', async () => clinic.asked.length === 1);
          expect((await bookHeld(clinic, holdId)).outcome).to.equal('unavailable');
          expect(patients).to.deep.equal([]);
          answer(done);
          await delivered;
          expect((await bookHeld(clinic, holdId)).outcome).to.equal('booked');
        });
      }
    });
  });
});
