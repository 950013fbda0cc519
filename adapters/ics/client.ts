import { conditionsOf, generatedAt, type Validators, validatorsOf } from '../../src/adapter/conditional.ts';
import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type Http, type HttpBody } from '../../src/adapter/http.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { addressOf } from './address.ts';
import { calendarsIn } from './feed.ts';
import type { IcsSettings } from './manifest.ts';
import { textOf } from './text.ts';

/** One feed over HTTP: a conditional GET (RFC 9110, section 13). Its address is in no message. */

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
    if (body.status !== 200) body.close();
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
    const now = options.environment.clock.now();
    const at = generatedAt(headers, now);
    return at < now ? at : null;
  };

  return {
    async get(calendar, known, signal) {
      const body = await open(calendar, conditionsOf(known), signal);
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
        validators: validatorsOf(body.headers),
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
