import { HOUR, type Instant, instant, MINUTE } from '../../domain/instant.ts';
import { type Interval, intersection, overlaps, union } from '../../domain/interval.ts';
import { actorOf, type Handed } from '../../domain/schedule.ts';
import { sellersOf } from '../mirror.ts';
import type {
  PlatformForecast,
  PolicyRecord,
  RecordedPeriod,
  RecordedSlot,
} from '../ports/policy-preview.ts';
import { type DealtSlot, dealtSlot, handedOn } from '../rebalance.ts';
import { allottedOf, dayOf, holderOf, maySell, takesPart } from '../shares.ts';
import { type Circumstances, type Judged, judgeBooking } from './bookings.ts';
import { isKept, type Made, madeOf } from './made.ts';

/** The bookings of a week in the order in which they were made, under the rules of a directory; what of each share was sold. Pure. */

export type JudgedBooking = { readonly period: RecordedPeriod; readonly made: Made; readonly judged: Judged };

export type Replay = {
  readonly bookings: readonly JudgedBooking[];
  readonly platforms: readonly PlatformForecast[];
};

/** All units are another’s before everything. */
const BEFORE_ALL = instant(0);

export function replay(circumstances: Circumstances, { slots, periods }: PolicyRecord): Replay {
  const dealing = new Dealing(circumstances, slots);
  const bookings = new Map<string, JudgedBooking>();
  for (const step of stepsOf(periods)) {
    const { period, kind } = step;
    if (kind === 'make') {
      const judged = judgeBooking(circumstances, step.made, dealing.handed);
      bookings.set(period.id, { period, made: step.made, judged });
      if (judged.outcome !== 'refused') dealing.take(period.id, step.interval, step.at);
    } else if (bookings.get(period.id)?.judged.outcome !== 'refused') {
      dealing.leave(period.id, step.at);
      if (kind === 'move') dealing.take(period.id, step.interval, step.at);
    }
  }
  const all = [...bookings.values()];
  return { bookings: all, platforms: forecasts(circumstances, slots, all, dealing.handed) };
}

type Step = { readonly period: RecordedPeriod; readonly at: Instant; readonly interval: Interval } & (
  | { readonly kind: 'make'; readonly made: Made }
  | { readonly kind: 'move' | 'end' }
);

const ORDER = { make: 0, move: 1, end: 2 } as const;

const stepsOf = (periods: readonly RecordedPeriod[]): Step[] =>
  periods
    .flatMap((period): Step[] => {
      const made = madeOf(period);
      if (!made) return [];
      const { at, interval } = made;
      return [
        { kind: 'make', period, made, at, interval },
        ...period.facts
          .filter(({ type }) => type === 'busy.moved' || type === 'appointment.moved')
          .map((fact): Step => ({ kind: 'move', period, at: fact.at, interval: fact.interval })),
        ...(period.endedAt === null
          ? []
          : [{ kind: 'end', period, at: period.endedAt, interval: period.interval } as const]),
      ];
    })
    .sort((a, b) => a.at - b.at || ORDER[a.kind] - ORDER[b.kind]);

type Stock = { readonly interval: Interval; readonly dealt: DealtSlot; readonly takers: Set<string> };

/** Who had sold what of the slots, and what is handed on for it. In truth that is looked at every ten minutes: here at once. */
class Dealing {
  readonly #rule;
  readonly #capacity: number;
  readonly #scheduleId: string;
  readonly #byHour = new Map<number, Stock[]>();
  readonly #byDay = new Map<string, Stock[]>();
  readonly #taken = new Map<string, readonly Stock[]>();
  #handed: Handed[] = [];

  constructor({ directory, scheduleId }: Circumstances, slots: readonly RecordedSlot[]) {
    this.#rule = allottedOf(directory, scheduleId);
    this.#capacity = directory.capacityOf(scheduleId);
    this.#scheduleId = scheduleId;
    if (!this.#rule) return;
    const dealt = dealtSlot({ directory, scheduleId, rule: this.#rule });
    const stocks = slots.map((slot) => ({
      ...{ interval: slot.interval, dealt: dealt(slot), takers: new Set<string>() },
    }));
    for (const stock of stocks) {
      for (const hour of hoursOf(stock.interval)) add(this.#byHour, hour, stock);
      for (const day of new Set(stock.dealt.units.map(dayOf))) add(this.#byDay, day, stock);
    }
    this.#handOn(stocks, BEFORE_ALL);
  }

  get handed(): readonly Handed[] {
    return this.#handed;
  }

  take(periodId: string, interval: Interval, at: Instant): void {
    const near = new Set(hoursOf(interval).flatMap((hour) => this.#byHour.get(hour) ?? []));
    const met = [...near].filter((stock) => overlaps(stock.interval, interval));
    for (const { takers } of met) takers.add(periodId);
    this.#taken.set(periodId, met);
    this.#handOn(met, at);
  }

  leave(periodId: string, at: Instant): void {
    const left = this.#taken.get(periodId) ?? [];
    for (const { takers } of left) takers.delete(periodId);
    this.#handOn(left, at);
  }

  #handOn(changed: readonly Stock[], at: Instant): void {
    const rule = this.#rule;
    if (!rule || changed.length === 0) return;
    const days = new Set(changed.flatMap(({ dealt }) => dealt.units.map(dayOf)));
    const there = [...new Set([...days].flatMap((day) => this.#byDay.get(day) ?? []))];
    const taken = new Map(there.map(({ dealt, takers }) => [dealt.slotId, takers.size]));
    const isFree = (slotId: string): boolean => (taken.get(slotId) ?? 0) < this.#capacity;
    const moved = handedOn(
      there.map(({ dealt }) => dealt),
      isFree,
      { scheduleId: this.#scheduleId, rule, handed: this.#handed, at },
    );
    const again = new Set(moved.map(({ unit }) => unit));
    this.#handed = [...this.#handed.filter(({ unit }) => !again.has(unit)), ...moved];
  }
}

/** By which what overlaps is found without looking at all. */
const hoursOf = ({ start, end }: Interval): number[] => {
  const first = Math.floor(start / HOUR);
  return Array.from({ length: Math.ceil(end / HOUR) - first }, (_, index) => first + index);
};

function add<Key>(lists: Map<Key, Stock[]>, key: Key, stock: Stock): void {
  const list = lists.get(key);
  if (list) list.push(stock);
  else lists.set(key, [stock]);
}

/** What each platform had to sell, and what became of it. Slots that overlap on one platform are one time. */
function forecasts(
  { directory, scheduleId }: Circumstances,
  slots: readonly RecordedSlot[],
  bookings: readonly JudgedBooking[],
  handed: readonly Handed[],
): PlatformForecast[] {
  const rule = allottedOf(directory, scheduleId);
  const zone = directory.zoneOf(scheduleId);
  const calendars = directory.calendarsOf(actorOf(directory.schedule(scheduleId)));
  const holder = rule && holderOf(rule, { zone, handed, at: BEFORE_ALL });
  const slotsOf = slots.map((slot) => ({ slot, sellers: sellersOf(slot, calendars) }));
  const stood = bookings.filter(({ judged, period }) => judged.outcome !== 'refused' && isKept(period));
  const own = calendars.filter((calendar) => calendar.scheduleId === scheduleId);
  return [...new Set(own.map(({ connectionId }) => connectionId))].map((connectionId) => {
    const isHere = ({ made }: JudgedBooking): boolean => made.connectionId === connectionId;
    const offered = union(
      slotsOf
        .filter(({ sellers }) => sellers.includes(connectionId))
        .filter(({ slot }) => !rule || !holder || maySell(rule, connectionId, holder(slot.interval)))
        .map(({ slot }) => slot.interval),
    );
    const here = union(stood.filter(isHere).map(({ period }) => period.interval));
    const sold = union(stood.map(({ period }) => period.interval));
    const minutesSold = minutesIn(offered, here);
    return {
      connectionId,
      takesPart: rule !== null && takesPart(rule, connectionId),
      bookings: bookings.filter(isHere).length,
      refused: bookings.filter((each) => isHere(each) && each.judged.outcome === 'refused').length,
      minutesOffered: minutesOf(offered),
      minutesSold,
      minutesSoldElsewhere: minutesIn(offered, sold) - minutesSold,
    };
  });
}

/** Both disjoint. */
const minutesIn = (offered: readonly Interval[], taken: readonly Interval[]): number =>
  minutesOf(taken.flatMap((each) => offered.flatMap((other) => intersection(each, other) ?? [])));

const minutesOf = (intervals: readonly Interval[]): number =>
  Math.round(intervals.reduce((total, { start, end }) => total + (end - start), 0) / MINUTE);
