import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** Who is at the other end, as far as an address tells. */

/** Whether what stands there is a proxy of ours, whose word on whom it speaks for is taken. */
export type IsProxy = (address: string) => boolean;

/** @param networks addresses, and networks such as 10.20.0.0/16. */
export function proxiesIn(networks: readonly string[]): IsProxy {
  const ranges = networks.map((text) => (text.includes('/') ? ipaddr.parseCIDR(text) : alone(text)));
  if (ranges.length === 0) return () => false;
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const at = ipaddr.process(address);
    return ranges.some((range) => range[0].kind() === at.kind() && at.match(range));
  };
}

function alone(text: string): ReturnType<typeof ipaddr.parseCIDR> {
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/**
 * The client's address. Each proxy adds at the end of X-Forwarded-For whom it heard: so the last one is the client whom
 * no proxy of ours stands for, and what is before it may be made up.
 */
export function addressOf(request: IncomingMessage, isProxy: IsProxy): string {
  let address = request.socket.remoteAddress ?? '';
  const forwarded = request.headers['x-forwarded-for'];
  if (forwarded === undefined) return address;
  const hops = String(forwarded).split(',');
  while (hops.length > 0 && isProxy(address)) {
    const before = hops.pop()?.trim() ?? '';
    if (!ipaddr.isValid(before)) return address;
    address = before;
  }
  return address;
}

/** Of this very machine. */
export const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);

const MAPPED = '::ffff:';

/** Whom one address stands for: whoever has an IPv6 address has all 2^64 of its network (RFC 4291, section 2.5.4). */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  if (address.startsWith(MAPPED) && address.includes('.')) return address.slice(MAPPED.length);
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
