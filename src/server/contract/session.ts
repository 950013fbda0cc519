import { z } from 'zod';
import { organization, scopes } from './access.ts';
import { Instant } from './common.ts';
import { json, route } from './route.ts';

export const readSession = route({
  method: 'get',
  path: '/auth/session',
  id: 'readSession',
  tag: 'access',
  summary: 'Who is signed in, for a page of this gateway',
  access: 'session',
  answers: {
    200: json(
      z
        .strictObject({
          person: z.strictObject({ id: z.uuid(), name: z.string(), login: z.string().nullable() }),
          organization,
          scopes,
          standing: z.enum(['full', 'second-factor', 'enrol']).meta({
            description: 'What is still to be done before /api and /fhir are answered; full = nothing.',
          }),
          csrfToken: z.string().meta({ description: 'For X-CSRF-Token, of whatever changes something.' }),
          expiresAt: Instant,
        })
        .meta({ id: 'Session' }),
      'The session of the cookie.',
    ),
  },
});
