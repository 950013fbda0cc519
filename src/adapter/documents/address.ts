/** The address of a document. It may be a credential: whoever knows that of a feed reads the calendar. */

export type Address = {
  /** Scheme, host and port. */
  readonly origin: string;
  /** With its query. */
  readonly path: string;
};

/** webcal: is what calendar programs are opened by; behind it is HTTP, and here never without TLS. */
const SCHEMES: Readonly<Record<string, string>> = { 'webcal:': 'https:', 'webcals:': 'https:' };

/** Null = it is none: another scheme, or with user name and password in it, which would come into logs. */
export function addressOf(url: string): Address | null {
  const scheme = /^\s*(webcals?:)/i.exec(url)?.[1];
  const text =
    scheme === undefined ? url : (SCHEMES[scheme.toLowerCase()] ?? '') + url.trim().slice(scheme.length);
  if (!URL.canParse(text)) return null;
  const { protocol, origin, pathname, search, username, password } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return null;
  if (username !== '' || password !== '') return null;
  // Two slashes in front would make it a host's name for the HTTP client.
  return { origin, path: `/${pathname.replace(/^\/+/, '')}${search}` };
}

export const isFeedAddress = (url: string): boolean => addressOf(url) !== null;
