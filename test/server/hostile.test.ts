import { expect } from 'chai';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { ADAPTERS, SAMPLE, VARIABLES } from '../config/sample.ts';
import { uuid } from '../support/fake-ports.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { subscriptionOf } from '../support/rest-hook.ts';
import { type Served, serve } from '../support/served-front.ts';

/** Bodies, addresses and files whose words are JavaScript's own, or that are made to take long. */

const UNLIMITED = { client: 1e6, anonymous: 1e6, authentication: 1e6, delivery: 1e6 };
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
/** By JSON.parse `__proto__` is a key as any other, which who copies by assignment makes a prototype of. */
const POLLUTING = [
  '"__proto__": { "polluted": "yes" }',
  '"constructor": { "prototype": { "polluted": "yes" } }',
  '"__proto__": { "__proto__": { "polluted": "yes" } }',
];
/** What takes a few milliseconds, on a machine that is busy with other tests. */
const SOON_MILLISECONDS = 3_000;

describe('server: hostile input', function () {
  this.timeout(60_000);
  let served: Served;
  before(async () => {
    served = await serve({ limits: UNLIMITED });
  });
  after(() => served.close());
  afterEach(() => {
    expect(Reflect.get({}, 'polluted')).to.equal(undefined);
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });

  /** With the words in it at its top, and in everything inside of it. */
  const spoiled = (body: object, words: string): string =>
    JSON.stringify(body).replaceAll(/\{(?=")/g, `{${words},`);

  const DOORS = [
    ['POST', '/fhir/Appointment', bookingOf(uuid(1))],
    ['PUT', `/fhir/Appointment/${uuid(500)}`, bookingOf(uuid(1))],
    ['POST', '/fhir/Subscription', { ...subscriptionOf(1) }],
    [
      'POST',
      '/fhir',
      { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Slot' } }] },
    ],
    ['POST', '/fhir/Appointment/$find', { resourceType: 'Parameters', parameter: [{ name: 'x' }] }],
    ['POST', '/fhir/Slot', { resourceType: 'Slot', schedule: { reference: 'Schedule/a' }, status: 'free' }],
    ['POST', '/fhir/Slot/$validate', { resourceType: 'Slot', schedule: { reference: 'Schedule/a' } }],
    ['POST', `/api/conflicts/${uuid(500)}/resolve`, { resolution: 'keep-a' }],
    ['POST', '/api/tokens', { name: 'x', scopes: ['system/Slot.rs'], expiresInDays: 1 }],
  ] as const;

  for (const [method, path, body] of DOORS) {
    it(`${method} ${path} takes no prototype from a body`, async () => {
      for (const words of POLLUTING) {
        for (const prefer of ['handling=strict', 'handling=lenient']) {
          const init = { body: spoiled(body, words), headers: { prefer } };
          expect((await served.request(method, path, init)).status, words).to.be.below(500);
          expect(Reflect.get({}, 'polluted')).to.equal(undefined);
        }
      }
    });
  }

  it('PATCH reaches no prototype by a pointer', async () => {
    for (const pointer of [
      '/__proto__/polluted',
      '/constructor/prototype/polluted',
      '/participant/__proto__/polluted',
    ]) {
      for (const op of ['add', 'replace']) {
        const body = [{ op, path: pointer, value: 'yes' }];
        const headers = { 'content-type': 'application/json-patch+json' };
        for (const path of [
          `/fhir/Appointment/${uuid(500)}`,
          '/fhir/Schedule/tremblay',
          `/fhir/Slot/${uuid(1)}`,
        ]) {
          const { status } = await served.request('PATCH', path, { body, headers });
          expect(status, `${op} ${pointer} of ${path}`).to.be.within(400, 499);
        }
      }
    }
  });

  it('no name that every object has is found in a table', async () => {
    for (const name of NAMES) {
      const paths = [
        `/fhir/${name}`,
        `/fhir/${name}/${name}`,
        `/fhir/Slot/${name}`,
        `/fhir/Slot/$${name}`,
        `/fhir/Slot?${name}=1`,
        `/fhir/Slot?${name}[polluted]=yes&${name}.polluted=yes`,
        `/fhir/Slot?start:${name}=2026`,
        `/fhir/Slot?status=${name}`,
        `/fhir/Slot?_sort=${name}`,
        `/fhir/Slot?_include=Slot:${name}`,
        `/fhir/Slot?_revinclude=${name}:slot`,
        `/fhir/Slot?_has:${name}:${name}:${name}=1`,
        `/fhir/Slot?schedule.${name}=1`,
        `/fhir/Slot?_elements=${name}`,
        `/fhir/Slot?_summary=${name}`,
        `/fhir/Slot?_format=${name}`,
        `/fhir/$bulk-publish?${name}=1&_type=${name}`,
        `/fhir/ConceptMap/${name}`,
        `/api/conflicts?state=${name}`,
        `/api/events?criteria=${name}`,
        `/api/connections/${name}/rejected?raw[${name}]=true`,
      ];
      for (const path of paths) {
        for (const prefer of ['handling=strict', 'handling=lenient']) {
          const { status } = await served.request('GET', path, { headers: { prefer } });
          expect(status, path).to.be.below(500);
        }
      }
      for (const body of [{ resourceType: name }, { resourceType: 'Appointment', status: name }]) {
        for (const path of ['/fhir/Appointment', `/fhir/${name}`, '/fhir'])
          expect((await served.request('POST', path, { body })).status, path).to.be.within(400, 499);
      }
    }
  });

  it('a file of the configuration gives nothing a prototype', () => {
    for (const words of [
      '__proto__: { polluted: "yes" }',
      'constructor: { prototype: { polluted: "yes" } }',
    ]) {
      expect(() => parseConfiguration(`${SAMPLE}${words}\n`, 'clinic.yaml', ADAPTERS, VARIABLES)).to.throw(
        ConfigurationError,
      );
    }
  });

  it('a text that is made to take long is refused at once', async () => {
    const long = 200_000;
    const appointment = {
      ...bookingOf(uuid(1)),
      identifier: [{ system: 'urn:x', value: `${'!'.repeat(long)}\u0000` }],
    };
    const subscription = { ...subscriptionOf(1) };
    const channel = {
      type: 'rest-hook',
      endpoint: 'https://example.test',
      header: [`!:${' '.repeat(long)}\u0000`],
    };
    for (const [path, body] of [
      ['/fhir/Appointment', appointment],
      [
        '/fhir/Subscription',
        {
          ...subscription,
          resourceType: 'Subscription',
          status: 'requested',
          reason: 'x',
          criteria: 'Slot',
          channel,
        },
      ],
    ] as const) {
      const began = performance.now();
      const { status } = await served.request('POST', path, { body });
      expect(status, path).to.equal(422);
      expect(performance.now() - began, path).to.be.below(SOON_MILLISECONDS);
    }
  });
});
