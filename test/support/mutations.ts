import fc from 'fast-check';

/** Resources that were valid until something was done to them: what a client sends by mistake, or to see what happens. */

/** What stands in place of an element, or of one that is not there: valid for some, for others not. */
const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e20, '', ' ', 'x', 'a b', 'a  b', '\u0007', 'é\u00a0è', '#x', '#patient'],
  ...['Slot/1', 'urn:uuid:X', '<div>x</div>', 'booked', 'taken', 'free', 'accepted', 'video'],
  ...['2026', '2026-13', '2026-11-24', '2026-02-30', '2026-02-30T09:00:00Z', '2026-11-24T24:00:00Z'],
  ...['2026-11-24T09:00:00', '2026-11-24T09:00:00+19:00', '2026-11-24T09:00:00Z', '24:00:00'],
  ...[[], {}, [null], [{}], ['x'], [[]], { id: 'x' }, { reference: 'Slot/1' }, { reference: '#zzz' }],
  ...[{ coding: [{ code: 'x' }] }, { coding: [] }, { text: 'x' }, { start: '2026', end: '2025' }],
  ...[{ extension: [{ url: 'urn:x', valueString: 'y' }] }, { resourceType: 'Patient', id: 'patient' }],
];

const KEYS: readonly string[] = [
  ...[
    'foo',
    'id',
    'meta',
    'text',
    'contained',
    'language',
    'implicitRules',
    'extension',
    'modifierExtension',
  ],
  ...[
    '_status',
    '_start',
    '_url',
    '_display',
    '_birthDate',
    'valueString',
    'valueCode',
    'url',
    'value',
    'system',
  ],
  ...[
    'display',
    'identifier',
    'resourceType',
    'constructor',
    'participant',
    'requestedPeriod',
    'slot',
    'status',
  ],
  ...[
    'start',
    'end',
    'priority',
    'minutesDuration',
    'overbooked',
    'use',
    'period',
    'type',
    'contact',
    'gender',
  ],
  ...[
    'deceasedBoolean',
    'deceasedDateTime',
    'multipleBirthInteger',
    'photo',
    'link',
    'maritalStatus',
    'actor',
  ],
];

type Container = Record<string | number, unknown>;

const containersIn = (value: unknown): Container[] =>
  typeof value === 'object' && value !== null
    ? [value as Container, ...Object.values(value).flatMap(containersIn)]
    : [];

const step = fc.record({
  what: fc.constantFrom('remove', 'replace', 'add', 'double', 'rename'),
  where: fc.nat(),
  which: fc.nat(),
  key: fc.constantFrom(...KEYS),
  value: fc.constantFrom(...VALUES),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function change(resource: object, { what, where, which, key, value }: Step): void {
  const containers = containersIn(resource);
  const container = containers[where % containers.length];
  if (!container) return;
  const keys = Object.keys(container);
  const name = keys[which % Math.max(keys.length, 1)] ?? key;
  if (what === 'add') {
    if (Array.isArray(container)) container.push(structuredClone(value));
    else container[key] = structuredClone(value);
  } else if (what === 'replace') container[name] = structuredClone(value);
  else if (what === 'double') container[name] = [container[name], structuredClone(container[name])];
  else {
    if (what === 'rename' && !Array.isArray(container)) container[key] = container[name];
    if (Array.isArray(container)) container.splice(Number(name), 1);
    else delete container[name];
  }
}

/** One of them, with one thing done to it or two. Its type stays. */
export const mutated = <R extends { readonly resourceType: string }>(
  bases: readonly R[],
): fc.Arbitrary<{ readonly resourceType: string }> =>
  fc.tuple(fc.constantFrom(...bases), fc.array(step, { minLength: 1, maxLength: 2 })).map(([base, steps]) => {
    const resource = structuredClone(base);
    for (const each of steps) change(resource, each);
    return JSON.parse(JSON.stringify({ ...resource, resourceType: base.resourceType }));
  });
