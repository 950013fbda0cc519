import type { Rejected } from '../adapter/observation.ts';
import type { Instant } from '../domain/instant.ts';
import type { Context } from './context.ts';
import type { FeedKey } from './ports/feeds.ts';
import type { RejectedRecord } from './ports/front.ts';

/** Records that could not be read: counted with the reason, and kept under seal for a person to look at. */

const RAW_BYTES_MAX = 64 * 1024;
const LISTED_MAX = 1000;
/** Of raw forms, which are large. */
const OPENED_MAX = 100;

/** @param since when the reading began that met them; null = a message told of them. */
export async function setAside(
  { store, seal, environment }: Pick<Context, 'store' | 'seal' | 'environment'>,
  feed: FeedKey,
  rejected: readonly Rejected[],
  since: Instant | null,
): Promise<void> {
  const sealed = rejected.map(({ externalId, reason, raw }) => ({
    externalId,
    reason,
    sealedRaw: raw === undefined ? null : seal.closeText(rawText(raw), 'rejected'),
  }));
  await store.recordRejected(feed, sealed, { at: environment.clock.now(), since });
}

/** A text as it is, anything else as JSON; what is longer than the limit is cut, and says so. */
export function rawText(raw: unknown): string {
  const text = typeof raw === 'string' ? raw : jsonOf(raw);
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= RAW_BYTES_MAX) return text;
  // A character that was cut through is left out.
  const kept = new TextDecoder().decode(bytes.subarray(0, RAW_BYTES_MAX), { stream: true });
  return `${kept}\n[cut: it had ${bytes.length} bytes]`;
}

/** One that is nested without measure must not stop its feed: JSON.parse reads what JSON.stringify cannot write. */
function jsonOf(raw: unknown): string {
  try {
    return JSON.stringify(raw) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return '[left out: it is nested too deeply]';
    throw error;
  }
}

/** @param raw opens the raw forms. @returns those met last first, and no more than can be looked at. */
export async function rejectedRecords(
  { store, seal }: Pick<Context, 'store' | 'seal'>,
  connectionId: string,
  raw: boolean,
): Promise<RejectedRecord[]> {
  const rows = await store.rejectedRecords(connectionId, { raw, limit: raw ? OPENED_MAX : LISTED_MAX });
  return rows.map(({ sealedRaw, ...row }) => ({ ...row, raw: sealedRaw && opened(seal, sealedRaw) }));
}

/** Null when it cannot be opened; who made the seal has heard of it. */
function opened(seal: Context['seal'], sealed: Uint8Array): string | null {
  try {
    return seal.openText(sealed, 'rejected');
  } catch {
    return null;
  }
}

/** Rows of calendars that the configuration links, and a word about each that it does not. */
export function sortOut<Row extends { readonly calendar: string }>(
  { directory }: Context,
  connectionId: string,
  rows: readonly Row[],
): { linked: Row[]; rejected: Rejected[] } {
  const unlinked = new Set<string>();
  const linked = rows.filter((row) => {
    const isLinked = directory.calendar(connectionId, row.calendar) !== null;
    if (!isLinked) unlinked.add(row.calendar);
    return isLinked;
  });
  const rejected = [...unlinked].map((calendar) => ({
    externalId: calendar,
    reason: 'this calendar is not linked to a schedule in the configuration',
  }));
  return { linked, rejected };
}
