import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

const Uuid = z.string().regex(/^[\w-]{8,64}$/, { error: 'not a UUID of OpenMRS' });

export const Settings = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .describe('Address of OpenMRS with its web context, without /ws, as https://emr.example.ca/openmrs')
    .meta(
      titled(
        'Address',
        'Adresse',
        'Adresse d’OpenMRS avec son contexte, sans /ws, comme https://emr.example.ca/openmrs',
      ),
    ),
  username: z
    .string()
    .min(1)
    .describe('A user who may read and manage appointments (HTTP Basic)')
    .meta(
      titled(
        'User name',
        'Nom d’utilisateur',
        'Quelqu’un qui peut lire et gérer les rendez-vous (authentification HTTP de base)',
      ),
    ),
  password: z
    .string()
    .min(1)
    .describe('Password of the user')
    .meta(IS_SECRET)
    .meta(titled('Password', 'Mot de passe', 'Son mot de passe')),
  serviceUuid: Uuid.describe(
    'Appointment service whose weekly hours are offered, and under which is booked',
  ).meta(
    titled(
      'Service',
      'Service',
      'UUID du service de rendez-vous dont les heures de la semaine sont offertes, et sous lequel on réserve',
    ),
  ),
  locationUuid: Uuid.optional()
    .describe('Location of what is written; time closed for all of it is read as well. Left out = none')
    .meta(
      titled(
        'Location',
        'Lieu',
        'UUID du lieu de ce qui est écrit; le temps fermé pour tout ce lieu est lu aussi. Sans réponse = aucun',
      ),
    ),
  blockPatientUuid: Uuid.describe('The made-up patient under whom time is closed').meta(
    titled(
      'Patient for closed time',
      'Patient du temps fermé',
      'UUID du patient fictif sous qui le temps est fermé',
    ),
  ),
  bookingPatientUuid: Uuid.describe(
    'The made-up patient under whom is booked, until the front desk says who comes',
  ).meta(
    titled(
      'Patient for bookings',
      'Patient des réservations',
      'UUID du patient fictif sous qui on réserve, jusqu’à ce que l’accueil dise qui vient',
    ),
  ),
  patientInComments: z
    .boolean()
    .default(false)
    .describe(
      "Whether the patient's name is written into the comments of what is booked; false = a reference only",
    )
    .meta(
      titled(
        'Patient’s name in comments',
        'Nom du patient dans les commentaires',
        'Si le nom du patient est écrit dans les commentaires de ce qui est réservé; non = une référence seulement',
      ),
    ),
  hasUnavailability: z
    .boolean()
    .default(true)
    .describe('Whether the installed module knows unavailability; older ones answer 404')
    .meta(
      titled(
        'Knows unavailability',
        'Connaît l’indisponibilité',
        'Si le module installé connaît l’indisponibilité; les anciens répondent 404',
      ),
    ),
  slotDays: z
    .int()
    .min(1)
    .max(366)
    .default(28)
    .describe('How far ahead slots are offered, in local days')
    .meta(
      titled(
        'Days ahead',
        'Jours d’avance',
        'Combien de jours d’avance les plages sont offertes, en jours du lieu',
      ),
    ),
});
export type Settings = z.output<typeof Settings>;

export const manifest: Manifest<typeof Settings> = {
  id: 'openmrs-appointments',
  title: { fr: 'OpenMRS / Bahmni, rendez-vous', en: 'OpenMRS / Bahmni appointments' },
  kind: 'private',
  // The source of the module, which is open: see README.md.
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'snapshot',
    feed: 'calendar',
    webhook: 'none',
    idempotency: 'lookup',
    conditionalWrite: false,
    operations: ['block', 'unblock', 'book', 'cancel', 'move'],
    calendars: true,
  },
  limits: {
    // OpenMRS publishes none: it is the clinic's own server.
    requests: 300,
    windowMilliseconds: MINUTE,
    concurrency: 3,
    timeoutMilliseconds: 30 * SECOND,
    stalenessMilliseconds: SECOND,
  },
  settings: Settings,
  exemptions: {
    'unmapped-code':
      'Its slots are the weekly hours of a service, which have no codes for who may book, why or how: none could be unknown.',
  },
};
