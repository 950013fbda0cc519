import type { Instant } from '../domain/instant.ts';
import type { AuditLink, AuditRecord, AuditStore } from '../engine/ports/audit.ts';
import { type ChainKey, hashOf, NO_HASH } from './chain.ts';

/** Whether the chain holds, from its first record to its last, page by page. */

/** The first that is wrong. */
export type Fault =
  /** The number is not there: deleted. */
  | { readonly kind: 'missing'; readonly sequence: number }
  /** It is not what was written under this number. */
  | { readonly kind: 'altered'; readonly sequence: number }
  /** It was written under another number. */
  | { readonly kind: 'reordered'; readonly sequence: number; readonly writtenAs: number }
  /** Nobody wrote it: those after it were moved on by one. */
  | { readonly kind: 'inserted'; readonly sequence: number }
  /** Itself as it was written, but not after the one that is before it now. */
  | { readonly kind: 'unlinked'; readonly sequence: number }
  /** Made by a key that is not known here. */
  | { readonly kind: 'unknown-key'; readonly sequence: number }
  /** The chain ends before a record that is known to have been there. */
  | { readonly kind: 'cut'; readonly sequence: number }
  /** Another chain than the one that the anchor was of. */
  | { readonly kind: 'rewritten'; readonly sequence: number };

export type Verification = {
  /** That hold. */
  readonly records: number;
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** The last that holds. */
  readonly last: AuditLink | null;
  readonly fault: Fault | null;
};

const PAGE = 1_000;
/** So far from its place a record is looked for. */
const NEAR = 1_000;

/**
 * @param keys that are, and were, in use.
 * @param anchors ends of the chain that were noted before, outside of the database.
 * @param onPage hears that it goes on.
 */
export async function verify(
  { auditAfter }: Pick<AuditStore, 'auditAfter'>,
  keys: readonly ChainKey[],
  anchors: readonly AuditLink[] = [],
  onPage: () => void = () => undefined,
): Promise<Verification> {
  const byId = new Map(keys.map((key) => [key.id, key]));
  const noted = new Set(anchors.map((anchor) => anchor.sequence));
  let from: Instant | null = null;
  let to: Instant | null = null;
  let last: AuditLink | null = null;
  const found = (fault: Fault | null): Verification => ({
    records: last?.sequence ?? 0,
    from,
    to,
    last,
    fault,
  });
  for (;;) {
    const page: AuditRecord[] = await auditAfter(last?.sequence ?? 0, PAGE);
    for (const [index, record] of page.entries()) {
      const fault = faultOf(record, page[index + 1] ?? null, last, byId);
      if (fault) return found(fault);
      const { sequence, hash, at } = record;
      if (noted.has(sequence) && anchors.some((each) => each.sequence === sequence && each.hash !== hash)) {
        return found({ kind: 'rewritten', sequence });
      }
      from ??= at;
      to = at;
      last = { sequence, hash };
    }
    if (page.length < PAGE) break;
    onPage();
  }
  const end = last?.sequence ?? 0;
  const isCut = anchors.some(({ sequence }) => sequence > end);
  return found(isCut ? { kind: 'cut', sequence: end + 1 } : null);
}

/** @param next the one after it, where it is known. */
function faultOf(
  record: AuditRecord,
  next: AuditRecord | null,
  last: AuditLink | null,
  keys: ReadonlyMap<string, ChainKey>,
): Fault | null {
  const sequence = (last?.sequence ?? 0) + 1;
  if (record.sequence !== sequence) return { kind: 'missing', sequence };
  const key = keys.get(record.keyId);
  if (!key) return { kind: 'unknown-key', sequence };
  if (hashOf(record, key) === record.hash) {
    return record.previous === (last?.hash ?? NO_HASH) ? null : { kind: 'unlinked', sequence };
  }
  const writtenAs = writtenNumber(record, key);
  if (writtenAs !== null) return { kind: 'reordered', sequence, writtenAs };
  const nextKey = next && keys.get(next.keyId);
  const isMoved = nextKey && hashOf({ ...next, sequence }, nextKey) === next.hash;
  return { kind: isMoved ? 'inserted' : 'altered', sequence };
}

/** Null = nobody wrote it as it is. */
function writtenNumber(record: AuditRecord, key: ChainKey): number | null {
  for (let away = 1; away <= NEAR; away += 1) {
    for (const sequence of [record.sequence - away, record.sequence + away]) {
      if (hashOf({ ...record, sequence }, key) === record.hash) return sequence;
    }
  }
  return null;
}
