import { isHold, type SimRecord } from '../../src/adapter/simulator/records.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { type Interval, sameInterval } from '../../src/domain/interval.ts';

/** The visits that a platform ever had, by its own account: since when each stood at its time, and who took it away. */

export type Visit = {
  /** The platform's own; the same wherever it is moved. */
  readonly id: string;
  readonly calendar: string;
  readonly interval: Interval;
  readonly reference: string | null;
  /** Since when it stood so, on the clock that all platforms of a run share. */
  readonly since: Instant;
  /** Until when; null = it still does. Of what was only held, nobody asks. */
  readonly until: Instant | null;
};

export class Visits {
  readonly #standing = new Map<string, Visit>();
  readonly #past: Visit[] = [];
  /** Those that a gateway had cancelled. */
  readonly cancelled: Visit[] = [];
  /** Those that a gateway had moved, as they were before. */
  readonly moved: Visit[] = [];

  /** @param byGateway it comes of a request to the platform's interface. */
  note(id: string, record: SimRecord<unknown> | null, at: Instant, byGateway: boolean): void {
    const before = this.#standing.get(id);
    if (record !== null && record.kind !== 'reservation') return;
    if (record !== null && isHold(record)) {
      // A platform may not say that it is only held: whoever reads it there takes it for a visit.
      const { calendar, interval, reference } = record;
      this.#past.push({ id, calendar, interval, reference, since: at, until: at });
      return;
    }
    if (record === null) {
      if (!before) return;
      this.#standing.delete(id);
      this.#past.push({ ...before, until: at });
      if (byGateway) this.cancelled.push(before);
      return;
    }
    const { calendar, interval, reference } = record;
    if (before?.calendar === calendar && sameInterval(before.interval, interval)) return;
    if (before) this.#past.push({ ...before, until: at });
    if (before && byGateway) this.moved.push(before);
    this.#standing.set(id, { id, calendar, interval, reference, since: at, until: null });
  }

  /** Whether that visit ever stood at another time, or in another calendar, than at first; whoever moved it. */
  wasMoved(id: string): boolean {
    const first = this.#past.find((visit) => visit.id === id);
    const last = this.#standing.get(id) ?? this.#past.findLast((visit) => visit.id === id);
    return first !== undefined && last !== undefined && first !== last;
  }

  /** All that ever stood in this calendar, or was held; one that was moved at each of its times. */
  ever(calendar: string): Visit[] {
    return [...this.#past, ...this.#standing.values()].filter((visit) => visit.calendar === calendar);
  }

  /** Of these, at exactly this time. */
  at(calendar: string, interval: Interval): Visit[] {
    return this.ever(calendar).filter((visit) => sameInterval(visit.interval, interval));
  }
}
