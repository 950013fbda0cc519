import { z } from 'zod';
import { loginOf } from '../../access/people/sign-in.ts';
import { made, organization, scopes, wantedOrganization, wantedScopes } from './access.ts';
import { Instant } from './common.ts';
import { json, route } from './route.ts';

const LOGIN = /^[\p{L}\p{N}._+'-]{2,100}(@[\p{L}\p{N}.-]{1,100})?$/u;

export const Person = z
  .strictObject({
    id: z.uuid(),
    login: z.string().nullable().meta({ description: 'Null of who comes by an identity provider.' }),
    name: z.string(),
    status: z.enum(['active', 'invited', 'disabled']),
    scopes,
    organization,
    secondFactor: z.boolean(),
    ...made,
    signedInAt: Instant.nullable(),
  })
  .meta({ id: 'Person' });

const PersonInvited = z
  .strictObject({
    ...Person.shape,
    invitation: z
      .strictObject({ path: z.string(), url: z.string(), expiresAt: Instant })
      .meta({ description: 'A link that serves once, to choose a password by. This answer alone has it.' }),
  })
  .meta({ id: 'PersonInvited' });

export const listPeople = route({
  method: 'get',
  path: '/api/people',
  id: 'listPeople',
  tag: 'access',
  summary: 'Who signs in',
  access: 'administer',
  answers: { 200: json(z.strictObject({ people: z.array(Person) }).meta({ id: 'People' }), 'All of them.') },
});

const NewPerson = z
  .strictObject({
    login: z
      .string()
      .transform(loginOf)
      .refine((text) => LOGIN.test(text), {
        error: 'a user name is an e-mail address, or of letters, digits and ._-',
      }),
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^\P{Cc}*$/u, { error: 'has no control characters' }),
    scopes: wantedScopes,
    organization: wantedOrganization,
  })
  .meta({ id: 'NewPerson' });

export const addPerson = route({
  method: 'post',
  path: '/api/people',
  id: 'addPerson',
  tag: 'access',
  summary: 'Invite somebody',
  access: 'administer',
  body: {
    schema: NewPerson,
    otherKeys: {
      fr: 'une clé n’est pas prise ici : login, name, scopes, organization',
      en: 'there is a key that is not taken here: login, name, scopes, organization',
    },
  },
  answers: { 201: json(PersonInvited, 'With the link to hand over.') },
});

const ofPerson = { id: 'Id or user name of the person.' };

const changing = <const Path extends string, const Id extends string>(path: Path, id: Id, summary: string) =>
  route({
    method: 'post',
    path: `/api/people/:id/${path}`,
    id,
    tag: 'access',
    summary,
    access: 'administer',
    params: ofPerson,
    answers: { 200: json(Person, 'As they are now.') },
  });

export const CHANGES = {
  disable: changing('disable', 'disablePerson', 'Let somebody in no more'),
  enable: changing('enable', 'enablePerson', 'Let somebody in again'),
  'sign-out': changing('sign-out', 'signOutPerson', 'End all their sessions'),
  'reset-second-factor': changing('reset-second-factor', 'resetSecondFactor', 'Remove their second factors'),
} as const;

export const resetPassword = route({
  method: 'post',
  path: '/api/people/:id/reset-password',
  id: 'resetPassword',
  tag: 'access',
  summary: 'Have somebody choose another password',
  access: 'administer',
  params: ofPerson,
  answers: { 200: json(PersonInvited, 'With the link to hand over.') },
});
