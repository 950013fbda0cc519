import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refused } from '../fhir/outcomes.ts';
import { addressOf, type IsProxy, networkOf } from './client-address.ts';
import { type Budget, type Limiters, type LimitName, WINDOW_SECONDS } from './limiters.ts';
import { TOKEN_PATH } from './oauth.ts';

/** So that nobody takes the server from the others: how often each may ask, and what is said of it. */

export type ThrottleOptions = {
  readonly limiters: Limiters;
  /** Who it is by what the request carries; null = it carries nothing that is valid here. Rejects where that is not known. */
  readonly clientOf: (request: IncomingMessage) => Promise<string | null>;
  readonly isProxy: IsProxy;
  /** The connections that there are: a key for each name that somebody makes up would have no end. */
  readonly connectionIds: ReadonlySet<string>;
  /** Told of each request that is refused, and by which limit. */
  readonly onRefused: (request: IncomingMessage, limit: LimitName) => void;
};

/** @returns what it is refused with, or null: it may go on. */
export type Throttle = (request: IncomingMessage, response: ServerResponse) => Promise<Refused | null>;

const DELIVERY = /^\/webhooks\/([^/]+)/;

/**
 * Whoever is known is counted by who it is, so that no other can use up what is its own, wherever it calls from. All others
 * are counted by their address, and apart from the rest those that have a token which is not known, or want one.
 */
export function createThrottle(options: ThrottleOptions): Throttle {
  const { limiters, clientOf, isProxy, connectionIds, onRefused } = options;

  const connectionOf = connectionIn([...connectionIds]);

  const counted = async (request: IncomingMessage): Promise<Budget> => {
    // Undefined = it cannot be looked up now: whatever needs to know asks again, and what is everybody's is answered.
    const client = await clientOf(request).catch(() => undefined);
    if (client) return limiters('client', client);
    const network = networkOf(addressOf(request, isProxy));
    const path = pathOf(request.url ?? '');
    const delivery = DELIVERY.exec(path)?.[1];
    if (delivery !== undefined) return limiters('delivery', `${connectionOf(delivery)} ${network}`);
    const isUnknown = client === null && request.headers.authorization !== undefined;
    const isAttempt = isUnknown || path === TOKEN_PATH;
    return limiters(isAttempt ? 'authentication' : 'anonymous', network);
  };

  return async (request, response) => {
    // Whoever watches the process must hear of it, whatever else is asked.
    if (request.url === '/healthz') return null;
    const budget = await counted(request);
    // draft-ietf-httpapi-ratelimit-headers-10
    response.setHeader('ratelimit-policy', `"${budget.name}";q=${budget.most};w=${WINDOW_SECONDS}`);
    response.setHeader('ratelimit', `"${budget.name}";r=${budget.left};t=${budget.resetSeconds}`);
    if (budget.isKept) return null;
    onRefused(request, budget.name);
    return tooMany(budget);
  };
}

/** One for all the spellings that Express takes for the same: any case, a slash at the end, a whole URL (RFC 9112, 3.2.2). */
function pathOf(url: string): string {
  const pathname = URL.canParse(url, 'http://here') ? new URL(url, 'http://here').pathname : url;
  return pathname.toLowerCase().replace(/(?<=.)\/$/, '');
}

/**
 * The connection whose count a delivery is counted in. One for a name that is none counts as one of those that there are,
 * always the same: what is left would tell otherwise which those are. @param ids also the salt, which nobody else knows whole.
 */
function connectionIn(ids: readonly string[]): (name: string) => string {
  const byName = new Map(ids.map((id) => [id.toLowerCase(), id]));
  return (name) => {
    const known = byName.get(name);
    if (known !== undefined) return known;
    const digest = createHash('sha256')
      .update(JSON.stringify([ids, name]))
      .digest();
    return ids[digest.readUInt32BE() % ids.length] ?? '*';
  };
}

const WHOSE: Readonly<Record<LimitName, { readonly fr: string; readonly en: string }>> = {
  client: { fr: 'pour ce client', en: 'of this client' },
  anonymous: { fr: 'sans jeton pour cette adresse', en: 'without a token of this address' },
  authentication: {
    fr: 'avec un jeton inconnu, ou pour en avoir un, pour cette adresse',
    en: 'with an unknown token, or for a token, of this address',
  },
  delivery: { fr: 'de cette adresse pour cette connexion', en: 'of this address for this connection' },
};

const tooMany = ({ name, most, resetSeconds }: Budget): Refused =>
  new Refused(
    'too-many-requests',
    {
      diagnostics: {
        fr: `plus de ${most} requêtes à la minute ${WHOSE[name].fr} : réessayez dans ${resetSeconds} s`,
        en: `more than ${most} requests a minute ${WHOSE[name].en}: try again in ${resetSeconds} s`,
      },
    },
    { 'retry-after': String(resetSeconds) },
  );
