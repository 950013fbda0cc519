import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

const Account = { username: z.string().min(1).optional(), password: z.string().min(1).optional() };
const EmailAddress = z.email();

export const Settings = z
  .strictObject({
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .describe('Address of Easy!Appointments with index.php, as https://rdv.example.ca/index.php')
      .meta(
        titled(
          'Address',
          'Adresse',
          'Adresse d’Easy!Appointments avec index.php, comme https://rdv.example.ca/index.php',
        ),
      ),
    apiToken: z
      .string()
      .min(1)
      .optional()
      .describe('API token of its settings page; in place of username and password')
      .meta(IS_SECRET)
      .meta(
        titled(
          'API token',
          'Jeton d’accès',
          'Jeton de sa page de réglages; à la place du nom et du mot de passe',
        ),
      ),
    username: Account.username
      .describe('An administrator, where no API token is used')
      .meta(titled('User name', 'Nom d’utilisateur', 'Un administrateur, quand aucun jeton ne sert')),
    password: Account.password
      .describe('Password of the administrator')
      .meta(IS_SECRET)
      .meta(titled('Password', 'Mot de passe', 'Mot de passe de l’administrateur')),
    serviceIds: z
      .array(z.number().int().min(1))
      .min(1)
      .describe(
        'Services whose times are offered; the first that a provider gives is booked where no slot is named',
      )
      .meta(
        titled(
          'Services',
          'Services',
          'Numéros des services dont les heures sont offertes; le premier que donne un professionnel sert quand une réservation ne nomme pas de plage',
        ),
      ),
    guestEmail: EmailAddress.optional()
      .describe(
        'Address that stands in for a patient who gave none, where the clinic made it mandatory; it gets their messages',
      )
      .meta(
        titled(
          'Stand-in address',
          'Courriel de remplacement',
          'Adresse donnée à la place de celle d’un patient qui n’en a pas, quand la clinique l’a rendue obligatoire; elle reçoit ses messages',
        ),
      ),
    webhookHeader: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,256}$/)
      .default('X-Ea-Token')
      .describe('Secret header of the webhook, as it stands on its webhooks page')
      .meta(
        titled(
          'Webhook header',
          'En-tête des avis',
          'En-tête secret de l’avis (webhook), comme il est sur sa page des webhooks',
        ),
      ),
    webhookSecret: z
      .string()
      .min(16)
      .describe('Secret token of the webhook, as it stands on its webhooks page; at least 16 characters')
      .meta(IS_SECRET)
      .meta(
        titled(
          'Webhook secret',
          'Secret des avis',
          'Jeton secret de l’avis, comme il est sur sa page des webhooks; 16 caractères au moins',
        ),
      ),
  })
  .refine(
    ({ apiToken, username, password }) =>
      (apiToken !== undefined) !== (username !== undefined && password !== undefined),
    {
      path: ['apiToken'],
      error: 'give either apiToken, or username and password',
    },
  );
export type Settings = z.output<typeof Settings>;

const LOCAL =
  'Easy!Appointments writes local times without an offset: the two halves of that hour are one and the same to it';

export const manifest = {
  id: 'easy-appointments',
  title: { fr: 'Easy!Appointments', en: 'Easy!Appointments' },
  kind: 'private',
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'snapshot',
    feed: 'connection',
    webhook: 'hint',
    idempotency: 'lookup',
    conditionalWrite: false,
    operations: ['block', 'unblock', 'book', 'cancel', 'move'],
    calendars: true,
  },
  limits: {
    // What the platform allows an address when its rate limiting is on.
    requests: 100,
    windowMilliseconds: 2 * MINUTE,
    concurrency: 2,
    timeoutMilliseconds: 30 * SECOND,
    stalenessMilliseconds: SECOND,
  },
  settings: Settings,
  exemptions: {
    'read-repeated-hour-toronto': `${LOCAL}. A booking in it is read as taking both.`,
    'read-repeated-hour-halifax': `${LOCAL}. A booking in it is read as taking both.`,
    'write-repeated-hour-toronto': `${LOCAL}. A block in it closes both.`,
    'write-repeated-hour-halifax': `${LOCAL}. A block in it closes both.`,
    'webhook-hint-touched':
      'Its webhooks are not signed: a header carries a shared secret. They are believed in nothing but that something changed.',
    'webhook-hint-replayed':
      'Its webhooks carry no time. Sent again, one has the calendars read once more and changes nothing.',
  },
} as const satisfies Manifest<typeof Settings>;
