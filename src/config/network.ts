import { isIP } from 'node:net';

const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** An address, or a network as 10.20.0.0/16. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  if (prefix === undefined) return isIP(text) > 0;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (BITS[isIP(address)] ?? -1);
}
