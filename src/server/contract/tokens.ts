import { z } from 'zod';
import { made, organization, scopes, wantedOrganization, wantedScopes } from './access.ts';
import { Instant } from './common.ts';
import { json, route } from './route.ts';

const DAYS_MAX = 400;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u;

export const Token = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    status: z.enum(['active', 'expired', 'revoked']),
    scopes,
    organization,
    ...made,
    expiresAt: Instant,
    revokedAt: Instant.nullable(),
    usedAt: Instant.nullable(),
  })
  .meta({ id: 'Token' });

export const listTokens = route({
  method: 'get',
  path: '/api/tokens',
  id: 'listTokens',
  tag: 'access',
  summary: 'Tokens that were made by hand',
  access: 'administer',
  answers: { 200: json(z.strictObject({ tokens: z.array(Token) }).meta({ id: 'Tokens' }), 'All of them.') },
});

const NewToken = z
  .strictObject({
    name: z.string().regex(NAME, { error: 'letters, digits, spaces and ._- : 100 at the most' }),
    scopes: wantedScopes,
    organization: wantedOrganization,
    expiresInDays: z
      .number()
      .min(1 / 1440)
      .max(DAYS_MAX),
  })
  .meta({ id: 'NewToken' });

export const createToken = route({
  method: 'post',
  path: '/api/tokens',
  id: 'createToken',
  tag: 'access',
  summary: 'Make a token',
  access: 'administer',
  body: {
    schema: NewToken,
    otherKeys: {
      fr: 'une clé n’est pas prise ici : name, scopes, organization, expiresInDays',
      en: 'there is a key that is not taken here: name, scopes, organization, expiresInDays',
    },
  },
  answers: {
    201: json(
      z
        .strictObject({
          ...Token.shape,
          token: z.string().meta({ description: 'The token itself, told this once.' }),
        })
        .meta({ id: 'TokenMade' }),
      'The answer alone has the token itself.',
    ),
  },
});

export const revokeToken = route({
  method: 'post',
  path: '/api/tokens/:id/revoke',
  id: 'revokeToken',
  tag: 'access',
  summary: 'End a token',
  access: 'administer',
  params: { id: 'Id or name of the token.' },
  answers: { 200: json(Token, 'As it is now.') },
});
