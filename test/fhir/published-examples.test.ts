import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import type {
  Appointment,
  AppointmentResponse,
  FhirResource,
  OperationOutcome,
  Schedule,
  Slot,
} from 'fhir/r4.js';
import { appointmentResource } from '../../mappings/fhir/appointment.ts';
import { type ScheduleContext, scheduleResource } from '../../mappings/fhir/directory.ts';
import { readAppointment } from '../../mappings/fhir/read-appointment.ts';
import { readSlot } from '../../mappings/fhir/read-slot.ts';
import { slotResource } from '../../mappings/fhir/slot.ts';
import { r4Definitions } from '../../mappings/fhir/validation/definitions.ts';
import { faultsOf as ourFaultsOf } from '../../mappings/fhir/validation/structure.ts';
import type { BusyPeriod } from '../../src/domain/busy.ts';
import { DEFAULT_POLICY } from '../../src/domain/schedule.ts';
import { r4Tables } from '../../src/system/mappings.ts';
import { NOW } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { PATIENT } from '../support/incoming-appointment.ts';
import { type Served, serve } from '../support/served-front.ts';
import { requireServer } from '../support/servers.ts';

/**
 * HL7's examples of what we serve, into the domain and back: what is kept, and what is lost on the way, each by name.
 * Nothing may become something else.
 */

const FOLDER = resolve(process.env['PASSERELLE_FIXTURES'] ?? '../shared/fixtures', 'fhir-r4');
const read = <R extends FhirResource>(name: string): R =>
  JSON.parse(readFileSync(resolve(FOLDER, `${name}.json`), 'utf8'));
const named = (type: string): string[] =>
  readdirSync(FOLDER).flatMap((file) => (file.startsWith(`${type}-`) ? [file.replace(/\.json$/, '')] : []));

/** Elements of the first level that came back as they were, with another value, and not at all. */
function fate(before: object, after: object): { kept: string[]; changed: string[]; lost: string[] } {
  const back = new Map<string, unknown>(Object.entries(after));
  const names = Object.entries(before).map(([name, value]) => ({ name, same: same(value, back.get(name)) }));
  return {
    kept: names.flatMap(({ name, same: isSame }) => (isSame ? [name] : [])),
    changed: names.flatMap(({ name, same: isSame }) => (!isSame && back.has(name) ? [name] : [])),
    lost: names.flatMap(({ name }) => (back.has(name) ? [] : [name])),
  };
}

/** Times are written with the offset of their place: the same instant is the same. */
const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other) ||
  (typeof one === 'string' && typeof other === 'string' && Date.parse(one) === Date.parse(other));

/** What surrounds the examples, in our configuration. */
const CONTEXT: ScheduleContext = {
  practitioner: { id: '1', family: 'Crusher', given: 'Beverly', prefix: 'Dr.', identifiers: [] },
  location: {
    ...{ id: '3', name: 'USS Enterprise-D Sickbay', organizationId: 'clinique', timeZone: 'America/Toronto' },
    ...{ address: null, phone: null, position: null },
  },
  service: { id: '75', name: { fr: 'Counselling génétique', en: 'Genetic Counselling' } },
};

/** Why the body is refused, as `expression code`. */
const refusals = (reading: ReturnType<typeof readSlot> | ReturnType<typeof readAppointment>): string[] =>
  reading.outcome === 'read' ? [] : reading.findings.map(({ expression, code }) => `${expression} ${code}`);

describe('fhir: published examples, into the domain and back', () => {
  before(requireServer(`published FHIR examples (${FOLDER})`, existsSync(FOLDER)));

  describe('Slot', () => {
    it('is refused for its comment, which is free text: here it is where the slot is booked', () => {
      for (const name of named('Slot')) {
        expect(refusals(readSlot(read(name))), name).to.deep.equal(['Slot.comment not-supported']);
      }
    });

    it('is kept but for the comment: whose it is, when, and that it is taken or free', () => {
      const lost = new Set<string>();
      for (const name of named('Slot')) {
        const { comment: _, ...example } = read<Slot>(name);
        const reading = readSlot(example);
        if (reading.outcome !== 'read') throw new Error(`${name}: ${refusals(reading)}`);
        const { id, status, scheduleId, interval, attributes } = reading.slot;
        const slot = { id: id ?? '', scheduleId, connectionId: 'agenda', interval, attributes };
        const written = { ...slotResource(slot, CONTEXT), status };
        expect(faultsOf(written), name).to.deep.equal([]);
        const { kept, changed, lost: gone } = fate(example, written);
        expect(kept, name).to.deep.equal(['resourceType', 'id', 'schedule', 'status', 'start', 'end']);
        // What it is for, its schedule says.
        expect(['', 'serviceType'], name).to.include(changed.join());
        for (const each of gone) lost.add(each);
        const again = readSlot(written);
        expect(again, name).to.deep.equal({
          ...reading,
          slot: { ...reading.slot, locationId: '3', serviceId: '75' },
        });
      }
      expect([...lost].sort()).to.deep.equal([
        'appointmentType',
        'identifier',
        'overbooked',
        'serviceCategory',
        'specialty',
        'text',
      ]);
    });
  });

  describe('Appointment', () => {
    const patientOf = ({ participant, ...rest }: Appointment): object => ({
      ...rest,
      contained: [PATIENT],
      participant: participant.map((each) =>
        each.actor?.reference?.startsWith('Patient/') ? { ...each, actor: { reference: '#patient' } } : each,
      ),
    });

    it('is read with its patient, who would have to be kept here', () => {
      for (const name of named('Appointment')) {
        const reading = readAppointment(read(name));
        if (reading.outcome !== 'read') throw new Error(`${name}: ${refusals(reading)}`);
        expect(reading.appointment.keptPatient, name).to.deep.equal({
          id: 'example',
          reference: 'Patient/example',
          expression: 'Appointment.participant[0].actor.reference',
        });
      }
    });

    it('with its patient in it is kept: when, which slot, the comment; the patient is not', () => {
      const lost = new Set<string>();
      for (const name of named('Appointment')) {
        const example = read<Appointment>(name);
        const reading = readAppointment(patientOf(example));
        if (reading.outcome !== 'read') throw new Error(`${name}: ${refusals(reading)}`);
        const { interval, slotId, comment, actors, patient, status } = reading.appointment;
        expect(patient, name).to.include({ family: 'Fictif' });
        const references = example.participant.flatMap(({ actor }) => actor?.reference ?? []);
        expect(actors.map(({ reference }) => reference)).to.deep.equal(references.slice(1));
        // One that is only asked for has no time yet, so there is nothing to keep of it.
        if (interval === null) {
          expect([name, status, slotId]).to.deep.equal(['Appointment-examplereq', 'proposed', 'example']);
          continue;
        }
        const id = example.id ?? '';
        const busy: BusyPeriod = {
          id,
          interval,
          ...{ actorId: '1', scheduleId: 'example', lane: 0, originId: 'vendor', expiresAt: null },
          kind: 'appointment',
          changedAt: NOW,
        };
        const written = { ...appointmentResource(busy, { ...CONTEXT, slotId, comment }), status };
        expect(faultsOf(written), name).to.deep.equal([]);
        expect(JSON.stringify(written), name).to.not.contain('Patient').and.not.contain('Fictif');
        const { kept, changed, lost: gone } = fate(example, written);
        expect(kept, name).to.deep.equal(['resourceType', 'id', 'status', 'start', 'end', 'comment']);
        // Both follow from the schedule.
        expect(changed, name).to.deep.equal(['serviceType', 'participant']);
        for (const each of gone) lost.add(each);
      }
      expect([...lost].sort()).to.deep.equal([
        'appointmentType',
        'basedOn',
        'created',
        'description',
        'priority',
        'reasonReference',
        'serviceCategory',
        'specialty',
        'supportingInformation',
        'text',
      ]);
    });
  });

  /** A Schedule is not written here, it is configured: whether what an example says could be. */
  describe('Schedule', () => {
    const configured = ({ id = '', actor, serviceType }: Schedule) => {
      const idOf = (type: string): string | undefined =>
        actor.flatMap(({ reference }) => reference?.match(`^${type}/(.+)$`)?.[1] ?? [])[0];
      const practitionerId = idOf('Practitioner');
      const locationId = idOf('Location');
      const serviceId = serviceType?.[0]?.coding?.[0]?.code;
      if (practitionerId === undefined || locationId === undefined || serviceId === undefined) return null;
      return { ...{ id, practitionerId, locationId, serviceId }, capacity: 1, policy: DEFAULT_POLICY };
    };

    it('is somebody’s, at one place: of a place alone there is none', () => {
      const without = named('Schedule').filter((name) => configured(read(name)) === null);
      expect(without).to.deep.equal(['Schedule-example']);
    });

    it('is kept: whose it is, where, for what; the rest of it is lost', () => {
      for (const name of ['Schedule-exampleloc1', 'Schedule-exampleloc2']) {
        const example = read<Schedule>(name);
        const schedule = configured(example);
        if (schedule === null) throw new Error(`${name} is not somebody’s`);
        const { practitioner, location, service } = CONTEXT;
        const written = scheduleResource(schedule, {
          practitioner: { ...practitioner, id: schedule.practitionerId },
          location: { ...location, id: schedule.locationId },
          service: { ...service, id: schedule.serviceId },
        });
        expect(faultsOf(written), name).to.deep.equal([]);
        expect(fate(example, written), name).to.deep.equal({
          kept: ['resourceType', 'id', 'active'],
          // The code is in a system of ours, and the actors have the service with them.
          changed: ['serviceType', 'actor'],
          lost: ['text', 'identifier', 'serviceCategory', 'specialty', 'planningHorizon', 'comment'],
        });
        const references = ({ actor }: Schedule) => actor.map(({ reference }) => reference);
        const serviceReference = `HealthcareService/${schedule.serviceId}`;
        expect(references(written), name).to.deep.equal([...references(example), serviceReference]);
        expect(configured(JSON.parse(JSON.stringify(written))), name).to.deep.equal(schedule);
      }
    });
  });

  /**
   * Nobody answers an appointment here: who is asked is the platform. So there is no domain to go through, and a round
   * trip is our own validation: it is valid, nothing in it is altered, and where it is sent it is refused by name.
   */
  describe('AppointmentResponse', () => {
    let served: Served;
    before(async () => {
      served = await serve();
    });
    after(() => served?.close());

    it('is valid R4 to us as to others, and stays as it is', () => {
      const definitions = r4Definitions({ ...r4Tables(), ours: [] });
      const shape = definitions.type('AppointmentResponse');
      if (!shape) throw new Error('R4 has it');
      for (const name of named('AppointmentResponse')) {
        const example = read<AppointmentResponse>(name);
        const before = JSON.stringify(example);
        expect(ourFaultsOf({ ...example }, shape, definitions), name).to.deep.equal([]);
        expect(faultsOf(example), name).to.deep.equal([]);
        expect(JSON.stringify(example), name).to.equal(before);
        const { participantStatus: _, ...without } = example;
        const broken = ourFaultsOf(without, shape, definitions);
        expect(broken.map(({ expression }) => expression)).to.deep.equal([
          'AppointmentResponse.participantStatus',
        ]);
      }
    });

    it('is of a type that is not served', async () => {
      for (const name of named('AppointmentResponse')) {
        const body = read<AppointmentResponse>(name);
        const { status, json } = await served.request('POST', '/fhir/AppointmentResponse', { body });
        expect(status, name).to.equal(404);
        expect(json<OperationOutcome>().issue[0]?.code, name).to.equal('not-supported');
      }
    });
  });
});
