import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Where calls may go. Somebody else says where the target's name leads, and for a notification chooses the name too, so it
 * must not be what only we can reach: of all addresses that the name has, each must be public, unless the configuration
 * allows it.
 */

/** Why a target may not be called. */
export type TargetRefusal = 'forbidden-address' | 'not-https';
/** Why it may not be called, or cannot be. */
export type TargetProblem = TargetRefusal | 'unknown-host';

export type Address = { readonly address: string; readonly family: number };

/** All addresses of a name. @throws an error of the system's resolver, with its code. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

export type Targets = {
  /** Null = it may be called, as things stand. @param endpoint an absolute URL, http or https. */
  readonly problemOf: (endpoint: string) => Promise<TargetProblem | null>;
  /** The same of a URL that has an address in place of a name; null of every other. */
  readonly problemOfAddress: (endpoint: string) => TargetRefusal | null;
  /**
   * The same of each connection that is made, so that a name with another address by then gains nothing. It is not asked
   * where there is no name. Its error's code is a TargetRefusal.
   */
  readonly lookup: (protocol: string) => LookupFunction;
};

/** Of an error's code: the target was refused, and no connection made. */
export const isRefusal = (code: string): code is TargetRefusal =>
  code === 'forbidden-address' || code === 'not-https';

const RESOLVE_MILLISECONDS = 5_000;

type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** @param allowed host names, addresses and networks that are called whatever they are, also by http. */
export function createTargets(
  allowed: readonly string[],
  resolve: Resolve = (host) => systemLookup(host, { all: true, verbatim: true }),
): Targets {
  const networks = allowed.flatMap(networkOf);
  const names = new Set(allowed.map((name) => name.toLowerCase()));

  const problem = (protocol: string, host: string, address: string): TargetRefusal | null => {
    const at = ipaddr.process(address);
    const isAllowed =
      names.has(host) || networks.some((network) => network[0].kind() === at.kind() && at.match(network));
    if (isAllowed) return null;
    if (!isPublic(at)) return 'forbidden-address';
    return protocol === 'https:' ? null : 'not-https';
  };

  function problemOfAddress(endpoint: string): TargetRefusal | null {
    const { protocol, hostname } = new URL(endpoint);
    const host = bare(hostname);
    return isIP(host) === 0 ? null : problem(protocol, host, host);
  }

  async function problemOf(endpoint: string): Promise<TargetProblem | null> {
    const { protocol, hostname } = new URL(endpoint);
    const host = bare(hostname);
    if (isIP(host) > 0) return problem(protocol, host, host);
    const addresses = await addressesOf(host);
    if (addresses.length === 0) return 'unknown-host';
    return addresses.map((address) => problem(protocol, host, address)).find((each) => each !== null) ?? null;
  }

  async function addressesOf(host: string): Promise<string[]> {
    const late = new Promise<readonly Address[]>((_, reject) => {
      setTimeout(reject, RESOLVE_MILLISECONDS, new Error('the resolver does not answer')).unref();
    });
    const found = await Promise.race([resolve(host), late]).catch(() => []);
    return found.map(({ address }) => address);
  }

  const lookup =
    (protocol: string): LookupFunction =>
    (hostname, options, callback) => {
      const answer = async (): Promise<readonly Address[]> => {
        const found = await resolve(hostname);
        for (const { address } of found) {
          const refused = problem(protocol, hostname, address);
          if (refused !== null) throw refusal(refused);
        }
        return found.filter(({ family }) => !options.family || options.family === family);
      };
      answer().then(
        (found) => {
          const [first] = found;
          if (options.all) callback(null, [...found]);
          else if (first) callback(null, first.address, first.family);
          else callback(Object.assign(new Error('no address of this family'), { code: 'ENOTFOUND' }), '');
        },
        (error: NodeJS.ErrnoException) => callback(error, ''),
      );
    };

  return { problemOf, problemOfAddress, lookup };
}

const refusal = (code: TargetRefusal): Error =>
  Object.assign(new Error('the target may not be called'), { code });

/** IPv6 in brackets, as URLs have it. */
const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** A network, or the one of a single address; none of a name. */
function networkOf(text: string): Network[] {
  if (ipaddr.isValidCIDR(text)) return [ipaddr.parseCIDR(text)];
  if (isIP(text) === 0) return [];
  const address = ipaddr.process(text);
  return [[address, address.kind() === 'ipv4' ? 32 : 128]];
}

/**
 * Global unicast, and nothing else: no range with another purpose (IANA's special-purpose registries, RFC 6890), and of
 * IPv6 only what has been given out (2000::/3). An IPv4 address in IPv6 form is judged as IPv4.
 */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(ipaddr.IPv6.parseCIDR('2000::/3'));
}
