import type { SimReply } from '../../../src/adapter/simulator/router.ts';
import { type Instant, MINUTE } from '../../../src/domain/instant.ts';
import type { Site } from '../site.ts';

/** A platform's own count of the requests that reach it, which refuses what is beyond its limit. */
export class Door {
  /** When each request came, in order. */
  readonly arrivals: Instant[] = [];
  /** Those that it refused: beyond the limit in the minute before them. */
  readonly refused: Instant[] = [];
  /** The most that came within any minute, whenever that began. */
  busiest = 0;
  readonly #site: Site;
  readonly #limit: number;
  readonly #now: () => Instant;
  #oldest = 0;

  /** @param limit requests a minute. */
  constructor(site: Site, limit: number, now: () => Instant) {
    this.#site = site;
    this.#limit = limit;
    this.#now = now;
    site.door = () => this.#meet();
  }

  #meet(): SimReply | null {
    const now = this.#now();
    this.arrivals.push(now);
    while ((this.arrivals[this.#oldest] ?? now) <= now - MINUTE) this.#oldest += 1;
    const within = this.arrivals.length - this.#oldest;
    this.busiest = Math.max(this.busiest, within);
    // Who is down counts nothing and refuses nothing; the calls are made all the same.
    if (this.#site.faults.down !== null || within <= this.#limit) return null;
    this.refused.push(now);
    return { status: 429, headers: { 'retry-after': '60' } };
  }

  /** How many came from then on, before that. */
  between(from: Instant, until: Instant): number {
    return this.#before(until) - this.#before(from);
  }

  /** The most that came within any one minute of that time. */
  busiestMinute(from: Instant, until: Instant): number {
    let most = 0;
    let oldest = this.#before(from);
    for (let index = oldest; index < this.#before(until); index += 1) {
      const at = this.arrivals[index] ?? until;
      while ((this.arrivals[oldest] ?? at) <= at - MINUTE) oldest += 1;
      most = Math.max(most, index - oldest + 1);
    }
    return most;
  }

  /** How many had come before that: they are in order, so it is found by halves. */
  #before(at: Instant): number {
    let low = 0;
    let high = this.arrivals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.arrivals[middle] ?? at) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
