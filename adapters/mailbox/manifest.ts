import { z } from 'zod';
import { ASKING_SETTINGS } from '../../src/adapter/asking/settings.ts';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { PROOFS } from './authenticity.ts';
import { isDomain } from './letter.ts';
import { Template } from './template.ts';
import { TEMPLATES } from './templates/index.ts';

const Auth = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z
      .literal('password')
      .describe('The mailbox opens by a password')
      .meta(titled('Password', 'Mot de passe', 'La boîte s’ouvre par un mot de passe')),
    username: z
      .string()
      .min(1)
      .describe('Of the mailbox')
      .meta(titled('User name', 'Nom d’utilisateur', 'De la boîte')),
    password: z
      .string()
      .min(1)
      .describe('Its password, or one made for this program')
      .meta(IS_SECRET)
      .meta(titled('Password', 'Mot de passe', 'Son mot de passe, ou un qui est fait pour ce programme')),
  }),
  z.strictObject({
    kind: z
      .literal('oauth2')
      .describe('The mailbox opens by a token')
      .meta(titled('OAuth 2.0', 'OAuth 2.0', 'La boîte s’ouvre par un jeton')),
    username: z
      .string()
      .min(1)
      .describe('Of the mailbox')
      .meta(titled('User name', 'Nom d’utilisateur', 'De la boîte')),
    tokenUrl: z
      .url({ protocol: /^https?$/ })
      .describe('Where tokens are had (RFC 6749)')
      .meta(titled('Token endpoint', 'Adresse des jetons', 'Où les jetons s’obtiennent (RFC 6749)')),
    clientId: z
      .string()
      .min(1)
      .describe('As it is registered there')
      .meta(titled('Client id', 'Identifiant du client', 'Comme il y est inscrit')),
    clientSecret: z
      .string()
      .min(1)
      .describe('Its secret')
      .meta(IS_SECRET)
      .meta(titled('Client secret', 'Secret du client', 'Son secret')),
    scope: z
      .string()
      .optional()
      .describe('Scope that is asked for')
      .meta(titled('Scope', 'Portée', 'Portée qui est demandée')),
    refreshToken: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Of somebody who allowed it; left out = the client itself has the mailbox (client_credentials)',
      )
      .meta(IS_SECRET)
      .meta(
        titled(
          'Refresh token',
          'Jeton d’actualisation',
          'De la personne qui l’a permis; sans réponse = le client a lui-même la boîte (client_credentials)',
        ),
      ),
  }),
]);
export type Auth = z.output<typeof Auth>;

const Domain = z.string().toLowerCase().refine(isDomain, { error: 'is no domain, as clinique.example' });

const Sender = z.strictObject({
  template: z
    .string()
    .describe('Id of the template: one of ours, or of `templates`')
    .meta(titled('Template', 'Modèle', 'Identifiant du modèle : un des nôtres, ou de « templates »')),
  domain: Domain.describe(
    'Whose notices these are: the author (From) is of it, and the mail server has proven that',
  ).meta(
    titled(
      'Domain',
      'Domaine',
      'De qui sont ces avis : l’auteur (From) en est, et le serveur de courriel l’a prouvé',
    ),
  ),
  proof: z
    .array(z.enum(PROOFS))
    .min(1)
    .default(['dkim'])
    .describe('Which of them the clinic’s mail server must have found to pass; one is enough')
    .meta(
      titled('Proof', 'Preuve', 'Lequel le serveur de la clinique doit avoir trouvé bon; un seul suffit'),
    ),
  signed: z
    .array(z.string().regex(/^[a-z-]{1,40}$/))
    .max(20)
    .default(['from', 'date', 'subject'])
    .describe(
      'Header fields that its DKIM signature covers; without date an old notice can be sent again as a new one',
    )
    .meta(
      titled(
        'Signed fields',
        'Champs signés',
        'Champs de l’en-tête que couvre sa signature DKIM; sans la date, un ancien avis peut être renvoyé comme s’il était neuf',
      ),
    ),
  calendar: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('externalId of the calendar of notices that name none')
    .meta(
      titled('Calendar', 'Agenda', 'Identifiant de l’agenda (externalId) des avis qui n’en nomment aucun'),
    ),
  minutes: z
    .int()
    .min(5)
    .max(480)
    .nullable()
    .default(null)
    .describe('Length of a booking whose notice does not say it')
    .meta(titled('Minutes', 'Minutes', 'Durée d’une réservation dont l’avis ne la dit pas')),
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
    host: z
      .string()
      .min(1)
      .describe('Name of the IMAP server')
      .meta(titled('Server', 'Serveur', 'Nom du serveur IMAP')),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .default(993)
      .describe('Its port')
      .meta(titled('Port', 'Port', 'Son port')),
    security: z
      .enum(['tls', 'starttls'])
      .default('tls')
      .describe('tls = from the first byte; starttls = before the credentials, and never without')
      .meta(
        titled(
          'Security',
          'Sécurité',
          'tls = dès le premier octet; starttls = avant les accès, et jamais sans',
        ),
      ),
    ca: z
      .string()
      .includes('-----BEGIN ')
      .nullable()
      .default(null)
      .describe('Authority of the server’s certificate, PEM; null = those of the system')
      .meta(
        titled(
          'Authority',
          'Autorité',
          'Autorité du certificat du serveur, en PEM; vide = celles du système',
        ),
      ),
    auth: Auth.describe('How it lets us in').meta(titled('Access', 'Accès', 'Comment il nous laisse entrer')),
    folders: z
      .strictObject({
        inbox: Folder.default('INBOX')
          .describe('Where notices arrive')
          .meta(titled('Inbox', 'Arrivée', 'Où arrivent les avis')),
        taken: Folder.default('Passerelle/traités')
          .describe('Where they go once they are committed')
          .meta(titled('Taken', 'Traités', 'Où ils vont une fois inscrits')),
        aside: Folder.default('Passerelle/à voir')
          .describe('Where those go that no template understands')
          .meta(titled('Set aside', 'À voir', 'Où vont ceux qu’aucun modèle ne comprend')),
        refused: Folder.default('Passerelle/refusés')
          .describe('Where those go that are not trusted')
          .meta(titled('Refused', 'Refusés', 'Où vont ceux auxquels on ne se fie pas')),
      })
      .refine((folders) => new Set(Object.values(folders)).size === 4, {
        error: 'each folder has one purpose',
      })
      .prefault({})
      .describe('Folders, with / between their parts; made where they are missing')
      .meta(
        titled('Folders', 'Dossiers', 'Dossiers, avec / entre leurs parties; ceux qui manquent sont créés'),
      ),
    authentication: z
      .strictObject({
        server: z
          .string()
          .min(1)
          .max(253)
          .describe(
            'authserv-id that the clinic’s own mail server writes into Authentication-Results (RFC 8601)',
          )
          .meta(
            titled(
              'Mail server',
              'Serveur de courriel',
              'authserv-id que le serveur de la clinique écrit dans Authentication-Results (RFC 8601)',
            ),
          ),
      })
      .describe('Who says whether a message is from whom it says')
      .meta(titled('Who vouches', 'Qui répond des messages', 'Qui dit si un message est de qui il dit')),
    senders: z
      .array(Sender)
      .min(1)
      .max(50)
      .describe('Whose notices are believed; the first whose template fits counts')
      .meta(
        titled(
          'Senders',
          'Expéditeurs',
          'Ceux dont les avis sont crus; le premier dont le modèle convient compte',
        ),
      ),
    agendas: z
      .record(z.string().min(1).max(200), z.string().min(1).max(200).nullable())
      .default({})
      .describe('What notices call an agenda, to the externalId of its calendar; null = it is none of ours')
      .meta(
        titled(
          'Agendas',
          'Agendas',
          'Comment les avis appellent un agenda, et l’externalId de celui-ci; vide = ce n’est pas un des nôtres',
        ),
      ),
    days: z
      .int()
      .min(1)
      .max(90)
      .default(14)
      .describe('How old a notice may be')
      .meta(titled('Days', 'Jours', 'De combien de jours un avis peut dater')),
    templates: z
      .array(Template)
      .max(50)
      .default([])
      .describe('Templates of the clinic’s own')
      .meta(titled('Templates', 'Modèles', 'Modèles de la clinique elle-même')),
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
