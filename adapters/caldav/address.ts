import { Fault } from '../../src/adapter/faults.ts';

/** Paths on the server. Servers percent-encode differently, and an external id must be one text for one resource. */

/**
 * The path of a collection, with a slash at its end.
 * @param calendar path or URL. @throws Fault `malformed` when it is on another host: credentials go nowhere else.
 */
export function collectionPath(calendar: string, serverUrl: string): string {
  const path = pathOn(serverUrl, calendar);
  if (path === null) throw new Fault('malformed', 'the calendar is not on the server of this connection');
  return path.endsWith('/') ? path : `${path}/`;
}

/** The path of a resource that the server named inside the collection, or null when it is not inside of it. */
export function memberPath(href: string, collection: string, serverUrl: string): string | null {
  const path = pathOn(serverUrl, href);
  return path?.startsWith(collection) && path !== collection ? path : null;
}

/** The path of anything on the server, or null when the href is no address on it. */
export function pathOn(serverUrl: string, href: string): string | null {
  const url = URL.canParse(href, serverUrl) ? new URL(href, serverUrl) : null;
  if (url?.origin !== new URL(serverUrl).origin) return null;
  // Two slashes in front would make it a host's name for the HTTP client.
  return `/${url.pathname.replace(/^\/+/, '')}`.split('/').map(canonical).join('/');
}

function canonical(segment: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(segment));
  } catch {
    return segment;
  }
}
