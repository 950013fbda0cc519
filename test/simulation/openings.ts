import type { SimRecord } from '../../src/adapter/simulator/records.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';

/** When a gateway opened time on a platform, by the platform's own account: it took a block of its away, or offered a slot. */

export type Opening = {
  readonly calendar: string;
  readonly interval: Interval;
  /** Of the block or the slot. */
  readonly reference: string;
  readonly at: Instant;
};

export class Openings {
  readonly all: Opening[] = [];
  readonly #blocks = new Map<string, Omit<Opening, 'at'>>();

  /** @returns the opening that it was, if it was one. */
  note(id: string, record: SimRecord<unknown> | null, at: Instant): Opening | null {
    const block = this.#blocks.get(id);
    this.#blocks.delete(id);
    if (record === null) return block ? this.#keep({ ...block, at }) : null;
    const { kind, calendar, interval, reference } = record;
    if (reference === null) return null;
    if (kind === 'slot') return this.#keep({ calendar, interval, reference, at });
    if (kind === 'block') this.#blocks.set(id, { calendar, interval, reference });
    return null;
  }

  #keep(opening: Opening): Opening {
    this.all.push(opening);
    return opening;
  }
}
