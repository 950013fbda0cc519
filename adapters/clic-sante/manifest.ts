import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

const Address = z.url({ protocol: /^https?$/ });
const Numbered = z.string().regex(/^[\w-]{1,64}$/);

export const Settings = z.strictObject({
  baseUrl: Address.describe(
    'Address of the reading interface, without /v3, as https://api.example.qc.ca',
  ).meta(
    titled(
      'Address',
      'Adresse',
      'Adresse de l’interface de lecture, sans /v3, comme https://api.example.qc.ca',
    ),
  ),
  username: z
    .string()
    .min(1)
    .describe('For HTTP Basic, as the platform gave it to the establishment')
    .meta(
      titled(
        'User name',
        'Nom d’utilisateur',
        'Pour l’authentification HTTP de base, comme la plateforme l’a donné à l’établissement',
      ),
    ),
  password: z
    .string()
    .min(1)
    .describe('For HTTP Basic. Secret')
    .meta(IS_SECRET)
    .meta(titled('Password', 'Mot de passe', 'Pour l’authentification HTTP de base. Secret')),
  establishment: Numbered.describe('Number of the establishment, as in the address of its booking page').meta(
    titled(
      'Establishment',
      'Établissement',
      'Numéro de l’établissement, comme dans l’adresse de sa page de réservation',
    ),
  ),
  services: z
    .array(Numbered)
    .min(1)
    .max(20)
    .describe(
      'Numbers of the services whose availability is read; the first one that has a slot gives its length',
    )
    .meta(
      titled(
        'Services',
        'Services',
        'Numéros des services dont les disponibilités sont lues; le premier qui a une plage en donne la durée',
      ),
    ),
  appointments: z
    .strictObject({
      baseUrl: Address.describe('Base of the FHIR interface').meta(
        titled('FHIR address', 'Adresse FHIR', 'Base de l’interface FHIR'),
      ),
      token: z
        .string()
        .min(1)
        .describe('Bearer token. Secret')
        .meta(IS_SECRET)
        .meta(titled('Token', 'Jeton', 'Jeton d’accès. Secret')),
      calendar: Numbered.describe(
        'The place whose appointments they are: the guide has none in an Appointment',
      ).meta(
        titled(
          'Place',
          'Lieu',
          'Le lieu dont ce sont les rendez-vous : le guide n’en met pas dans un Appointment',
        ),
      ),
    })
    .optional()
    .describe('Appointments by FHIR; left out = only what is free is read')
    .meta(
      titled(
        'Appointments',
        'Rendez-vous',
        'Rendez-vous par FHIR; sans réponse = seul ce qui est libre est lu',
      ),
    ),
});
export type Settings = z.output<typeof Settings>;

export const manifest = {
  id: 'clic-sante',
  title: { fr: 'Clic Santé', en: 'Clic Santé' },
  kind: 'private',
  // Availability as its own pages ask for it; only the Appointment is published (trimoz-technologies/hl7-fhir-ig 0.1.0).
  contract: 'observed',
  capabilities: {
    agenda: 'there',
    pull: 'snapshot',
    feed: 'calendar',
    webhook: 'none',
    idempotency: 'none',
    conditionalWrite: false,
    operations: [],
  },
  limits: {
    requests: 60,
    windowMilliseconds: MINUTE,
    concurrency: 2,
    timeoutMilliseconds: 20 * SECOND,
    stalenessMilliseconds: 0,
  },
  settings: Settings,
  exemptions: {
    'unmapped-code':
      'What is shown of a free time has no code for who may book it, why or how: an id, when it begins and where. The codes ' +
      'of its appointments are translated, and an unmapped one is reported.',
  },
} as const satisfies Manifest<typeof Settings>;
