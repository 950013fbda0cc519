import type { Agenda, Period, Slot } from './model.ts';

/**
 * What the agenda shows: one entry for each stretch of a schedule's time that is on offer or taken. The same hour on two
 * platforms is one entry that names both, since it is one hour of one doctor.
 */

export type Kind = 'free' | 'withheld' | 'taken' | 'appointment' | 'pending' | 'hold' | 'block';

type Common = {
  readonly id: string;
  readonly schedule: string;
  readonly start: string;
  readonly end: string;
};

export type SlotEntry = Common & {
  readonly type: 'slot';
  readonly kind: 'free' | 'withheld' | 'taken';
  /** Of the same time, one for each platform that offers it. */
  readonly slots: readonly [Slot, ...Slot[]];
};

export type PeriodEntry = Common & {
  readonly type: 'period';
  readonly kind: 'appointment' | 'pending' | 'hold' | 'block';
  readonly period: Period;
  /** Of its very time. */
  readonly slots: readonly Slot[];
  /** A person still has to say which of two bookings stays. */
  readonly isConflict: boolean;
};

export type Entry = SlotEntry | PeriodEntry;

type Shown = Pick<Agenda, 'schedules' | 'slots' | 'periods'>;

/**
 * @param shown the schedules that have a column; of a practitioner who has several, time that is taken at another of them is
 * shown where they are, since it is theirs all the same.
 */
export function entriesOf(agenda: Shown, shown: ReadonlySet<string>): readonly Entry[] {
  const periods = agenda.periods.flatMap((period) => columnsOf(agenda, period, shown, agenda.slots));
  const own = agenda.slots.filter(({ schedule }) => shown.has(schedule));
  // Where time is taken it is shown as who takes it, and not once more as slots.
  const uncovered = own.filter((slot) => !periods.some((entry) => covers(entry, slot)));
  return [...slotEntries(uncovered), ...periods].sort(
    (a, b) => compare(a.schedule, b.schedule) || compare(a.start, b.start) || compare(a.end, b.end),
  );
}

function columnsOf(
  agenda: Shown,
  period: Period,
  shown: ReadonlySet<string>,
  slots: readonly Slot[],
): readonly PeriodEntry[] {
  if (period.endedAt !== null) return [];
  const home = agenda.schedules.find(({ id }) => id === period.schedule);
  const columns = shown.has(period.schedule)
    ? [period.schedule]
    : agenda.schedules
        .filter(({ id, practitioner }) => shown.has(id) && practitioner.id === home?.practitioner.id)
        .map(({ id }) => id);
  return columns.map((schedule) => ({
    type: 'period',
    id: `${period.id}@${schedule}`,
    schedule,
    start: period.start,
    end: period.end,
    kind: period.kind === 'appointment' && period.status === 'pending' ? 'pending' : period.kind,
    period,
    slots: slots.filter((slot) => slot.schedule === schedule && isSameTime(slot, period)),
    isConflict: period.conflicts.some(({ state }) => state === 'open'),
  }));
}

function slotEntries(slots: readonly Slot[]): readonly SlotEntry[] {
  const byTime = new Map<string, [Slot, ...Slot[]]>();
  for (const slot of slots) {
    const key = [slot.schedule, slot.start, slot.end].join(' ');
    const same = byTime.get(key);
    if (same) same.push(slot);
    else byTime.set(key, [slot]);
  }
  return [...byTime.values()].map((same) => {
    const [{ id, schedule, start, end }] = same;
    return { type: 'slot', id, schedule, start, end, kind: kindOf(same), slots: same };
  });
}

function kindOf(slots: readonly Slot[]): SlotEntry['kind'] {
  const free = slots.filter(({ status }) => status === 'free');
  if (free.length === 0) return 'taken';
  return free.every(({ withheld, bookableFrom }) => withheld || bookableFrom !== null) ? 'withheld' : 'free';
}

/** Of one lane only: at a walk-in service of several a booking leaves the rest of the hour on offer. */
const covers = (entry: PeriodEntry, slot: Slot): boolean =>
  slot.status !== 'free' &&
  entry.schedule === slot.schedule &&
  Date.parse(entry.start) <= Date.parse(slot.start) &&
  Date.parse(slot.end) <= Date.parse(entry.end);

const isSameTime = (a: { start: string; end: string }, b: { start: string; end: string }): boolean =>
  Date.parse(a.start) === Date.parse(b.start) && Date.parse(a.end) === Date.parse(b.end);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether something is on its way to a platform: then the page looks again soon. */
export const isInFlight = ({ slots, periods }: Agenda): boolean =>
  [...slots, ...periods].some(({ listings }) => listings.some(({ state }) => state !== 'agrees'));

/** The worst of it, for the one sign that an entry has. */
export function listingState(entry: Entry): 'agrees' | 'waiting' | 'failing' {
  const listings =
    entry.type === 'slot' ? entry.slots.flatMap((slot) => slot.listings) : entry.period.listings;
  const states = listings.map(({ state }) => state);
  if (states.includes('failing')) return 'failing';
  return states.every((state) => state === 'agrees') ? 'agrees' : 'waiting';
}

/** Those that a person can book on: free, released, and nobody else's to sell. */
export const bookable = (slots: readonly Slot[]): readonly Slot[] =>
  slots.filter(({ status, withheld, bookableFrom }) => status === 'free' && !withheld && !bookableFrom);
