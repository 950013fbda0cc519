import fc from 'fast-check';
import { isObject } from '../../../mappings/fhir/validation/json.ts';
import { parseJson } from '../../../src/fhir/body.ts';
import { Refused } from '../../../src/fhir/outcomes.ts';
import { patched } from '../../../src/fhir/patch.ts';
import { RICH_APPOINTMENT, RICH_SLOT } from '../../support/r4-samples.ts';
import { must, outcomeOf, type Target } from '../harness/target.ts';
import { spoiltJson } from '../inputs/json.ts';

/** JSON Patch (RFC 6902), whose pointers go where they like. Its samples are those of the RFC, appendix A, on resources. */

export const POINTERS: readonly string[] = [
  ...[
    '',
    '/',
    '/status',
    '/slot/0',
    '/slot/-',
    '/slot/-1',
    '/slot/00',
    '/slot/1e0',
    '/slot/length',
    '/slot/99999999999',
  ],
  ...[
    '/__proto__',
    '/__proto__/polluted',
    '/constructor/prototype/polluted',
    '/a~1b',
    '/m~0n',
    '/~',
    '/~2',
    '/extension/1/url',
  ],
  ...[
    '/contained/0/name',
    '/_status',
    '/participant/0/actor',
    '/constructor',
    '/toString',
    '/hasOwnProperty/call',
    '//',
    '/ ',
  ],
];

const operation = fc.oneof(
  fc.record({
    op: fc.constantFrom('add', 'replace', 'test'),
    path: fc.constantFrom(...POINTERS),
    value: fc.jsonValue(),
  }),
  fc.record({
    op: fc.constantFrom('move', 'copy'),
    path: fc.constantFrom(...POINTERS),
    from: fc.constantFrom(...POINTERS),
  }),
  fc.record({ op: fc.constant('remove'), path: fc.constantFrom(...POINTERS) }),
);

type Patching = { readonly resource: 'Appointment' | 'Slot'; readonly patch: string };
const RESOURCES = { Appointment: RICH_APPOINTMENT, Slot: RICH_SLOT };

const SAMPLES: readonly (readonly object[])[] = [
  [
    { op: 'test', path: '/status', value: 'booked' },
    { op: 'replace', path: '/status', value: 'cancelled' },
    { op: 'remove', path: '/comment' },
  ],
  [
    { op: 'add', path: '/slot/0', value: { reference: 'Slot/3' } },
    { op: 'move', from: '/start', path: '/end' },
    { op: 'copy', from: '/contained', path: '/contained/0/contained' },
  ],
];

export const patch: Target<Patching> = {
  name: 'patch',
  open: async () => ({
    inputs: fc.record({
      resource: fc.constantFrom('Appointment', 'Slot'),
      patch: fc.oneof(
        fc.array(operation, { maxLength: 8 }).map((each) => JSON.stringify(each)),
        spoiltJson(SAMPLES, {
          keys: ['op', 'path', 'from', 'value'],
          values: [...POINTERS, 'copy', 'move', 'add'],
        }),
      ),
    }),
    run: ({ resource, patch: text }) =>
      outcomeOf(() => {
        const before = JSON.stringify(RESOURCES[resource]);
        try {
          must(isObject(patched(RESOURCES[resource], parseJson(text))), 'a patch that left no resource');
        } finally {
          must(JSON.stringify(RESOURCES[resource]) === before, 'a patch changed what it was given');
        }
      }, [Refused]),
  }),
};
