import express, { type Request, type Router } from 'express';
import type { People } from '../access/people/people.ts';
import { hasSecondFactor } from '../access/people/sessions.ts';
import { loginOf } from '../access/people/sign-in.ts';
import { isWithin, nameOf, type Principal, readScopes, writeScopes } from '../domain/access.ts';
import type { Clock, Ids } from '../domain/environment.ts';
import { formatInstant } from '../domain/instant.ts';
import type { Invitation, Person } from '../engine/ports/people.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { callerOf } from './authentication.ts';
import * as routes from './contract/people.ts';
import type { Shown } from './contract/route.ts';
import { mount } from './mount.ts';
import { INVITATION } from './sign-in/invitation.ts';

/** Who signs in: `passerelle user`. A password is never sent: who is added chooses it by a link that serves once. */

export type PeopleApiDependencies = {
  readonly people: Pick<People, 'store' | 'signIn'>;
  readonly organizationIds: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly publicUrl: string | null;
  readonly audit: Audit;
};

export function peopleApi({
  people,
  organizationIds,
  clock,
  ids,
  publicUrl,
  audit,
}: PeopleApiDependencies): Router {
  const { store, signIn } = people;
  const router = express.Router();

  /** The link is in this answer alone; what is kept of it is a hash. */
  const invitationJson = (request: Request, secret: string, { expiresAt }: Invitation) => ({
    path: `${INVITATION}/${secret}`,
    url: `${publicUrl ?? `http://${request.headers.host ?? ''}`}${INVITATION}/${secret}`,
    expiresAt: formatInstant(expiresAt),
  });

  mount(router, routes.listPeople, async ({ request, reply }) => {
    const caller = callerOf(request);
    const all = (await store.people()).filter((person) => sees(caller, person));
    return reply(200, { people: all.map(personJson) });
  });

  mount(router, routes.addPerson, async ({ request, body: read, reply }) => {
    const body = await read();
    const caller = callerOf(request);
    const scopes = grantable(body.scopes, caller);
    const { organization = caller.organizationId } = body;
    const isKnown = organization === null || organizationIds.includes(organization);
    if (!isKnown || (caller.organizationId !== null && organization !== caller.organizationId)) {
      const list = caller.organizationId ?? organizationIds.join(', ');
      throw invalid('organization', { fr: `il y a ${list}`, en: `there are ${list}` });
    }
    const { login, name } = body;
    const { secret, invitation } = signIn.newInvitation();
    const who = { createdAt: clock.now(), createdBy: nameOf(caller) };
    const person = { id: ids.next(), login, name, scopes, organizationId: organization, ...who };
    if (!(await store.addPerson(person, invitation))) {
      throw invalid('login', {
        fr: 'quelqu’un a déjà ce nom d’utilisateur',
        en: 'somebody has this user name already',
      });
    }
    await audit(request, {
      type: 'user.created',
      action: 'C',
      entities: [`User/${person.id}`],
      detail: { scopes },
    });
    const shown = personJson({ ...person, ...NEW });
    return reply(201, { ...shown, invitation: invitationJson(request, secret, invitation) });
  });

  /** By id, or by login. Whoever may do less than somebody cannot become them by a link. */
  async function meant(request: Request, id: string): Promise<Person> {
    const all = await store.people();
    // A user name may look like the id of another.
    const found = all.find((each) => each.id === id) ?? all.find(({ login }) => login === loginOf(id));
    const caller = callerOf(request);
    if (!found || !sees(caller, found)) {
      throw new Refused('not-found', {
        diagnostics: {
          fr: 'personne n’a cet id ou ce nom d’utilisateur : voyez GET /api/people',
          en: 'nobody has this id or user name: see GET /api/people',
        },
      });
    }
    if (isWithin(readScopes(found.scopes).scopes, caller.scopes)) return found;
    throw new Refused('forbidden', {
      diagnostics: {
        fr: 'cette personne peut plus que vous : seul qui peut autant la gère',
        en: 'this person may do more than you: only who may as much manages it',
      },
    });
  }

  const changed = (request: Request, { id }: Person, change: string): Promise<void> =>
    audit(request, { type: 'user.changed', action: 'U', entities: [`User/${id}`], detail: { change } });

  const changing = (name: keyof typeof routes.CHANGES, change: (person: Person) => Promise<void>): void =>
    mount(router, routes.CHANGES[name], async ({ request, params, reply }) => {
      const person = await meant(request, params.id);
      await change(person);
      await changed(request, person, name);
      return reply(200, personJson((await store.personById(person.id)) ?? person));
    });
  changing('disable', ({ id }) => store.disablePerson(id));
  changing('enable', ({ id }) => store.enablePerson(id));
  changing('sign-out', ({ id }) => store.endSessionsOf(id));
  changing('reset-second-factor', ({ id }) => store.removeSecondFactors(id));

  mount(router, routes.resetPassword, async ({ request, params, reply }) => {
    const person = await meant(request, params.id);
    if (person.login === null) {
      throw invalid('id', {
        fr: 'cette personne entre par son fournisseur d’identité : elle n’a pas de mot de passe ici',
        en: 'this person signs in by their identity provider: there is no password here',
      });
    }
    const { secret, invitation } = signIn.newInvitation();
    await store.invitePerson(person.id, invitation);
    await signIn.lockout.forget(person.login, person.id);
    await changed(request, person, 'reset-password');
    const shown = personJson({ ...person, passwordHash: null });
    return reply(200, { ...shown, invitation: invitationJson(request, secret, invitation) });
  });

  return router;
}

const NEW = {
  isDisabled: false,
  passwordHash: null,
  totp: null,
  passkeys: 0,
  recoveryCodes: 0,
  signedInAt: null,
} as const;

/** As text. @throws Refused where one is none, or more than who asks may. */
function grantable(all: readonly string[], caller: Principal): string {
  const { scopes, unknown } = readScopes(all.join(' '));
  if (unknown.length > 0) {
    throw invalid('scopes', {
      fr: 'il y a un scope qui n’existe pas ici : voyez docs/access.md, comme system/Slot.rs',
      en: 'there is a scope that does not exist here: see docs/access.md, such as system/Slot.rs',
    });
  }
  if (isWithin(scopes, caller.scopes)) return writeScopes(scopes);
  throw invalid('scopes', {
    fr: 'personne ne donne plus de droits que les siens',
    en: 'nobody gives more rights than their own',
  });
}

const sees = ({ organizationId }: Principal, person: Person): boolean =>
  organizationId === null || organizationId === person.organizationId;

const invalid = (expression: string, diagnostics: { fr: string; en: string }): Refused =>
  new Refused('invalid-resource', { diagnostics, expression, code: 'value' });

function personJson(person: Person): Shown<typeof routes.Person> {
  const { id, login, name, scopes, organizationId, createdBy, signedInAt } = person;
  const isInvited = login !== null && person.passwordHash === null;
  return {
    id,
    login,
    name,
    status: person.isDisabled ? 'disabled' : isInvited ? 'invited' : 'active',
    scopes: scopes === '' ? [] : scopes.split(' '),
    organization: organizationId,
    secondFactor: hasSecondFactor(person),
    createdAt: formatInstant(person.createdAt),
    createdBy,
    signedInAt: signedInAt === null ? null : formatInstant(signedInAt),
  };
}
