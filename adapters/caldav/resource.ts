import { Fault } from '../../src/adapter/faults.ts';
import type { Http } from '../../src/adapter/http.ts';
import { type Instant, instant } from '../../src/domain/instant.ts';

/** One resource of a collection: GET, PUT and DELETE under conditions (RFC 9110, section 13.1). */

export type Server = {
  readonly http: Http;
  /** The only host that is spoken to. */
  readonly url: string;
};

export type Resource = {
  readonly href: string;
  readonly etag: string | null;
  /** When the server changed it last, where it says so. */
  readonly modifiedAt: Instant | null;
  /** Empty when the server named the resource and did not give its content. */
  readonly text: string;
};

export type Condition = { readonly 'if-none-match': '*' } | { readonly 'if-match': string };

export type Put =
  | { readonly kind: 'done'; readonly etag: string | null }
  /** 412: it exists, is gone, or has another ETag than the one that was named. */
  | { readonly kind: 'precondition' }
  /** The UID stands elsewhere in the collection (CALDAV:no-uid-conflict, RFC 4791, 5.3.2.1). */
  | { readonly kind: 'conflict' };

/** Null when there is no such resource. @throws Fault */
export async function getResource({ http }: Server, href: string): Promise<Resource | null> {
  const response = await http.request({ method: 'GET', path: href, headers: { accept: 'text/calendar' } });
  if (response.status === 404 || response.status === 410) return null;
  if (response.status !== 200) throw new Fault('malformed', `GET ${href}: HTTP ${response.status}`);
  return resourceOf(href, response.text, response.headers['etag'], response.headers['last-modified']);
}

/** @throws Fault, `unsure` when it may have landed. */
export async function putResource(
  { http }: Server,
  href: string,
  text: string,
  condition: Condition,
): Promise<Put> {
  const headers = { 'content-type': 'text/calendar; charset=utf-8', ...condition };
  const { status, headers: answered } = await http.request({
    method: 'PUT',
    path: href,
    headers,
    body: text,
  });
  if (status === 412) return { kind: 'precondition' };
  // Radicale 3.1 answers 409; Xandikos 0.2 answers 207 with the refusal inside.
  if (status === 409 || status === 207) return { kind: 'conflict' };
  if (status < 200 || status > 299) throw new Fault('malformed', `PUT ${href}: HTTP ${status}`);
  return { kind: 'done', etag: answered['etag'] ?? null };
}

/** @throws Fault, `unsure` when it may have landed. */
export async function deleteResource(
  { http }: Server,
  href: string,
  etag: string,
): Promise<'done' | 'precondition' | 'gone'> {
  const { status } = await http.request({ method: 'DELETE', path: href, headers: { 'if-match': etag } });
  if (status === 412) return 'precondition';
  if (status === 404 || status === 410) return 'gone';
  if (status < 200 || status > 299) throw new Fault('malformed', `DELETE ${href}: HTTP ${status}`);
  return 'done';
}

export function resourceOf(
  href: string,
  text: string,
  etag: string | undefined,
  modified: string | undefined,
): Resource {
  const at = Date.parse(modified ?? '');
  return { href, text, etag: etag ?? null, modifiedAt: Number.isNaN(at) ? null : instant(at) };
}
