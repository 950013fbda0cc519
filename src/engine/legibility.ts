import { type Page, subjectOf } from '../adapter/observation.ts';
import type { Legibility } from '../domain/legibility.ts';

/** Counts records, not rows: a series is one, and so is all that is on offer by one weekly plan. */
export class RecordCount {
  readonly #read = new Set<string>();
  readonly #unread = new Set<string>();
  #nameless = 0;

  /** The pages that follow are of all there is: those without a name come again. */
  startOver(): void {
    this.#nameless = 0;
  }

  add({ rows, rejected }: Extract<Page, { kind: 'rows' }>): void {
    // What we wrote there says nothing of whether we can read what others write.
    for (const { mark, externalId } of rows)
      if (subjectOf(mark) === null) this.#read.add(recordOf(externalId));
    for (const { externalId } of rejected) {
      if (externalId === null) this.#nameless++;
      else this.#unread.add(recordOf(externalId));
    }
  }

  get legibility(): Legibility {
    // Of one with an unmapped code the time is known.
    const unread = [...this.#unread].filter((id) => !this.#read.has(id)).length + this.#nameless;
    return { records: this.#read.size + unread, unread };
  }
}

const recordOf = (externalId: string): string => {
  const instance = externalId.lastIndexOf('#');
  return instance > 0 ? externalId.slice(0, instance) : externalId;
};
