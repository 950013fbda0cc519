import express, { type Router } from 'express';
import { hashOfToken, newApiToken } from '../access/api-token.ts';
import type { Authenticator } from '../access/authenticator.ts';
import { isWithin, nameOf, readScopes, writeScopes } from '../domain/access.ts';
import type { Clock, Ids } from '../domain/environment.ts';
import { DAY, formatInstant, type Instant, plus } from '../domain/instant.ts';
import type { ApiToken, ApiTokenStore } from '../engine/ports/access.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { callerOf } from './authentication.ts';
import type { Shown } from './contract/route.ts';
import * as routes from './contract/tokens.ts';
import { mount } from './mount.ts';

/** Tokens that are made by hand: `passerelle token`. */

export type TokensDependencies = {
  readonly tokens: ApiTokenStore;
  readonly authenticator: Pick<Authenticator, 'forget'>;
  readonly organizationIds: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly audit: Audit;
};

export function tokensApi({
  tokens,
  authenticator,
  organizationIds,
  clock,
  ids,
  audit,
}: TokensDependencies): Router {
  const router = express.Router();

  mount(router, routes.listTokens, async ({ request, reply }) => {
    const { organizationId } = callerOf(request);
    const seen = (await tokens.apiTokens()).filter(isOf(organizationId));
    return reply(200, { tokens: seen.map((token) => tokenJson(token, clock.now())) });
  });

  mount(router, routes.createToken, async ({ request, body: read, reply }) => {
    const body = await read();
    const { scopes, unknown } = readScopes(body.scopes.join(' '));
    const [other] = unknown;
    if (other !== undefined) {
      throw invalid('scopes', {
        fr: 'il y a un scope qui n’existe pas ici : voyez docs/access.md, comme system/Slot.rs',
        en: 'there is a scope that does not exist here: see docs/access.md, such as system/Slot.rs',
      });
    }
    const caller = callerOf(request);
    // Nobody gives away what they do not have.
    if (!isWithin(scopes, caller.scopes)) {
      throw invalid('scopes', {
        fr: 'un jeton ne peut pas plus que celui qui le fait',
        en: 'a token can do no more than who makes it',
      });
    }
    const { organization = caller.organizationId } = body;
    if (organization !== null && !organizationIds.includes(organization)) {
      const list = organizationIds.join(', ');
      throw invalid('organization', { fr: `il y a ${list}`, en: `there are ${list}` });
    }
    const text = newApiToken();
    const now = clock.now();
    const token = {
      id: ids.next(),
      name: body.name,
      scopes: writeScopes(scopes),
      organizationId: organization,
      createdAt: now,
      createdBy: nameOf(caller),
      expiresAt: plus(now, Math.round(body.expiresInDays * DAY)),
    };
    if (!(await tokens.addApiToken(token, hashOfToken(text)))) {
      throw invalid('name', {
        fr: 'un jeton de ce nom existe : révoquez-le d’abord, ou nommez celui-ci autrement',
        en: 'there is a token of this name: revoke it first, or give this one another name',
      });
    }
    const { scopes: granted } = token;
    const entities = [`Token/${token.id}`];
    await audit(request, { type: 'token.created', action: 'C', entities, detail: { scopes: granted } });
    const shown = tokenJson({ ...token, revokedAt: null, usedAt: null }, now);
    return reply(201, { ...shown, token: text });
  });

  /** By id or by name. */
  mount(router, routes.revokeToken, async ({ request, params, reply }) => {
    const { organizationId } = callerOf(request);
    const named = params.id;
    const seen = (await tokens.apiTokens())
      .filter(isOf(organizationId))
      .filter((token) => token.revokedAt === null);
    // A name may look like the id of another.
    const byId = seen.filter(({ id }) => id === named);
    const [meant, another] = byId.length > 0 ? byId : seen.filter(({ name }) => name === named);
    if (another) {
      throw invalid('id', {
        fr: 'plusieurs organisations ont un jeton de ce nom : donnez l’id de celui-ci, que montre GET /api/tokens',
        en: 'several organizations have a token of this name: give its id, which GET /api/tokens shows',
      });
    }
    const revoked = meant && (await tokens.revokeApiToken(meant.id, clock.now()));
    if (!revoked) {
      throw new Refused('not-found', {
        diagnostics: {
          fr: 'aucun jeton en vigueur n’a cet id ou ce nom : voyez GET /api/tokens',
          en: 'no token in force has this id or name: see GET /api/tokens',
        },
      });
    }
    authenticator.forget(revoked.id);
    await audit(request, { type: 'token.revoked', action: 'D', entities: [`Token/${revoked.id}`] });
    return reply(200, tokenJson(revoked, clock.now()));
  });

  return router;
}

/** Those that who asks may see. @param organizationId null = all. */
const isOf = (organizationId: string | null) => (token: ApiToken) =>
  organizationId === null || token.organizationId === organizationId;

const invalid = (expression: string, diagnostics: { fr: string; en: string }): Refused =>
  new Refused('invalid-resource', { diagnostics, expression, code: 'value' });

function tokenJson(token: ApiToken, now: Instant): Shown<typeof routes.Token> {
  const { id, name, scopes, organizationId, createdBy } = token;
  const status = token.revokedAt !== null ? 'revoked' : token.expiresAt <= now ? 'expired' : 'active';
  return {
    id,
    name,
    status,
    scopes: scopes.split(' '),
    organization: organizationId,
    createdAt: formatInstant(token.createdAt),
    createdBy,
    expiresAt: formatInstant(token.expiresAt),
    revokedAt: token.revokedAt === null ? null : formatInstant(token.revokedAt),
    usedAt: token.usedAt === null ? null : formatInstant(token.usedAt),
  };
}
