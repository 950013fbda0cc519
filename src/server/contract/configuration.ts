import { z } from 'zod';
import { LISTS, type ListName } from '../../config/document.ts';
import { MEANT_KINDS } from '../../contingency/fault-meanings.ts';
import { SUGGESTED_BY } from '../../domain/calendar-suggestions.ts';
import { Bilingual, complete, count } from './common.ts';
import { json, route } from './route.ts';

/** What `/api/configuration` takes and answers. */

const Revision = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 of the file, in hex');

/** Where several are wrong each is told by itself. The English is always there. */
export const ProblemAnswer = z.strictObject({
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

export const ConfigurationAnswer = z
  .strictObject({
    revision: Revision.describe('Of the file as it is; also the ETag'),
    running: Revision.describe('Of the file that this process runs by'),
    exists: z
      .boolean()
      .describe('false = nothing has been configured so far; the first change makes the file'),
    writable: z.object({
      isWritable: z.boolean(),
      reason: Bilingual.nullable().describe('Why it cannot be changed from here'),
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
  })
  .meta({ id: 'Configuration' });

const Changed = z
  .strictObject({
    revision: Revision.describe('Of the file as it is now; GET says when it is the one that is running'),
  })
  .meta({ id: 'ConfigurationChanged' });

const Check = z
  .discriminatedUnion('edit', [
    z.strictObject({ edit: z.literal('put'), list: z.enum(LISTS), id: z.string().min(1), value: EntryBody }),
    z.strictObject({ edit: z.literal('remove'), list: z.enum(LISTS), id: z.string().min(1) }),
    z.strictObject({ edit: z.literal('organization'), value: EntryBody }),
  ])
  .meta({ id: 'ConfigurationEdit' });

const Checked = z
  .strictObject({
    problems: z.array(ProblemAnswer).describe('What would be wrong; none = it would be written'),
  })
  .meta({ id: 'ConfigurationChecked' });

const NO_OTHER_KEYS = {
  fr: 'une clé n’est pas prise ici : edit, list, id, value',
  en: 'there is a key that is not taken here: edit, list, id, value',
};

const NO_OTHER_TRIAL_KEYS = {
  fr: 'une clé n’est pas prise ici : id, value',
  en: 'there is a key that is not taken here: id, value',
};

const COMMON = { tag: 'configuration', access: 'administer' } as const;

const Trial = z
  .strictObject({
    id: z.string().min(1),
    value: EntryBody.describe(
      'As PUT takes it: a secret as a text, as the reference that stands there, or left out = as it is stored. calendars may be left out',
    ),
  })
  .meta({ id: 'ConnectionTrial' });

const FoundCalendar = z
  .strictObject({
    id: z.string().describe('The platform’s own, as it is written under calendars'),
    name: z.string().nullable().describe('As the platform calls it'),
    practitionerName: z.string().nullable().describe('Whose it is, as the platform writes it'),
    identifiers: z
      .array(z.strictObject({ system: z.string(), value: z.string() }))
      .describe('Of whoever’s it is'),
    location: z.string().nullable().describe('Where, as the platform writes it'),
    linked: z
      .string()
      .nullable()
      .describe('The schedule that this connection links it to, as sent or else as it stands in the file'),
    suggestion: z
      .strictObject({
        schedule: z
          .string()
          .nullable()
          .describe('Null = the practitioner has none so far, or several of which none is more likely'),
        practitioner: z.string(),
        because: z
          .enum(SUGGESTED_BY)
          .describe(
            'identifier = the same licence number. name = the same name, but for accents, case, order and titles. similar = initials, ' +
              'part of a compound name, or a letter that differs: for a person to look at',
          ),
      })
      .nullable()
      .describe('Null = nobody is alike, or several are'),
  })
  .meta({ id: 'FoundCalendar' });

const Tried = z
  .strictObject({
    problems: z
      .array(ProblemAnswer)
      .describe('What is wrong with the connection itself, as of /check. With any, nobody is called'),
    reached: z
      .strictObject({
        isReached: z.boolean().describe('Address and credentials work'),
        milliseconds: count.describe('Until it answered, or until it was given up'),
        fault: z.enum(MEANT_KINDS).nullable().describe('Null = none'),
        says: Bilingual.describe('What was found, and what to do'),
      })
      .nullable()
      .describe('Null = nobody was called'),
    calendars: z.strictObject({
      canList: z.boolean().describe('Whether this platform can say which calendars it has'),
      complete,
      found: z.array(FoundCalendar),
    }),
  })
  .meta({ id: 'ConnectionTried' });

export const readConfiguration = route({
  ...COMMON,
  method: 'get',
  path: '/api/configuration',
  id: 'readConfiguration',
  summary: 'What the configuration file says, and what runs',
  answers: { 200: json(ConfigurationAnswer, 'Without secrets. Its ETag is the revision.') },
});

export const readConfigurationSchema = route({
  ...COMMON,
  method: 'get',
  path: '/api/configuration/schema',
  id: 'readConfigurationSchema',
  summary: 'JSON Schema (draft 7) of the file, with the settings of each platform',
  answers: { 200: json(EntryBody.meta({ id: 'ConfigurationSchema' }), 'Secrets are writeOnly.') },
});

export const checkConfigurationEdit = route({
  ...COMMON,
  method: 'post',
  path: '/api/configuration/check',
  id: 'checkConfigurationEdit',
  summary: 'What would be wrong after a change; nothing is written',
  body: { schema: Check, otherKeys: NO_OTHER_KEYS },
  answers: { 200: json(Checked, 'All that would be wrong.') },
});

export const tryConnection = route({
  ...COMMON,
  method: 'post',
  path: '/api/configuration/try',
  id: 'tryConfiguredConnection',
  summary:
    'Whether a connection would reach its platform, and which calendars it has there; nothing is written',
  description:
    'The platform is called once, as the gateway would call it, for at most 15 s. Its calendars come with a suggestion of whose they are.',
  body: { schema: Trial, otherKeys: NO_OTHER_TRIAL_KEYS },
  answers: { 200: json(Tried, 'What was found; that the platform cannot be reached is an answer too.') },
});

const CHANGES =
  'If-Match is required: the revision that was read. It is answered before the gateway starts anew by it.';
const changed = { 200: json(Changed, 'It is written.') } as const;

export const putOrganization = route({
  ...COMMON,
  method: 'put',
  path: '/api/configuration/organization',
  id: 'putConfiguredOrganization',
  summary: 'Name the organization',
  description: CHANGES,
  body: { schema: EntryBody, otherKeys: NO_OTHER_KEYS },
  answers: changed,
});

const ONE: Readonly<Record<ListName, string>> = {
  connections: 'Connection',
  practitioners: 'Practitioner',
  locations: 'Location',
  services: 'Service',
  schedules: 'Schedule',
};

const ofEntry = { id: 'Id, as it stands in the file.' };

const putOf = (list: ListName) =>
  route({
    ...COMMON,
    method: 'put',
    path: `/api/configuration/${list}/:id`,
    id: `putConfigured${ONE[list]}`,
    summary: `Add or change one of ${list}, as a whole`,
    description: CHANGES,
    params: ofEntry,
    body: { schema: EntryBody, otherKeys: NO_OTHER_KEYS },
    answers: changed,
  });

const removeOf = (list: ListName) =>
  route({
    ...COMMON,
    method: 'delete',
    path: `/api/configuration/${list}/:id`,
    id: `removeConfigured${ONE[list]}`,
    summary: `Take one of ${list} out`,
    description: CHANGES,
    params: ofEntry,
    answers: changed,
  });

export const PUTS = LISTS.map((list) => ({ list, route: putOf(list) }));
export const REMOVALS = LISTS.map((list) => ({ list, route: removeOf(list) }));
export const CHANGES_OF_LISTS = Object.fromEntries(
  [...PUTS, ...REMOVALS].map(({ route: declared }) => [declared.id, declared]),
);

export type ConfigurationAnswer = z.output<typeof ConfigurationAnswer>;
export type ProblemAnswer = z.output<typeof ProblemAnswer>;
export type FoundCalendarAnswer = z.output<typeof FoundCalendar>;
export type TrialAnswer = z.output<typeof Tried>;
