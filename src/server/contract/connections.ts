import { z } from 'zod';
import { OUTAGE_STATES } from '../../contingency/connection-state.ts';
import { MEANT_KINDS } from '../../contingency/fault-meanings.ts';
import { Bilingual, count, Failed, Instant, TimeZone } from './common.ts';
import { ConnectionReadiness } from './health.ts';
import { parameter } from './parameter.ts';
import { json, ndjson, route } from './route.ts';

const Missing = z.strictObject({ known: count, missing: count });

const feed = { feedId: z.string(), since: Instant };

/** Left out of a connection of which the database knows nothing yet. */
const Figures = z.strictObject({
  paused: z.boolean(),
  pausedAt: Instant.nullable(),
  failures: count.meta({ description: 'Faults in a row; 0 = healthy.' }),
  failingSince: Instant.nullable(),
  openUntil: Instant.nullable().meta({ description: 'The circuit is open, no call is made, until then.' }),
  lastError: z.string().nullable(),
  lastSuccessAt: Instant.nullable(),
  confirmedAt: Instant.nullable().meta({ description: 'When it was last read to its end.' }),
  differing: count.meta({ description: 'Listings whose known state is not the desired one.' }),
  oldestDifferingSince: Instant.nullable(),
  conflicts: count,
  rejected: count.meta({ description: 'Records set aside because they could not be read.' }),
  unmapped: z.array(z.strictObject({ reason: z.string(), records: count })),
  tasks: z.strictObject({ open: count, overdue: count }),
  slots: count,
  feeds: count,
  feedsRead: count,
  suspects: z
    .array(z.strictObject({ ...feed, slots: Missing, busy: Missing, shifts: Missing.optional() }))
    .meta({
      description: 'Feeds that lost most of what they showed: it is held back until somebody confirms it.',
    }),
  unreadable: z.array(z.strictObject({ ...feed, records: count, unread: count })),
});

const ListedCalendar = z.strictObject({
  calendar: z.string(),
  practitioner: z.string(),
  location: z.string(),
  timeZone: TimeZone,
});

const lists = z.array(ListedCalendar).optional().meta({
  description: 'Of what lists can be brought (POST …/lists); left out where none are taken.',
});

/** What a fault means, and what is to be done: all that people are told of it. */
export const FaultMeaning = z
  .strictObject({
    kind: z.enum(MEANT_KINDS),
    what: Bilingual,
    patients: Bilingual.meta({ description: 'What patients notice.' }),
    toDo: Bilingual,
  })
  .meta({ id: 'FaultMeaning' });

const Standing = z.strictObject({
  state: z.enum(['working', ...OUTAGE_STATES]).meta({
    description:
      'down: its circuit is open. failing: its last calls failed. paused by a person. in-doubt: what it says cannot be relied on. ' +
      'stale: nothing confirms what was read. unread: never read to its end.',
  }),
  since: Instant.nullable().meta({ description: 'Null where it works, and of what was never read.' }),
  error: FaultMeaning.nullable().meta({ description: 'Of the last fault; null = it has none.' }),
  timeZone: TimeZone.nullable().meta({ description: 'Of its first calendar; null = it has none.' }),
  editedHere: z.boolean().meta({ description: 'Its agenda is in Passerelle: there is no platform to read.' }),
  listed: z
    .boolean()
    .meta({ description: 'Only lists that people bring confirm it, so that it is never stale.' }),
  freshnessMilliseconds: count.meta({ description: 'Past this age it is stale.' }),
});

export const ConnectionStatus = z
  .strictObject({ ...ConnectionReadiness.shape, ...Standing.shape, lists, ...Figures.partial().shape })
  .meta({ id: 'ConnectionStatus' });

export const status = route({
  method: 'get',
  path: '/api/status',
  id: 'readStatus',
  tag: 'connections',
  summary: 'How the connections are',
  access: 'status',
  answers: {
    200: json(
      z
        .strictObject({
          at: Instant,
          organizations: z.array(z.strictObject({ id: z.string(), name: z.string() })),
          ready: z.boolean(),
          connections: z.array(ConnectionStatus),
          subscriptions: z
            .strictObject({
              requested: count,
              active: count,
              error: count,
              off: count,
              waiting: count.meta({ description: 'Changes that some subscriber is still to be told of.' }),
            })
            .optional()
            .meta({ description: 'Of the whole process: only for who sees all organizations.' }),
        })
        .meta({ id: 'Status' }),
      'Each connection that is configured.',
    ),
  },
});

const ofConnection = { id: 'Id of a connection, as GET /api/status has it.' };

export const SyncLine = z
  .union([
    z.strictObject({
      type: z.literal('progress'),
      feedId: z.string(),
      rows: count,
      feedsDone: count,
      feeds: count,
    }),
    z.strictObject({
      type: z.literal('result'),
      outcome: z.literal('done'),
      rows: count,
      slotsChanged: count,
      milliseconds: z.number(),
    }),
    Failed,
  ])
  .meta({ id: 'SyncLine' });

export const synchronize = route({
  method: 'post',
  path: '/api/connections/:id/sync',
  id: 'synchronizeConnection',
  tag: 'connections',
  summary: 'Read every feed of the connection now, whole',
  description: 'It goes on when the client leaves.',
  access: 'operate',
  params: ofConnection,
  answers: { 200: ndjson(SyncLine, 'A line for each step, then one with the result.') },
});

export const confirm = route({
  method: 'post',
  path: '/api/connections/:id/confirm',
  id: 'confirmConnection',
  tag: 'connections',
  summary: 'Say that what its suspect feeds miss is gone',
  access: 'operate',
  params: ofConnection,
  query: z.object({
    feed: parameter(z.string().optional(), 'One of them: * or the id of a calendar; left out = all.', {
      fr: 'feed : une fois, * ou l’id d’un agenda de cette connexion',
      en: 'feed: once, * or the id of a calendar of this connection',
    }),
  }),
  answers: {
    200: json(z.strictObject({ confirmed: z.array(z.string()) }), 'The feeds that were suspect.'),
  },
});

export const rejected = route({
  method: 'get',
  path: '/api/connections/:id/rejected',
  id: 'listRejected',
  tag: 'connections',
  summary: 'Records that were set aside because they could not be read',
  access: 'operate',
  params: ofConnection,
  query: z.object({
    raw: parameter(
      z.string().optional(),
      'true = with their raw forms, which may name patients: this is recorded in the audit log.',
    ),
  }),
  answers: {
    200: json(
      z
        .strictObject({
          records: z.array(
            z.strictObject({
              feedId: z.string(),
              externalId: z.string().nullable().meta({ description: 'Null where it could not be read.' }),
              reason: z.string(),
              occurrences: count.meta({ description: 'Readings, and messages, that met it.' }),
              records: count,
              firstAt: Instant,
              lastAt: Instant,
              hasRaw: z.boolean(),
              raw: z.string().nullable(),
            }),
          ),
        })
        .meta({ id: 'RejectedRecords' }),
      'Each of them.',
    ),
  },
});
