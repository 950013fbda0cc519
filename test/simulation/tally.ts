/** What happened in a run, counted. */
export class Tally {
  readonly faults = new Map<string, number>();
  bookings = 0;
  /** Through our own API. */
  holds = 0;
  /** Moved through our own API. */
  moves = 0;
  /** Schedules taken off offer, or put back. */
  plans = 0;
  /** Time that the clinic closed by itself. */
  closures = 0;
  conflicts = 0;
  /** Of these, by a person or a policy. */
  settled = 0;
  /** Of these, by the platform of the one that was moved. */
  moved = 0;

  fault(kind: string): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
  }

  add(other: Tally): void {
    this.bookings += other.bookings;
    this.holds += other.holds;
    this.moves += other.moves;
    this.plans += other.plans;
    this.closures += other.closures;
    this.conflicts += other.conflicts;
    this.settled += other.settled;
    this.moved += other.moved;
    for (const [kind, count] of other.faults) this.faults.set(kind, (this.faults.get(kind) ?? 0) + count);
  }
}
