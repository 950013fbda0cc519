import express, { type Router } from 'express';
import { z } from 'zod';
import { hashOfToken, newApiToken } from '../access/api-token.ts';
import type { Authenticator } from '../access/authenticator.ts';
import { isWithin, nameOf, readScopes, writeScopes } from '../domain/access.ts';
import type { Clock, Ids } from '../domain/environment.ts';
import { DAY, formatInstant, type Instant, plus } from '../domain/instant.ts';
import type { ApiToken, ApiTokenStore } from '../engine/ports/access.ts';
import { parseJson, readBody } from '../fhir/body.ts';
import { bodyAs } from '../fhir/incoming.ts';
import { requireJson } from '../fhir/negotiation.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { callerOf } from './authentication.ts';

/** Tokens that are made by hand: `passerelle token`. */

export type TokensDependencies = {
  readonly tokens: ApiTokenStore;
  readonly authenticator: Pick<Authenticator, 'forget'>;
  readonly organizationIds: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly audit: Audit;
};

const DAYS_MAX = 400;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u;

const Body = z.strictObject({
  name: z.string().regex(NAME, { error: 'letters, digits, spaces and ._- : 100 at the most' }),
  scopes: z.array(z.string().max(200)).min(1).max(100),
  organization: z.string().optional(),
  expiresInDays: z
    .number()
    .min(1 / 1440)
    .max(DAYS_MAX),
});

const NO_OTHER_KEYS = {
  fr: 'une clé n’est pas prise ici : name, scopes, organization, expiresInDays',
  en: 'there is a key that is not taken here: name, scopes, organization, expiresInDays',
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

  router.get('/api/tokens', async (request, response) => {
    const { organizationId } = callerOf(request);
    const seen = (await tokens.apiTokens()).filter(isOf(organizationId));
    response.json({ tokens: seen.map((token) => tokenJson(token, clock.now())) });
  });

  /** The answer alone has the token itself. */
  router.post('/api/tokens', async (request, response) => {
    requireJson(request.headers['content-type']);
    const body = bodyAs(Body, parseJson(await readBody(request)), NO_OTHER_KEYS);
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
    response.setHeader('cache-control', 'no-store');
    response
      .status(201)
      .json({ ...tokenJson({ ...token, revokedAt: null, usedAt: null }, now), token: text });
  });

  /** By id or by name. */
  router.post('/api/tokens/:id/revoke', async (request, response) => {
    const { organizationId } = callerOf(request);
    const named = request.params.id;
    const seen = (await tokens.apiTokens())
      .filter(isOf(organizationId))
      .filter((token) => token.revokedAt === null);
    // A name may look like the id of another.
    const meant = seen.find(({ id }) => id === named) ?? seen.find(({ name }) => name === named);
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
    response.json(tokenJson(revoked, clock.now()));
  });

  return router;
}

/** Those that who asks may see. @param organizationId null = all. */
const isOf = (organizationId: string | null) => (token: ApiToken) =>
  organizationId === null || token.organizationId === organizationId;

const invalid = (expression: string, diagnostics: { fr: string; en: string }): Refused =>
  new Refused('invalid-resource', { diagnostics, expression, code: 'value' });

function tokenJson(token: ApiToken, now: Instant) {
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
