import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Fingerprint, Listing, ListingKey } from '../../domain/listing.ts';
import type { Bilingual } from '../../domain/schedule.ts';
import type { HowTaskEnded, TaskOperation, TaskState } from '../../domain/task.ts';

/** What persons are asked to make at platforms that no program can write to. */

export type Task = ListingKey & {
  readonly id: string;
  readonly scheduleId: string;
  readonly operation: TaskOperation;
  /** The time that it is about. */
  readonly interval: Interval;
  readonly desired: Fingerprint | null;
  /** Under which id a list will show it; null where nothing will stand. */
  readonly externalId: string | null;
  readonly text: Bilingual;
  readonly askedAt: Instant;
  readonly dueAt: Instant;
  /** Null = it is open. `by`: who ticked it; null of what ended by itself. */
  readonly ended: { readonly how: HowTaskEnded; readonly at: Instant; readonly by: string | null } | null;
  /** So many steps of escalation have been told. */
  readonly escalated: number;
  readonly escalatedAt: Instant | null;
};

export type NewTask = Omit<Task, 'ended' | 'escalated' | 'escalatedAt'>;

export type TaskQuery = {
  readonly state: TaskState;
  readonly now: Instant;
  /** Null = of all. */
  readonly connectionIds: readonly string[] | null;
  readonly scheduleIds: readonly string[] | null;
  readonly limit: number;
};

export type TaskReader = {
  /** What is open the soonest due first, then what ended, the latest first. */
  readonly tasks: (query: TaskQuery) => Promise<Task[]>;
  readonly task: (id: string) => Promise<Task | null>;
};

export type TaskStore = TaskReader & {
  /**
   * One statement: the listing has this task from now on, if it still differs as the task says, and has none.
   * @returns whether it has.
   */
  readonly askTask: (task: NewTask) => Promise<boolean>;
  /**
   * What is to stay closed on the calendar of a block that goes, within its time, in order. What was only to be closed there
   * is closed by that block, and known to be so from then on.
   */
  readonly closedBeside: (block: ListingKey, time: Interval, at: Instant) => Promise<Interval[]>;
  /**
   * A person found a patient in the time of this listing, and a booking of its calendar is still there: nothing of ours
   * stands there, and nothing has to.
   */
  readonly isFoundTaken: (listing: Listing) => Promise<boolean>;
  /** Blocks and offers of ours on these calendars that overlap the window, as they stand there or are to stand. */
  readonly listingsOfOurs: (
    connectionId: string,
    calendars: readonly string[],
    window: Interval,
  ) => Promise<Listing[]>;
  /** Open tasks of connections that ask nobody any more: what they are about is delivered again. */
  readonly dropTasks: (askingConnectionIds: readonly string[], at: Instant) => Promise<void>;
  /**
   * Open tasks of which the next of these steps is due, for one writer until `leaseUntil`.
   * @param afterMilliseconds after the deadline, a step each.
   */
  readonly claimEscalations: (
    connectionId: string,
    afterMilliseconds: readonly number[],
    options: { now: Instant; leaseUntil: Instant; limit: number },
  ) => Promise<(Task & { readonly mailAttempts: number })[]>;
  /** They have been told. */
  readonly recordEscalated: (ids: readonly string[], at: Instant) => Promise<void>;
  readonly recordNotEscalated: (ids: readonly string[], again: Instant) => Promise<void>;
  /** Those that ended before then. @returns how many. */
  readonly forgetTasks: (before: Instant, limit: number) => Promise<number>;
};

/** Inside of a transaction. */
export type StoredTasks = {
  /** Locks its listing, and then it. @returns null = there is none with this id. */
  readonly lockTask: (id: string) => Promise<LockedTask | null>;
  /** @param known as its listing stood before. */
  readonly endTask: (
    id: string,
    end: { how: 'done' | 'taken'; at: Instant; by: string; known: Fingerprint | null },
  ) => Promise<void>;
  /** Its listing has no task any more, and is looked at again. */
  readonly releaseTask: (id: string) => Promise<void>;
  /** It is its listing's task again, and that stands as it did before the tick. */
  readonly reopenTask: (id: string, at: Instant) => Promise<void>;
};

export type LockedTask = Task & {
  /** As its listing stands: the task's own doing is only what it was asked for. */
  readonly listing: {
    readonly desired: Fingerprint | null;
    readonly known: Fingerprint | null;
    readonly unsure: boolean;
    readonly taskId: string | null;
  };
};

export type TaskOutcome =
  | { readonly outcome: 'changed'; readonly task: Task }
  | { readonly outcome: 'unknown-task' }
  /** It is not open, or, of one that is to be undone, nobody ticked it, or all has changed since. */
  | { readonly outcome: 'refused'; readonly task: Task; readonly reason: Bilingual };

/** What the clinic does with them. */
export type Tasks = {
  readonly list: (
    query: Omit<TaskQuery, 'now' | 'scheduleIds'> & Partial<Pick<TaskQuery, 'scheduleIds'>>,
  ) => Promise<Task[]>;
  readonly find: (id: string) => Promise<Task | null>;
  /** It has been made there. @param by a name that the caller is known by. */
  readonly done: (id: string, by: string) => Promise<TaskOutcome>;
  /** A tick was a mistake. */
  readonly undo: (id: string, by: string) => Promise<TaskOutcome>;
  /** A patient has the time there: it is closed already, and somebody booked it. */
  readonly taken: (id: string, by: string) => Promise<TaskOutcome>;
};
