import { z } from 'zod';
import { ASKING_SETTINGS } from '../../src/adapter/asking/settings.ts';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { PROOFS } from './authenticity.ts';
import { isDomain } from './letter.ts';
import { Template } from './template.ts';
import { TEMPLATES } from './templates/index.ts';

const Auth = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('password'),
    username: z.string().min(1).describe('Of the mailbox'),
    password: z.string().min(1).describe('Its password, or one made for this program').meta(IS_SECRET),
  }),
  z.strictObject({
    kind: z.literal('oauth2'),
    username: z.string().min(1).describe('Of the mailbox'),
    tokenUrl: z.url({ protocol: /^https?$/ }).describe('Where tokens are had (RFC 6749)'),
    clientId: z.string().min(1).describe('As it is registered there'),
    clientSecret: z.string().min(1).describe('Its secret').meta(IS_SECRET),
    scope: z.string().optional().describe('Scope that is asked for'),
    refreshToken: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Of somebody who allowed it; left out = the client itself has the mailbox (client_credentials)',
      )
      .meta(IS_SECRET),
  }),
]);
export type Auth = z.output<typeof Auth>;

const Domain = z.string().toLowerCase().refine(isDomain, { error: 'is no domain, as clinique.example' });

const Sender = z.strictObject({
  template: z.string().describe('Id of the template: one of ours, or of `templates`'),
  domain: Domain.describe(
    'Whose notices these are: the author (From) is of it, and the mail server has proven that',
  ),
  proof: z
    .array(z.enum(PROOFS))
    .min(1)
    .default(['dkim'])
    .describe('Which of them the clinic’s mail server must have found to pass; one is enough'),
  signed: z
    .array(z.string().regex(/^[a-z-]{1,40}$/))
    .max(20)
    .default(['from', 'date', 'subject'])
    .describe(
      'Header fields that its DKIM signature covers; without date an old notice can be sent again as a new one',
    ),
  calendar: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('externalId of the calendar of notices that name none'),
  minutes: z
    .int()
    .min(5)
    .max(480)
    .nullable()
    .default(null)
    .describe('Length of a booking whose notice does not say it'),
});

const Folder = z
  .string()
  .min(1)
  .max(200)
  .refine((path) => path.split('/').every((part) => part.trim() !== ''), {
    error: 'has an empty name in it',
  });

export const Settings = z
  .strictObject({
    ...ASKING_SETTINGS,
    host: z.string().min(1).describe('Name of the IMAP server'),
    port: z.int().min(1).max(65_535).default(993).describe('Its port'),
    security: z
      .enum(['tls', 'starttls'])
      .default('tls')
      .describe('tls = from the first byte; starttls = before the credentials, and never without'),
    ca: z
      .string()
      .includes('-----BEGIN ')
      .nullable()
      .default(null)
      .describe('Authority of the server’s certificate, PEM; null = those of the system'),
    auth: Auth.describe('How it lets us in'),
    folders: z
      .strictObject({
        inbox: Folder.default('INBOX').describe('Where notices arrive'),
        taken: Folder.default('Passerelle/traités').describe('Where they go once they are committed'),
        aside: Folder.default('Passerelle/à voir').describe('Where those go that no template understands'),
        refused: Folder.default('Passerelle/refusés').describe('Where those go that are not trusted'),
      })
      .refine((folders) => new Set(Object.values(folders)).size === 4, {
        error: 'each folder has one purpose',
      })
      .prefault({})
      .describe('Folders, with / between their parts; made where they are missing'),
    authentication: z
      .strictObject({
        server: z
          .string()
          .min(1)
          .max(253)
          .describe(
            'authserv-id that the clinic’s own mail server writes into Authentication-Results (RFC 8601)',
          ),
      })
      .describe('Who says whether a message is from whom it says'),
    senders: z
      .array(Sender)
      .min(1)
      .max(50)
      .describe('Whose notices are believed; the first whose template fits counts'),
    agendas: z
      .record(z.string().min(1).max(200), z.string().min(1).max(200).nullable())
      .default({})
      .describe('What notices call an agenda, to the externalId of its calendar; null = it is none of ours'),
    days: z.int().min(1).max(90).default(14).describe('How old a notice may be'),
    templates: z.array(Template).max(50).default([]).describe('Templates of the clinic’s own'),
  })
  .superRefine(({ senders, templates }, context) => {
    const known = new Set([...templates, ...TEMPLATES].map(({ id }) => id));
    for (const [index, { template }] of senders.entries()) {
      if (known.has(template)) continue;
      context.addIssue({
        code: 'custom',
        path: ['senders', index, 'template'],
        message: `names no template: there are ${[...known].join(', ')}`,
      });
    }
  });
export type Settings = z.output<typeof Settings>;

export const manifest = {
  id: 'mailbox',
  title: { fr: 'Avis par courriel (boîte IMAP)', en: 'Notices by e-mail (IMAP mailbox)' },
  kind: 'standard',
  contract: 'assumed',
  capabilities: {
    agenda: 'there',
    pull: 'none',
    feed: 'connection',
    webhook: 'none',
    // What is asked is kept by Passerelle itself: the same again is the same task.
    idempotency: 'key',
    conditionalWrite: false,
    operations: ['publish', 'withdraw', 'block', 'unblock', 'cancel'],
    writes: 'asked',
  },
  limits: {
    requests: 60,
    windowMilliseconds: MINUTE,
    concurrency: 1,
    timeoutMilliseconds: 20 * SECOND,
    stalenessMilliseconds: 0,
  },
  settings: Settings,
  exemptions: {
    'unmapped-code': 'it offers no slots, so no code of one comes',
  },
} as const satisfies Manifest<typeof Settings>;
