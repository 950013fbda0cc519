import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

const Address = z.url({ protocol: /^https?$/ });
const Numbered = z.string().regex(/^[\w-]{1,64}$/);

export const Settings = z.strictObject({
  baseUrl: Address.describe('Address of the reading interface, without /v3, as https://api.example.qc.ca'),
  username: z.string().min(1).describe('For HTTP Basic, as the platform gave it to the establishment'),
  password: z.string().min(1).describe('For HTTP Basic. Secret').meta(IS_SECRET),
  establishment: Numbered.describe('Number of the establishment, as in the address of its booking page'),
  services: z
    .array(Numbered)
    .min(1)
    .max(20)
    .describe(
      'Numbers of the services whose availability is read; the first one that has a slot gives its length',
    ),
  appointments: z
    .strictObject({
      baseUrl: Address.describe('Base of the FHIR interface'),
      token: z.string().min(1).describe('Bearer token. Secret').meta(IS_SECRET),
      calendar: Numbered.describe(
        'The place whose appointments they are: the guide has none in an Appointment',
      ),
    })
    .optional()
    .describe('Appointments by FHIR; left out = only what is free is read'),
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
