import type { IncomingMessage } from 'node:http';
import type { Here } from './site.ts';

/** `session`: who is signed in. `visitor`: whose form it is before that. `device`, `flow`: see sign-in.ts and provider.ts. */
export type CookieName = 'session' | 'visitor' | 'device' | 'flow';

export type Cookie = {
  readonly name: CookieName;
  /** Empty = it is taken away. */
  readonly value: string;
};

/** Of the others: until the browser is closed. */
const MAX_AGE_SECONDS: Partial<Readonly<Record<CookieName, number>>> = {
  device: 400 * 24 * 3600,
  flow: 15 * 60,
};

/** `__Host-` (RFC 6265bis, section 4.1.3.2): of this very host, by https only, and no other host can set it. */
const nameOf = (name: CookieName, { isSecure }: Here): string =>
  `${isSecure ? '__Host-' : ''}passerelle-${name}`;

/** Lax: a provider sends people back from its own site, and links from elsewhere lead to the page and not to signing in. */
export function cookieText({ name, value }: Cookie, here: Here): string {
  const age = value === '' ? 0 : MAX_AGE_SECONDS[name];
  return [
    `${nameOf(name, here)}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    ...(here.isSecure ? ['Secure'] : []),
    ...(age === undefined ? [] : [`Max-Age=${age}`]),
  ].join('; ');
}

/** Empty = there is none. */
export function cookieOf({ headers }: IncomingMessage, name: CookieName, here: Here): string {
  const start = `${nameOf(name, here)}=`;
  const found = (headers.cookie ?? '').split(/; */).find((each) => each.startsWith(start));
  return found?.slice(start.length) ?? '';
}
