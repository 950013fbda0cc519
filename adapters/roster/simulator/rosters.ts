import { Temporal } from 'temporal-polyfill';
import { fromLocal } from '../../../src/adapter/zone.ts';
import type { Clock } from '../../../src/domain/environment.ts';
import { type Instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import { type Interval, interval } from '../../../src/domain/interval.ts';

/** A made-up clinic's roster, as whoever plans it has it before them. */

export type PlannedShift = {
  readonly id: string;
  readonly practitioner: string;
  readonly place: string;
  readonly interval: Interval;
  readonly task: string;
  /** Counts up with each change of it. */
  readonly revision: number;
};

export class Rosters {
  readonly zone: string;
  /** What is published; null = all that there is, and of no period. */
  period: Interval | null = null;
  publishedAt: Instant;
  readonly #clock: Clock;
  #shifts = new Map<string, PlannedShift>();
  #made = 0;

  constructor(zone: string, clock: Clock) {
    this.zone = zone;
    this.#clock = clock;
    this.publishedAt = clock.now();
  }

  get shifts(): readonly PlannedShift[] {
    return [...this.#shifts.values()];
  }

  /** Of the published period: those that begin in it. */
  get published(): readonly PlannedShift[] {
    const { period } = this;
    return this.shifts.filter(
      ({ interval: { start } }) => !period || (period.start <= start && start < period.end),
    );
  }

  add(planned: Omit<PlannedShift, 'id' | 'revision'>): PlannedShift {
    this.#made += 1;
    const shift = { ...planned, id: `quart-${this.#made}`, revision: 1 };
    this.#shifts.set(shift.id, shift);
    this.#publish();
    return shift;
  }

  /** One that was removed, under its own id. */
  restore(shift: PlannedShift): void {
    this.#shifts.set(shift.id, shift);
    this.#publish();
  }

  change(id: string, to: Partial<Omit<PlannedShift, 'id' | 'revision'>>): PlannedShift | null {
    const before = this.#shifts.get(id);
    if (!before) return null;
    const shift = { ...before, ...to, revision: before.revision + 1 };
    this.#shifts.set(id, shift);
    this.#publish();
    return shift;
  }

  remove(id: string): boolean {
    const was = this.#shifts.delete(id);
    this.#publish();
    return was;
  }

  publishOnly(period: Interval | null): void {
    this.period = period;
    this.#publish();
  }

  #publish(): void {
    this.publishedAt = this.#clock.now();
  }

  /** Anew: mornings, afternoons and one night a week, of each of them. */
  fill(practitioners: readonly string[], days: number): void {
    this.#shifts = new Map();
    this.#made = 0;
    this.period = null;
    const today = Temporal.Instant.fromEpochMilliseconds(this.#clock.now()).toZonedDateTimeISO(this.zone);
    for (const practitioner of practitioners) {
      for (let after = 1; after <= days; after += 1) {
        const date = today.toPlainDate().add({ days: after });
        if (date.dayOfWeek > 5) continue;
        const at = (time: string): Instant => fromLocal(`${date.toString()}T${time}`, this.zone);
        const common = { practitioner, place: 'Clinique fictive' };
        this.add({ ...common, task: 'rendez-vous', interval: interval(at('08:00'), at('12:00')) });
        this.add({ ...common, task: 'sans-rendez-vous', interval: interval(at('13:00'), at('16:30')) });
        if (date.dayOfWeek === 5)
          this.add({
            ...common,
            task: 'garde',
            interval: interval(at('20:00'), plus(at('20:00'), 720 * MINUTE)),
          });
      }
    }
  }
}
