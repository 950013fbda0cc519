import { z } from 'zod';

/** What a reading leaves for the next one. The adapter itself remembers nothing. */

const Cursor = z.strictObject({
  etag: z.string().nullable(),
  modified: z.string().nullable(),
  /** Of what it said, but for when it was written: for servers without validators. */
  hash: z.string(),
  /** Of the calendar's settings: another plan or zone changes every row, so it is read anew. */
  settings: z.string(),
  /** Series were expanded up to here, epoch ms. */
  expandedTo: z.number(),
  /** Slots were given up to this local day (wall ms), not included; null = this calendar offers none. */
  plannedTo: z.number().nullable(),
});
export type Cursor = z.output<typeof Cursor>;

/** Null when it is no cursor of ours. */
export function parseCursor(text: string): Cursor | null {
  try {
    return Cursor.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export const formatCursor = (cursor: Cursor): string => JSON.stringify(cursor);
