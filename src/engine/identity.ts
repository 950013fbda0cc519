import { createHash } from 'node:crypto';

// Any fixed UUID would do; this one only keeps our names apart from those of others (RFC 9562, section 5.5).
const NAMESPACE = Buffer.from('5f0c1f6ce6d54c1c9f0e0a3b1f2d7c55', 'hex');

/**
 * The UUID of a thing that a platform made: version 5 of its names. The same thing always gets the same id, whoever
 * reads it first and after any restart, so two gateways on one database cannot take it in twice.
 */
export function derivedId(...names: readonly string[]): string {
  const hash = createHash('sha1').update(NAMESPACE).update(JSON.stringify(names)).digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x50;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
