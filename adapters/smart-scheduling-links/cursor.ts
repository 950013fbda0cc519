import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a reading leaves for the next one. */

const validators = { etag: z.string().nullable(), modified: z.string().nullable() };
const File = z.strictObject({ type: z.string(), url: z.string(), ...validators });
export type File = z.output<typeof File>;

const Cursor = z.strictObject({
  /** Of settings and calendars: others make other rows. */
  settings: z.string(),
  ...validators,
  /** Of the manifest, epoch ms. */
  transactionTime: z.number(),
  isPartial: z.boolean(),
  files: z.array(File),
  /** Fetched then, and not to be fetched again before, epoch ms. */
  fetchedAt: z.number(),
  freshUntil: z.number(),
});
export type Cursor = z.output<typeof Cursor>;

/** Of one publication; beyond it nothing is remembered, and all is read each time. */
const FILES_MAX = 500;

/** Null when it is no cursor of ours. */
export function parseCursor(text: string): Cursor | null {
  try {
    return Cursor.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export const formatCursor = (cursor: Cursor): string | null =>
  cursor.files.length > FILES_MAX ? null : JSON.stringify(cursor);

export const fingerprint = (of: unknown): string =>
  createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 32);
