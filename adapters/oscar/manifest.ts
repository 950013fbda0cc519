import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

const Address = z.url({ protocol: /^https?$/ });
const Credential = z.string().min(1);

export const Settings = z.strictObject({
  baseUrl: Address.describe(
    'Address of OSCAR with its web context, without /ws, as https://emr.example.ca/oscar',
  ).meta(
    titled(
      'Address',
      'Adresse',
      'Adresse d’OSCAR avec son contexte, sans /ws, comme https://emr.example.ca/oscar',
    ),
  ),
  signedBaseUrl: Address.optional()
    .describe(
      'The same address as OSCAR itself believes to have it, where a proxy before it changes scheme, host or port; ' +
        'requests are signed for it',
    )
    .meta(
      titled(
        'Signed address',
        'Adresse signée',
        'La même adresse, comme OSCAR croit l’avoir, quand un mandataire devant lui change le protocole, l’hôte ou le port; les demandes sont signées pour elle',
      ),
    ),
  consumerKey: Credential.describe('Client key of the REST client, as Administration shows it').meta(
    titled('Client key', 'Clé du client', 'Clé du client REST, comme la montre Administration'),
  ),
  consumerSecret: Credential.describe('Client secret of the REST client')
    .meta(IS_SECRET)
    .meta(titled('Client secret', 'Secret du client', 'Secret du client REST')),
  token: Credential.describe('Access token that a provider of the clinic granted (OAuth 1.0a)')
    .meta(IS_SECRET)
    .meta(
      titled(
        'Access token',
        'Jeton d’accès',
        'Jeton qu’un professionnel de la clinique a accordé (OAuth 1.0a)',
      ),
    ),
  tokenSecret: Credential.describe('Secret of the access token')
    .meta(IS_SECRET)
    .meta(titled('Token secret', 'Secret du jeton', 'Secret du jeton d’accès')),
  placeholderDemographicNo: z
    .int()
    .min(1)
    .describe(
      'Number of the made-up patient under whom time is closed: OSCAR takes no appointment without a patient',
    )
    .meta(
      titled(
        'Made-up patient',
        'Patient fictif',
        'Numéro du patient fictif sous qui le temps est fermé : OSCAR ne prend aucun rendez-vous sans patient',
      ),
    ),
  lookupDays: z
    .int()
    .min(1)
    .max(400)
    .default(28)
    .describe(
      'How many days ahead are searched for a write whose answer was lost: as many as the horizon of the connection',
    )
    .meta(
      titled(
        'Days searched',
        'Jours cherchés',
        'Combien de jours d’avance une écriture dont la réponse s’est perdue est cherchée : autant que l’horizon de la connexion',
      ),
    ),
});
export type Settings = z.output<typeof Settings>;

const LOCAL =
  'OSCAR keeps local times without an offset: the two halves of that hour are one and the same to it';
const ONE_DAY = 'An appointment of OSCAR has one date and ends on it';

export const manifest: Manifest<typeof Settings> = {
  id: 'oscar',
  title: { fr: 'DME OSCAR', en: 'OSCAR EMR' },
  kind: 'private',
  // The source of OSCAR, which is open: see README.md.
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'snapshot',
    feed: 'calendar',
    webhook: 'none',
    idempotency: 'lookup',
    conditionalWrite: false,
    // No move: its update is known to fail, and to delete and add again would lose a booking halfway.
    operations: ['block', 'unblock'],
    calendars: true,
  },
  limits: {
    // OSCAR publishes none: it is the clinic's own server, with its staff at work on it.
    requests: 300,
    windowMilliseconds: MINUTE,
    concurrency: 3,
    timeoutMilliseconds: 30 * SECOND,
    stalenessMilliseconds: SECOND,
  },
  settings: Settings,
  exemptions: {
    'unmapped-code': 'Its interface tells of no slots, so there is none whose attributes could be unknown.',
    'read-repeated-hour-toronto': `${LOCAL}. An appointment in it is read as taking both.`,
    'read-repeated-hour-halifax': `${LOCAL}. An appointment in it is read as taking both.`,
    'write-repeated-hour-toronto': `${LOCAL}. A block in it closes both, or is refused.`,
    'write-repeated-hour-halifax': `${LOCAL}. A block in it closes both, or is refused.`,
    'read-over-midnight-toronto': `${ONE_DAY}. What was made to go past it has no readable length, and is reported.`,
    'read-over-midnight-halifax': `${ONE_DAY}. What was made to go past it has no readable length, and is reported.`,
    'read-over-midnight-blanc-sablon': `${ONE_DAY}. What was made to go past it has no readable length, and is reported.`,
    'write-over-midnight-toronto': `${ONE_DAY}. A block past midnight is refused, and shown as not delivered.`,
    'write-over-midnight-halifax': `${ONE_DAY}. A block past midnight is refused, and shown as not delivered.`,
    'write-over-midnight-blanc-sablon': `${ONE_DAY}. A block past midnight is refused, and shown as not delivered.`,
  },
};
