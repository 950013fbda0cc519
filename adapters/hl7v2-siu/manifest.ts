import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
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
      .describe('Address of this machine on which messages are taken')
      .meta(titled('Our address', 'Notre adresse', 'Adresse de cette machine où les messages sont reçus')),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .describe('Its port; 2575 is the one that IANA gave to HL7')
      .meta(titled('Port', 'Port', 'Son port; 2575 est celui que l’IANA a donné à HL7')),
    peers: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .max(50)
      .default([])
      .describe('Addresses that may connect; none = all of them')
      .meta(
        titled(
          'Who may connect',
          'Qui peut se connecter',
          'Adresses qui peuvent se connecter; aucune = toutes',
        ),
      ),
    tls: z
      .strictObject({
        key: Pem.describe('Private key, PEM')
          .meta(IS_SECRET)
          .meta(titled('Private key', 'Clé privée', 'Clé privée, en PEM')),
        cert: Pem.describe('Certificate of this gateway, PEM').meta(
          titled('Certificate', 'Certificat', 'Certificat de cette passerelle, en PEM'),
        ),
        ca: Pem.optional()
          .describe('Authority whose certificate a sender has to show, PEM')
          .meta(
            titled('Authority', 'Autorité', 'Autorité dont un expéditeur doit montrer un certificat, en PEM'),
          ),
      })
      .nullable()
      .default(null)
      .describe('MLLP over TLS; null = without')
      .meta(titled('TLS', 'TLS', 'MLLP par TLS; vide = sans')),
  })
  .refine(({ host, peers, tls }) => LOOPBACK.includes(host) || peers.length > 0 || tls?.ca !== undefined, {
    error: 'MLLP itself knows no senders: name them in peers, or require their certificate by tls.ca',
  });

export const Settings = z.strictObject({
  address: z
    .string()
    .regex(/^mllps?:\/\/(?:\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/)
    .describe('Where our messages go: mllp://host:port, or mllps://host:port for TLS')
    .meta(
      titled(
        'Where messages go',
        'Destination',
        'Où vont nos messages : mllp://hôte:port, ou mllps://hôte:port pour TLS',
      ),
    ),
  tls: z
    .strictObject({
      key: Pem.optional()
        .describe('Private key that we show, PEM')
        .meta(IS_SECRET)
        .meta(titled('Private key', 'Clé privée', 'Clé privée que nous montrons, en PEM')),
      cert: Pem.optional()
        .describe('Certificate that we show, PEM')
        .meta(titled('Certificate', 'Certificat', 'Certificat que nous montrons, en PEM')),
      ca: Pem.optional()
        .describe('Authority of the receiver, PEM')
        .meta(titled('Authority', 'Autorité', 'Autorité du destinataire, en PEM')),
    })
    .nullable()
    .default(null)
    .describe('Of mllps')
    .meta(titled('TLS', 'TLS', 'Pour mllps')),
  listen: Listen.describe('Where the messages of the record come in').meta(
    titled('Where messages come in', 'Réception', 'Où arrivent les messages du dossier'),
  ),
  resources: z
    .array(z.enum(['AIP', 'AIG', 'AIL']))
    .min(1)
    .max(3)
    .default(['AIP'])
    .describe('Segments that name a calendar: persons, general resources, locations')
    .meta(
      titled(
        'Resource segments',
        'Segments de ressources',
        'Segments qui nomment un agenda : personnes, ressources générales, lieux',
      ),
    ),
  characterSet: z
    .enum(['UNICODE UTF-8', '8859/1', '8859/15'])
    .default('UNICODE UTF-8')
    .describe('Of a message that names none in MSH-18')
    .meta(titled('Character set', 'Jeu de caractères', 'D’un message qui n’en nomme aucun dans MSH-18')),
  processingId: z
    .enum(['P', 'T', 'D'])
    .default('P')
    .describe('MSH-11: a message with another is refused, so that no test comes into production')
    .meta(
      titled(
        'Processing id',
        'Mode de traitement',
        'MSH-11 : un message qui en a un autre est refusé, pour qu’aucun essai n’entre en production',
      ),
    ),
  sender: z
    .strictObject({
      application: Name.default('PASSERELLE')
        .describe('MSH-3: what we call ourselves')
        .meta(titled('Application', 'Application', 'MSH-3 : comment nous nous appelons')),
      facility: z
        .string()
        .max(180)
        .default('')
        .describe('MSH-4: whose it is')
        .meta(titled('Facility', 'Établissement', 'MSH-4 : l’établissement de qui envoie')),
    })
    .prefault({})
    .describe('MSH-3 and MSH-4 of ours')
    .meta(titled('Sender', 'Expéditeur', 'MSH-3 et MSH-4 de nos messages')),
  receiver: z
    .strictObject({
      application: z
        .string()
        .max(180)
        .default('')
        .describe('MSH-5: what the record calls itself')
        .meta(titled('Application', 'Application', 'MSH-5 : comment s’appelle le dossier')),
      facility: z
        .string()
        .max(180)
        .default('')
        .describe('MSH-6: whose it is')
        .meta(titled('Facility', 'Établissement', 'MSH-6 : l’établissement de qui reçoit')),
    })
    .prefault({})
    .describe('MSH-5 and MSH-6 of ours')
    .meta(titled('Receiver', 'Destinataire', 'MSH-5 et MSH-6 de nos messages')),
  takenCodes: z
    .array(z.string().min(1).max(50))
    .max(20)
    .default([])
    .describe('Codes of ERR-5 by which the record says that a time is taken')
    .meta(
      titled(
        'Codes of a taken time',
        'Codes d’une heure prise',
        'Codes de ERR-5 par lesquels le dossier dit qu’une heure est prise',
      ),
    ),
  keepsConnection: z
    .boolean()
    .default(true)
    .describe(
      'Whether the record stays connected while it has nothing to say: then its silence confirms the agenda',
    )
    .meta(
      titled(
        'Stays connected',
        'Reste connecté',
        'Si le dossier reste connecté pendant qu’il n’a rien à dire : son silence confirme alors l’agenda',
      ),
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
