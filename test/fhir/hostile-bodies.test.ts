import { expect } from 'chai';
import fc from 'fast-check';
import type { OperationOutcome } from 'fhir/r4.js';
import { appointmentRow, slotRow, uuid } from '../support/fake-ports.ts';
import { bookingOf, PATIENT } from '../support/incoming-appointment.ts';
import { mutated } from '../support/mutations.ts';
import { SERVED_SLOT } from '../support/r4-samples.ts';
import { REST_HOOK } from '../support/rest-hook.ts';
import { type Served, serve } from '../support/served-front.ts';

const booked = appointmentRow(900, slotRow(3), null);
const BOOKED = JSON.parse(`${booked.document},"status":"booked"}`);
const SLOT = { ...SERVED_SLOT, resourceType: 'Slot', id: uuid(1) };
const SCHEDULE = {
  resourceType: 'Schedule',
  id: 'agenda-gagnon',
  active: false,
  actor: [{ reference: 'Practitioner/gagnon' }],
  planningHorizon: { start: '2026-12-01', end: '2026-12-24T12:00:00-05:00' },
  comment: 'x',
};
const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
const bundle = (type: string, entry: readonly object[]) => ({ resourceType: 'Bundle', type, entry });
/** A patch is no resource: it is what stands in one. */
const patches = (path: string) =>
  mutated([
    parameters(
      { op: 'test', path: '/status', value: 'booked' },
      { op: 'replace', path, value: { a: ['x'] } },
      { op: 'move', from: '/start', path: '/end' },
    ),
  ]).map((body) => ('parameter' in body ? body.parameter : []));

const WEEK = parameters(
  { name: 'start', valueDate: '2026-12-01' },
  { name: 'end', valueDate: '2026-12-02' },
  {
    name: 'template',
    part: [
      { name: 'rrule', valueString: 'FREQ=DAILY' },
      { name: 'from', valueTime: '09:00:00' },
      { name: 'to', valueTime: '10:00:00' },
      { name: 'duration', valuePositiveInt: 20 },
      { name: 'slot', resource: SLOT },
    ],
  },
  { name: 'exception', part: [{ name: 'date', valueDate: '2026-12-02' }] },
);
const CHOSEN = parameters(
  { name: 'appointment-reference', valueReference: { reference: `Appointment/${booked.id}` } },
  { name: 'patient-resource', resource: PATIENT },
  { name: 'comment', valueString: 'x' },
);
const ENTRIES = [
  { request: { method: 'POST', url: 'Slot' }, resource: SLOT },
  { request: { method: 'PUT', url: `Slot/${uuid(1)}`, ifMatch: 'W/"1"' }, resource: SLOT },
  { request: { method: 'DELETE', url: `Slot/${uuid(2)}` } },
];

const CASES: readonly (readonly [string, string, fc.Arbitrary<unknown>, Record<string, string>?])[] = [
  ['POST', 'Slot', mutated([SLOT])],
  ['PUT', `Slot/${uuid(1)}`, mutated([SLOT])],
  ['PATCH', `Slot/${uuid(1)}`, patches('/extension'), JSON_PATCH],
  ['POST', 'Appointment', mutated([bookingOf(uuid(1))])],
  ['PUT', `Appointment/${booked.id}`, mutated([BOOKED, { ...BOOKED, status: 'cancelled' }])],
  ['PATCH', `Appointment/${booked.id}`, patches('/slot'), JSON_PATCH],
  ['POST', 'Appointment/$find', mutated([parameters({ name: 'start', valueDateTime: '2026-11-24' })])],
  ['POST', 'Appointment/$hold', mutated([CHOSEN])],
  ['POST', 'Appointment/$book', mutated([CHOSEN])],
  ['PUT', 'Schedule/agenda-gagnon', mutated([SCHEDULE])],
  ['PATCH', 'Schedule/agenda-gagnon', patches('/planningHorizon'), JSON_PATCH],
  ['POST', 'Schedule/agenda-gagnon/$generate-slots', mutated([WEEK])],
  ['POST', 'Subscription', mutated([REST_HOOK])],
  ['POST', '', mutated([bundle('transaction', ENTRIES), bundle('batch', ENTRIES)])],
];

/** Values that stand for a patient's, and must not come back. */
const SECRET = /Fictif|FICA|555-0199/;

describe('fhir: bodies that somebody spoilt', function () {
  this.timeout(60_000);
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  for (const [method, path, bodies, headers = {}] of CASES)
    it(`are done or refused, and never fail: ${method} ${path || '/'}`, () =>
      fc.assert(
        fc.asyncProperty(bodies, async (body) => {
          served.world.appointments = [booked];
          const answer = await served.request(method, `/fhir${path && `/${path}`}`, { body, headers });
          expect(answer.status, answer.text).to.be.lessThan(500);
          expect(answer.text).to.not.match(SECRET).and.to.not.contain('500 ');
          if (answer.status < 400) return;
          const outcome = answer.json<OperationOutcome>();
          const { issue } = outcome.resourceType === 'OperationOutcome' ? outcome : { issue: [] };
          for (const { diagnostics } of issue) expect(diagnostics).to.be.a('string').that.is.not.empty;
        }),
        { seed: 20261127, numRuns: 120 },
      ));
});
