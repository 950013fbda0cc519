import type { Platform } from '../src/adapter/contract.ts';
import type { Page } from '../src/adapter/observation.ts';
import { type ClinicSize, observedAt, slotCount } from './clinic.ts';

const PAGE_ROWS = 2_000;

/** Indexes of the clinic's slots, a page at a time. */
export function* pageIndexes(size: ClinicSize, pageRows = PAGE_ROWS): Generator<number[]> {
  const total = slotCount(size);
  for (let first = 0; first < total; first += pageRows) {
    yield Array.from({ length: Math.min(pageRows, total - first) }, (_, index) => first + index);
  }
}

/** Reads the whole clinic as ready observations, made as they are asked for. */
export const reading = (size: ClinicSize): Platform['read'] =>
  async function* read({ window }): AsyncGenerator<Page> {
    for (const indexes of pageIndexes(size)) {
      yield {
        kind: 'rows',
        rows: indexes.map((index) => observedAt(size, index)),
        removed: [],
        rejected: [],
      };
    }
    yield { kind: 'end', complete: window, cursor: null };
  };
