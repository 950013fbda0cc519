import type { IncomingMessage } from 'node:http';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Authenticator } from '../access/authenticator.ts';
import { type Duty, hasDuty, nameOf, type Principal } from '../domain/access.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { Refused } from '../fhir/outcomes.ts';

/** Bearer tokens (RFC 6750), and what takes more than one. */

const HEADER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const REALM = 'Bearer realm="passerelle"';

const MISSING: Bilingual = {
  fr: 'envoyez Authorization: Bearer <jeton>; celui de l’administrateur est dans $PASSERELLE_DATA/admin-token',
  en: 'send Authorization: Bearer <token>; the administrator’s is in $PASSERELLE_DATA/admin-token',
};
const UNKNOWN: Bilingual = {
  fr: 'ce jeton n’est pas connu ici, ou ne vaut plus : il est échu ou a été révoqué',
  en: 'this token is not known here, or is good no more: it has expired or was revoked',
};

export type Authenticate = (request: IncomingMessage) => Principal | Promise<Principal>;

/** @returns who asks; it throws Refused, or rejects with it, where nobody does who is known. */
export function bearer({ principalOf }: Pick<Authenticator, 'principalOf'>): Authenticate {
  return ({ headers: { authorization } }) => {
    if (authorization === undefined) throw refused(MISSING, REALM);
    const given = HEADER.exec(authorization)?.[1];
    const found = given === undefined ? null : principalOf(given);
    return found instanceof Promise ? found.then(known) : known(found);
  };
}

function known(found: Principal | null): Principal {
  if (found) return found;
  throw refused(UNKNOWN, `${REALM}, error="invalid_token"`);
}

const refused = (diagnostics: Bilingual, challenge: string): Refused =>
  new Refused(
    'unauthenticated',
    { diagnostics, expression: 'http.Authorization' },
    { 'www-authenticate': challenge },
  );

const callers = new WeakMap<IncomingMessage, Principal>();

/** Under whose name a request is counted; null = it carries nothing that is known here. */
export const countedBy =
  (authenticate: Authenticate) =>
  async (request: IncomingMessage): Promise<string | null> => {
    const { authorization, cookie } = request.headers;
    if (authorization === undefined && cookie === undefined) return null;
    try {
      const caller = await authenticate(request);
      callers.set(request, caller);
      return nameOf(caller);
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  };

/** Who asks is known to all that follows. */
export const authenticated =
  (authenticate: Authenticate): RequestHandler =>
  async (request, _response, next) => {
    callers.set(request, await authenticate(request));
    next();
  };

/** Of a request behind `authenticated`. */
export function callerOf(request: IncomingMessage): Principal {
  const found = callers.get(request);
  if (!found) throw new Error('nobody was asked who this is');
  return found;
}

/** Null = nobody who is known, or nobody has asked so far. */
export const knownCallerOf = (request: IncomingMessage): Principal | null => callers.get(request) ?? null;

/** Only who has the duty goes on. */
export const onDuty =
  (duty: Duty) =>
  <Parameters>(request: Request<Parameters>, _response: Response, next: NextFunction): void => {
    requireDuty(callerOf(request), duty);
    next();
  };

/** Of what only some of a route takes. @throws Refused */
export function requireDuty(caller: Principal, duty: Duty): void {
  if (hasDuty(caller, duty)) return;
  const scope = `passerelle/${duty}`;
  throw new Refused(
    'forbidden',
    {
      diagnostics: {
        fr: `ce jeton n’y suffit pas : il lui faut aussi ${scope}`,
        en: `this token is not enough for it: it also needs ${scope}`,
      },
      expression: 'http.Authorization',
    },
    { 'www-authenticate': `${REALM}, error="insufficient_scope", scope="${scope}"` },
  );
}

/** Only who sees all organizations goes on: what follows is of the whole process. */
export function ofAll(request: IncomingMessage, _response: unknown, next: NextFunction): void {
  if (callerOf(request).organizationId === null) {
    next();
    return;
  }
  throw new Refused('forbidden', {
    diagnostics: {
      fr: 'ceci est de toutes les organisations, et ce jeton d’une seule',
      en: 'this is of all organizations, and this token of one',
    },
    expression: 'http.Authorization',
  });
}
