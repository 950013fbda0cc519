import type { After } from '../engine/ports/front.ts';

/** Where a page ended, opaque to clients: base64url of what it is sorted by, and the id. Nothing in it is secret or trusted. */

const CURSOR = /^(-?\d{1,15})\|([A-Za-z0-9\-.]{1,64})$/;

export const writeCursor = ({ atMs, id }: After): string =>
  Buffer.from(`${atMs}|${id}`, 'latin1').toString('base64url');

/** Null when it is not one that we wrote. */
export function readCursor(text: string): After | null {
  const match = CURSOR.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (!match) return null;
  const after = { atMs: Number(match[1]), id: String(match[2]) };
  // Base64 has many spellings of the same bytes, and only one of them is ours.
  return writeCursor(after) === text ? after : null;
}
