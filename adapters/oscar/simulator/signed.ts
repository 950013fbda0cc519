import type { SimRequest } from '../../../src/adapter/simulator/router.ts';
import type { Clock } from '../../../src/domain/environment.ts';
import { type Credentials, signatureOf } from '../oauth.ts';

/** How far the clock of a caller may be from OSCAR's, in seconds. */
const SKEW_SECONDS_MAX = 300;

/** What OSCAR holds against requests: key, token, time, signature, and that it saw none of them before. */
export function createGuard(
  credentials: Credentials,
  origin: string,
  clock: Pick<Clock, 'now'>,
): (request: SimRequest) => boolean {
  const seen = new Set<string>();
  return ({ method, path, query, headers }) => {
    const given = parametersIn(headers['authorization'] ?? '');
    const { oauth_signature: signature, ...parameters } = Object.fromEntries(given);
    const isKnown =
      parameters['oauth_consumer_key'] === credentials.consumerKey &&
      parameters['oauth_token'] === credentials.token;
    const age = Math.abs(clock.now() / 1000 - Number(parameters['oauth_timestamp']));
    if (!isKnown || !(age <= SKEW_SECONDS_MAX)) return false;
    const search = query.size > 0 ? `?${query.toString()}` : '';
    const request = { method, url: `${origin}${path}${search}` };
    if (signatureOf(request, Object.entries(parameters), credentials) !== signature) return false;
    const nonce = parameters['oauth_nonce'] ?? '';
    if (nonce === '' || seen.has(nonce)) return false;
    seen.add(nonce);
    return true;
  };
}

/** RFC 5849, section 3.5.1. */
function parametersIn(header: string): [name: string, value: string][] {
  if (!header.startsWith('OAuth ')) return [];
  return header
    .slice('OAuth '.length)
    .split(',')
    .flatMap((part) => {
      const found = /^\s*(\w+)="([^"]*)"\s*$/.exec(part);
      return found ? [[found[1] ?? '', decodeURIComponent(found[2] ?? '')] as [string, string]] : [];
    });
}
