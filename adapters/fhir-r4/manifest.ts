import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

const Address = z.url({ protocol: /^https?$/ });

/** RFC 7518, section 3.1; SMART App Launch 2.2, Backend Services, wants servers to know RS384 and ES384. */
const ALGORITHMS = ['RS384', 'ES384', 'RS256', 'ES256'] as const;

const Auth = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z
        .literal('none')
        .describe('The server asks for nothing')
        .meta(titled('None', 'Aucune', 'Le serveur ne demande rien')),
    }),
    z.strictObject({
      kind: z
        .literal('basic')
        .describe('HTTP Basic')
        .meta(
          titled('User name and password', 'Nom et mot de passe', 'Pour l’authentification HTTP de base'),
        ),
      username: z
        .string()
        .min(1)
        .describe('By which the server knows us')
        .meta(titled('User name', 'Nom d’utilisateur', 'Nom que connaît le serveur')),
      password: z
        .string()
        .min(1)
        .describe('Secret')
        .meta(IS_SECRET)
        .meta(titled('Password', 'Mot de passe', 'Secret')),
    }),
    z.strictObject({
      kind: z
        .literal('bearer')
        .describe('A token that does not change')
        .meta(titled('Token', 'Jeton', 'Un jeton qui ne change pas')),
      token: z
        .string()
        .min(1)
        .describe('Secret')
        .meta(IS_SECRET)
        .meta(titled('Token', 'Jeton', 'Secret')),
    }),
    z.strictObject({
      kind: z
        .literal('smart')
        .describe('SMART Backend Services, by a private key')
        .meta(titled('SMART', 'SMART', 'SMART Backend Services, par une clé privée')),
      tokenUrl: Address.describe(
        'Token endpoint, as .well-known/smart-configuration of the server names it',
      ).meta(
        titled(
          'Token endpoint',
          'Adresse des jetons',
          'Où demander les jetons, comme le dit .well-known/smart-configuration du serveur',
        ),
      ),
      clientId: z
        .string()
        .min(1)
        .describe('By which the server knows this client')
        .meta(titled('Client id', 'Identifiant du client', 'Nom sous lequel le serveur connaît ce client')),
      privateKey: z
        .string()
        .min(1)
        .describe('Private key in PEM (PKCS #8). Secret')
        .meta(IS_SECRET)
        .meta(titled('Private key', 'Clé privée', 'Clé privée en PEM (PKCS #8). Secret')),
      keyId: z
        .string()
        .min(1)
        .describe('`kid` of its public half in the key set that the server was given')
        .meta(
          titled(
            'Key id',
            'Identifiant de la clé',
            '« kid » de sa moitié publique, dans les clés données au serveur',
          ),
        ),
      algorithm: z
        .enum(ALGORITHMS)
        .default('RS384')
        .describe('By which assertions are signed')
        .meta(titled('Algorithm', 'Algorithme', 'Par lequel les assertions sont signées')),
      scope: z
        .string()
        .min(1)
        .default('system/Schedule.rs system/Slot.cruds system/Appointment.cruds')
        .describe('What is asked for, with spaces between')
        .meta(titled('Scope', 'Portée', 'Ce qui est demandé, séparé par des espaces')),
    }),
  ])
  .default({ kind: 'none' });

export const Settings = z.strictObject({
  baseUrl: Address.describe('Base of the FHIR R4 server, as https://fhir.example.org/r4').meta(
    titled('Address', 'Adresse', 'Base du serveur FHIR R4, comme https://fhir.example.org/r4'),
  ),
  auth: Auth.describe(
    'How calls are authenticated: none, basic, bearer, or smart (SMART Backend Services)',
  ).meta(
    titled(
      'Authentication',
      'Authentification',
      'Comment les appels sont authentifiés : none (pas du tout), basic, bearer ou smart (SMART Backend Services)',
    ),
  ),
  changes: z
    .enum(['snapshot', 'lastUpdated'])
    .default('snapshot')
    .describe(
      '`snapshot`: each reading is whole. `lastUpdated`: only what changed, by `_lastUpdated`, which the server’s ' +
        'metadata must list; what is deleted there is then noticed at the next whole reading only',
    )
    .meta(
      titled(
        'Readings',
        'Lectures',
        '« snapshot » : chaque lecture est complète. « lastUpdated » : seulement ce qui a changé, par « _lastUpdated », que les métadonnées du serveur doivent nommer; ce qui y est supprimé ne se voit alors qu’à la prochaine lecture complète',
      ),
    ),
  blocks: z
    .enum(['slot', 'appointment'])
    .default('slot')
    .describe(
      'How time is closed: `slot` = a Slot that is busy-unavailable, `appointment` = a booked Appointment without patient',
    )
    .meta(
      titled(
        'Closed time',
        'Temps fermé',
        'Comment le temps se ferme : « slot » = un Slot busy-unavailable, « appointment » = un Appointment réservé sans patient',
      ),
    ),
  takenSlots: z
    .enum(['block', 'appointments'])
    .default('block')
    .describe(
      'A Slot that is busy or busy-tentative: `block` = its time is closed, `appointments` = an Appointment says so too, ' +
        'and it counts',
    )
    .meta(
      titled(
        'Taken slots',
        'Plages prises',
        'Un Slot busy ou busy-tentative : « block » = son temps est fermé, « appointments » = un Appointment le dit aussi, et c’est lui qui compte',
      ),
    ),
});
export type Settings = z.output<typeof Settings>;
export type Auth = Settings['auth'];

export const manifest = {
  id: 'fhir-r4',
  title: { fr: 'Serveur FHIR R4', en: 'FHIR R4 server' },
  kind: 'standard',
  // HL7 FHIR 4.0.1: http.html, search.html, schedule.html, slot.html, appointment.html.
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'delta',
    feed: 'calendar',
    webhook: 'none',
    idempotency: 'key',
    conditionalWrite: true,
    operations: ['block', 'unblock', 'hold', 'release', 'book', 'cancel'],
    calendars: true,
  },
  limits: {
    requests: 600,
    windowMilliseconds: MINUTE,
    concurrency: 4,
    timeoutMilliseconds: 30 * SECOND,
    stalenessMilliseconds: 0,
  },
  settings: Settings,
  exemptions: {},
} as const satisfies Manifest<typeof Settings>;
