import { z } from 'zod';
import { NO_INSTANT } from '../period.ts';
import { count, Instant } from './common.ts';
import { instantText, parameter } from './parameter.ts';
import { json, other, route } from './route.ts';

const sequence = z.int().min(1);
const kinds = ['missing', 'altered', 'inserted', 'unlinked', 'unknown-key', 'cut', 'rewritten'] as const;

export const verifyAudit = route({
  method: 'get',
  path: '/api/audit/verify',
  id: 'verifyAudit',
  tag: 'privacy',
  summary: 'Whether the audit log is whole',
  access: 'administer',
  ofAll: true,
  query: z.object({
    anchor: parameter(
      z.array(z.string().regex(/^([1-9]\d{0,14}):([0-9a-f]{64})$/)).default([]),
      'Ends of the chain that were noted before, as <sequence>:<hash>.',
      {
        fr: 'anchor : il faut <numéro>:<empreinte>, comme le journal ou « passerelle audit verify » l’écrit',
        en: 'anchor: must be <sequence>:<hash>, as the log or "passerelle audit verify" writes it',
      },
    ),
  }),
  answers: {
    200: json(
      z
        .strictObject({
          records: count.meta({ description: 'That hold.' }),
          from: Instant.nullable(),
          to: Instant.nullable(),
          last: z
            .strictObject({ sequence, hash: z.string() })
            .nullable()
            .meta({ description: 'The last that holds.' }),
          fault: z
            .union([
              z.strictObject({ kind: z.enum(kinds), sequence }),
              z.strictObject({ kind: z.literal('reordered'), sequence, writtenAs: sequence }),
            ])
            .nullable()
            .meta({ description: 'The first that is wrong.' }),
        })
        .meta({ id: 'Verification' }),
      'Spaces in front say that it goes on.',
    ),
  },
});

export const exportAudit = route({
  method: 'get',
  path: '/api/audit/export',
  id: 'exportAudit',
  tag: 'privacy',
  summary: 'The audit log as FHIR AuditEvents',
  access: 'administer',
  ofAll: true,
  query: z.object({
    from: parameter(instantText.optional(), 'With its offset; left out = from the first.', NO_INSTANT),
    before: parameter(instantText.optional(), 'With its offset; left out = to the last.', NO_INSTANT),
  }),
  answers: {
    200: other(
      'application/fhir+ndjson',
      z.looseObject({ resourceType: z.literal('AuditEvent') }),
      'An AuditEvent a line; the schema is of one line.',
    ),
  },
});
