import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

const Pem = z.string().includes('-----BEGIN ');
const Name = z.string().min(1).max(180);
const LOOPBACK = ['127.0.0.1', '::1'];

const Listen = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address of this machine on which messages are taken'),
    port: z.int().min(0).max(65_535).describe('Its port; 2575 is the one that IANA gave to HL7'),
    peers: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .max(50)
      .default([])
      .describe('Addresses that may connect; none = all of them'),
    tls: z
      .strictObject({
        key: Pem.describe('Private key, PEM').meta(IS_SECRET),
        cert: Pem.describe('Certificate of this gateway, PEM'),
        ca: Pem.optional().describe('Authority whose certificate a sender has to show, PEM'),
      })
      .nullable()
      .default(null)
      .describe('MLLP over TLS; null = without'),
  })
  .refine(({ host, peers, tls }) => LOOPBACK.includes(host) || peers.length > 0 || tls?.ca !== undefined, {
    error: 'MLLP itself knows no senders: name them in peers, or require their certificate by tls.ca',
  });

export const Settings = z.strictObject({
  address: z
    .string()
    .regex(/^mllps?:\/\/(?:\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/)
    .describe('Where our messages go: mllp://host:port, or mllps://host:port for TLS'),
  tls: z
    .strictObject({
      key: Pem.optional().describe('Private key that we show, PEM').meta(IS_SECRET),
      cert: Pem.optional().describe('Certificate that we show, PEM'),
      ca: Pem.optional().describe('Authority of the receiver, PEM'),
    })
    .nullable()
    .default(null)
    .describe('Of mllps'),
  listen: Listen.describe('Where the messages of the record come in'),
  resources: z
    .array(z.enum(['AIP', 'AIG', 'AIL']))
    .min(1)
    .max(3)
    .default(['AIP'])
    .describe('Segments that name a calendar: persons, general resources, locations'),
  characterSet: z
    .enum(['UNICODE UTF-8', '8859/1', '8859/15'])
    .default('UNICODE UTF-8')
    .describe('Of a message that names none in MSH-18'),
  processingId: z
    .enum(['P', 'T', 'D'])
    .default('P')
    .describe('MSH-11: a message with another is refused, so that no test comes into production'),
  sender: z
    .strictObject({ application: Name.default('PASSERELLE'), facility: z.string().max(180).default('') })
    .prefault({})
    .describe('MSH-3 and MSH-4 of ours'),
  receiver: z
    .strictObject({ application: z.string().max(180).default(''), facility: z.string().max(180).default('') })
    .prefault({})
    .describe('MSH-5 and MSH-6 of ours'),
  takenCodes: z
    .array(z.string().min(1).max(50))
    .max(20)
    .default([])
    .describe('Codes of ERR-5 by which the record says that a time is taken'),
  keepsConnection: z
    .boolean()
    .default(true)
    .describe(
      'Whether the record stays connected while it has nothing to say: then its silence confirms the agenda',
    ),
});
export type Settings = z.output<typeof Settings>;

const noCredentials =
  'MLLP has no credentials but a certificate: without it there is no connection, which is unavailable and not refused';

export const manifest = {
  id: 'hl7v2-siu',
  title: { fr: 'Dossier médical électronique (HL7 v2 SIU)', en: 'Electronic medical record (HL7 v2 SIU)' },
  kind: 'standard',
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'none',
    feed: 'connection',
    webhook: 'none',
    idempotency: 'key',
    conditionalWrite: false,
    operations: ['block', 'unblock', 'book', 'cancel', 'move'],
  },
  limits: {
    requests: 600,
    windowMilliseconds: MINUTE,
    // Receivers take messages in the order that they come, and two connections have none.
    concurrency: 1,
    timeoutMilliseconds: 20 * SECOND,
    stalenessMilliseconds: 0,
  },
  settings: Settings,
  exemptions: {
    'write-unauthorized': noCredentials,
    'unmapped-code': 'it offers no slots, so no code of one comes',
  },
} as const satisfies Manifest<typeof Settings>;
