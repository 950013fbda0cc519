import { z } from 'zod';
import { Bilingual, count, Instant } from './common.ts';
import { json, route } from './route.ts';

/** Which platforms can be connected, what each can do, and what proves it. */

const Grade = z.enum(['bronze', 'silver', 'gold', 'platinum']);
const Outcome = z.enum(['passed', 'failed', 'exempt', 'untried']);
const Proof = z.enum(['proven', 'refuted', 'unproven']);

const Counts = z
  .strictObject({ passed: count, failed: count, exempt: count, untried: count })
  .meta({ description: 'Cases of the conformance suite.' });

export const AdapterSummary = z
  .strictObject({
    platform: z.string(),
    title: Bilingual,
    kind: z.enum(['private', 'public', 'standard']),
    contract: z.enum(['published', 'observed', 'assumed']).meta({
      description: 'How its interface is known: from a publication, from observing it, or assumed by us.',
    }),
    source: z.string().nullable().meta({ description: 'Of another package: its name and version.' }),
    grade: Grade.nullable().meta({ description: 'Null = none reached, or there is no report.' }),
    cases: Counts.nullable().meta({ description: 'Null = there is no report.' }),
    abilities: z
      .array(z.strictObject({ capability: z.string(), says: Bilingual }))
      .meta({ description: 'What can be done there, in the words of a clinic.' }),
    connections: z.array(z.string()).meta({ description: 'That are configured with it.' }),
    readme: z.string().nullable().meta({ description: 'Where it is described, in the sources.' }),
  })
  .meta({ id: 'AdapterSummary' });

/** As far as it is shown of what `passerelle adapter verify` writes; other keys are passed over. */
export const StoredReport = z.object({
  at: z.string(),
  grade: Grade.nullable(),
  missing: z.array(z.string()),
  capabilities: z.array(z.object({ capability: z.string(), declared: z.string(), proof: Proof })),
  cases: z.array(
    z.object({
      id: z.string(),
      subject: z.string(),
      title: z.string(),
      grade: Grade,
      outcome: Outcome,
      reason: z.string().nullable(),
    }),
  ),
  targets: z.array(
    z.object({ name: z.string(), stage: z.enum(['simulator', 'server', 'live', 'recorded']) }),
  ),
});
export type StoredReport = z.output<typeof StoredReport>;

const Capability = z
  .strictObject({
    capability: z.string(),
    declared: z.string(),
    says: Bilingual.meta({ description: 'What that means for a clinic.' }),
    proof: Proof.nullable().meta({ description: 'Null = there is no report.' }),
    provedBy: z.array(z.string()).meta({ description: 'Ids of the cases that prove it.' }),
  })
  .meta({ id: 'AdapterCapability' });

export const Adapter = z
  .strictObject({
    ...AdapterSummary.shape,
    capabilities: z.array(Capability),
    limits: z.strictObject({
      requests: count.meta({ description: 'In each window.' }),
      windowMilliseconds: count,
      concurrency: count,
      timeoutMilliseconds: count,
      stalenessMilliseconds: count.meta({
        description: 'How long a reading may lag behind a write that was confirmed.',
      }),
    }),
    report: z
      .strictObject({
        at: Instant,
        missing: z.array(z.string()).meta({ description: 'What stands between it and the next grade.' }),
        targets: z.array(z.strictObject(StoredReport.shape.targets.element.shape)),
        cases: z.array(z.strictObject(StoredReport.shape.cases.element.shape)),
      })
      .nullable(),
    settings: z.strictObject({
      schema: z.looseObject({}).meta({ description: 'JSON Schema (draft 7) of `settings` of a connection.' }),
      secrets: z.array(z.string()).meta({
        description: 'JSON Pointers (RFC 6901) into the schema, of what is secret (`writeOnly`).',
        examples: [['/properties/apiKey']],
      }),
    }),
  })
  .meta({ id: 'Adapter' });

export const listAdapters = route({
  method: 'get',
  path: '/api/adapters',
  id: 'listAdapters',
  tag: 'connections',
  summary: 'Which platforms can be connected, and how far that is proven',
  access: 'status',
  answers: {
    200: json(
      z.strictObject({ adapters: z.array(AdapterSummary) }).meta({ id: 'Adapters' }),
      'By their ids.',
    ),
  },
});

export const readAdapter = route({
  method: 'get',
  path: '/api/adapters/:platform',
  id: 'readAdapter',
  tag: 'connections',
  summary: 'What one platform can do, what proves it, and its settings',
  access: 'status',
  params: { platform: 'Id of an adapter, as GET /api/adapters has it.' },
  answers: { 200: json(Adapter, 'All that is known of it.') },
});
