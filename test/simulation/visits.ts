import { isHold, type Reservation, type SimRecord } from '../../src/adapter/simulator/records.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';

/** The visits that a platform ever had, by its own account: since when each stood at its time, and who took it away. */

export type Visit = {
  /** The platform's own. */
  readonly id: string;
  readonly calendar: string;
  readonly interval: Interval;
  readonly reference: string | null;
  /** Since when it stood so, on the clock that all platforms of a run share. */
  readonly since: Instant;
};

export class Visits {
  readonly #standing = new Map<string, Visit>();
  readonly #past: Visit[] = [];
  /** Those that a gateway had cancelled. */
  readonly cancelled: Visit[] = [];

  /** @param byGateway it comes of a request to the platform's interface. */
  note(id: string, record: SimRecord<unknown> | null, at: Instant, byGateway: boolean): void {
    const before = this.#standing.get(id);
    if (record !== null && !isVisit(record)) return;
    if (record === null) {
      if (!before) return;
      this.#standing.delete(id);
      this.#past.push(before);
      if (byGateway) this.cancelled.push(before);
      return;
    }
    const { calendar, interval, reference } = record;
    if (before && before.interval.start === interval.start && before.interval.end === interval.end) return;
    if (before) this.#past.push(before);
    this.#standing.set(id, { id, calendar, interval, reference, since: at });
  }

  /** All that ever stood in this calendar at exactly this time. */
  at(calendar: string, { start, end }: Interval): Visit[] {
    return [...this.#past, ...this.#standing.values()].filter(
      (visit) => visit.calendar === calendar && visit.interval.start === start && visit.interval.end === end,
    );
  }
}

const isVisit = (record: SimRecord<unknown>): record is Reservation =>
  record.kind === 'reservation' && !isHold(record);
