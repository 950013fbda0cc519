/** What persons are asked to make at platforms, in words that the database and callers share. */

export const TASK_OPERATIONS = ['publish', 'withdraw', 'block', 'unblock', 'cancel'] as const;
export type TaskOperation = (typeof TASK_OPERATIONS)[number];

/**
 * `done`: ticked. `taken`: a patient was found in that time. `seen`: a list showed it. `withdrawn`: it is wanted no more, or
 * otherwise. `passed`: its time was over before anybody did it.
 */
export type HowTaskEnded = 'done' | 'taken' | 'seen' | 'withdrawn' | 'passed';

export const TASK_STATES = ['open', 'overdue', 'ended', 'all'] as const;
export type TaskState = (typeof TASK_STATES)[number];
