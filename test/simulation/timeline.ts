import type { Clock } from '../../src/domain/environment.ts';
import { type Instant, instant, plus } from '../../src/domain/instant.ts';

/**
 * Simulated time. Nothing happens but what stands on the timeline, one event after the other in the order of its time,
 * and each is lived to its end before the next begins: so a run is the same for the same seed.
 */
export class Timeline {
  #now: Instant;
  #ordinal = 0;
  #events: { readonly at: Instant; readonly ordinal: number; readonly run: () => void }[] = [];
  /** Statements that the database is executing: the only thing that takes real time. */
  busy = 0;

  constructor(start: Instant) {
    this.#now = start;
  }

  get now(): Instant {
    return this.#now;
  }

  at(time: Instant, run: () => void): void {
    this.#ordinal += 1;
    // Clocks count whole milliseconds.
    const at = instant(Math.ceil(Math.max(time, this.#now)));
    const event = { at, ordinal: this.#ordinal, run };
    // Few events wait at a time, and most of them for later than the others.
    let index = this.#events.length;
    while (index > 0 && comesAfter(this.#events[index - 1] as typeof event, event)) index -= 1;
    this.#events.splice(index, 0, event);
  }

  after(milliseconds: number, run: () => void): void {
    this.at(plus(this.#now, milliseconds), run);
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  clock(): Clock {
    return {
      now: () => this.#now,
      sleep: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          const cutShort = () => reject(signal?.reason);
          if (signal?.aborted) return cutShort();
          signal?.addEventListener('abort', cutShort, { once: true });
          this.after(milliseconds, () => {
            signal?.removeEventListener('abort', cutShort);
            resolve();
          });
        }),
    };
  }

  /** Lives until that time. */
  async run(until: Instant): Promise<void> {
    await this.#settle();
    for (let next = this.#events[0]; next && next.at <= until; next = this.#events[0]) {
      this.#events.shift();
      this.#now = next.at;
      next.run();
      await this.#settle();
    }
    this.#now = instant(Math.ceil(until));
  }

  /** Waits until nobody can go on without a later event. */
  async #settle(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.busy > 0);
  }
}

type Event = { readonly at: Instant; readonly ordinal: number };
const comesAfter = (one: Event, other: Event): boolean =>
  one.at > other.at || (one.at === other.at && one.ordinal > other.ordinal);
