import { channel } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { z } from 'zod';
import { openApiFiles } from '../../../scripts/openapi/files.ts';
import { ANSWERS } from '../../../src/server/contract/answer-channel.ts';
import { openApiDocument } from '../../../src/server/contract/document.ts';
import { json, type Route, route } from '../../../src/server/contract/route.ts';
import { ROUTES } from '../../../src/server/contract/routes.ts';
import { routesIn } from '../../support/routes.ts';
import { type Served, serve } from '../../support/served-front.ts';
import { unlikeDeclared } from '../../support/unlike-declared.ts';

/** The admin API is what its description says, to the last route. */

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** Pages and forms for persons and OAuth, whose description is of its own (RFC 8414): docs/access.md. */
const OTHERWISE_DESCRIBED = /^\w+ \/(auth\/(?!session$)|oauth\/)/;

describe('the description of the admin API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(openApiDocument()));
    expect(errors).to.equal(undefined);
    expect(valid).to.equal(true);
    expect(validator.version).to.equal('3.1');
  });

  it('is what npm run openapi wrote: run it after a change', async () => {
    for (const [name, text] of await openApiFiles()) {
      expect(readFileSync(join(ROOT, name), 'utf8') === text, `${name} is as it was written`).to.equal(true);
    }
  });

  it('names each operation once, and all that it refers to is there', () => {
    expect(new Set(ROUTES.map(({ id }) => id)).size).to.equal(ROUTES.length);
    const document = openApiDocument();
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
    expect(references).not.to.have.length(0);
    for (const reference of new Set(references)) {
      const path = reference.slice('"$ref":"#/'.length, -1).split('/');
      const found = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      expect(found, reference).to.be.an('object');
    }
  });

  it('says of each name in a path what it is', () => {
    for (const { path, params = {} } of ROUTES) {
      const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      expect(Object.keys(params), path).to.deep.equal(named);
    }
  });
});

describe('the served admin API', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  it('has every route that is declared, and declares every route that it has', () => {
    const declared = ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    const routes = [...new Set(served.routers.flatMap(routesIn))].filter(
      (each) => !OTHERWISE_DESCRIBED.test(each),
    );
    expect(declared.sort()).to.deep.equal(routes.sort());
  });

  it('tells its description to whoever asks', async () => {
    const answer = await served.request('GET', '/api/openapi.json', { headers: { authorization: '' } });
    expect(answer.status).to.equal(200);
    expect(answer.json<Record<string, unknown>>()).to.deep.equal(openApiDocument());
  });
});

describe('an answer that is unlike its declaration', () => {
  const declared = route({
    method: 'get',
    path: '/api/things',
    id: 'listThings',
    tag: 'health',
    summary: 'Things',
    access: 'status',
    answers: { 200: json(z.strictObject({ things: z.array(z.strictObject({ id: z.string() })) }), 'All.') },
  }) satisfies Route;

  const refused: readonly (readonly [what: string, status: number, body: unknown, fault: RegExp])[] = [
    ['of a status that is not declared', 201, { things: [] }, /GET \/api\/things 201 is not declared/],
    ['without a key', 200, {}, /GET \/api\/things 200 at things/],
    ['of another type', 200, { things: [{ id: 1 }] }, /at things\.0\.id/],
    ['with a key too many', 200, { things: [{ id: 'a', name: 'b' }] }, /at things\.0.*name/],
  ];
  for (const [what, status, body, fault] of refused) {
    it(`is told: ${what}`, () => {
      const found = unlikeDeclared({ route: declared, status, body });
      expect(found).to.have.length(1);
      expect(found[0]).to.match(fault);
    });
  }

  it('is not one that is as declared, and tests are listened to', () => {
    expect(unlikeDeclared({ route: declared, status: 200, body: { things: [{ id: 'a' }] } })).to.deep.equal(
      [],
    );
    expect(channel(ANSWERS).hasSubscribers).to.equal(true);
  });
});
