import { toLocal } from '../adapter/zone.ts';
import { backoff } from '../domain/backoff.ts';
import type { Directory } from '../domain/directory.ts';
import { groupBy } from '../domain/group-by.ts';
import { type Instant, MINUTE, plus } from '../domain/instant.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { reasonOf } from './circuit.ts';
import type { Context } from './context.ts';
import { announce } from './health.ts';
import type { Escalation, EscalationStep, Message } from './ports/mail.ts';
import type { Task } from './ports/tasks.ts';

/**
 * People are told by mail of tasks that nobody has done in time: whom, and how long after the deadline, says the configuration,
 * step by step. One message has all that are due. It is told at least once: who dies after the mail has gone, and before that
 * is written, has it sent again.
 */

/** Longer than a mail may take. */
const LEASE_MILLISECONDS = 2 * MINUTE;
const RETRY_MIN_MILLISECONDS = 1 * MINUTE;
const RETRY_MAX_MILLISECONDS = 30 * MINUTE;
/** In one message; the next one has the rest. */
const TASKS_MAX = 200;

export async function escalate(
  context: Context,
  { mailer, steps }: Escalation,
  signal: AbortSignal,
): Promise<void> {
  const { store, environment, directory } = context;
  for (const [connectionId, ladder] of steps) {
    const now = environment.clock.now();
    const due = await store.claimEscalations(
      connectionId,
      ladder.map(({ afterMilliseconds }) => afterMilliseconds),
      { now, leaseUntil: plus(now, LEASE_MILLISECONDS), limit: TASKS_MAX },
    );
    for (const [step, tasks] of groupBy(due, ({ escalated }) => String(escalated))) {
      const to = ladder[Number(step)]?.to ?? [];
      const ids = tasks.map(({ id }) => id);
      const told = { at: now, connectionId, tasks: tasks.length };
      try {
        await mailer.send(messageFor(directory, connectionId, { to }, tasks), signal);
        await store.recordEscalated(ids, environment.clock.now());
        await announce(context, { type: 'tasks.escalated', ...told });
      } catch (error) {
        const attempts = Math.max(...tasks.map(({ mailAttempts }) => mailAttempts));
        const { random } = environment;
        const wait = backoff(attempts - 1, random, RETRY_MIN_MILLISECONDS, RETRY_MAX_MILLISECONDS);
        await store.recordNotEscalated(ids, plus(environment.clock.now(), wait));
        context.onEvent({ type: 'tasks.not-escalated', ...told });
        context.onError(`mail about tasks of ${connectionId}: ${reasonOf(error)}`, error);
      }
    }
  }
}

/** French first, then the same in English. */
export function messageFor(
  directory: Directory,
  connectionId: string,
  { to }: Pick<EscalationStep, 'to'>,
  tasks: readonly Task[],
): Message {
  const { title } = directory.connection(connectionId);
  const one = tasks.length === 1;
  const subject = {
    fr: `${tasks.length} ${one ? 'tâche' : 'tâches'} en retard sur ${title.fr}`,
    en: `${tasks.length} ${one ? 'task' : 'tasks'} overdue on ${title.en}`,
  };
  const lines = tasks.map((task) => lineFor(task, dueIn(directory, task)));
  const text = [
    `${subject.fr} :`,
    '',
    ...lines.map(({ fr }) => fr),
    '',
    'Une fois que c’est fait : passerelle task done <id>. Si un patient a déjà ce temps : passerelle task taken <id>.',
    '',
    `${subject.en}:`,
    '',
    ...lines.map(({ en }) => en),
    '',
    'Once it is done: passerelle task done <id>. If a patient has that time already: passerelle task taken <id>.',
    '',
  ].join('\n');
  return { to, subject: `${subject.fr} / ${subject.en}`, text };
}

const lineFor = ({ id, text }: Task, due: string): Bilingual => ({
  fr: `- ${text.fr}\n  à faire avant ${due}; id ${id}`,
  en: `- ${text.en}\n  due ${due}; id ${id}`,
});

/** By the clock of the place, as 2026-11-24 09:35; UTC of a schedule that is not configured any more. */
function dueIn(directory: Directory, { scheduleId, dueAt }: { scheduleId: string; dueAt: Instant }): string {
  const zone = directory.hasSchedule(scheduleId) ? directory.zoneOf(scheduleId) : 'UTC';
  return toLocal(dueAt, zone).slice(0, 16).replace('T', ' ');
}
