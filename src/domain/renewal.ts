import type { Instant } from './instant.ts';
import { type Interval, overlaps, union } from './interval.ts';
import { type SlotAttributes, type SlotStatus, sameAttributes } from './slot.ts';
import type { WantedSlot } from './template.ts';

/**
 * What becomes of the slots of a schedule where others are wanted. Whatever is booked or held stays as it is, and so
 * does its slot.
 */

/** `replace`: what is free and not wanted goes. `add`: nothing goes. */
export const RENEWAL_MODES = ['add', 'replace'] as const;
export type RenewalMode = (typeof RENEWAL_MODES)[number];

/** A slot that is on the schedule now. */
export type PresentSlot = {
  readonly id: string;
  readonly interval: Interval;
  readonly attributes: SlotAttributes;
  readonly status: SlotStatus;
  /** A booking or a hold has some of its time: of several lanes one may be taken while the slot is free. */
  readonly isTaken: boolean;
};

/** `wanted`: it is there as it is wanted. Of the others that stay: taken or blocked, or it has begun. */
export type WhyKept = 'wanted' | 'busy' | 'begun';
/** Its time has passed; somebody has it; another slot is there. */
export type WhySkipped = 'past' | 'busy' | 'overlap';

export type Renewal<Present extends PresentSlot> = {
  readonly create: readonly WantedSlot[];
  readonly remove: readonly Present[];
  /** Of `add` only what is wanted as well: of all else it says nothing. */
  readonly keep: readonly { readonly slot: Present; readonly why: WhyKept }[];
  readonly skip: readonly { readonly slot: WantedSlot; readonly why: WhySkipped }[];
};

export type RenewalRequest<Present extends PresentSlot> = {
  readonly mode: RenewalMode;
  /** What begins outside of it is not removed. */
  readonly period: Interval;
  readonly now: Instant;
  /** No two of them overlap. */
  readonly wanted: readonly WantedSlot[];
  /** All that overlap the period. */
  readonly present: readonly Present[];
};

export function renew<Present extends PresentSlot>(request: RenewalRequest<Present>): Renewal<Present> {
  const { mode, period, now, wanted, present } = request;
  const twins = twinsOf(wanted, present);
  const keep = [...twins.values()].map((slot) => ({ slot, why: 'wanted' as WhyKept }));
  const kept = new Set(twins.values());
  const remove: Present[] = [];
  const busy: Interval[] = [];
  const others: Interval[] = [];
  for (const slot of present) {
    if (kept.has(slot)) continue;
    const why = whyUntouched(slot, now);
    if (mode === 'replace' && why === null && period.start <= slot.interval.start) remove.push(slot);
    else (why === 'busy' ? busy : others).push(slot.interval);
    if (mode === 'replace' && why !== null) keep.push({ slot, why });
  }
  const isBusy = coverOf(busy);
  const isThere = coverOf(others);
  const create: WantedSlot[] = [];
  const skip: { slot: WantedSlot; why: WhySkipped }[] = [];
  for (const slot of wanted) {
    if (twins.has(slot)) continue;
    if (slot.interval.start < now) skip.push({ slot, why: 'past' });
    else if (isBusy(slot.interval)) skip.push({ slot, why: 'busy' });
    else if (isThere(slot.interval)) skip.push({ slot, why: 'overlap' });
    else create.push(slot);
  }
  return { create, remove, keep, skip };
}

const whyUntouched = ({ status, isTaken, interval }: PresentSlot, now: Instant): WhyKept | null => {
  if (status !== 'free' || isTaken) return 'busy';
  return interval.start < now ? 'begun' : null;
};

/** Those that are there as they are wanted. Of several it is the one that is taken: that one stays anyhow. */
function twinsOf<Present extends PresentSlot>(
  wanted: readonly WantedSlot[],
  present: readonly Present[],
): ReadonlyMap<WantedSlot, Present> {
  const keyOf = ({ start, end }: Interval): string => `${start}/${end}`;
  const byTime = new Map<string, Present[]>();
  for (const slot of present) {
    const key = keyOf(slot.interval);
    const list = byTime.get(key);
    if (list) list.push(slot);
    else byTime.set(key, [slot]);
  }
  return new Map(
    wanted.flatMap((slot) => {
      const same = (byTime.get(keyOf(slot.interval)) ?? []).filter((each) =>
        sameAttributes({ ...each.attributes, availableSince: sinceOf(slot, each) }, slot.attributes),
      );
      const twin = same.find(({ status, isTaken }) => isTaken || status !== 'free') ?? same[0];
      return twin ? [[slot, twin] as const] : [];
    }),
  );
}

/** What is wanted without it is offered since it was first made. */
const sinceOf = (wanted: WantedSlot, { attributes }: PresentSlot): Instant | null =>
  wanted.attributes.availableSince === null ? null : attributes.availableSince;

/** Whether time overlaps any of these, by halving: there may be 20,000 on either side. */
function coverOf(intervals: readonly Interval[]): (time: Interval) => boolean {
  const stretches = union(intervals);
  return (time) => {
    let [low, high] = [0, stretches.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const stretch = stretches[middle];
      if (stretch && stretch.end <= time.start) low = middle + 1;
      else high = middle;
    }
    const next = stretches[low];
    return next !== undefined && overlaps(next, time);
  };
}
