import type { SlotRow } from '../engine/ports/front.ts';
import { metaHead } from './answer.ts';
import type { Confirmation } from './freshness.ts';
import type { BookableFrom } from './release.ts';

/** The slot as JSON text: what was written, completed by concatenation. `closed` = free, but not served as free. */
export function slotText(
  row: SlotRow,
  { stale, tail, tailWith }: Confirmation,
  bookableFrom: BookableFrom,
  staleIncluded: boolean,
): { text: string; closed: boolean } {
  const notYet = row.status === 'free' ? bookableFrom(row) : null;
  const closed = (stale && !staleIncluded && row.status === 'free') || notYet !== null;
  const extension = notYet?.extension ?? null;
  const status = closed ? 'busy-unavailable' : row.status;
  const text = `${row.document},"status":"${status}",${metaHead(row.version, row.updatedMs)}${extension === null ? tail : tailWith(extension)}`;
  return { text, closed };
}
