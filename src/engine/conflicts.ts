import type { BusyPeriod } from '../domain/busy.ts';
import {
  type Conflict,
  hasPassed,
  howEndedAt,
  inConflict,
  type Move,
  type Settlement,
} from '../domain/conflict.ts';
import type { Instant } from '../domain/instant.ts';
import { intersection, sameInterval } from '../domain/interval.ts';
import { derivedId } from './identity.ts';
import type { EngineEvent } from './ports/events.ts';

/**
 * The life of the conflicts while one batch is decided. Pure. A conflict is open until a person or a policy settles it,
 * or until its two bookings meet no more. One that was settled by keeping both stands for as long as they do: it is not
 * detected anew until one of them changes its time.
 */

type Live = (id: string) => BusyPeriod | null;
type Changed = { readonly conflict: Conflict; readonly events: readonly EngineEvent[] };
type Found = { readonly conflict: Conflict; readonly event: EngineEvent };

export class Conflicts {
  readonly #at: Instant;
  readonly #live: Live;
  readonly #known: ReadonlyMap<string, Conflict>;
  readonly #found = new Map<string, Found>();
  readonly #settled = new Map<string, Settlement>();

  /** @param known those whose bookings met before this batch, among the periods that it may change. */
  constructor(known: readonly Conflict[], live: Live, at: Instant) {
    this.#known = new Map(known.map((conflict) => [conflict.id, conflict]));
    this.#live = live;
    this.#at = at;
  }

  /** By its id, if its two bookings met before this batch. */
  known(id: string): Conflict | null {
    return this.#known.get(id) ?? null;
  }

  /** Takes note of two that meet. */
  meet(one: BusyPeriod, other: BusyPeriod): void {
    if (!inConflict(one, other) || hasPassed([one, other], this.#at)) return;
    const conflict = newConflict(one, other, this.#at);
    const before = this.#known.get(conflict.id);
    if (before && !isMovedWhenSettled(before, conflict)) return;
    const outside = outsideOf(one, other);
    this.#found.set(conflict.id, {
      conflict,
      event: detectedEvent(conflict, outside, outside === one ? other : one),
    });
  }

  /** Those that this batch brought about. */
  get found(): readonly Conflict[] {
    return [...this.#found.values()].map(({ conflict }) => conflict);
  }

  settle(id: string, settlement: Settlement): void {
    this.#settled.set(id, settlement);
  }

  /** What there is to write and to tell, once all periods stand as the batch leaves them. */
  changes(): Changed[] {
    return [...new Set([...this.#known.keys(), ...this.#found.keys()])].flatMap(
      (id) => this.#changeOf(id) ?? [],
    );
  }

  #changeOf(id: string): Changed | null {
    const settlement = this.#settled.get(id) ?? null;
    const known = this.#known.get(id) ?? null;
    const found = this.#found.get(id);
    if (found && settlement) return this.#resolved(found.conflict, settlement, [found.event]);
    if (found && this.#meeting(found.conflict)) return { conflict: found.conflict, events: [found.event] };
    // One that was over again before the batch was decided was never there.
    if (!known) return null;
    return settlement ? this.#resolved(known, settlement, []) : this.#goneOn(known);
  }

  #meeting({ a, b }: Conflict): readonly [BusyPeriod, BusyPeriod] | null {
    const [one, other] = [this.#live(a.busyId), this.#live(b.busyId)];
    return one && other && inConflict(one, other) ? [one, other] : null;
  }

  #goneOn(conflict: Conflict): Changed | null {
    const meeting = this.#meeting(conflict);
    if (!meeting) {
      const events = conflict.settlement ? [] : [endedEvent(conflict, this.#at)];
      return { conflict: { ...conflict, endedAt: this.#at }, events };
    }
    const now = newConflict(...meeting, this.#at);
    if (sameTimes(conflict, now) && conflict.connectionId === now.connectionId) return null;
    const { a, b, connectionId, scheduleId } = now;
    return { conflict: { ...conflict, a, b, connectionId, scheduleId }, events: [] };
  }

  #resolved(conflict: Conflict, settlement: Settlement, before: readonly EngineEvent[]): Changed {
    const { resolution, by } = settlement;
    const move = settlement.resolution === 'move' ? moveIn(settlement) : null;
    const endedAt = this.#meeting(conflict) ? null : (conflict.endedAt ?? this.#at);
    const event = { ...overEvent('conflict.resolved', conflict, this.#at), resolution, by, move };
    return { conflict: { ...conflict, settlement, endedAt }, events: [...before, event] };
  }
}

const moveIn = ({ side, slotId, toBusyId }: Move): Move => ({ side, slotId, toBusyId });

/** The same two always have the same id. */
export const conflictId = (one: string, other: string): string =>
  derivedId('conflict', ...[one, other].sort());

function newConflict(one: BusyPeriod, other: BusyPeriod, at: Instant): Conflict {
  const [a, b] = one.id < other.id ? [one, other] : [other, one];
  const outside = outsideOf(one, other);
  return {
    id: conflictId(one.id, other.id),
    a: { busyId: a.id, interval: a.interval },
    b: { busyId: b.id, interval: b.interval },
    scheduleId: outside.scheduleId,
    connectionId: outside.originId,
    detectedAt: at,
    settlement: null,
    endedAt: null,
  };
}

/** Where several wait both may be outside: then the one that came later is meant. */
function outsideOf(one: BusyPeriod, other: BusyPeriod): BusyPeriod {
  if (one.lane !== null) return other;
  if (other.lane !== null) return one;
  if (one.changedAt !== other.changedAt) return one.changedAt > other.changedAt ? one : other;
  return one.id > other.id ? one : other;
}

const sameTimes = (one: Conflict, other: Conflict): boolean =>
  sameInterval(one.a.interval, other.a.interval) && sameInterval(one.b.interval, other.b.interval);

/** Both were kept as they were: at another time that is for a person to decide anew. */
const isMovedWhenSettled = (before: Conflict, now: Conflict): boolean =>
  before.settlement !== null && !sameTimes(before, now);

const detectedEvent = (
  { id, detectedAt }: Conflict,
  outside: BusyPeriod,
  inside: BusyPeriod,
): EngineEvent => ({
  type: 'conflict.detected',
  at: detectedAt,
  connectionId: outside.originId,
  conflictId: id,
  busyId: outside.id,
  withBusyId: inside.id,
  scheduleId: outside.scheduleId,
  interval: outside.interval,
});

/** Of one that ends by itself. */
export const endedEvent = (conflict: Conflict, at: Instant) => ({
  ...overEvent('conflict.ended', conflict, at),
  how: howEndedAt(conflict, at),
});

const overEvent = <Type extends 'conflict.resolved' | 'conflict.ended'>(
  type: Type,
  { id, a, b, connectionId, scheduleId }: Conflict,
  at: Instant,
) => ({
  type,
  at,
  connectionId,
  conflictId: id,
  busyId: a.busyId,
  withBusyId: b.busyId,
  scheduleId,
  interval: intersection(a.interval, b.interval) ?? a.interval,
});
