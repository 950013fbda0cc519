import { expect } from 'chai';
import fc from 'fast-check';
import type { Slot as FhirSlot } from 'fhir/r4.js';
import { appointmentResource } from '../../mappings/fhir/appointment.ts';
import { EXTENSION, SYSTEM } from '../../mappings/fhir/canonical.ts';
import {
  healthcareServiceResource,
  locationResource,
  organizationResource,
  practitionerResource,
  scheduleResource,
} from '../../mappings/fhir/directory.ts';
import { documents, scheduleContexts } from '../../mappings/fhir/documents.ts';
import { localTime } from '../../mappings/fhir/local-time.ts';
import { slotResource } from '../../mappings/fhir/slot.ts';
import { codeSystems } from '../../scripts/profiles/terminology.ts';
import { Directory } from '../../src/domain/directory.ts';
import { type Instant, instant, MINUTE, parseInstant } from '../../src/domain/instant.ts';
import {
  ELIGIBILITIES,
  MODES,
  REASONS,
  REORIENTATIONS,
  type Slot,
  UNKNOWN_ATTRIBUTES,
} from '../../src/domain/slot.ts';
import type { Documents } from '../../src/engine/ports/documents.ts';
import { ATTRIBUTES, ENTRIES, FIRST_START, NOW, ORGANIZATION, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { wholeOf } from '../support/parted-text.ts';

const directory = new Directory(ENTRIES);
const contextOf = scheduleContexts(directory);
// The engine's port, as the engine will see it.
const written: Documents = documents(directory);

const slot: Slot = {
  id: uuid(1),
  scheduleId: 'agenda-tremblay',
  connectionId: 'vendor',
  interval: { start: FIRST_START, end: instant(FIRST_START + 20 * MINUTE) },
  attributes: ATTRIBUTES,
};

const extensionsOf = (resource: Omit<FhirSlot, 'status' | 'meta'>, url: string): unknown[] =>
  (resource.extension ?? []).filter((each) => each.url === url).map(({ url: _, ...value }) => value);

describe('mappings/fhir: slot', () => {
  const resource = slotResource(slot, contextOf(slot.scheduleId));

  it('carries the six items of A-2.2, r. 1, s. 4', () => {
    expect(resource.start, '1 start').to.equal('2026-11-24T09:00:00-05:00');
    expect(resource.end, '1 end').to.equal('2026-11-24T09:20:00-05:00');
    expect(extensionsOf(resource, EXTENSION.availableSince), '1 since').to.deep.equal([
      { valueDateTime: '2026-11-01T06:00:00-05:00' },
    ]);
    expect(extensionsOf(resource, EXTENSION.eligibility), '2').to.deep.equal([
      { valueCode: 'registered-doctor' },
      { valueCode: 'anyone' },
    ]);
    expect(extensionsOf(resource, EXTENSION.reason), '3').to.deep.equal([{ valueCode: 'regular-follow-up' }]);
    expect(resource.appointmentType?.coding?.[0]?.code, '3').to.equal('regular-follow-up');
    expect(extensionsOf(resource, EXTENSION.reorientation), '4').to.deep.equal([{ valueCode: 'GAP' }]);
    expect(extensionsOf(resource, EXTENSION.mode), '5').to.deep.equal([{ valueCode: 'video' }]);
    expect(extensionsOf(resource, EXTENSION.location), '6').to.deep.equal([
      { valueReference: { reference: 'Location/verdun', display: 'Clinique fictive de Verdun' } },
    ]);
    expect(resource.comment, 'booking page').to.equal(ATTRIBUTES.bookingUrl);
  });

  it('says in French what it is for; the English is where the code comes from', () => {
    const coding = resource.serviceType?.[0]?.coding?.[0];
    expect(coding).to.include({ system: SYSTEM.service, code: 'visite', display: 'Visite médicale' });
    const schedule = scheduleResource(directory.schedule(slot.scheduleId), contextOf(slot.scheduleId));
    expect(JSON.stringify(schedule.serviceType)).to.contain('Medical visit');
  });

  it('leaves out what the platform did not say', () => {
    const bare = slotResource({ ...slot, attributes: UNKNOWN_ATTRIBUTES }, contextOf(slot.scheduleId));
    expect(bare).to.not.have.any.keys('comment', 'appointmentType');
    expect((bare.extension ?? []).map((each) => each.url)).to.deep.equal([EXTENSION.location]);
  });

  it('has no appointmentType where there are several reasons', () => {
    const attributes = { ...ATTRIBUTES, reasons: ['urgent', 'semi-urgent'] as const };
    const several = slotResource({ ...slot, attributes }, contextOf(slot.scheduleId));
    expect(several).to.not.have.property('appointmentType');
    expect(extensionsOf(several, EXTENSION.reason)).to.have.length(2);
  });

  const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values]));
  const anySlot = fc.record({
    id: fc.uuid(),
    scheduleId: fc.constantFrom('agenda-tremblay', 'agenda-gagnon'),
    connectionId: fc.constantFrom('vendor', 'public'),
    interval: fc
      .tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 600 * MINUTE }))
      .map(([start, length]) => ({ start: instant(start), end: instant(start + length) })),
    attributes: fc.record({
      availableSince: fc.option(fc.integer({ min: 0, max: 4e12 }).map((at): Instant => instant(at))),
      eligibility: some(ELIGIBILITIES),
      reasons: some(REASONS),
      reorientation: some(REORIENTATIONS),
      mode: fc.option(fc.constantFrom(...MODES)),
      bookingUrl: fc.option(fc.oneof(fc.webUrl(), fc.string({ minLength: 1 }))),
    }),
  });

  it('is written as text exactly as it is mapped, whatever it holds', () => {
    fc.assert(
      fc.property(anySlot, (any) => {
        const mapped = slotResource(any, contextOf(any.scheduleId));
        expect(JSON.parse(`${documentOf(any)}}`)).to.deep.equal(JSON.parse(JSON.stringify(mapped)));
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });

  it('is valid R4 once it is completed', () => {
    for (const attributes of [ATTRIBUTES, UNKNOWN_ATTRIBUTES]) {
      const text = `${documentOf({ ...slot, attributes })},"status":"free"}`;
      expect(faultsOf(JSON.parse(text))).to.deep.equal([]);
    }
  });

  it('cannot be written for a schedule that is not configured', () => {
    expect(() => documentOf({ ...slot, scheduleId: 'nobody' })).to.throw(RangeError, 'nobody');
  });

  const documentOf = (any: Slot): string =>
    wholeOf(
      written.slot({ ...any, calendar: 'c', externalId: 'e', content: '', revision: null, sequence: null }),
    );
});

describe('mappings/fhir: local times', () => {
  const zone = 'America/Toronto';
  const rows = [
    ['before the clocks go back', '2026-11-01T05:30:00Z', zone, '2026-11-01T01:30:00-04:00'],
    ['after they went back', '2026-11-01T06:30:00Z', zone, '2026-11-01T01:30:00-05:00'],
    ['before they go forward', '2027-03-14T06:59:59Z', zone, '2027-03-14T01:59:59-05:00'],
    ['after they went forward', '2027-03-14T07:00:00Z', zone, '2027-03-14T03:00:00-04:00'],
    ['Québec without DST', '2026-07-01T12:00:00Z', 'America/Blanc-Sablon', '2026-07-01T08:00:00-04:00'],
    ['Québec on Atlantic time', '2026-07-01T12:00:00Z', 'America/Halifax', '2026-07-01T09:00:00-03:00'],
    ['with milliseconds', '2026-07-01T12:00:00.250Z', 'UTC', '2026-07-01T12:00:00.250+00:00'],
  ] as const;
  for (const [title, at, where, expected] of rows) {
    it(title, () => expect(localTime(parseInstant(at), where)).to.equal(expected));
  }
});

describe('mappings/fhir: appointment', () => {
  const context = { ...contextOf('agenda-tremblay'), slotId: uuid(1), comment: 'Fauteuil roulant' };
  const busy = {
    id: uuid(9),
    actorId: 'tremblay',
    scheduleId: 'agenda-tremblay',
    kind: 'appointment',
    interval: slot.interval,
    lane: 0,
    originId: 'vendor',
    expiresAt: null,
    changedAt: NOW,
  } as const;

  it('says when, where, with whom, and nothing of the patient', () => {
    const resource = appointmentResource(busy, context);
    expect(resource).to.include({
      id: uuid(9),
      start: '2026-11-24T09:00:00-05:00',
      comment: context.comment,
    });
    expect(resource.slot).to.deep.equal([{ reference: `Slot/${uuid(1)}` }]);
    expect(resource.participant.map((each) => each.actor?.reference)).to.deep.equal([
      'Practitioner/tremblay',
      'Location/verdun',
    ]);
    expect(faultsOf({ ...resource, status: 'booked' })).to.deep.equal([]);
  });

  it('is the text that the engine stores', () => {
    const { slotId, comment } = context;
    expect(JSON.parse(`${written.appointment(busy, { slotId, comment })}}`)).to.deep.equal(
      JSON.parse(JSON.stringify(appointmentResource(busy, context))),
    );
    const bare = JSON.parse(`${written.appointment(busy, { slotId: null, comment: null })}}`);
    expect(bare).to.not.have.any.keys('slot', 'comment');
  });
});

describe('mappings/fhir: directory', () => {
  const [practitioner] = ENTRIES.practitioners;
  const [location] = ENTRIES.locations;
  const [service] = ENTRIES.services;
  const [schedule] = ENTRIES.schedules;
  if (!practitioner || !location || !service || !schedule) throw new Error('the fixture lost its entries');
  const unadorned = { ...location, address: null, phone: null, position: null };

  const rows = {
    organization: organizationResource(ORGANIZATION),
    practitioner: practitionerResource(practitioner),
    'practitioner without identifiers': practitionerResource({
      ...practitioner,
      identifiers: [],
      prefix: null,
    }),
    location: locationResource(location, 'clinique'),
    'location of which little is known': locationResource(unadorned, 'clinique'),
    service: healthcareServiceResource(service, 'clinique', ['verdun']),
    'service that nobody offers': healthcareServiceResource(service, 'clinique', []),
    schedule: scheduleResource(schedule, contextOf(schedule.id)),
  };
  for (const [title, resource] of Object.entries(rows)) {
    it(`${title} is valid R4`, () => expect(faultsOf(resource)).to.deep.equal([]));
  }

  it('has the contact details and the zone of the place', () => {
    const { address, telecom, position, extension } = rows.location;
    expect(address).to.deep.equal({ line: ['1, rue Imaginaire'], city: 'Montréal', postalCode: 'H0H 0H0' });
    expect(telecom).to.deep.equal([{ system: 'phone', value: '+1 514 555-0100' }]);
    expect(position).to.deep.equal({ latitude: 45.46, longitude: -73.57 });
    expect(extension).to.deep.equal([{ url: EXTENSION.timeZone, valueCode: 'America/Toronto' }]);
  });
});

describe('mappings/fhir: terminology', () => {
  const tables: Record<string, readonly string[]> = {
    eligibility: ELIGIBILITIES,
    reason: REASONS,
    'reorientation-source': REORIENTATIONS,
    mode: MODES,
  };
  for (const system of codeSystems()) {
    it(`${system.id} has every code, in French and English`, () => {
      expect(faultsOf(system)).to.deep.equal([]);
      expect((system.concept ?? []).map((each) => each.code)).to.have.members([
        ...(tables[system.id ?? ''] ?? []),
      ]);
      for (const { display, designation } of system.concept ?? []) {
        expect(display).to.be.a('string').that.is.not.empty;
        expect(designation?.[0]).to.include({ language: 'en' });
      }
    });
  }
});
