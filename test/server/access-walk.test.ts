import { expect } from 'chai';
import { hashOfToken } from '../../src/access/api-token.ts';
import { LISTS } from '../../src/config/document.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import { createFront } from '../../src/fhir/front.ts';
import type { Resource } from '../../src/fhir/resource.ts';
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

const DUTIES: Readonly<Record<string, string | null>> = {
  'GET /healthz': null,
  'GET /readyz': null,
  'GET /api/openapi.json': null,
  'POST /webhooks/:connection': null,
  'POST /oauth/token': null,
  // Who may what here is of the session's cookie, and in test/server/sign-in.test.ts.
  'GET /auth/style.css': null,
  'GET /auth/passkey.mjs': null,
  'GET /auth/sign-in': null,
  'POST /auth/sign-in': null,
  'GET /auth/second-factor': null,
  'POST /auth/second-factor': null,
  'POST /auth/second-factor/passkey': null,
  'GET /auth/sign-out': null,
  'POST /auth/sign-out': null,
  'GET /auth/oidc/start': null,
  'GET /auth/oidc/callback': null,
  'GET /auth/invitation/:secret': null,
  'POST /auth/invitation/:secret': null,
  'GET /auth/account': null,
  'GET /auth/account/password': null,
  'POST /auth/account/password': null,
  'POST /auth/account/sessions/end': null,
  'GET /auth/account/second-factor': null,
  'POST /auth/account/totp': null,
  'POST /auth/account/totp/remove': null,
  'POST /auth/account/passkeys': null,
  'POST /auth/account/passkeys/remove': null,
  'POST /auth/account/recovery-codes': null,
  'GET /auth/session': null,
  'GET /metrics': 'passerelle/status',
  'GET /api/status': 'passerelle/status',
  'POST /api/connections/:id/sync': 'passerelle/operate',
  'POST /api/connections/:id/confirm': 'passerelle/operate',
  'GET /api/connections/:id/rejected': 'passerelle/operate',
  'GET /api/conflicts': 'passerelle/status',
  'GET /api/conflicts/:id': 'passerelle/status',
  'GET /api/roster': 'passerelle/status',
  'POST /api/conflicts/:id/resolve': 'passerelle/operate',
  'GET /api/tasks': 'passerelle/status',
  'GET /api/tasks/:id': 'passerelle/status',
  'POST /api/tasks/:id/done': 'passerelle/operate',
  'POST /api/tasks/:id/undo': 'passerelle/operate',
  'POST /api/tasks/:id/taken': 'passerelle/operate',
  'POST /api/connections/:id/lists': 'passerelle/operate',
  'GET /api/agenda': 'system/Slot.r system/Slot.s',
  'POST /api/blocks': 'system/Slot.c',
  'DELETE /api/blocks/:id': 'system/Slot.d',
  'POST /api/appointments': 'system/Appointment.c',
  'POST /api/appointments/:id/move': 'system/Appointment.u',
  'GET /api/tokens': 'passerelle/administer',
  'POST /api/tokens': 'passerelle/administer',
  'POST /api/tokens/:id/revoke': 'passerelle/administer',
  'GET /api/keys': 'passerelle/administer',
  'POST /api/keys/rotate': 'passerelle/administer',
  'POST /api/patients/export': 'passerelle/administer',
  'POST /api/patients/erase': 'passerelle/administer',
  'GET /api/audit/verify': 'passerelle/administer',
  'GET /api/audit/export': 'passerelle/administer',
  'GET /api/incidents': 'passerelle/administer',
  'POST /api/incidents': 'passerelle/administer',
  'GET /api/configuration': 'passerelle/administer',
  'GET /api/configuration/schema': 'passerelle/administer',
  'POST /api/configuration/check': 'passerelle/administer',
  'PUT /api/configuration/organization': 'passerelle/administer',
  ...Object.fromEntries(
    LISTS.flatMap((list) => [
      [`PUT /api/configuration/${list}/:id`, 'passerelle/administer'],
      [`DELETE /api/configuration/${list}/:id`, 'passerelle/administer'],
    ]),
  ),
  'GET /api/people': 'passerelle/administer',
  'POST /api/people': 'passerelle/administer',
  'POST /api/people/:id/disable': 'passerelle/administer',
  'POST /api/people/:id/enable': 'passerelle/administer',
  'POST /api/people/:id/sign-out': 'passerelle/administer',
  'POST /api/people/:id/reset-second-factor': 'passerelle/administer',
  'POST /api/people/:id/reset-password': 'passerelle/administer',
  'GET /api/events': 'system/Slot.s',
  'GET /api/backup': 'passerelle/administer',
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
