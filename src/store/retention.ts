import type { Clock } from '../domain/environment.ts';
import { DAY, HOUR, plus } from '../domain/instant.ts';
import type { HistoryKeeper } from '../engine/ports/connection-history.ts';
import type { PatientKeeper } from '../engine/ports/patients.ts';
import type { RosterKeeper } from '../engine/ports/rosters.ts';
import type { TaskStore } from '../engine/ports/tasks.ts';
import type { VersionKeeper } from '../engine/ports/versions.ts';

/**
 * How long former versions are kept: a history that only grows would outgrow what it is the history of. And how long
 * patients are: as long as the clinic says, which may be not at all.
 */

/** Since the start of a slot or an appointment; since it was replaced where it is of the configuration. */
export const KEPT_MILLISECONDS = 35 * DAY;
/** Since they ended: a year can be compared with the one before. */
export const TASKS_KEPT_MILLISECONDS = 2 * 366 * DAY;
/** Of how connections were, minute by minute: seven whole days before today, and the evening before these. */
export const SAMPLES_KEPT_MILLISECONDS = 9 * DAY;
const EVERY_MILLISECONDS = 1 * HOUR;
/** In one statement, which others may have to wait for. */
const BATCH = 5_000;

export type Upkeep = {
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
};

/** Begins to erase what is old. @returns what ends that. */
export function forgetting(
  forget: (upkeep: Upkeep) => Promise<void>,
  onError: Upkeep['onError'],
): () => Promise<void> {
  const over = new AbortController();
  const done = forget({ signal: over.signal, onError });
  return () => {
    over.abort();
    return done;
  };
}

/** Erases former versions that are older, and what rosters said of such time, again and again until the signal. */
export const forgetPast = (
  { forgetVersions, forgetShifts }: Pick<VersionKeeper, 'forgetVersions'> & RosterKeeper,
  clock: Clock,
  upkeep: Upkeep,
): Promise<void> =>
  hourly(
    async () => {
      const before = plus(clock.now(), -KEPT_MILLISECONDS);
      return (await forgetVersions(before, BATCH)) + (await forgetShifts(before, BATCH));
    },
    clock,
    upkeep,
  );

/** Erases patients so many days after their last appointment. @param keepDays 0 = those that are still there at once. */
export const forgetPatients = (
  { forgetPatients: forget }: Pick<PatientKeeper, 'forgetPatients'>,
  keepDays: number,
  clock: Clock,
  upkeep: Upkeep,
): Promise<void> =>
  hourly(() => forget(keepDays === 0 ? null : plus(clock.now(), -keepDays * DAY), BATCH), clock, upkeep);

/**
 * Erases comments as long after as who came, and as long after what records were that could not be read: of a platform that only
 * tells, no reading ever mends one. @param keepDays 0 = as long as former versions.
 */
export const forgetComments = (
  { forgetComments: forget }: Pick<PatientKeeper, 'forgetComments'>,
  keepDays: number,
  clock: Clock,
  upkeep: Upkeep,
): Promise<void> => {
  const milliseconds = keepDays === 0 ? KEPT_MILLISECONDS : keepDays * DAY;
  return hourly(() => forget(plus(clock.now(), -milliseconds), BATCH), clock, upkeep);
};

/** Erases what persons did for us, and how late each was, long after it is of use to anybody. */
export const forgetTasks = (
  { forgetTasks: forget }: Pick<TaskStore, 'forgetTasks'>,
  clock: Clock,
  upkeep: Upkeep,
): Promise<void> => hourly(() => forget(plus(clock.now(), -TASKS_KEPT_MILLISECONDS), BATCH), clock, upkeep);

/** Erases how connections were, once nobody draws it any more. */
export const forgetSamples = (
  { forgetSamples: forget }: HistoryKeeper,
  clock: Clock,
  upkeep: Upkeep,
): Promise<void> => hourly(() => forget(plus(clock.now(), -SAMPLES_KEPT_MILLISECONDS), BATCH), clock, upkeep);

/** @param erase bit by bit; returns how many there were. */
async function hourly(
  erase: () => Promise<number>,
  clock: Clock,
  { signal, onError }: Upkeep,
): Promise<void> {
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await erase()) > 0);
    } catch (error) {
      // The next time finds it again.
      onError(error);
    }
    await clock.sleep(EVERY_MILLISECONDS, signal).catch(() => undefined);
  }
}
