import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { nameOf } from '../domain/access.ts';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import { formatInstant, type Instant, instant } from '../domain/instant.ts';
import { TASK_STATES, type TaskState } from '../domain/task.ts';
import type { ListCommand, ListOutcome, Lists } from '../engine/ports/lists.ts';
import type { Task, TaskOutcome, Tasks } from '../engine/ports/tasks.ts';
import { parseJson, readBody } from '../fhir/body.ts';
import { bodyAs } from '../fhir/incoming.ts';
import { requireJson } from '../fhir/negotiation.ts';
import { type Issue, Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { callerOf, onDuty } from './authentication.ts';
import { idIn } from './ids.ts';

/** What persons are asked to do at platforms that no program can write to, and the lists that they bring from there. */

export type TasksDependencies = {
  readonly directory: Directory;
  readonly tasks: Tasks;
  readonly lists: Lists;
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Audit;
};

const LISTED_MAX = 500;
/** A list of 10,000 lines, as JSON. */
const LIST_BYTES_MAX = 2 * 1024 * 1024;
const WRONG_MAX = 200;
const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/);

const Body = z.strictObject({
  text: z.string(),
  calendar: z.string().min(1).max(1_000).optional(),
  seenAt: z.iso.datetime({ offset: true }).optional(),
  complete: z
    .union([z.boolean(), z.strictObject({ from: Day.optional(), to: Day.optional() })])
    .default(false),
  partial: z.boolean().default(false),
});

const DEEDS = ['done', 'undo', 'taken'] as const;

export function tasksApi({ directory, tasks, lists, clock, audit }: TasksDependencies): Router {
  const router = express.Router();
  const connectionOf = (id: unknown): string => {
    const found = directory.entries.connections.find((connection) => connection.id === id);
    if (found) return found.id;
    throw new Refused('not-found', { diagnostics: NO_CONNECTION });
  };

  /** What is open, the soonest due first; `?state=` overdue, ended or all, `?connection=` of one. */
  router.get('/api/tasks', onDuty('status'), async (request, response) => {
    const { connection } = request.query;
    const connectionIds = connection === undefined ? null : [connectionOf(connection)];
    const state = stateOf(request.query['state']);
    const found = await tasks.list({ state, connectionIds, limit: LISTED_MAX + 1 });
    const now = clock.now();
    response.setHeader('cache-control', 'no-store');
    response.json({
      tasks: found.slice(0, LISTED_MAX).map((task) => taskJson(task, directory, now)),
      /** False = there are more. */
      complete: found.length <= LISTED_MAX,
    });
  });

  router.get('/api/tasks/:id', onDuty('status'), async (request, response) => {
    const found = await tasks.find(idIn(request.params.id, unknown));
    if (!found) throw unknown();
    response.setHeader('cache-control', 'no-store');
    response.json(taskJson(found, directory, clock.now()));
  });

  const tell = async (request: Request<{ id: string }>, response: Response, deed: (typeof DEEDS)[number]) => {
    const id = idIn(request.params.id, unknown);
    const task = changedOf(await tasks[deed](id, nameOf(callerOf(request))));
    await audit(request, {
      type: 'task.told',
      action: 'E',
      entities: [`Task/${id}`, `Connection/${task.connectionId}`],
      detail: { told: deed },
    });
    response.setHeader('cache-control', 'no-store');
    response.json(taskJson(task, directory, clock.now()));
  };
  router.post('/api/tasks/:id/done', onDuty('operate'), (request, response) =>
    tell(request, response, 'done'),
  );
  router.post('/api/tasks/:id/undo', onDuty('operate'), (request, response) =>
    tell(request, response, 'undo'),
  );
  router.post('/api/tasks/:id/taken', onDuty('operate'), (request, response) =>
    tell(request, response, 'taken'),
  );

  /** What somebody copied from the platform's screen. */
  router.post('/api/connections/:id/lists', onDuty('operate'), async (request, response) => {
    const id = connectionOf(request.params['id']);
    requireJson(request.headers['content-type']);
    const body = bodyAs(Body, parseJson(await readBody(request, LIST_BYTES_MAX)), NO_OTHER_KEYS);
    const outcome = readOf(await lists.take(id, commandOf(body)));
    await audit(request, {
      type: 'list.imported',
      action: 'E',
      entities: [`Connection/${id}`],
      detail: { rows: String(outcome.rows), wrong: String(outcome.wrong.length) },
    });
    response.setHeader('cache-control', 'no-store');
    response.json(outcome);
  });

  return router;
}

const commandOf = ({ text, calendar, seenAt, complete, partial }: z.output<typeof Body>): ListCommand => ({
  text,
  calendar: calendar ?? null,
  seenAt: seenAt === undefined ? null : instant(Date.parse(seenAt)),
  complete: complete === false ? null : daysOf(complete === true ? {} : complete),
  partial,
});

const daysOf = ({ from, to }: { from?: string | undefined; to?: string | undefined }) => ({
  from: from ?? null,
  to: to ?? null,
});

const NO_OTHER_KEYS = {
  fr: 'une clé n’est pas prise ici',
  en: 'there is a key that is not taken here',
};
const NO_CONNECTION = {
  fr: 'aucune connexion n’a cet id : voyez GET /api/status',
  en: 'no connection has this id: see GET /api/status',
};

/** @throws Refused unless it was changed as was asked. */
function changedOf(outcome: TaskOutcome): Task {
  if (outcome.outcome === 'changed') return outcome.task;
  if (outcome.outcome === 'unknown-task') throw unknown();
  throw new Refused('task-not-so', { diagnostics: outcome.reason });
}

/** @throws Refused unless it was taken, with each line that cannot be read. */
function readOf(outcome: ListOutcome): Extract<ListOutcome, { outcome: 'read' }> {
  switch (outcome.outcome) {
    case 'read':
      return outcome;
    case 'refused':
      throw new Refused('list-not-taken', { diagnostics: outcome.reason });
    case 'unavailable':
      throw new Refused('unavailable', { diagnostics: outcome.reason }, { 'retry-after': '5' });
    case 'wrong-lines': {
      const { wrong } = outcome;
      const issues = wrong.slice(0, WRONG_MAX).map(
        ({ line, reason }): Issue => ({
          diagnostics: { fr: `ligne ${line} : ${reason.fr}`, en: `line ${line}: ${reason.en}` },
          expression: 'text',
        }),
      );
      const more = wrong.length - issues.length;
      const rest: Issue = {
        diagnostics: { fr: `et ${more} lignes de plus`, en: `and ${more} more lines` },
        expression: 'text',
      };
      throw new Refused('list-not-taken', more > 0 ? [...issues, rest] : issues);
    }
  }
}

function stateOf(given: unknown): TaskState {
  const state = given === undefined ? 'open' : TASK_STATES.find((each) => each === given);
  if (state !== undefined) return state;
  const states = TASK_STATES.join(', ');
  const diagnostics = { fr: `state : l’un de ${states}`, en: `state: one of ${states}` };
  throw new Refused('invalid-parameter', { diagnostics, expression: 'http.state' });
}

const unknown = (): Refused =>
  new Refused('not-found', {
    diagnostics: {
      fr: 'aucune tâche n’a cet id : voyez GET /api/tasks?state=all',
      en: 'no task has this id: see GET /api/tasks?state=all',
    },
  });

function taskJson(task: Task, directory: Directory, now: Instant) {
  const { id, connectionId, calendar, scheduleId, operation, interval, ended, dueAt } = task;
  return {
    id,
    state: ended ? ended.how : dueAt < now ? 'overdue' : 'open',
    text: task.text,
    connection: connectionId,
    calendar,
    schedule: scheduleId,
    /** Null of a schedule that is not configured any more. */
    timeZone: directory.hasSchedule(scheduleId) ? directory.zoneOf(scheduleId) : null,
    operation,
    start: formatInstant(interval.start),
    end: formatInstant(interval.end),
    askedAt: formatInstant(task.askedAt),
    dueAt: formatInstant(dueAt),
    endedAt: ended && formatInstant(ended.at),
    /** Null of one that nobody ticked. */
    endedBy: ended?.by ?? null,
    /** After its deadline, until now or until it ended; 0 = in time. */
    lateSeconds: Math.max(0, Math.round(((ended?.at ?? now) - dueAt) / 1000)),
    escalated: task.escalated,
    escalatedAt: task.escalatedAt && formatInstant(task.escalatedAt),
  };
}
