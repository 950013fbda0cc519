import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import type * as r4 from 'fhir/r4.js';
import { SCHEDULING_LINKS } from '../../mappings/fhir/canonical.ts';
import { scheduleContexts } from '../../mappings/fhir/documents.ts';
import { provinceOf } from '../../mappings/fhir/province.ts';
import {
  linksLocation,
  linksPractitioner,
  linksRole,
  linksSchedule,
  linksService,
} from '../../mappings/fhir/scheduling-links.ts';
import { type LinksSlot, slotLineWriter } from '../../mappings/fhir/scheduling-links-slot.ts';
import { Directory } from '../../src/domain/directory.ts';
import { MINUTE, parseInstant } from '../../src/domain/instant.ts';
import type { Location } from '../../src/domain/schedule.ts';
import { ENTRIES, FIRST_START, ORGANIZATION, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { linesOf, SHAPES } from '../support/scheduling-links.ts';
import { requireServer } from '../support/servers.ts';

const SAMPLES = resolve(process.env['PASSERELLE_FIXTURES'] ?? '../shared/fixtures', 'smart-scheduling-links');
const BASE = 'https://clinic.example/fhir';
const contextOf = scheduleContexts(new Directory(ENTRIES));
const [schedule] = ENTRIES.schedules;
const [location] = ENTRIES.locations;
if (!schedule || !location) throw new Error('the made-up clinic has a schedule and a place');

describe('scheduling links: the schemas accept the examples of the specification', () => {
  before(requireServer('../shared/fixtures/smart-scheduling-links', existsSync(SAMPLES)));
  const read = (name: string): string => readFileSync(resolve(SAMPLES, name), 'utf8');

  it('its manifest', () => {
    const given = JSON.parse(read('bulk-publish.json'));
    expect(SHAPES['2021'].manifest.parse(given)).to.deep.equal(given);
  });

  for (const [type, name] of [
    ['Location', 'locations'],
    ['Schedule', 'schedules'],
    ['Slot', 'slots-2021-W09'],
  ] as const) {
    it(`its ${name}, every line`, () => {
      const lines = linesOf(`${read(`${name}.ndjson`).trimEnd()}\n`);
      expect(lines).to.not.be.empty;
      for (const line of lines) expect(SHAPES['2021'].lines[type].parse(line)).to.include.keys('id');
    });
  }

  it('and refuse what it forbids', () => {
    const { Slot, Schedule } = SHAPES['2021'].lines;
    const [slot] = linesOf(`${read('slots-2021-W09.ndjson').trimEnd()}\n`) as r4.Slot[];
    const [agenda] = linesOf(`${read('schedules.ndjson').trimEnd()}\n`) as r4.Schedule[];
    for (const change of [
      { status: 'busy-tentative' },
      { start: '2021-03-01T09:00:00' },
      { end: '2021-03-01' },
    ]) {
      expect(Slot.safeParse({ ...slot, ...change }).success, JSON.stringify(change)).to.equal(false);
    }
    const actor = [...(agenda?.actor ?? []), { reference: 'Practitioner/x' }];
    expect(Schedule.safeParse({ ...agenda, actor }).success).to.equal(false);
    expect(Schedule.safeParse({ ...agenda, actor: [] }).success).to.equal(false);
  });
});

describe('scheduling links: places, people and schedules', () => {
  const context = contextOf(schedule.id);
  const organization = ORGANIZATION;
  const shapes: Record<string, [resource: r4.FhirResource, schema: { parse: (given: unknown) => unknown }]> =
    {
      'a place of 2021': [linksLocation(location, BASE), SHAPES['2021'].lines.Location],
      'a place of the draft': [linksLocation(location, BASE), SHAPES.ssl.lines.Location],
      'a schedule of 2021': [linksSchedule(schedule, context, '2021'), SHAPES['2021'].lines.Schedule],
      'a schedule of the draft': [linksSchedule(schedule, context, 'ssl'), SHAPES.ssl.lines.Schedule],
      'a practitioner': [linksPractitioner(context.practitioner, BASE), SHAPES.ssl.lines.Practitioner],
      'a practitioner without an identifier': [
        linksPractitioner({ ...context.practitioner, identifiers: [] }, BASE),
        SHAPES.ssl.lines.Practitioner,
      ],
      'a role': [linksRole(schedule, context, organization), SHAPES.ssl.lines.PractitionerRole],
      'a service': [
        linksService(context.service, location, organization),
        SHAPES.ssl.lines.HealthcareService,
      ],
    };
  for (const [title, [resource, schema]] of Object.entries(shapes)) {
    it(`${title} is as its specification has it, and valid R4`, () => {
      schema.parse(resource);
      expect(faultsOf(resource)).to.deep.equal([]);
    });
  }

  it('tells a place with its own identifier, its province and its phone', () => {
    const { identifier, telecom, address } = linksLocation(location, BASE);
    expect(identifier).to.deep.equal([{ system: `${BASE}/Location`, value: 'verdun' }]);
    expect(telecom).to.deep.equal([{ system: 'phone', value: '+1 514 555-0100' }]);
    expect(address?.state).to.equal('QC');
  });

  it('leaves out of a place what is not configured', () => {
    const bare: Location = { ...location, address: null, phone: null, position: null };
    expect(linksLocation(bare, BASE)).to.have.all.keys('resourceType', 'id', 'identifier', 'name');
  });

  it('refers from a schedule to its role, and from there to everything else', () => {
    const actors = linksSchedule(schedule, context, 'ssl').actor;
    const role = linksRole(schedule, context, organization);
    const service = linksService(context.service, location, organization);
    expect(actors).to.deep.equal([
      { reference: `Location/${location.id}`, display: location.name },
      { reference: `PractitionerRole/${role.id}`, display: 'Dre Émilie Tremblay' },
    ]);
    expect(role.practitioner?.reference).to.equal(`Practitioner/${context.practitioner.id}`);
    expect(role.location?.[0]?.reference).to.equal(`Location/${location.id}`);
    expect(role.healthcareService?.[0]?.reference).to.equal(`HealthcareService/${service.id}`);
  });

  it('gives a service an id that R4 allows, whatever ids it is made of', () => {
    const long = (letter: string): string => letter.repeat(64);
    const ids = ['x', 'y'].map(
      (place) =>
        linksService({ ...context.service, id: long('s') }, { ...location, id: long(place) }, ORGANIZATION)
          .id,
    );
    for (const id of ids) expect(id).to.match(/^[A-Za-z0-9.-]{1,64}$/);
    expect(new Set(ids).size).to.equal(2);
  });
});

describe('scheduling links: a slot', () => {
  const slot: LinksSlot = {
    id: uuid(1),
    startMs: FIRST_START,
    endMs: FIRST_START + 20 * MINUTE,
    status: 'free',
    bookingUrl: JSON.stringify('https://vendor.example/rendez-vous?été=1&"x'),
  };
  type Change = Partial<LinksSlot> & { readonly capacity?: number; readonly phone?: string | null };
  const lineOf = (change: Change = {}, shape: '2021' | 'ssl' = '2021'): r4.Slot => {
    const { capacity = 1, phone = location.phone, ...rest } = change;
    const write = slotLineWriter({ ...schedule, capacity }, { location: { ...location, phone } }, shape);
    const line = write({ ...slot, ...rest });
    expect(line).to.match(/^[^\n]+\n$/);
    const resource = JSON.parse(line) as r4.Slot;
    SHAPES[shape].lines.Slot.parse(resource);
    expect(faultsOf(resource)).to.deep.equal([]);
    return resource;
  };
  const link = { url: SCHEDULING_LINKS.deepLink, valueUrl: 'https://vendor.example/book?slot=1&lang=fr' };
  const bookingUrl = JSON.stringify(link.valueUrl);
  const phone = { url: SCHEDULING_LINKS.phone, valueString: '+1 514 555-0100' };

  it('is told by its schedule and its times, with the offset of the place', () => {
    expect(lineOf({ bookingUrl, phone: null })).to.deep.equal({
      resourceType: 'Slot',
      id: uuid(1),
      schedule: { reference: `Schedule/${schedule.id}` },
      status: 'free',
      start: '2026-11-24T09:00:00-05:00',
      end: '2026-11-24T09:20:00-05:00',
      extension: [link],
    });
  });

  it('is booked at its own address, else by the phone of its place, else not told how', () => {
    expect(lineOf({ bookingUrl }).extension).to.deep.equal([link]);
    expect(lineOf({ bookingUrl: null }).extension).to.deep.equal([phone]);
    expect(lineOf({ bookingUrl: null, phone: null })).to.not.have.property('extension');
  });

  for (const given of [
    'javascript:alert(1)',
    'vendor.example/book',
    'https://vendor.example/a b',
    '',
    'data:,x',
  ]) {
    it(`is not sent on to ${JSON.stringify(given)}`, () => {
      expect(lineOf({ bookingUrl: JSON.stringify(given) }).extension).to.deep.equal([phone]);
    });
  }

  it('is not sent on to what JSON must escape, which no address of the web has', () => {
    expect(lineOf().extension).to.deep.equal([phone]);
  });

  it('that is taken has no way to be booked', () => {
    for (const status of ['busy', 'busy-tentative', 'busy-unavailable'] as const) {
      expect(lineOf({ status, bookingUrl }), status).to.not.have.property('extension');
    }
  });

  it('is free or busy in 2021, and what it is in the draft', () => {
    for (const status of ['busy', 'busy-tentative', 'busy-unavailable'] as const) {
      expect(lineOf({ status }).status).to.equal('busy');
      expect(lineOf({ status }, 'ssl').status).to.equal(status);
    }
    expect(lineOf({}, 'ssl').status).to.equal('free');
  });

  it('of several patients tells in 2021 for how many it is', () => {
    const capacity = { url: SCHEDULING_LINKS.capacity, valueInteger: 4 };
    expect(lineOf({ capacity: 4, bookingUrl }).extension).to.deep.equal([link, capacity]);
    expect(lineOf({ capacity: 4, bookingUrl: null }).extension).to.deep.equal([phone, capacity]);
    expect(lineOf({ capacity: 4, status: 'busy' }).extension).to.deep.equal([capacity]);
    expect(lineOf({ capacity: 4, bookingUrl }, 'ssl').extension).to.deep.equal([link]);
  });

  for (const [start, local] of [
    ['2026-11-01T05:30:00Z', '2026-11-01T01:30:00-04:00'],
    ['2026-11-01T06:30:00Z', '2026-11-01T01:30:00-05:00'],
    ['2027-03-14T06:30:00Z', '2027-03-14T01:30:00-05:00'],
    ['2027-03-14T07:00:00Z', '2027-03-14T03:00:00-04:00'],
  ] as const) {
    it(`at ${start} is told at ${local}, where clocks change`, () => {
      const startMs = parseInstant(start);
      expect(lineOf({ startMs, endMs: startMs + 20 * MINUTE }).start).to.equal(local);
    });
  }
});

describe('scheduling links: the province of a postal code', () => {
  for (const [code, province] of Object.entries({
    'H0H 0H0': 'QC',
    J8X1A1: 'QC',
    'g1a 0a1': 'QC',
    'K1A 0A1': 'ON',
    'X0A 0H0': 'NU',
    'X1A 0A1': 'NT',
    'Y1A 0A1': 'YT',
    'D1A 0A1': null,
    '02114': null,
    H0H: null,
    '': null,
  })) {
    it(`${code || 'none'}: ${province ?? 'is not told'}`, () => expect(provinceOf(code)).to.equal(province));
  }
});
