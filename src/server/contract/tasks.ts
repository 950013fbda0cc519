import { z } from 'zod';
import { TASK_OPERATIONS, TASK_STATES } from '../../domain/task.ts';
import { Bilingual, complete, count, Instant, TimeZone, time } from './common.ts';
import { oneOf, parameter } from './parameter.ts';
import { json, route } from './route.ts';

/** A list of 10,000 lines, as JSON. */
const LIST_BYTES_MAX = 2 * 1024 * 1024;

export const Task = z
  .strictObject({
    id: z.uuid(),
    state: z.enum(['open', 'overdue', 'done', 'taken', 'seen', 'withdrawn', 'passed']),
    text: Bilingual,
    connection: z.string(),
    calendar: z.string(),
    schedule: z.string(),
    timeZone: TimeZone.nullable().meta({
      description: 'Null of a schedule that is not configured any more.',
    }),
    operation: z.enum(TASK_OPERATIONS),
    ...time,
    askedAt: Instant,
    dueAt: Instant,
    endedAt: Instant.nullable(),
    endedBy: z.string().nullable().meta({ description: 'Null of one that nobody ticked.' }),
    lateSeconds: count.meta({ description: 'After its deadline, until now or until it ended; 0 = in time.' }),
    escalated: count.meta({ description: 'So many steps of escalation have been told.' }),
    escalatedAt: Instant.nullable(),
  })
  .meta({ id: 'Task' });

export const listTasks = route({
  method: 'get',
  path: '/api/tasks',
  id: 'listTasks',
  tag: 'tasks',
  summary: 'Tasks, the soonest due first',
  access: 'status',
  query: z.object({
    state: oneOf('state', TASK_STATES, 'open'),
    connection: parameter(z.string().optional(), 'Of this connection only.'),
  }),
  answers: {
    200: json(z.strictObject({ tasks: z.array(Task), complete }).meta({ id: 'Tasks' }), '500 at the most.'),
  },
});

const ofTask = { id: 'Id of the task.' };

export const readTask = route({
  method: 'get',
  path: '/api/tasks/:id',
  id: 'readTask',
  tag: 'tasks',
  summary: 'One task',
  access: 'status',
  params: ofTask,
  answers: { 200: json(Task, 'As it is now.') },
});

const telling = <const Deed extends string>(deed: Deed, summary: string) =>
  route({
    method: 'post',
    path: `/api/tasks/:id/${deed}`,
    id: `${deed}Task`,
    tag: 'tasks',
    summary,
    access: 'operate',
    params: ofTask,
    answers: { 200: json(Task, 'As it is now.') },
  });

export const TELLINGS = {
  done: telling('done', 'Say that it has been made at the platform'),
  undo: telling('undo', 'Say that a tick was a mistake'),
  taken: telling('taken', 'Say that a patient has the time there'),
} as const;

const LocalDay = z.string().regex(/^\d{4}-\d\d-\d\d$/);

const List = z
  .strictObject({
    text: z.string().meta({ description: 'What was copied from the platform’s screen.' }),
    calendar: z.string().min(1).max(1_000).optional().meta({ description: 'Of lines that name none.' }),
    seenAt: z.iso.datetime({ offset: true }).optional().meta({ description: 'Left out = now.' }),
    complete: z
      .union([z.boolean(), z.strictObject({ from: LocalDay.optional(), to: LocalDay.optional() })])
      .default(false)
      .meta({
        description: 'All that stands on these days is in it; true = from its first day to its last.',
      }),
    partial: z
      .boolean()
      .default(false)
      .meta({ description: 'Take it although some of its lines cannot be read.' }),
  })
  .meta({ id: 'List' });

export type List = z.output<typeof List>;

export const takeList = route({
  method: 'post',
  path: '/api/connections/:id/lists',
  id: 'takeList',
  tag: 'tasks',
  summary: 'Take what somebody copied from the platform’s screen',
  access: 'operate',
  params: { id: 'Id of a connection, as GET /api/status has it.' },
  body: {
    schema: List,
    otherKeys: { fr: 'une clé n’est pas prise ici', en: 'there is a key that is not taken here' },
    bytesMax: LIST_BYTES_MAX,
  },
  answers: {
    200: json(
      z
        .strictObject({
          outcome: z.literal('read'),
          rows: count,
          slotsChanged: count,
          wrong: z.array(z.strictObject({ line: z.int().min(1), reason: Bilingual })),
          calendars: z.array(
            z.strictObject({
              calendar: z.string(),
              confirmed: z
                .boolean()
                .meta({ description: 'It says all of the calendar as far ahead as that is read.' }),
              isSuspect: z
                .boolean()
                .meta({ description: 'So much of it is missing that nothing was taken for gone.' }),
            }),
          ),
        })
        .meta({ id: 'ListTaken' }),
      'What became of it.',
    ),
  },
});
