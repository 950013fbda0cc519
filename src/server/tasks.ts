import express, { type Router } from 'express';
import { nameOf } from '../domain/access.ts';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import { formatInstant, type Instant, instant } from '../domain/instant.ts';
import type { ListCommand, ListOutcome, Lists } from '../engine/ports/lists.ts';
import type { Task, TaskOutcome, Tasks } from '../engine/ports/tasks.ts';
import { type Issue, Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { callerOf } from './authentication.ts';
import type { Shown } from './contract/route.ts';
import * as routes from './contract/tasks.ts';
import { idIn } from './ids.ts';
import { mount } from './mount.ts';

/** What persons are asked to do at platforms that no program can write to, and the lists that they bring from there. */

export type TasksDependencies = {
  readonly directory: Directory;
  readonly tasks: Tasks;
  readonly lists: Lists;
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Audit;
};

const LISTED_MAX = 500;
const WRONG_MAX = 200;

const DEEDS = ['done', 'undo', 'taken'] as const;

export function tasksApi({ directory, tasks, lists, clock, audit }: TasksDependencies): Router {
  const router = express.Router();
  const connectionOf = (id: string): string => {
    const found = directory.entries.connections.find((connection) => connection.id === id);
    if (found) return found.id;
    throw new Refused('not-found', { diagnostics: NO_CONNECTION });
  };

  mount(router, routes.listTasks, async ({ query, reply }) => {
    const { state, connection } = query();
    const connectionIds = connection === undefined ? null : [connectionOf(connection)];
    const found = await tasks.list({ state, connectionIds, limit: LISTED_MAX + 1 });
    const now = clock.now();
    const shown = found.slice(0, LISTED_MAX).map((task) => taskJson(task, directory, now));
    return reply(200, { tasks: shown, complete: found.length <= LISTED_MAX });
  });

  mount(router, routes.readTask, async ({ params, reply }) => {
    const found = await tasks.find(idIn(params.id, unknown));
    if (!found) throw unknown();
    return reply(200, taskJson(found, directory, clock.now()));
  });

  for (const deed of DEEDS) {
    mount(router, routes.TELLINGS[deed], async ({ request, params, reply }) => {
      const id = idIn(params.id, unknown);
      const task = changedOf(await tasks[deed](id, nameOf(callerOf(request))));
      await audit(request, {
        type: 'task.told',
        action: 'E',
        entities: [`Task/${id}`, `Connection/${task.connectionId}`],
        detail: { told: deed },
      });
      return reply(200, taskJson(task, directory, clock.now()));
    });
  }

  mount(router, routes.takeList, async ({ request, params, body, reply }) => {
    const id = connectionOf(params.id);
    const outcome = readOf(await lists.take(id, commandOf(await body())));
    await audit(request, {
      type: 'list.imported',
      action: 'E',
      entities: [`Connection/${id}`],
      detail: { rows: String(outcome.rows), wrong: String(outcome.wrong.length) },
    });
    return reply(200, outcome);
  });

  return router;
}

const commandOf = ({ text, calendar, seenAt, complete, partial }: routes.List): ListCommand => ({
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

const unknown = (): Refused =>
  new Refused('not-found', {
    diagnostics: {
      fr: 'aucune tâche n’a cet id : voyez GET /api/tasks?state=all',
      en: 'no task has this id: see GET /api/tasks?state=all',
    },
  });

function taskJson(task: Task, directory: Directory, now: Instant): Shown<typeof routes.Task> {
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
