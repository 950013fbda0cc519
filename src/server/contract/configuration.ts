import { z } from 'zod';
import { LISTS } from '../../config/document.ts';

/** What `/api/configuration` takes and answers. */

const Revision = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 of the file, in hex');

/** Where several are wrong each is told by itself. The English is always there. */
const ProblemAnswer = z.object({
  path: z.string().describe('In the file, as connections[0].settings.baseUrl; empty = the file as a whole'),
  field: z
    .string()
    .nullable()
    .describe(
      'In what the edit is about, as settings.baseUrl; empty = of it as a whole; null = elsewhere in the file',
    ),
  line: z.int().describe('In the file as it would be written, from 1'),
  column: z.int(),
  message: z.object({ en: z.string(), fr: z.string().optional() }),
});

/** One of the lists, or an organization, as docs/configuration.md has it. */
export const EntryBody = z.record(z.string(), z.unknown());

export const ListParameter = z.enum(LISTS);

export const ConfigurationAnswer = z.object({
  revision: Revision.describe('Of the file as it is; also the ETag'),
  running: Revision.describe('Of the file that this process runs by'),
  exists: z.boolean().describe('false = nothing has been configured so far; the first change makes the file'),
  writable: z.object({
    isWritable: z.boolean(),
    reason: z
      .object({ fr: z.string(), en: z.string() })
      .nullable()
      .describe('Why it cannot be changed from here'),
  }),
  document: EntryBody.nullable().describe(
    'adapters, organization or organizations, locations, services, practitioners, schedules, connections, as they stand in the ' +
      'file. Of a secret only where it is: { env }, { file }, or { hidden } where it stands in the file. null = the file is no YAML',
  ),
  problems: z
    .array(ProblemAnswer)
    .describe('Of the file as it is: while it has any, the former one goes on running'),
  failed: z
    .object({ revision: Revision, reason: z.string() })
    .nullable()
    .describe('The revision that was right and could not be started, and why; the former one runs again'),
  offered: z
    .array(
      z.object({
        connection: EntryBody,
        calendars: z.array(z.string()).describe('The ids that its calendars have there'),
      }),
    )
    .describe(
      'Connections that can be added as they are, but for their calendars: those of the demonstration',
    ),
});

export const ChangedAnswer = z.object({
  revision: Revision.describe('Of the file as it is now; GET says when it is the one that is running'),
});

export const CheckBody = z.discriminatedUnion('edit', [
  z.strictObject({ edit: z.literal('put'), list: ListParameter, id: z.string().min(1), value: EntryBody }),
  z.strictObject({ edit: z.literal('remove'), list: ListParameter, id: z.string().min(1) }),
  z.strictObject({ edit: z.literal('organization'), value: EntryBody }),
]);

export const CheckAnswer = z.object({
  problems: z.array(ProblemAnswer).describe('What would be wrong; none = it would be written'),
});

export type ConfigurationAnswer = z.output<typeof ConfigurationAnswer>;
export type ProblemAnswer = z.output<typeof ProblemAnswer>;
