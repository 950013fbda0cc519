import type { IncomingMessage } from 'node:http';
import type { Site } from '../../access/people/passkeys.ts';
import { isLoopback } from '../client-address.ts';

/** By which address a browser has come: what cookies and passkeys are good for. */

export type Here = Site & {
  /** False only on this very machine. */
  readonly isSecure: boolean;
};

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * Null = nobody can sign in by it: it is neither `PASSERELLE_URL` with https nor this machine. What the request says of its
 * host counts only where it came from this machine, and names it.
 */
export function hereOf(request: IncomingMessage, publicUrl: string | null): Here | null {
  const isLocal = isLoopback(request.socket.remoteAddress ?? '');
  const text = publicUrl ?? (isLocal ? `http://${request.headers.host ?? ''}` : '');
  if (!URL.canParse(text)) return null;
  const { origin, hostname, protocol } = new URL(text);
  const isSecure = protocol === 'https:';
  return isSecure || LOOPBACK_HOST.test(hostname) ? { origin, hostname, isSecure } : null;
}

/**
 * Whether a page of ours has sent it (OWASP, «CSRF Prevention Cheat Sheet»: Fetch Metadata, and Origin for browsers that do not
 * send it). Who types an address sends `none`, which is enough for reading.
 */
export function isFromHere({ headers, method }: IncomingMessage, { origin }: Here): boolean {
  const site = headers['sec-fetch-site'];
  if (isSafe(method)) return site === undefined || site === 'same-origin' || site === 'none';
  return site === undefined ? headers.origin === origin : site === 'same-origin';
}

/** RFC 9110, section 9.2.1. */
export const isSafe = (method = ''): boolean => /^(GET|HEAD|OPTIONS)$/.test(method);
