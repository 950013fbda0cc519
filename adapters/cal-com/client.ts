import type { z } from 'zod';
import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type HttpRequest, type HttpResponse, retryAfter } from '../../src/adapter/http.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Settings } from './manifest.ts';
import {
  type Booking,
  BookingPage,
  EventTypes,
  FreeSlots,
  OneBooking,
  TAKE_MAX,
  Uid,
  VERSIONS,
} from './wire.ts';

/** The calls of API v2, and what its statuses mean. */

/** A list that does not end is a fault: this many pages hold more than any agenda has. */
const PAGES_MAX = 100;
/** Begun anew each time that a list moved under the reader. */
const READINGS_MAX = 3;
/** All that may take time; cancelled ones do not. */
const STANDING = 'upcoming,recurring,past,unconfirmed';

export type Client = ReturnType<typeof createClient>;
export type Made = { readonly outcome: 'done'; readonly booking: Booking } | { readonly outcome: 'refused' };

export function createClient({ settings, limits, pace, targets, environment, transport }: Connect<Settings>) {
  const { clock } = environment;
  const http = createHttp({
    baseUrl: settings.baseUrl,
    headers: { authorization: `Bearer ${settings.apiKey}` },
    limits,
    pace,
    targets,
    clock,
    transport,
  });

  async function call(version: keyof typeof VERSIONS, request: HttpRequest): Promise<HttpResponse> {
    const headers = { 'cal-api-version': VERSIONS[version] };
    const response = await http.request({ ...request, headers, answers: [429] });
    if (response.status !== 429) return response;
    const wait = waitIn(response.headers, clock.now());
    const asked = wait === null ? {} : { retryAfterMilliseconds: wait };
    throw new Fault('throttled', `${request.method}: HTTP 429`, asked);
  }

  async function get<Schema extends z.ZodType>(
    version: keyof typeof VERSIONS,
    path: string,
    query: HttpRequest['query'],
    schema: Schema,
    signal?: AbortSignal,
  ): Promise<z.output<Schema>> {
    const response = await call(version, {
      method: 'GET',
      path,
      query: query ?? {},
      ...(signal ? { signal } : {}),
    });
    if (response.status !== 200) throw unexpected(response);
    return response.json(schema);
  }

  /** Null when the list moved under us. */
  async function pages(
    query: HttpRequest['query'],
    signal?: AbortSignal,
  ): Promise<readonly unknown[] | null> {
    const rows: unknown[] = [];
    for (let page = 0; page < PAGES_MAX; page += 1) {
      // Each page begins with the last row of the one before: if it does not, a row went past us.
      const skip = Math.max(0, rows.length - 1);
      const answer = await get(
        'bookings',
        '/v2/bookings',
        { ...query, status: STANDING, sortCreated: 'asc', take: TAKE_MAX, skip },
        BookingPage,
        signal,
      );
      const [first, ...rest] = answer.data;
      if (rows.length > 0 && nameOf(first) !== nameOf(rows.at(-1))) return null;
      rows.push(...(rows.length > 0 ? rest : answer.data));
      if (!answer.pagination.hasNextPage) return rows;
    }
    throw new Fault('malformed', 'the list of bookings does not end');
  }

  return {
    eventTypes: async (signal?: AbortSignal): Promise<readonly unknown[]> =>
      (await get('eventTypes', '/v2/event-types', {}, EventTypes, signal)).data,

    /** What its booking page offers, in order of time. */
    freeSlots: async (
      eventTypeId: number,
      { start, end }: Interval,
      signal?: AbortSignal,
    ): Promise<readonly Interval[]> => {
      const query = {
        eventTypeId,
        start: formatInstant(start),
        end: formatInstant(end),
        timeZone: 'UTC',
        format: 'range',
      };
      const { data } = await get('slots', '/v2/slots', query, FreeSlots, signal);
      return Object.values(data)
        .flat()
        .sort((a, b) => a.start - b.start);
    },

    /**
     * All that stands and begins after `from`. @param until those that end before it.
     * @throws Fault when the list does not stand still.
     */
    bookings: async (
      { start, end }: { readonly start: Interval['start']; readonly end: Interval['end'] | null },
      signal?: AbortSignal,
    ): Promise<readonly unknown[]> => {
      const query = {
        afterStart: formatInstant(start),
        ...(end === null ? {} : { beforeEnd: formatInstant(end) }),
      };
      for (let attempt = 0; attempt < READINGS_MAX; attempt += 1) {
        const rows = await pages(query, signal);
        if (rows) return rows;
      }
      throw new Fault('unavailable', 'the list of bookings does not stand still');
    },

    find: async (uid: string): Promise<Booking | null> => {
      const response = await call('bookings', { method: 'GET', path: pathOf(uid) });
      if (response.status === 404) return null;
      if (response.status !== 200) throw unexpected(response);
      return response.json(OneBooking).data;
    },

    /** 400 is its answer to a time that is taken, as well as to all that it cannot read. */
    book: async (body: object): Promise<Made> => {
      const response = await call('bookings', { method: 'POST', path: '/v2/bookings', body });
      if (response.status === 201) return { outcome: 'done', booking: response.json(OneBooking).data };
      if ([400, 409, 422].includes(response.status)) return { outcome: 'refused' };
      throw unexpected(response);
    },

    confirm: async (uid: string): Promise<boolean> =>
      (await call('bookings', { method: 'POST', path: `${pathOf(uid)}/confirm`, body: {} })).status === 200,

    /** `refused`: it cannot be cancelled, as one that is cancelled already. */
    cancel: async (uid: string, cancellationReason: string): Promise<'done' | 'gone' | 'refused'> => {
      if (!Uid.safeParse(uid).success) return 'gone';
      const request = {
        method: 'POST',
        path: `${pathOf(uid)}/cancel`,
        body: { cancellationReason },
      } as const;
      const response = await call('bookings', request);
      if (response.status === 200) return 'done';
      if (response.status === 404) return 'gone';
      if (response.status === 400) return 'refused';
      throw unexpected(response);
    },

    close: http.close,
  };
}

const pathOf = (uid: string): string => `/v2/bookings/${encodeURIComponent(uid)}`;

const nameOf = (row: unknown): string => {
  const uid = (row as { readonly uid?: unknown } | null | undefined)?.uid;
  return typeof uid === 'string' ? uid : JSON.stringify(row);
};

/** Milliseconds. Its own header counts seconds, from now or since 1970: both are documented. */
function waitIn(headers: HttpResponse['headers'], now: number): number | null {
  const asked = retryAfter(headers['retry-after'], now);
  if (asked !== null) return asked;
  const reset = Number(headers['x-ratelimit-reset-default'] ?? Number.NaN);
  if (!Number.isFinite(reset) || reset < 0) return null;
  return reset > 1_000_000_000 ? Math.max(0, reset * 1000 - now) : reset * 1000;
}

const unexpected = ({ status }: HttpResponse): Fault => new Fault('malformed', `unexpected HTTP ${status}`);
