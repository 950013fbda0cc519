import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { Instant } from '../domain/instant.ts';
import type { AuditEvent, AuditLink, AuditRecord } from '../engine/ports/audit.ts';

/**
 * Records as a chain: the hash of each is over its content, its number and the hash of the one before it. It is made by a key
 * (HMAC-SHA-256, RFC 2104), so who has the database but not the key can make no chain that holds.
 */

export type ChainKey = { readonly id: string; readonly bytes: Uint8Array };

const KEY_LABEL = 'passerelle: audit chain';
const KEY_BYTES = 32;

/** Before the first. */
export const NO_HASH = '0'.repeat(64);

/**
 * @param key that all processes share; 32 bytes. What is used here is derived from it (RFC 5869), and is of no use for anything
 * else. Its id says which one it was, and nothing of the key.
 */
export function chainKey(key: Uint8Array): ChainKey {
  const bytes = new Uint8Array(hkdfSync('sha256', key, '', KEY_LABEL, KEY_BYTES));
  return { bytes, id: createHash('sha256').update(bytes).digest('hex').slice(0, 16) };
}

type Content = Omit<AuditRecord, 'hash'>;

/** The text that is hashed: a list in a fixed order, so that nothing depends on the names of columns or their order. */
function canonical(record: Content): string {
  const { detail } = record;
  return JSON.stringify([
    1,
    record.sequence,
    record.at,
    record.type,
    record.action,
    record.outcome,
    record.agent,
    record.name,
    record.organizationId,
    record.address,
    record.requestId,
    record.purpose,
    record.entities,
    Object.keys(detail)
      .sort()
      .map((name) => [name, detail[name]]),
    record.keyId,
    record.previous,
  ]);
}

export const hashOf = (record: Content, { bytes }: ChainKey): string =>
  createHmac('sha256', bytes).update(canonical(record)).digest('hex');

/** Puts events behind the last record. */
export function chained(
  last: AuditLink | null,
  events: readonly { readonly event: AuditEvent; readonly at: Instant }[],
  key: ChainKey,
): AuditRecord[] {
  let { sequence, hash } = last ?? { sequence: 0, hash: NO_HASH };
  return events.map(({ event, at }) => {
    sequence += 1;
    const content: Content = { ...event, sequence, at, keyId: key.id, previous: hash };
    hash = hashOf(content, key);
    return { ...content, hash };
  });
}
