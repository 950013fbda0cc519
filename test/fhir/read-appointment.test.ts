import { expect } from 'chai';
import fc from 'fast-check';
import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import { readAppointment } from '../../mappings/fhir/read-appointment.ts';
import { FIRST_START, uuid } from '../support/fake-ports.ts';
import { bookingOf, PATIENT } from '../support/incoming-appointment.ts';

const outcomeOf = (body: unknown): string[] => {
  const reading = readAppointment(body);
  return reading.outcome === 'read'
    ? []
    : reading.findings.map(({ code, expression }) => `${code} ${expression}`);
};

describe('mappings/fhir: reading an Appointment', () => {
  const good = bookingOf(uuid(1));

  it('takes slot, times, patient and comment', () => {
    const reading = readAppointment({ ...good, comment: 'Fauteuil roulant' });
    if (reading.outcome !== 'read') throw new Error(JSON.stringify(reading.findings));
    expect(reading.appointment).to.deep.equal({
      id: null,
      status: 'booked',
      slotId: uuid(1),
      interval: { start: FIRST_START, end: FIRST_START + 20 * 60_000 },
      patient: {
        family: 'Fictif',
        given: 'Anne Marie',
        phone: '+1 514 555-0199',
        email: 'anne@example.org',
        nam: 'FICA01010113',
        birthDate: '2001-01-01',
      },
      keptPatient: null,
      comment: 'Fauteuil roulant',
      identifiers: null,
      actors: [
        { reference: 'Practitioner/gagnon', expression: 'Appointment.participant[1].actor.reference' },
      ],
    });
  });

  it('does without a patient, and without times where app-3 allows', () => {
    const participant = [{ actor: { reference: 'Practitioner/gagnon' }, status: 'accepted' }];
    const { start: _, end: __, contained: ___, ...bare } = good;
    expect(outcomeOf({ ...bare, participant, status: 'proposed' })).to.deep.equal([]);
  });

  const { start: _start, ...withoutStart } = good;
  const { end: _end, ...withoutTimes } = withoutStart;
  const patient = (change: object): object => ({ ...good, contained: [{ ...PATIENT, ...change }] });
  const participants = (...references: string[]): object => ({
    ...good,
    participant: references.map((reference) => ({ actor: { reference }, status: 'accepted' })),
  });
  const nam = (value: string): object => patient({ identifier: [{ system: SYSTEM.nam, value }] });

  const rows: Record<string, [body: unknown, findings: string[]]> = {
    'nothing at all': [null, ['structure Appointment']],
    'another resource': [
      { resourceType: 'Slot' },
      ['value Appointment.resourceType', 'value Appointment.status', 'required Appointment.participant'],
    ],
    'a status outside of the required binding': [{ ...good, status: 'taken' }, ['value Appointment.status']],
    'no participant': [{ ...good, participant: [] }, ['value Appointment.participant']],
    'a participant without status': [
      { ...good, participant: [{ actor: { reference: '#patient' } }] },
      ['value Appointment.participant[0].status'],
    ],
    'app-1': [
      { ...good, participant: [...good.participant, { status: 'accepted' }] },
      ['invariant Appointment.participant[2]'],
    ],
    'app-2': [withoutStart, ['invariant Appointment']],
    'app-3': [withoutTimes, ['invariant Appointment']],
    'app-4': [{ ...good, cancelationReason: { text: 'x' } }, ['invariant Appointment.cancelationReason']],
    'an end at the start': [{ ...good, end: good.start }, ['invariant Appointment.end']],
    'an end before the start': [{ ...good, end: '2026-11-24T13:00:00Z' }, ['invariant Appointment.end']],
    '30 February': [{ ...good, start: '2026-02-30T09:00:00-05:00' }, ['value Appointment.start']],
    'hour 24': [{ ...good, start: '2026-11-24T24:00:00Z' }, ['value Appointment.start']],
    'a time without offset': [{ ...good, start: '2026-11-24T09:00:00' }, ['value Appointment.start']],
    'an offset that no zone has': [
      { ...good, start: '2026-11-24T09:00:00+19:00' },
      ['value Appointment.start'],
    ],
    'a time that is a number': [{ ...good, start: 1_795_528_800_000 }, ['structure Appointment.start']],
    'two slots': [{ ...good, slot: [...good.slot, ...good.slot] }, ['not-supported Appointment.slot']],
    'a slot elsewhere': [
      { ...good, slot: [{ reference: 'https://elsewhere.example/fhir/Slot/1' }] },
      ['value Appointment.slot[0].reference'],
    ],
    'a patient kept elsewhere': [
      participants('https://elsewhere.example/fhir/Patient/1', '#patient'),
      ['not-supported Appointment.participant[0].actor.reference'],
    ],
    'two patients who are kept': [
      { ...participants('Patient/1', 'Patient/2'), contained: undefined },
      ['not-supported Appointment.participant[1].actor.reference'],
    ],
    'a patient who is kept, and one who is contained': [
      participants('Patient/1', '#patient'),
      ['not-supported Appointment.contained[0]'],
    ],
    'a contained patient that nobody refers to': [
      participants('Practitioner/gagnon'),
      ['invariant Appointment.contained[0]'],
    ],
    'a reference to nothing contained': [
      participants('#patient', '#somebody'),
      ['invariant Appointment.participant'],
    ],
    'two patients': [
      { ...participants('#patient', '#other'), contained: [PATIENT, { ...PATIENT, id: 'other' }] },
      ['not-supported Appointment.contained[1]'],
    ],
    'a patient without name': [patient({ name: undefined }), ['required Appointment.contained[0].name']],
    'a patient without given name': [
      patient({ name: [{ family: 'Fictif' }] }),
      ['required Appointment.contained[0].name.given'],
    ],
    'a birth date that is none': [
      patient({ birthDate: '2001-02-29' }),
      ['value Appointment.contained[0].birthDate'],
    ],
    'a health insurance number that is none': [
      nam('FIC 123'),
      ['value Appointment.contained[0].identifier.value'],
    ],
    'a modifier extension': [
      { ...good, modifierExtension: [{ url: 'urn:x', valueBoolean: true }] },
      ['extension Appointment.modifierExtension'],
    ],
  };
  for (const [title, [body, findings]] of Object.entries(rows)) {
    it(`refuses ${title}`, () => expect(outcomeOf(body)).to.deep.equal(findings));
  }

  it('never quotes what a patient gave', () => {
    const secret = 'SECRETVALUE';
    const bodies = [
      patient({ birthDate: secret }),
      nam(secret),
      patient({ name: [{ family: '', given: secret }] }),
      { ...good, start: secret, status: secret, comment: [secret], slot: [{ reference: secret }] },
    ];
    for (const body of bodies) {
      const reading = readAppointment(body);
      expect(reading.outcome).to.equal('invalid');
      expect(JSON.stringify(reading)).to.not.contain(secret);
    }
  });

  it('is total: any JSON is read or refused, never thrown upon', () => {
    const keys = fc.constantFrom(...Object.keys(good), 'comment', 'id');
    const anything = fc.dictionary(keys, fc.jsonValue()).map((change) => ({ ...good, ...change }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anything), (body) => {
        const reading = readAppointment(body);
        if (reading.outcome === 'invalid') expect(reading.findings).to.not.be.empty;
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});
