import { hash } from 'node:crypto';

// Any fixed UUID would do; this one only keeps our names apart from those of others (RFC 9562, section 5.5).
const NAMESPACE = Buffer.from('5f0c1f6ce6d54c1c9f0e0a3b1f2d7c55', 'hex');

/**
 * The UUID of a thing that a platform made: version 5 of its names. The same thing always gets the same id, whoever
 * reads it first and after any restart, so two gateways on one database cannot take it in twice.
 */
export function derivedId(...names: readonly string[]): string {
  const hex = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(JSON.stringify(names))]));
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
