import { groupBy } from './group-by.ts';

/**
 * How much of what was known ahead a reading did not meet. A platform that shows most of its agenda no more has rather
 * lost it, or lost us, than cancelled it: beyond a limit nothing is taken for gone until it is back or a person says so.
 */

export type Tally = { readonly known: number; readonly missing: number };

/** Slots, and busy periods that are the platform's own; of a roster its shifts. Left out = there are none. */
export type Absence = { readonly slots: Tally; readonly busy: Tally; readonly shifts?: Tally };

/** Both must be reached, by the slots or by the busy periods: a share of many, and not just some of few. */
export type SuspectLimit = {
  /** Above 0, 1 = all. */
  readonly share: number;
  readonly atLeast: number;
};

export const DEFAULT_LIMIT: SuspectLimit = { share: 0.5, atLeast: 20 };

/** One shift stands for the slots of half a day: what is many of those is few of these. */
const SLOTS_OF_A_SHIFT = 5;

/** Something that was known ahead, and may be gone. */
export type Gone = {
  /** Of the slot, the busy period or the shift. */
  readonly id: string;
  readonly kind: 'slots' | 'busy' | 'shifts';
  readonly calendar: string;
};

/** Something that was known ahead. */
export type Expected = Gone & { readonly isMissing: boolean };

/** Something that is missed, with all that was missed with it: of one calendar, or of the whole feed. */
export type Held = { readonly scope: string; readonly id: string };

/** No calendar has an empty name. */
const WHOLE_FEED = '';

/**
 * What is to be held back, and so whether the feed is suspect; empty = it is not.
 * @param known what was known ahead until now.
 * @param gone what was believed to be gone shortly before: it is missing with the rest, and can't be held back any more.
 * @param before what was held back until now. It is so until most of it is there again, however few are left: to be
 *   missing for long is no sign of having been cancelled. What is not known ahead any more has passed.
 */
export function toHold(
  known: readonly Expected[],
  gone: readonly Gone[],
  before: readonly Held[],
  limit: SuspectLimit,
): readonly Held[] {
  if (!known.some(({ isMissing }) => isMissing)) return [];
  const byId = new Map(known.map((each) => [each.id, each]));
  const expected = withGone(known, gone);
  const scopes = new Map([[WHOLE_FEED, expected], ...groupBy(expected, ({ calendar }) => calendar)]);
  const more = [...scopes].flatMap(([scope, members]) =>
    groupsOf(members)
      .filter((group) => exceeds(tallyOf(group), limitOf(group, limit)))
      .flatMap((group) => group.filter(({ id, isMissing }) => isMissing && byId.has(id)))
      .map(({ id }) => ({ scope, id })),
  );
  const still = [...groupBy(before, ({ scope }) => scope)].flatMap(([scope, held]) =>
    groupsOf(held.flatMap(({ id }) => byId.get(id) ?? []))
      .filter((group) => exceeds(tallyOf(group), { ...limit, atLeast: 1 }))
      .flatMap((group) => group.map(({ id }) => ({ scope, id }))),
  );
  return [...still, ...more];
}

/** Some of it may not have been taken away yet: then what is known of it says more. */
export function withGone(known: readonly Expected[], gone: readonly Gone[]): readonly Expected[] {
  if (gone.length === 0) return known;
  const isKnown = new Set(known.map(({ id }) => id));
  return [
    ...known,
    ...gone.filter(({ id }) => !isKnown.has(id)).map((each) => ({ ...each, isMissing: true })),
  ];
}

export function absenceOf(expected: readonly Expected[]): Absence {
  const of = (wanted: Gone['kind']): Tally => tallyOf(expected.filter(({ kind }) => kind === wanted));
  const shifts = of('shifts');
  return { slots: of('slots'), busy: of('busy'), ...(shifts.known > 0 ? { shifts } : {}) };
}

/** Slots, busy periods and shifts are counted each for itself. */
const groupsOf = (members: readonly Expected[]): Expected[][] => [
  ...groupBy(members, ({ kind }) => kind).values(),
];

const tallyOf = (members: readonly Expected[]): Tally => ({
  known: members.length,
  missing: members.filter(({ isMissing }) => isMissing).length,
});

const limitOf = ([first]: readonly Expected[], limit: SuspectLimit): SuspectLimit =>
  first?.kind === 'shifts' ? { ...limit, atLeast: Math.ceil(limit.atLeast / SLOTS_OF_A_SHIFT) } : limit;

const exceeds = ({ known, missing }: Tally, { share, atLeast }: SuspectLimit): boolean =>
  missing >= atLeast && missing >= share * known;
