import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

const Address = z.url({ protocol: /^https?$/ });

/** RFC 7518, section 3.1; SMART App Launch 2.2, Backend Services, wants servers to know RS384 and ES384. */
const ALGORITHMS = ['RS384', 'ES384', 'RS256', 'ES256'] as const;

const Auth = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('basic'),
      username: z.string().min(1),
      password: z.string().min(1).describe('Secret').meta(IS_SECRET),
    }),
    z.strictObject({
      kind: z.literal('bearer'),
      token: z.string().min(1).describe('Secret').meta(IS_SECRET),
    }),
    z.strictObject({
      kind: z.literal('smart'),
      tokenUrl: Address.describe('Token endpoint, as .well-known/smart-configuration of the server names it'),
      clientId: z.string().min(1).describe('By which the server knows this client'),
      privateKey: z.string().min(1).describe('Private key in PEM (PKCS #8). Secret').meta(IS_SECRET),
      keyId: z.string().min(1).describe('`kid` of its public half in the key set that the server was given'),
      algorithm: z.enum(ALGORITHMS).default('RS384').describe('By which assertions are signed'),
      scope: z
        .string()
        .min(1)
        .default('system/Schedule.rs system/Slot.cruds system/Appointment.cruds')
        .describe('What is asked for, with spaces between'),
    }),
  ])
  .default({ kind: 'none' });

export const Settings = z.strictObject({
  baseUrl: Address.describe('Base of the FHIR R4 server, as https://fhir.example.org/r4'),
  auth: Auth.describe('How calls are authenticated: none, basic, bearer, or smart (SMART Backend Services)'),
  changes: z
    .enum(['snapshot', 'lastUpdated'])
    .default('snapshot')
    .describe(
      '`snapshot`: each reading is whole. `lastUpdated`: only what changed, by `_lastUpdated`, which the server’s ' +
        'metadata must list; what is deleted there is then noticed at the next whole reading only',
    ),
  blocks: z
    .enum(['slot', 'appointment'])
    .default('slot')
    .describe(
      'How time is closed: `slot` = a Slot that is busy-unavailable, `appointment` = a booked Appointment without patient',
    ),
  takenSlots: z
    .enum(['block', 'appointments'])
    .default('block')
    .describe(
      'A Slot that is busy or busy-tentative: `block` = its time is closed, `appointments` = an Appointment says so too, ' +
        'and it counts',
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
