import { type Page, subjectOf } from '../adapter/observation.ts';
import type { Legibility } from '../domain/legibility.ts';

/** However many there are. */
const ALL_READ: Legibility = { records: 0, unread: 0 };

/** Counts records, not rows: a series is one, and so is all that is on offer by one weekly plan. */
export class RecordCount {
  /** What we wrote there says nothing of whether we can read what others write. */
  readonly #ours = new Set<string>();
  readonly #unread = new Set<string>();
  #nameless = 0;

  /** The pages that follow are of all there is: those without a name come again. */
  startOver(): void {
    this.#nameless = 0;
  }

  add({ rows, rejected }: Extract<Page, { kind: 'rows' }>): void {
    for (const { mark, externalId } of rows) if (subjectOf(mark) !== null) this.#ours.add(externalId);
    for (const { externalId } of rejected) {
      if (externalId === null) this.#nameless++;
      else this.#unread.add(recordOf(externalId));
    }
  }

  /** @param rows external ids of all that was read. Looked through only where something was not: mostly all was. */
  legibility(rows: Iterable<string>): Legibility {
    if (this.#unread.size + this.#nameless === 0) return ALL_READ;
    const read = new Set<string>();
    for (const id of rows) if (!this.#ours.has(id)) read.add(recordOf(id));
    // Of one with an unmapped code the time is known.
    const unread = [...this.#unread].filter((id) => !read.has(id)).length + this.#nameless;
    return { records: read.size + unread, unread };
  }
}

const recordOf = (externalId: string): string => {
  const instance = externalId.lastIndexOf('#');
  return instance > 0 ? externalId.slice(0, instance) : externalId;
};
