import { expect } from 'chai';
import { ADMINISTRATOR } from '../../src/domain/access.ts';
import { ok } from '../../src/fhir/answer.ts';
import type { Operation, OperationParameter } from '../../src/fhir/operation.ts';
import { operationInput } from '../../src/fhir/operation-input.ts';
import { Refused } from '../../src/fhir/outcomes.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { createRouter } from '../../src/fhir/router.ts';
import { NOW } from '../support/fake-ports.ts';

/** What operations are called by and with; each operation has tests of its own. */

const words = { fr: 'essai', en: 'test' };
const context = {
  base: 'http://x/fhir',
  zone: 'UTC',
  language: 'fr',
  caller: ADMINISTRATOR,
  now: NOW,
} as const;
const answers = {
  documentation: words,
  base: null,
  needs: [],
  parameters: [],
} as const;

const reading: Operation = {
  ...answers,
  affectsState: false,
  system: async () => ok('system'),
  type: async () => ok('type'),
  instance: async (id) => ok(`instance ${id}`),
};
const writing: Operation = { ...answers, affectsState: true, type: async () => ok('written') };
const unasked = () => Promise.reject(new Error('not asked'));
const slot: Resource = {
  type: 'Slot',
  documentation: '',
  parameters: [],
  includes: [],
  revincludes: [],
  versioned: true,
  read: unasked,
  search: unasked,
  operations: { look: reading, write: writing },
};
const routeOf = createRouter([slot], { look: reading });

function refusalOf(work: () => unknown): Refused {
  try {
    work();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('fhir: addresses of operations', () => {
  const called = async (method: string, path: string): Promise<unknown> => {
    const route = routeOf(method, path);
    if (route.interaction !== 'operation') return route.interaction;
    return [route.pattern, (await route.run({ body: undefined, context })).text];
  };

  const rows: [method: string, path: string, pattern: string, text: string][] = [
    ['POST', '/$look', '/fhir/$look', 'system'],
    ['GET', '/$look', '/fhir/$look', 'system'],
    ['POST', '/Slot/$look', '/fhir/Slot/$look', 'type'],
    ['GET', '/Slot/$look', '/fhir/Slot/$look', 'type'],
    ['GET', '/Slot/7/$look', '/fhir/Slot/:id/$look', 'instance 7'],
    ['POST', '/Slot/$write', '/fhir/Slot/$write', 'written'],
  ];
  for (const [method, path, pattern, text] of rows) {
    it(`${method} ${path}`, async () => expect(await called(method, path)).to.deep.equal([pattern, text]));
  }

  it('an operation that changes something is not called by GET', () => {
    const refused = refusalOf(() => routeOf('GET', '/Slot/$write'));
    expect(refused).to.deep.include({ outcome: 'not-allowed', headers: { allow: 'POST' } });
    const { headers } = refusalOf(() => routeOf('DELETE', '/Slot/$look'));
    expect(headers).to.deep.equal({ allow: 'GET, POST' });
  });

  it('is found at its own levels only, and what is there is said', () => {
    for (const path of ['/$write', '/Slot/7/$write', '/Slot/$other', '/Slot/7/$constructor', '/$toString']) {
      const refused = refusalOf(() => routeOf('POST', path));
      expect(refused.outcome, path).to.equal('not-found');
      expect(JSON.stringify(refused.issues), path).to.contain('$look');
    }
    for (const path of ['/$look/more', '/Slot/$look/more', '/Slot/7/$look/more']) {
      expect(refusalOf(() => routeOf('POST', path)).outcome, path).to.be.oneOf(['not-found', 'unknown-type']);
    }
  });
});

describe('fhir: what operations are called with', () => {
  const parameter = (
    name: string,
    type: Extract<OperationParameter, { type: unknown }>['type'],
    use: 'in' | 'out' = 'in',
  ): OperationParameter => ({ name, use, type, min: 0, max: 1, documentation: words });
  const table: OperationParameter[] = [
    parameter('url', 'uri'),
    parameter('reverse', 'boolean'),
    parameter('depth', 'positiveInt'),
    parameter('coding', 'Coding'),
    parameter('resource', 'Resource'),
    parameter('result', 'boolean', 'out'),
  ];
  const read = (query: string, body?: unknown): unknown =>
    operationInput(table, new URLSearchParams(query), body);
  const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });

  it('nothing is nothing', () => expect(read('_format=json&_pretty=true')).to.equal(undefined));

  it('the query, each parameter as its type', () => {
    expect(read('url=urn:x&reverse=true&depth=3&url=urn:y')).to.deep.equal(
      parameters(
        { name: 'url', valueUri: 'urn:x' },
        { name: 'reverse', valueBoolean: true },
        { name: 'depth', valuePositiveInt: 3 },
        { name: 'url', valueUri: 'urn:y' },
      ),
    );
    expect(read('reverse=false')).to.deep.equal(parameters({ name: 'reverse', valueBoolean: false }));
  });

  it('Parameters as they were sent, with what the query adds', () => {
    const sent = parameters({ name: 'coding', valueCoding: { code: 'x' } });
    expect(read('', sent)).to.deep.equal(sent);
    expect(read('url=urn:x', sent)).to.deep.equal(
      parameters({ name: 'url', valueUri: 'urn:x' }, ...sent.parameter),
    );
  });

  it('the resource itself, where one parameter is a resource', () => {
    const body = { resourceType: 'Slot', id: 'x' };
    expect(read('url=urn:x', body)).to.deep.equal(
      parameters({ name: 'url', valueUri: 'urn:x' }, { name: 'resource', resource: body }),
    );
    expect(operationInput(table.slice(0, 2), [], body)).to.equal(body);
  });

  it('what it cannot be is left for the operation to refuse', () => {
    for (const body of [null, 7, [], 'x', {}, { resourceType: 'Parameters', parameter: 7 }]) {
      expect(read('url=urn:x', body)).to.equal(body);
    }
  });

  const refused: [query: string, outcome: string][] = [
    ['other=1', 'unknown-parameter'],
    ['result=true', 'unknown-parameter'],
    ['coding=x', 'invalid-parameter'],
    ['reverse=yes', 'invalid-parameter'],
    ['depth=two', 'invalid-parameter'],
    ['url=', 'invalid-parameter'],
  ];
  for (const [query, outcome] of refused) {
    it(`${query} is refused`, () => {
      const refusal = refusalOf(() => read(query));
      expect(refusal.outcome).to.equal(outcome);
      expect(refusal.issues[0]?.expression).to.equal(`http.${query.split('=')[0]}`);
    });
  }
});
