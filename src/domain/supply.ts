import type { Instant } from './instant.ts';
import { hull, type Interval, subtract, union } from './interval.ts';
import type { RosterPolicy } from './schedule.ts';
import { isSupply, type Shift } from './shift.ts';

/** Time of a schedule that its roster does not have. Pure: what it was, and what the roster says now, give what it is. */

/** `withdrawn`: a shift had it, and no shift has it now. `outside`: no shift ever had it, within the published period. */
export type UnsuppliedCause = 'withdrawn' | 'outside';

export type Unsupplied = {
  readonly interval: Interval;
  readonly cause: UnsuppliedCause;
  /** Whether what is free of it is closed, by the policy of the schedule. */
  readonly closes: boolean;
  /** When it became so. */
  readonly since: Instant;
};

export type Roster = {
  /** All that stand in it from some moment of the past on. */
  readonly shifts: readonly Shift[];
  /** From when to when it is published, for anybody; null = nothing of it is. */
  readonly published: Interval | null;
};

/** The time in which patients could be offered something. */
export const suppliedBy = (shifts: readonly Shift[]): Interval[] =>
  union(shifts.filter(isSupply).map(({ interval }) => interval));

/**
 * @param before as it was last written.
 * @param gone when the shifts were that are not there any more, or not at that time, or not for patients.
 * @param roster null = the schedule has none any more, so nothing is known to be missing.
 * @returns disjoint, in order. Time that is withdrawn stays so until a shift has it again: it is remembered here alone.
 */
export function unsuppliedAfter(
  before: readonly Unsupplied[],
  gone: readonly Interval[],
  roster: Roster | null,
  policy: RosterPolicy,
  at: Instant,
): Unsupplied[] {
  if (roster === null) return [];
  const supplied = suppliedBy(roster.shifts);
  const kept = before.filter(({ cause }) => cause === 'withdrawn');
  const known = kept.map(({ interval }) => interval);
  const closes = policy.withdrawn === 'close';
  const withdrawn: Unsupplied[] = [
    ...kept.flatMap(({ interval, since }) =>
      subtract(interval, supplied).map((left) => ({ interval: left, since })),
    ),
    ...union(gone).flatMap((interval) =>
      subtract(interval, [...supplied, ...known]).map((left) => ({ interval: left, since: at })),
    ),
  ].map((each) => ({ ...each, cause: 'withdrawn', closes }));
  const outside = policy.outside === 'close' ? outsideOf(before, withdrawn, supplied, roster, at) : [];
  return [...withdrawn, ...outside].sort((a, b) => a.interval.start - b.interval.start);
}

/** It follows from the roster at each moment, and is written down only where it closes. */
function outsideOf(
  before: readonly Unsupplied[],
  withdrawn: readonly Unsupplied[],
  supplied: readonly Interval[],
  { published }: Roster,
  at: Instant,
): Unsupplied[] {
  if (published === null) return [];
  const others = [...supplied, ...withdrawn.map(({ interval }) => interval)];
  return subtract(published, others).map((interval) => {
    const same = before.find(
      ({ cause, interval: { start } }) => cause === 'outside' && start === interval.start,
    );
    return { interval, cause: 'outside', closes: true, since: same?.since ?? at };
  });
}

export const sameUnsupplied = (a: readonly Unsupplied[], b: readonly Unsupplied[]): boolean =>
  a.length === b.length &&
  a.every((one, index) => {
    const other = b[index];
    return (
      other !== undefined &&
      one.interval.start === other.interval.start &&
      one.interval.end === other.interval.end &&
      one.cause === other.cause &&
      one.closes === other.closes
    );
  });

/** Where the two differ in what they close, or null: what stands there is to be looked at again. */
export function changedTime(before: readonly Unsupplied[], after: readonly Unsupplied[]): Interval | null {
  const was = closedIn(before);
  const is = closedIn(after);
  return hull([
    ...was.flatMap((interval) => subtract(interval, is)),
    ...is.flatMap((interval) => subtract(interval, was)),
  ]);
}

const closedIn = (unsupplied: readonly Unsupplied[]): Interval[] =>
  unsupplied.filter(({ closes }) => closes).map(({ interval }) => interval);
