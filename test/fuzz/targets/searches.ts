import fc from 'fast-check';
import { writeCursor } from '../../../src/fhir/cursor.ts';
import { createFront } from '../../../src/fhir/front.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { COMMON_PARAMETERS, type ParameterType } from '../../../src/fhir/search.ts';
import { fakePorts, NOW } from '../../support/fake-ports.ts';
import type { Exchange } from '../harness/exchange.ts';
import type { Target } from '../harness/target.ts';
import { anyText, percentEncoded } from '../inputs/text.ts';
import { openServer } from './server.ts';

/** Every parameter of every type, with every modifier and chain that its table says, and with others. */

/** What each kind of value looks like, and nearly looks like. */
const VALUES: Readonly<Record<ParameterType, readonly string[]>> = {
  date: [
    '2026-11-24',
    'ge2026',
    'ap2026-11-24T09:00:00-05:00',
    'ne2026-11,sa2026-12',
    'lt9999-12-31T23:59:59Z',
    '0000',
    'ge0001-01-01',
  ],
  number: ['0', '1', '1000', '-1', '999999999', '1e9'],
  reference: [
    'Schedule/dr-tremblay-ici',
    'Practitioner/x',
    'x',
    'http://here/fhir/Slot/1',
    'Patient/1,Patient/2',
    '#x',
    'Slot/1/_history/1',
  ],
  special: ['-start', 'start', 'id,meta', 'status'],
  string: ['trem', 'Tremblay', '%', '_', '\\', 'é'],
  token: ['free', 'booked', 'http://x|y', '|y', 'http://x|', 'a\\,b,c\\|d', 'true', 'urn:x|1|2'],
  uri: ['https://passerelle.example/fhir/ValueSet/mode', 'urn:x', 'http://x|1.0'],
};
const MODIFIERS = [
  '',
  '',
  '',
  ':not',
  ':missing',
  ':exact',
  ':contains',
  ':text',
  ':in',
  ':identifier',
  ':above',
  ':Nothing',
  ':',
  '::',
];
const COMMON: readonly string[] = [
  ...COMMON_PARAMETERS.map(({ name }) => name),
  '_after',
  '_sort',
  '_format',
  '_pretty',
  '_id',
  '_lastUpdated',
  '_contained',
  '_since',
  '_at',
];

type Pair = readonly [string, string];

function pairsOf(resource: Resource, all: readonly Resource[]): fc.Arbitrary<Pair> {
  const own = resource.parameters.map((parameter) => {
    const values = VALUES[parameter.type];
    const { targets = [], modifiers = [] } = parameter;
    const chains = targets.flatMap((type) =>
      (all.find((each) => each.type === type)?.parameters ?? []).flatMap(
        ({ name, targets: further = [] }) => [
          ...[`.${name}`, `:${type}.${name}`, `.${name}.${name}`],
          ...further.map((next) => `:${type}.${name}:${next}._id`),
        ],
      ),
    );
    const suffix = fc.constantFrom(
      ...MODIFIERS,
      ...[...targets, ...modifiers].map((each) => `:${each}`),
      ...chains,
    );
    return fc.tuple(
      suffix.map((each) => parameter.name + each),
      anyText(values),
    );
  });
  const has = (resource.has ?? []).flatMap((reference) => {
    const type = reference.split(':')[0];
    return (all.find((each) => each.type === type)?.parameters ?? []).map(
      ({ name }) => `_has:${reference}:${name}`,
    );
  });
  const every = Object.values(VALUES).flat();
  const includes = [...resource.includes, ...resource.revincludes, '*', 'Slot:*', ':::'];
  return fc.oneof(
    { weight: 6, arbitrary: own.length > 0 ? fc.oneof(...own) : fc.tuple(fc.constant('_id'), anyText()) },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom(...COMMON),
        anyText([...every, writeCursor({ atMs: NOW, id: 'a' }), 'count', 'accurate']),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.constantFrom('_include', '_revinclude', '_include:iterate', '_revinclude:recurse'),
        anyText(includes),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(
        anyText([...has, '_has:Slot:schedule:_has:Appointment:slot:status', '_has:']),
        anyText(every),
      ),
    },
    { weight: 1, arbitrary: fc.tuple(anyText(), anyText()) },
  );
}

export const searches: Target<Exchange> = {
  name: 'fhir-searches',
  share: 4,
  needs: 'PostgreSQL',
  open: async () => {
    const server = await openServer();
    const { resources } = createFront(fakePorts());
    const paths = resources.map((resource) => {
      const place = fc.constantFrom(
        `/fhir/${resource.type}`,
        `/fhir/${resource.type}`,
        `/fhir/${resource.type}/_history`,
        `/fhir/${resource.type}/x/_history`,
        `/fhir/${resource.type}/x`,
      );
      return fc
        .tuple(place, fc.array(pairsOf(resource, resources), { minLength: 1, maxLength: 4 }))
        .map(
          ([path, pairs]) =>
            `${path}?${pairs.map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`).join('&')}`,
        );
    });
    const prefer = fc.constantFrom({}, { prefer: 'handling=strict' });
    return {
      inputs: fc.record({ method: fc.constant('GET'), path: fc.oneof(...paths), headers: prefer }),
      run: server.ask,
      close: server.close,
    };
  },
};
