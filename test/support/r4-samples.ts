import { slotRow } from './fake-ports.ts';
import { PATIENT } from './incoming-appointment.ts';

/** Resources that are valid R4 and have nearly everything that R4 lets them have. All of it is made up. */

const concept = (code: string, text?: string) => ({
  coding: [{ system: 'urn:test:codes', version: '1', code, display: `Code ${code}`, userSelected: true }],
  ...(text === undefined ? {} : { text }),
});
const NARRATIVE = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Fictif</div>' };
const IDENTIFIER = {
  use: 'usual',
  type: concept('id'),
  system: 'urn:test:ids',
  value: '46',
  period: { start: '2026', end: '2026-12' },
  assigner: { display: 'Clinique fictive' },
};
const META = {
  profile: ['urn:test:profile'],
  security: [{ system: 'urn:test:security', code: 'R' }],
  tag: [{ code: 'made-up' }],
};
const EXTENSIONS = [
  { url: 'urn:test:words', valueString: 'oui' },
  {
    url: 'urn:test:amount',
    valueQuantity: { value: 3, unit: 'h', system: 'http://unitsofmeasure.org', code: 'h' },
  },
  { url: 'urn:test:period', valuePeriod: { start: '2026-11-24', end: '2026-11-25T09:00:00-05:00' } },
  {
    url: 'urn:test:timing',
    valueTiming: { repeat: { boundsPeriod: { start: '2026' }, frequency: 1, period: 2, periodUnit: 'd' } },
  },
  { url: 'urn:test:parts', extension: [{ url: 'part', valueBoolean: true }] },
];

export const RICH_APPOINTMENT = {
  resourceType: 'Appointment',
  id: 'rich',
  meta: META,
  language: 'fr-CA',
  text: NARRATIVE,
  contained: [
    {
      ...PATIENT,
      gender: 'female',
      deceasedBoolean: false,
      address: [{ use: 'home', type: 'both', line: ['1, rue Imaginaire'], city: 'Montréal', country: 'CA' }],
      contact: [{ relationship: [concept('mother')], name: { family: 'Fictif' } }],
      communication: [{ language: concept('fr'), preferred: true }],
    },
    {
      resourceType: 'Condition',
      id: 'why',
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      subject: { reference: '#patient' },
      onsetAge: { value: 25, unit: 'ans', system: 'http://unitsofmeasure.org', code: 'a' },
    },
  ],
  extension: EXTENSIONS,
  identifier: [IDENTIFIER],
  status: 'booked',
  _status: { extension: [{ url: 'urn:test:since', valueDate: '2026-11-01' }] },
  serviceCategory: [concept('gp')],
  serviceType: [concept('visit', 'Visite')],
  specialty: [concept('family')],
  appointmentType: concept('FOLLOWUP'),
  reasonCode: [concept('cough')],
  reasonReference: [{ reference: '#why', type: 'Condition' }],
  priority: 5,
  description: 'Fictif',
  supportingInformation: [{ reference: 'DocumentReference/x' }],
  start: '2026-11-24T09:00:00-05:00',
  end: '2026-11-24T14:20:00Z',
  minutesDuration: 20,
  slot: [{ reference: 'Slot/1' }, { reference: 'https://elsewhere.example/fhir/Slot/2' }],
  created: '2026-11-01',
  comment: 'Fauteuil roulant',
  patientInstruction: 'Apporter ses lunettes',
  basedOn: [{ identifier: IDENTIFIER }],
  participant: [
    {
      type: [concept('ATND')],
      actor: { reference: '#patient', display: 'Anne Fictif' },
      required: 'required',
      status: 'accepted',
      period: { start: '2026-11-24T09:00:00-05:00' },
    },
    { actor: { reference: 'Practitioner/gagnon' }, required: 'optional', status: 'tentative' },
    { type: [concept('room')], status: 'needs-action' },
  ],
  requestedPeriod: [{ start: '2026-11-24', end: '2026-11-30' }],
};

export const RICH_SLOT = {
  resourceType: 'Slot',
  id: 'rich',
  meta: META,
  implicitRules: 'urn:test:rules',
  language: 'fr-CA',
  text: NARRATIVE,
  extension: EXTENSIONS,
  identifier: [IDENTIFIER],
  serviceCategory: [concept('gp')],
  serviceType: [concept('visit'), concept('vaccine')],
  specialty: [concept('family')],
  appointmentType: concept('WALKIN'),
  schedule: { reference: 'Schedule/1', display: 'Agenda fictif' },
  status: 'free',
  start: '2026-11-24T09:00:00.000-05:00',
  end: '2026-11-24T09:20:00-05:00',
  overbooked: false,
  comment: 'Apporter ses lunettes',
};

/** As it is served here, with all six items of the regulation. */
export const SERVED_SLOT: object = { ...JSON.parse(`${slotRow(3).document}}`), status: 'free' };
