import { MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import type { ListCommand, ListOutcome, Lists } from '../../src/engine/ports/lists.ts';
import type { Task, TaskOutcome, Tasks } from '../../src/engine/ports/tasks.ts';

/** Test doubles of tasks and lists: they answer as they are told, and remember what they were asked. */

export type TaskWorld = {
  tasks: Task[];
  /** In place of the double's own answer. */
  taskOutcome: TaskOutcome | null;
  readonly told: (readonly [deed: string, id: string, by: string])[];
  listOutcome: ListOutcome;
  readonly lists: (readonly [connectionId: string, command: ListCommand])[];
};

export const taskWorld = (): TaskWorld => ({
  tasks: [],
  taskOutcome: null,
  told: [],
  listOutcome: { outcome: 'read', rows: 0, slotsChanged: 0, wrong: [], calendars: [] },
  lists: [],
});

export function fakeTasks(world: TaskWorld): Tasks {
  const tell =
    (deed: string) =>
    async (id: string, by: string): Promise<TaskOutcome> => {
      world.told.push([deed, id, by]);
      const task = world.tasks.find((each) => each.id === id);
      return world.taskOutcome ?? (task ? { outcome: 'changed', task } : { outcome: 'unknown-task' });
    };
  return {
    list: async ({ state, connectionIds, limit }) =>
      world.tasks
        .filter((task) => state === 'all' || (state === 'ended') === (task.ended !== null))
        .filter((task) => connectionIds === null || connectionIds.includes(task.connectionId))
        .slice(0, limit),
    find: async (id) => world.tasks.find((task) => task.id === id) ?? null,
    done: tell('done'),
    undo: tell('undo'),
    taken: tell('taken'),
  };
}

export const fakeLists = (world: TaskWorld): Lists => ({
  take: async (connectionId, command) => {
    world.lists.push([connectionId, command]);
    return world.listOutcome;
  },
});

const ASKED_AT = parseInstant('2026-11-23T07:30:00-05:00');

/** To close 09:20, which was due at a quarter to eight. */
export const fakeTask = (n: number, more: Partial<Task> = {}): Task => ({
  id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  connectionId: 'public',
  calendar: 'gagnon',
  subjectId: '00000000-0000-4000-8000-0000000000ff',
  scheduleId: 'agenda-gagnon',
  operation: 'block',
  interval: interval(plus(ASKED_AT, 110 * MINUTE), plus(ASKED_AT, 130 * MINUTE)),
  desired: null,
  externalId: null,
  text: { fr: 'Fermer 9 h 20', en: 'Close 09:20' },
  askedAt: ASKED_AT,
  dueAt: plus(ASKED_AT, 15 * MINUTE),
  ended: null,
  escalated: 0,
  escalatedAt: null,
  ...more,
});
