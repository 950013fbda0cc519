import {
  conditionsOf,
  freshMilliseconds,
  generatedAt,
  type Validators,
  validatorsOf,
} from '../../src/adapter/conditional.ts';
import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type Http, type HttpBody, issuesOf } from '../../src/adapter/http.ts';
import { jsonIn } from '../../src/adapter/json.ts';
import { HOUR, type Instant } from '../../src/domain/instant.ts';
import type { Settings } from './manifest.ts';
import { Manifest } from './wire.ts';

/** The manifest and its files over HTTP, by conditional GETs (RFC 9110, section 13; RFC 9111). */

export type Fetched<Content> =
  | { readonly kind: 'same'; readonly fresh: Freshness }
  | {
      readonly kind: 'new';
      readonly content: Content;
      readonly validators: Validators;
      readonly fresh: Freshness;
    };

/** When it was true, and how long the publisher wants it to be taken for that. */
export type Freshness = { readonly at: Instant; readonly maxAgeMilliseconds: number };

export type Client = {
  /** @param known of what was fetched last; null = give it. @throws Fault */
  readonly manifest: (known: Validators | null, signal: AbortSignal) => Promise<Fetched<Manifest>>;
  /** Its body is to be gone through, or closed. @param url absolute. @throws Fault */
  readonly file: (
    url: string,
    known: Validators | null,
    signal: AbortSignal,
  ) => Promise<Fetched<Pick<HttpBody, 'chunks' | 'close'>>>;
  readonly close: () => void;
};

const MANIFEST_BYTES_MAX = 4 * 1024 * 1024;
/** Of a file: some millions of slots. It is never in memory as a whole. */
const FILE_BYTES_MAX = 1024 * 1024 * 1024;
/** A publisher that asks for more is asked all the same. */
const MAX_AGE_MILLISECONDS = HOUR;
const ACCEPT = { manifest: 'application/json', file: 'application/fhir+ndjson' };

export function createClient({ settings, ...options }: Connect<Settings>): Client {
  const home = new URL(settings.url);
  const hosts = new Map<string, Http>();

  /** Credentials are for the host of the manifest, and follow to no other. */
  function httpOf({ origin, host }: URL): Http {
    const isHome = origin === home.origin;
    if (!isHome && !settings.hosts.includes(host)) {
      throw new Fault(
        'forbidden',
        `not called, since the manifest names files at ${host}: if they are the publisher’s, add it to hosts`,
      );
    }
    const known = hosts.get(origin);
    if (known) return known;
    const made = createHttp({
      baseUrl: origin,
      headers: isHome && settings.token !== undefined ? { authorization: `Bearer ${settings.token}` } : {},
      limits: options.limits,
      pace: options.pace,
      targets: options.targets,
      clock: options.environment.clock,
      transport: options.transport,
    });
    hosts.set(origin, made);
    return made;
  }

  async function get(url: URL, known: Validators | null, kind: keyof typeof ACCEPT, signal: AbortSignal) {
    const path = `/${url.pathname.replace(/^\/+/, '')}`;
    const body = await httpOf(url).open({
      path: path + url.search,
      headers: { accept: ACCEPT[kind], ...conditionsOf(known) },
      bytesMax: kind === 'manifest' ? MANIFEST_BYTES_MAX : FILE_BYTES_MAX,
      signal,
    });
    const isPage = body.headers['content-type']?.startsWith('text/html') ?? false;
    if (body.status !== 200 || isPage) body.close();
    const gone = body.status === 404 || body.status === 410;
    if (gone && kind === 'file') {
      throw new Fault(
        'unavailable',
        `GET ${path}: HTTP ${body.status}; it was published anew meanwhile, or was never there`,
      );
    }
    if (body.status !== 200 && (body.status !== 304 || known === null)) {
      throw new Fault('malformed', `GET ${path}: HTTP ${body.status}`);
    }
    if (isPage) {
      throw new Fault('malformed', `GET ${path}: a page in its place`);
    }
    return body;
  }

  const freshness = ({ headers }: HttpBody): Freshness => ({
    at: generatedAt(headers, options.environment.clock.now()),
    maxAgeMilliseconds: Math.min(freshMilliseconds(headers), MAX_AGE_MILLISECONDS),
  });

  async function manifest(known: Validators | null, signal: AbortSignal): Promise<Fetched<Manifest>> {
    const body = await get(home, known, 'manifest', signal);
    const fresh = freshness(body);
    if (body.status === 304) return { kind: 'same', fresh };
    const parts: Uint8Array[] = [];
    for await (const part of body.chunks) parts.push(part);
    const read = Manifest.safeParse(jsonIn(Buffer.concat(parts)));
    if (!read.success) throw new Fault('malformed', `the manifest does not fit: ${issuesOf(read.error)}`);
    return { kind: 'new', content: read.data, validators: validatorsOf(body.headers), fresh };
  }

  return {
    manifest,
    async file(url, known, signal) {
      const body = await get(new URL(url), known, 'file', signal);
      const fresh = freshness(body);
      if (body.status === 304) return { kind: 'same', fresh };
      return { kind: 'new', content: body, validators: validatorsOf(body.headers), fresh };
    },
    close: () => {
      for (const http of hosts.values()) http.close();
    },
  };
}
