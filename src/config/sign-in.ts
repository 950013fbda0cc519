import { z } from 'zod';
import { HOUR, MINUTE } from '../domain/instant.ts';
import type { ProviderSettings, SignInSettings } from '../domain/sign-in.ts';
import { type Outside, ReferenceDocument, textOf } from './outside.ts';
import { scopeList, scopesOf, url } from './scopes.ts';

/** How people sign in, as it is written. */

const Grant = z.strictObject({
  value: z
    .string()
    .min(1)
    .meta({ description: 'that the claim has, or has among others', examples: ['passerelle-accueil'] }),
  scopes: scopeList,
  organization: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'the only organization that they see anything of (default: all)' }),
});

const Provider = z.strictObject({
  issuer: url('as it calls itself (iss)', 'https://identite.sante.example'),
  clientId: z
    .string()
    .min(1)
    .meta({ description: 'what the gateway is called there', examples: ['passerelle'] }),
  clientSecret: ReferenceDocument.optional().meta({
    description:
      'where its secret is: env, the environment variable, or file, the file of secrets; none of a public client',
  }),
  name: z.strictObject({ fr: z.string().min(1), en: z.string().min(1) }).meta({
    description: 'as the button says it',
    examples: [{ fr: 'le compte du réseau', en: 'the network account' }],
  }),
  scopes: z
    .array(z.string().min(1))
    .refine((all) => all.includes('openid'), { error: 'needs openid' })
    .default(['openid', 'profile', 'email'])
    .meta({ description: 'what is asked of it' }),
  claim: z
    .string()
    .min(1)
    .default('groups')
    .meta({ description: 'the claim that says what somebody may, as groups or realm_access.roles' }),
  grants: z
    .array(Grant)
    .min(1)
    .max(200)
    .meta({ description: 'who may what; of several that fit the first counts' }),
});

export const SignInDocument = z.strictObject({
  idleMinutes: z
    .int()
    .min(5)
    .max(24 * 60)
    .default(30)
    .meta({ description: 'a session that is not used so long ends' }),
  absoluteHours: z
    .int()
    .min(1)
    .max(24)
    .default(12)
    .meta({ description: 'a session ends so long after signing in, however it is used' }),
  secondFactor: z.enum(['sensitive', 'everyone']).default('sensitive').meta({
    description: 'of whom it is demanded: who may administer, operate or see patients, or everyone',
  }),
  oidc: Provider.optional().meta({ description: 'a provider of OpenID Connect that people sign in by' }),
});

/** @param outside has the secret: that it is there was checked. */
export function signInOf(document: z.output<typeof SignInDocument>, outside: Outside): SignInSettings {
  const { idleMinutes, absoluteHours, secondFactor, oidc } = document;
  return {
    idleMilliseconds: idleMinutes * MINUTE,
    absoluteMilliseconds: absoluteHours * HOUR,
    secondFactor,
    provider: oidc === undefined ? null : providerOf(oidc, outside),
  };
}

function providerOf(
  { clientSecret, grants, ...provider }: z.output<typeof Provider>,
  outside: Outside,
): ProviderSettings {
  return {
    ...provider,
    clientSecret: textOf(clientSecret, outside),
    grants: grants.map(({ value, scopes, organization }) => ({
      value,
      scopes: scopesOf(scopes),
      organizationId: organization ?? null,
    })),
  };
}
