import { expect } from 'chai';
import { hashOfToken } from '../../src/access/api-token.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import { createFront } from '../../src/fhir/front.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { DUTIES } from '../support/duties.ts';
import { NOW, uuid } from '../support/fake-ports.ts';
import { routesIn } from '../support/routes.ts';
import { type Served, serve } from '../support/served-front.ts';

/**
 * Every route with every role, from the tables by which the server answers: a route that is added is walked too, and one that
 * nobody thought of is refused here. What each interaction takes is said again, by hand, as SMART 2 has it (3.0.2.1).
 */

const DIRECTORY = [
  'Schedule',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'HealthcareService',
  'Organization',
]
  .map((type) => `system/${type}.rs`)
  .join(' ');

/** Everything is asked by everybody here. */
const UNLIMITED = { client: 1e6, anonymous: 1e6, authentication: 1e6, delivery: 1e6 };

const ROLES: Readonly<Record<string, string>> = {
  authority: `system/Slot.rs ${DIRECTORY}`,
  'booking page': `system/Slot.rs system/Appointment.cru ${DIRECTORY}`,
  'front desk': `system/Slot.cruds system/Appointment.cruds system/Patient.rs system/Subscription.cruds ${DIRECTORY}`,
  monitor: 'passerelle/status',
  operator: 'passerelle/status passerelle/operate',
  'keeper of tokens': 'passerelle/administer',
  everything: 'system/*.cruds passerelle/status passerelle/operate passerelle/administer',
};

type Walked = {
  readonly method: string;
  readonly path: string;
  /** Scopes of which all are needed; none = whoever may ask at all. */
  readonly needs: readonly string[];
};

/** Those of them that describe the server. */
const DESCRIPTIONS = ['StructureDefinition', 'CodeSystem', 'ValueSet', 'ConceptMap', 'OperationDefinition'];

/** By its address in the metadata. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  'GET $bulk-publish': ['system/Location.s', 'system/Schedule.s', 'system/Slot.s'],
  'POST Appointment/$find': ['system/Slot.s'],
  'POST Appointment/$hold': ['system/Appointment.c'],
  'POST Appointment/$book': ['system/Appointment.c', 'system/Appointment.u'],
  'POST Appointment/$validate': ['system/Appointment.r'],
  'POST Appointment/:id/$validate': ['system/Appointment.r'],
  'POST Slot/:id/$hold': ['system/Appointment.c'],
  'POST Slot/$validate': ['system/Slot.r'],
  'POST Slot/:id/$validate': ['system/Slot.r'],
  'POST Schedule/:id/$generate-slots': ['system/Slot.c', 'system/Slot.u', 'system/Slot.d'],
  'POST ConceptMap/$translate': [],
  'POST ConceptMap/:id/$translate': [],
};

function walkOf(resource: Resource): Walked[] {
  const { type } = resource;
  const need = (letter: string) => (DESCRIPTIONS.includes(type) ? [] : [`system/${type}.${letter}`]);
  const walked: Walked[] = [
    { method: 'GET', path: type, needs: need('s') },
    { method: 'POST', path: `${type}/_search`, needs: need('s') },
    { method: 'GET', path: `${type}/:id`, needs: need('r') },
  ];
  if (resource.versions) {
    walked.push(
      { method: 'GET', path: `${type}/_history`, needs: need('s') },
      { method: 'GET', path: `${type}/:id/_history`, needs: need('r') },
      { method: 'GET', path: `${type}/:id/_history/1`, needs: need('r') },
    );
  }
  if (resource.create) walked.push({ method: 'POST', path: type, needs: need('c') });
  if (resource.update) walked.push({ method: 'PUT', path: `${type}/:id`, needs: need('u') });
  if (resource.patch) walked.push({ method: 'PATCH', path: `${type}/:id`, needs: need('u') });
  if (resource.delete) walked.push({ method: 'DELETE', path: `${type}/:id`, needs: need('d') });
  return walked;
}

const letters = (scopes: string): Set<string> =>
  new Set(
    scopes.split(' ').flatMap((scope) => {
      const [place = '', permissions = ''] = scope.split('.');
      return permissions === '' ? [place] : [...permissions].map((letter) => `${place}.${letter}`);
    }),
  );

const allows = (role: string, needs: readonly string[]): boolean => {
  const had = letters(ROLES[role] ?? '');
  return needs.every((need) => had.has(need) || had.has(need.replace(/\/[A-Z]\w+/, '/*')));
};

describe('every route, with every role', () => {
  let served: Served;
  let walked: Walked[];

  before(async () => {
    served = await serve({ limits: UNLIMITED });
    const { resources, operations } = createFront(served.ports);
    for (const [role, scopes] of Object.entries(ROLES)) {
      const token = {
        id: crypto.randomUUID(),
        name: role,
        scopes,
        organizationId: null,
        createdAt: NOW,
        createdBy: 'administrator',
        expiresAt: plus(NOW, DAY),
      };
      await served.ports.access.addApiToken(token, hashOfToken(tokenOf(role)));
    }
    const offered = [
      ...Object.keys(operations).map((name) => `GET $${name}`),
      ...resources.flatMap(({ type, operations: own = {} }) =>
        Object.entries(own).flatMap(([name, operation]) => [
          ...(operation.type ? [`POST ${type}/$${name}`] : []),
          ...(operation.instance ? [`POST ${type}/:id/$${name}`] : []),
        ]),
      ),
    ];
    expect(offered.sort(), 'each operation has its needs said here').to.deep.equal(
      Object.keys(OPERATIONS).sort(),
    );
    const routes = [...new Set(served.routers.flatMap(routesIn))];
    expect(routes.sort(), 'each route has its duty said here').to.deep.equal(Object.keys(DUTIES).sort());
    walked = [
      ...resources.flatMap(walkOf),
      ...Object.entries(OPERATIONS).map(([name, needs]) => walk(name, needs)),
    ].map((each) => ({ ...each, path: `/fhir/${each.path}` }));
    for (const [name, duty] of Object.entries(DUTIES)) {
      if (duty !== null) walked.push(walk(name, duty.split(' ')));
    }
  });
  after(() => served.close());

  const walk = (name: string, needs: readonly string[]): Walked => {
    const [method = '', path = ''] = name.split(' ');
    return { method, path, needs };
  };
  const tokenOf = (role: string): string => `passerelle_${Buffer.from(role).toString('hex').padEnd(40, '0')}`;
  const ask = async ({ method, path }: Walked, token: string): Promise<number> => {
    const isForm = path.endsWith('/_search');
    const address = path.replace(':id', uuid(1)) + (path === '/api/events' ? '?criteria=Slot' : '');
    const init = {
      headers: {
        authorization: token === '' ? '' : `Bearer ${token}`,
        ...(isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(method === 'GET' ? {} : { body: isForm ? '_count=1' : {} }),
    };
    // A stream has no end.
    return (await served.request(path === '/api/events' ? 'HEAD' : method, address, init)).status;
  };

  it('is answered to nobody who has not said who it is', async () => {
    for (const each of walked) expect(await ask(each, ''), `${each.method} ${each.path}`).to.equal(401);
    for (const each of walked) expect(await ask(each, 'x'.repeat(43)), each.path).to.equal(401);
  });

  for (const role of Object.keys(ROLES)) {
    it(`is answered to: ${role}, exactly where its scopes say so`, async () => {
      for (const each of walked) {
        const status = await ask(each, tokenOf(role));
        const place = `${each.method} ${each.path} (${status})`;
        if (allows(role, each.needs)) expect(status, place).not.to.be.oneOf([401, 403, 500]);
        else expect(status, place).to.equal(403);
      }
    });
  }
});
