import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Appointment, Bundle, ElementDefinition, Schedule, Slot, StructureDefinition } from 'fhir/r4.js';
import { CANONICAL, EXTENSION, PROFILE } from '../../mappings/fhir/canonical.ts';
import { baseDefinitions } from '../../scripts/profiles/base.ts';
import { generatedFiles } from '../../scripts/profiles/files.ts';
import { slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf, profileFaultsOf } from '../support/fhir-validity.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

const MAPPINGS = join(import.meta.dirname, '..', '..', 'mappings');
const generated = generatedFiles();
const structures = [...generated]
  .filter(([name]) => name.includes('/StructureDefinition-'))
  .map(([, text]) => JSON.parse(text) as StructureDefinition);
const structure = (url: string): StructureDefinition => {
  const found = structures.find((each) => each.url === url);
  if (!found) throw new Error(`no StructureDefinition of ${url}`);
  return found;
};
const elementsOf = ({ snapshot }: StructureDefinition): readonly ElementDefinition[] =>
  snapshot?.element ?? [];

describe('profiles: the files', () => {
  it('are what npm run profiles writes', () => {
    const folders = new Set([...generated.keys()].map((name) => name.slice(0, name.indexOf('/'))));
    for (const folder of folders) {
      const there = readdirSync(join(MAPPINGS, folder)).map((name) => `${folder}/${name}`);
      expect(there).to.have.members([...generated.keys()].filter((name) => name.startsWith(`${folder}/`)));
    }
    for (const [name, text] of generated) {
      expect(readFileSync(join(MAPPINGS, name), 'utf8') === text, `${name}: run npm run profiles`).to.equal(
        true,
      );
    }
  });

  it('have every extension of ours, and a profile of what is served', () => {
    const ours = Object.values(EXTENSION).filter((url) => url.startsWith(CANONICAL));
    expect(structures.map(({ url }) => url)).to.have.members([...ours, ...Object.values(PROFILE)]);
  });

  for (const each of structures) {
    it(`${each.id} is valid R4, in French and English`, () => {
      // The JSON schema is that of 4.0.0 and has not heard of 4.0.1, which differs from it by errata only.
      expect(faultsOf({ ...each, fhirVersion: '4.0.0' })).to.deep.equal([]);
      for (const translated of [each._title, each._description]) {
        expect(JSON.stringify(translated)).to.contain(EXTENSION.translation);
      }
    });
  }
});

describe('profiles: the snapshots', () => {
  for (const each of structures) {
    it(`of ${each.id} has all that its base has, in order, and all that its differential says`, () => {
      const elements = elementsOf(each);
      const ids = elements.map(({ id }) => id);
      expect(new Set(ids).size).to.equal(ids.length);
      const base = baseDefinitions().elements(each.type);
      expect(ids.filter((id) => base.some((one) => one.id === id))).to.deep.equal(base.map(({ id }) => id));
      for (const change of each.differential?.element ?? []) {
        const element = elements.find(({ id }) => id === change.id);
        const { constraint = [], ...rest } = change;
        expect(element, change.id).to.deep.include(rest);
        expect(element?.constraint ?? [], change.id).to.include.deep.members(constraint);
      }
      for (const { id, path, min, max, base: from, definition } of elements) {
        expect([typeof path, typeof min, typeof max, typeof from, typeof definition], id).to.deep.equal([
          'string',
          'number',
          'string',
          'object',
          'string',
        ]);
      }
    });

    it(`of ${each.id} loosens nothing of its base`, () => {
      const base = baseDefinitions().elements(each.type);
      for (const element of elementsOf(each)) {
        const from = base.find(({ id }) => id === element.id);
        if (!from) continue;
        expect(element.min, element.id).to.be.at.least(from.min ?? 0);
        const most = (max = '*'): number => (max === '*' ? Number.POSITIVE_INFINITY : Number(max));
        expect(most(element.max), element.id).to.be.at.most(most(from.max));
        const codes = (type: ElementDefinition['type'] = []): string[] => type.map(({ code }) => code);
        expect(codes(from.type), element.id).to.include.members(codes(element.type));
        expect(element.constraint ?? [], element.id).to.include.deep.members(from.constraint ?? []);
      }
    });
  }

  it('of a slot has its slices in place: the type and the codes of each extension', () => {
    const value = (name: string) =>
      elementsOf(structure(PROFILE.Slot)).find(({ id }) => id === `Slot.extension:${name}.value[x]`);
    expect(value('slotMode')?.type).to.deep.equal([{ code: 'code' }]);
    expect(value('slotMode')?.binding).to.deep.include({ strength: 'required' });
    expect(value('slotAvailableSince')?.type).to.deep.equal([{ code: 'dateTime' }]);
  });
});

const profileOf = ({ resourceType }: { readonly resourceType: keyof typeof PROFILE }): StructureDefinition =>
  structure(PROFILE[resourceType]);

type Profiled = Slot | Schedule | Appointment;

function expectConforming(resources: readonly Profiled[]): void {
  for (const each of resources) {
    expect(profileFaultsOf(each, profileOf(each)), `${each.resourceType}/${each.id}`).to.deep.equal([]);
  }
}

describe('profiles: what is served conforms', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  const found = async <R extends Profiled>(query: string): Promise<R[]> =>
    resourcesOf<R>((await served.request('GET', `/fhir/${query}`)).json<Bundle>());

  it('of a clinic that is made up for tests, whatever state it is in', async () => {
    await served.request('POST', `/fhir/Slot/${uuid(2)}/$hold`);
    served.world.stale.set('vendor', null);
    const slots = [...(await found<Slot>('Slot')), ...(await found<Slot>('Slot?stale=include'))];
    expect(slots).to.have.length(2 * served.world.slots.length);
    const appointments = await found<Appointment>('Appointment');
    expect(appointments).to.not.be.empty;
    expectConforming([...slots, ...appointments, ...(await found<Schedule>('Schedule'))]);
  });

  const whole = (): Slot => ({
    ...(JSON.parse(`${slotRow(3).document}}`) as Slot),
    status: 'free',
    meta: { extension: [{ url: EXTENSION.lastConfirmed, valueInstant: '2026-11-23T13:00:00Z' }] },
  });
  const without = (slot: Slot, url: string): Slot => ({
    ...slot,
    extension: (slot.extension ?? []).filter((each) => each.url !== url),
  });
  const twice = (slot: Slot, url: string): Slot => ({
    ...slot,
    extension: [...(slot.extension ?? []), ...(slot.extension ?? []).filter((each) => each.url === url)],
  });
  const BROKEN: Readonly<Record<string, (slot: Slot) => object>> = {
    'without its place': (slot) => without(slot, EXTENSION.location),
    'in two places': (slot) => twice(slot, EXTENSION.location),
    'in two modes': (slot) => twice(slot, EXTENSION.mode),
    'available since twice': (slot) => twice(slot, EXTENSION.availableSince),
    'confirmed twice': (slot) => ({
      ...slot,
      meta: { extension: [...(slot.meta?.extension ?? []), ...(slot.meta?.extension ?? [])] },
    }),
    'of no service': ({ serviceType: _, ...slot }) => slot,
    'of a service elsewhere': (slot) => ({
      ...slot,
      serviceType: [{ coding: [{ system: 'urn:elsewhere', code: 'visite' }] }],
    }),
    'of two services': (slot) => ({
      ...slot,
      serviceType: [...(slot.serviceType ?? []), ...(slot.serviceType ?? [])],
    }),
    'that ends as it starts': (slot) => ({ ...slot, end: slot.start }),
  };
  it('and the slot that is broken below is whole', () => expectConforming([whole()]));
  for (const [title, broken] of Object.entries(BROKEN)) {
    it(`a slot ${title} does not conform, though it is valid R4`, () => {
      expect(faultsOf(broken(whole()))).to.deep.equal([]);
      expect(profileFaultsOf(broken(whole()), structure(PROFILE.Slot))).to.not.be.empty;
    });
  }
});

describe('profiles: the demonstration conforms', function () {
  this.timeout(240_000);
  let clinic: MirroredClinic;
  before(async () => {
    clinic = await MirroredClinic.open();
  });
  after(() => clinic.close());

  it('by all its slots, schedules and appointments, of both platforms', async () => {
    const all = async <R extends Profiled>(type: Profiled['resourceType']): Promise<R[]> => {
      const found: R[] = [];
      let path: string | undefined = `/fhir/${type}?_count=1000`;
      while (path !== undefined) {
        const { json }: { json: Bundle } = await clinic.ask<Bundle>('GET', path);
        found.push(...resourcesOf<R>(json));
        path = json.link?.find(({ relation }) => relation === 'next')?.url;
      }
      return found;
    };
    const slots = await all<Slot>('Slot');
    expect(new Set(slots.map(({ meta }) => meta?.source)).size).to.equal(2);
    // The last one: the first may begin while this runs, and is not held any more then.
    const free = slots.findLast(({ status }) => status === 'free');
    expect((await clinic.ask('POST', `/fhir/Slot/${free?.id}/$hold`)).status).to.equal(201);
    const appointments = await all<Appointment>('Appointment');
    expect(appointments).to.not.be.empty;
    expectConforming([...slots, ...appointments, ...(await all<Schedule>('Schedule'))]);
  });
});
