import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';

export const Settings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !url.includes('#') && url.split('?')[0]?.endsWith('/$bulk-publish'), {
      error: 'the address of a manifest ends in $bulk-publish',
    })
    .describe('Address of the manifest; it ends in $bulk-publish')
    .meta(titled('Address', 'Adresse', 'Adresse du manifeste; elle finit par $bulk-publish')),
  token: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Bearer token, where the publisher asks for one. Secret; it goes to the host of the manifest only',
    )
    .meta(IS_SECRET)
    .meta(
      titled(
        'Token',
        'Jeton',
        'Jeton d’accès, quand l’éditeur en demande un. Secret; il ne va qu’à l’hôte du manifeste',
      ),
    ),
  hosts: z
    .array(z.string().min(1))
    .default([])
    .describe('Other hosts, as host or host:port, from which the files of the manifest may be fetched')
    .meta(
      titled(
        'Other hosts',
        'Autres hôtes',
        'Autres hôtes, comme hôte ou hôte:port, d’où les fichiers du manifeste peuvent venir',
      ),
    ),
  states: z
    .array(z.string().min(1))
    .default([])
    .describe('Files of these states or jurisdictions only, as QC; those that name none are read always')
    .meta(
      titled(
        'Jurisdictions',
        'Territoires',
        'Seulement les fichiers de ces territoires, comme QC; ceux qui n’en nomment aucun sont toujours lus',
      ),
    ),
  locations: z
    .array(z.string().min(1))
    .default([])
    .describe('Schedules of these places only, as Location/12; empty = of all')
    .meta(titled('Places', 'Lieux', 'Seulement les agendas de ces lieux, comme Location/12; vide = de tous')),
  busy: z
    .enum(['appointment', 'block'])
    .default('appointment')
    .describe(
      'What a busy slot stands for. `appointment`: inside the lock, can be in conflict. `block`: time that is closed',
    )
    .meta(
      titled(
        'Busy slots',
        'Plages occupées',
        'Ce qu’est une plage occupée. « appointment » : dans le verrou, peut être en conflit. « block » : du temps fermé',
      ),
    ),
  confirmedBy: z
    .enum(['transaction', 'download'])
    .default('transaction')
    .describe(
      'As of when slots are confirmed. `transaction`: the transactionTime of the manifest. `download`: when it was ' +
        'fetched, for a publisher that leaves that as it was while nothing changes',
    )
    .meta(
      titled(
        'Confirmed by',
        'Confirmées par',
        'Quand les plages sont confirmées. « transaction » : au transactionTime du manifeste. « download » : quand il a été lu, pour un éditeur qui le laisse tel quel pendant que rien ne change',
      ),
    ),
  everySeconds: z
    .int()
    .min(0)
    .max(3_600)
    .default(60)
    .describe('The manifest is fetched no more often. Less than 60 only where the publisher agreed to it')
    .meta(
      titled(
        'Seconds between readings',
        'Secondes entre les lectures',
        'Le manifeste n’est pas lu plus souvent. Moins de 60 seulement si l’éditeur en a convenu',
      ),
    ),
});
export type Settings = z.output<typeof Settings>;

export const manifest = {
  id: 'smart-scheduling-links',
  title: { fr: 'SMART Scheduling Links', en: 'SMART Scheduling Links' },
  kind: 'standard',
  // smart-on-fhir/smart-scheduling-links, specification.md (2021), and HL7/smart-scheduling-links (hl7.fhir.uv.ssl, 2026).
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'delta',
    feed: 'connection',
    webhook: 'none',
    idempotency: 'none',
    conditionalWrite: false,
    operations: [],
    calendars: true,
  },
  limits: {
    requests: 600,
    windowMilliseconds: 60_000,
    concurrency: 2,
    timeoutMilliseconds: 30_000,
    stalenessMilliseconds: 0,
  },
  settings: Settings,
  exemptions: {},
} as const satisfies Manifest<typeof Settings>;
