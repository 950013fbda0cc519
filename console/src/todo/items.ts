import type { Conflict, Connection, Status, Suspect, Task, Unreadable, Waiting } from './model.ts';
import { type UnmappedCode, unmappedCodeIn } from './unmapped.ts';

/** What waits for a person, the most urgent first: who comes for nothing, then what may sell time twice, then the rest. */

/** In the order in which they are shown. */
export const GROUPS = [
  'conflicts',
  'late',
  'credentials',
  'suspects',
  'tasks',
  'setAside',
  'unmapped',
] as const;
export type Group = (typeof GROUPS)[number];

type Of<Kind extends string, What> = { readonly kind: Kind; readonly key: string } & What;
type On = { readonly connection: Connection };

export type Item =
  | Of<'conflict', { readonly conflict: Conflict }>
  | Of<'task', { readonly task: Task; readonly isLate: boolean }>
  | Of<'credentials', On & { readonly isForbidden: boolean }>
  | Of<'suspect', On & { readonly suspect: Suspect }>
  | Of<'unreadable', On & { readonly unreadable: Unreadable }>
  | Of<'setAside', On & { readonly records: number }>
  | Of<'unmapped', On & { readonly unmapped: UnmappedCode; readonly records: number }>;

export type Section = { readonly group: Group; readonly items: readonly Item[] };

/** @param now epoch milliseconds, by which a task is late. @returns those that have something in them. */
export function sectionsOf({ conflicts, tasks, status }: Waiting, now: number): readonly Section[] {
  const items = [
    ...conflicts.map((conflict): Item => ({ kind: 'conflict', key: `conflict ${conflict.id}`, conflict })),
    ...tasks.map((task) => taskItem(task, now)),
    ...status.connections.flatMap(connectionItems),
  ];
  return GROUPS.map((group) => ({
    group,
    items: sorted(items.filter((item) => groupOf(item) === group)),
  })).filter((section) => section.items.length > 0);
}

export const itemsOf = (sections: readonly Section[]): readonly Item[] =>
  sections.flatMap(({ items }) => items);

/** What the entry of the page has beside its name. */
export const countOf = (waiting: Waiting, now: number): number => itemsOf(sectionsOf(waiting, now)).length;

const taskItem = (task: Task, now: number): Item => ({
  kind: 'task',
  key: `task ${task.id}`,
  task,
  isLate: Date.parse(task.dueAt) < now,
});

function connectionItems(connection: Status['connections'][number]): readonly Item[] {
  const { id, suspects = [], unreadable = [], unmapped = [], rejected = 0 } = connection;
  const fault = faultOf(connection);
  const codes = unmapped.flatMap(({ reason, records }) => {
    const code = unmappedCodeIn(reason);
    return code ? [{ code, records, reason }] : [];
  });
  // What says of a code that it is unmapped was read but for that code.
  const unread = rejected - codes.reduce((sum, { records }) => sum + records, 0);
  return [
    ...(fault === null
      ? []
      : [
          {
            kind: 'credentials',
            key: `credentials ${id}`,
            connection,
            isForbidden: fault === 'forbidden',
          } as const,
        ]),
    ...suspects.map(
      (suspect) =>
        ({ kind: 'suspect', key: `suspect ${id} ${suspect.feedId}`, connection, suspect }) as const,
    ),
    ...unreadable.map(
      (feed) =>
        ({
          kind: 'unreadable',
          key: `unreadable ${id} ${feed.feedId}`,
          connection,
          unreadable: feed,
        }) as const,
    ),
    ...(unread > 0
      ? [{ kind: 'setAside', key: `set-aside ${id}`, connection, records: unread } as const]
      : []),
    ...codes.map(
      ({ code, records, reason }) =>
        ({ kind: 'unmapped', key: `${id} ${reason}`, connection, unmapped: code, records }) as const,
    ),
  ];
}

/** Neither mends itself, unlike a platform that is down: somebody has to give other credentials, or allow its address. */
function faultOf({ lastError, failures = 0 }: Connection): 'unauthorized' | 'forbidden' | null {
  if (failures === 0) return null;
  const [kind] = (lastError ?? '').split(':');
  return kind === 'unauthorized' || kind === 'forbidden' ? kind : null;
}

function groupOf(item: Item): Group {
  switch (item.kind) {
    case 'conflict':
      return 'conflicts';
    case 'task':
      return item.isLate ? 'late' : 'tasks';
    case 'credentials':
      return 'credentials';
    case 'suspect':
    case 'unreadable':
      return 'suspects';
    case 'setAside':
    case 'unmapped':
      return item.kind;
  }
}

/** The soonest first; what has no time stays in the order in which it was told. */
const sorted = (items: readonly Item[]): readonly Item[] =>
  [...items].sort((one, other) => (timeOf(one) ?? 0) - (timeOf(other) ?? 0));

function timeOf(item: Item): number | null {
  if (item.kind === 'conflict') return Date.parse(item.conflict.start);
  return item.kind === 'task' ? Date.parse(item.task.dueAt) : null;
}

/** Where somebody is in the list when the item that they were at is gone: at the one that has come to its place. */
export function nextOf(before: readonly string[], key: string, now: readonly string[]): string | null {
  if (now.includes(key)) return key;
  const left = new Set(now);
  const after = before.slice(before.indexOf(key) + 1).find((each) => left.has(each));
  return after ?? now.at(-1) ?? null;
}

/** @param current null = nowhere yet. */
export function stepFrom(keys: readonly string[], current: string | null, step: 1 | -1): string | null {
  if (current === null) return keys[0] ?? null;
  const at = Math.min(keys.length - 1, Math.max(0, keys.indexOf(current) + step));
  return keys[at] ?? null;
}
