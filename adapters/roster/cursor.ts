import { z } from 'zod';

/** What a reading leaves for the next one. The adapter itself remembers nothing. */

const Cursor = z.strictObject({
  /** In the order of the settings. */
  documents: z.array(
    z.strictObject({
      etag: z.string().nullable(),
      modified: z.string().nullable(),
      /** Of what it said, for servers without validators. */
      hash: z.string(),
    }),
  ),
  /** Of the settings and the calendars: others make other shifts of the same texts. */
  settings: z.string(),
  /** Series were expanded up to here, epoch ms. */
  expandedTo: z.number(),
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
