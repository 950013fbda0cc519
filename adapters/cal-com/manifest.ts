import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

export const Settings = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.cal.com')
    .describe('Address of the API, without /v2; of one’s own installation where there is one')
    .meta(
      titled(
        'Address',
        'Adresse',
        'Adresse de l’interface, sans /v2; celle de sa propre installation, s’il y en a une',
      ),
    ),
  apiKey: z
    .string()
    .min(1)
    .describe('API key of the user whose agenda it is, as cal_live_…')
    .meta(IS_SECRET)
    .meta(titled('API key', 'Clé d’accès', 'Clé de la personne à qui est l’agenda, comme cal_live_…')),
  eventTypeIds: z
    .array(z.number().int().min(1))
    .min(1)
    .describe('Event types whose times are offered; the first is booked where a booking names no slot')
    .meta(
      titled(
        'Event types',
        'Types d’événements',
        'Numéros des types d’événements dont les heures sont offertes; le premier sert quand une réservation ne nomme pas de plage',
      ),
    ),
  attendeeEmail: z
    .email()
    .describe(
      'Address of the clinic that stands in for a patient who gave none; Cal.com books nobody without one',
    )
    .meta(
      titled(
        'Clinic’s address',
        'Courriel de la clinique',
        'Adresse de la clinique, donnée à la place de celle d’un patient qui n’en a pas : Cal.com n’inscrit personne sans adresse',
      ),
    ),
  language: z
    .enum(['fr', 'en'])
    .default('fr')
    .describe('Language of its messages to patients whom we book')
    .meta(titled('Language', 'Langue', 'Langue de ses messages aux patients que nous inscrivons')),
  webhookSecret: z
    .string()
    .min(16)
    .describe('Secret of the webhook, as it stands in its settings; at least 16 characters')
    .meta(IS_SECRET)
    .meta(
      titled(
        'Webhook secret',
        'Secret des avis',
        'Secret de l’avis (webhook), comme il est dans ses réglages; 16 caractères au moins',
      ),
    ),
});
export type Settings = z.output<typeof Settings>;

export const manifest = {
  id: 'cal-com',
  title: { fr: 'Cal.com', en: 'Cal.com' },
  kind: 'private',
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'snapshot',
    feed: 'connection',
    webhook: 'hint',
    idempotency: 'lookup',
    conditionalWrite: false,
    operations: ['book', 'cancel'],
    calendars: true,
  },
  limits: {
    requests: 120,
    windowMilliseconds: MINUTE,
    concurrency: 4,
    timeoutMilliseconds: 30 * SECOND,
    stalenessMilliseconds: 5 * SECOND,
  },
  settings: Settings,
  exemptions: {},
} as const satisfies Manifest<typeof Settings>;
