import type { Interval } from './interval.ts';

/**
 * When somebody works somewhere, as a roster publishes it: potential supply. It says what could be offered, and is never a
 * slot by itself.
 */

/** What for. `on-call` and `other` are work in which no patient books a visit. */
export const SHIFT_TASKS = ['appointments', 'walk-in', 'on-call', 'other'] as const;
export type ShiftTask = (typeof SHIFT_TASKS)[number];

export const SHIFT_TASK_SYSTEM = 'https://passerelle.example/fhir/CodeSystem/shift-task';

export type Shift = {
  readonly interval: Interval;
  /** Null = the roster does not say, or in a code that is not mapped. */
  readonly task: ShiftTask | null;
  /** The published period that it stands in; null = the roster does not say. */
  readonly period: Interval | null;
};

/**
 * Whether patients could be offered its time. Where the task is not known they could: what is not known closes no
 * clinic.
 */
export const isSupply = ({ task }: Pick<Shift, 'task'>): boolean => task !== 'on-call' && task !== 'other';
