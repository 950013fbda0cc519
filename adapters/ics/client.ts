import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type Http, type HttpBody } from '../../src/adapter/http.ts';
import { type Instant, plus, SECOND } from '../../src/domain/instant.ts';
import { addressOf } from './address.ts';
import { calendarsIn } from './feed.ts';
import type { IcsSettings } from './manifest.ts';
import { textOf } from './text.ts';

/** One feed over HTTP: a conditional GET (RFC 9110, section 13). Its address is in no message. */

export type Validators = { readonly etag: string | null; readonly modified: string | null };

export type Answer =
  | { readonly kind: 'same'; readonly trueAt: Instant | null }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly validators: Validators;
      /** When it was true, where a cache gave it; null = now. */
      readonly trueAt: Instant | null;
    };

export type Client = {
  /** @param known of what was read last; null = give all of it. @throws Fault */
  readonly get: (calendar: string, known: Validators | null, signal: AbortSignal) => Promise<Answer>;
  /** As far as the first bytes. @throws Fault */
  readonly check: (calendar: string, signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
};

/** A year of a busy clinic has some megabytes. */
const BYTES_MAX = 16 * 1024 * 1024;
const CHECKED_BYTES = 64;

type Feed = { readonly http: Http; readonly path: string; readonly label: string };

export function createClient({ settings, ...options }: Connect<IcsSettings>): Client {
  const feeds = new Map<string, Feed>();
  for (const [calendar, { url, username, password }] of Object.entries(settings.calendars)) {
    const address = addressOf(url);
    if (!address) throw new RangeError('the settings were not checked');
    const basic = Buffer.from(`${username}:${password}`).toString('base64');
    const http = createHttp({
      baseUrl: address.origin,
      headers: {
        accept: 'text/calendar, text/plain;q=0.5, */*;q=0.1',
        ...(username === undefined ? {} : { authorization: `Basic ${basic}` }),
      },
      limits: options.limits,
      pace: options.pace,
      targets: options.targets,
      clock: options.environment.clock,
      transport: options.transport,
    });
    feeds.set(calendar, { http, path: address.path, label: `the feed of ${calendar}` });
  }

  async function open(calendar: string, headers: Record<string, string>, signal: AbortSignal) {
    const feed = feeds.get(calendar);
    if (!feed) throw new Fault('malformed', `settings.calendars has no feed for ${calendar}`);
    const { http, path, label } = feed;
    const body = await http.open({ path, label, headers, signal, bytesMax: BYTES_MAX });
    // Who withdraws such an address, or gives another, leaves nothing at the old one.
    if (body.status === 404 || body.status === 410) {
      throw new Fault('unauthorized', `${label}: HTTP ${body.status}; it may have another address now`);
    }
    if (body.status !== 200 && body.status !== 304) {
      throw new Fault('malformed', `${label}: HTTP ${body.status}`);
    }
    return body;
  }

  const trueAtOf = ({ headers }: HttpBody): Instant | null => {
    const age = Number(headers['age']);
    if (!Number.isFinite(age) || age <= 0) return null;
    return plus(options.environment.clock.now(), -Math.min(age, AGE_SECONDS_MAX) * SECOND);
  };

  return {
    async get(calendar, known, signal) {
      const body = await open(calendar, conditions(known), signal);
      const trueAt = trueAtOf(body);
      if (body.status === 304) {
        if (known === null) throw new Fault('malformed', `the feed of ${calendar}: 304 to a plain request`);
        return { kind: 'same', trueAt };
      }
      const parts: Uint8Array[] = [];
      for await (const part of body.chunks) parts.push(part);
      return {
        kind: 'text',
        text: textOf(Buffer.concat(parts), body.headers['content-type']),
        validators: validatorsOf(body),
        trueAt,
      };
    },
    async check(calendar, signal) {
      const body = await open(calendar, {}, signal);
      const parts: Uint8Array[] = [];
      for await (const part of body.chunks) {
        parts.push(part);
        if (parts.reduce((sum, { length }) => sum + length, 0) >= CHECKED_BYTES) break;
      }
      const head = Buffer.concat(parts).toString('latin1').replaceAll('\0', '');
      // Says what else it is.
      if (!/BEGIN:VCALENDAR/i.test(head)) calendarsIn(head);
    },
    close: () => {
      for (const { http } of feeds.values()) http.close();
    },
  };
}

/** RFC 9111, 1.2.2: what is greater is the greatest that can be said. */
const AGE_SECONDS_MAX = 2 ** 31;

/** Between two clocks, and two changes within one of its seconds (RFC 9110, 8.8.2.2). */
const MODIFIED_SECONDS_MIN = 60;

/** What changed just before it was read may change once more without another Last-Modified. */
function validatorsOf({ headers }: HttpBody): Validators {
  const modified = headers['last-modified'];
  const age = Date.parse(headers['date'] ?? '') - Date.parse(modified ?? '');
  const isStrong = age >= MODIFIED_SECONDS_MIN * SECOND;
  return { etag: headers['etag'] ?? null, modified: (isStrong ? modified : null) ?? null };
}

const conditions = (known: Validators | null): Record<string, string> => ({
  ...(known?.etag ? { 'if-none-match': known.etag } : {}),
  ...(known?.modified ? { 'if-modified-since': known.modified } : {}),
});
