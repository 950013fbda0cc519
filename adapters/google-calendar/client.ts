import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type HttpRequest, type HttpResponse, retryAfter } from '../../src/adapter/http.ts';
import { jsonIn } from '../../src/adapter/json.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Settings } from './manifest.ts';
import { createTokens, LIST_SCOPE } from './tokens.ts';
import { CalendarListPage, Event, EventPage, fieldsOf, LISTED_FIELDS, Named, Problem } from './wire.ts';

/** The calls of Calendar API v3, and what its statuses mean. */

/** The most that it gives. */
const PAGE_ROWS = 2500;
/** The same of its list of calendars. */
const LIST_ROWS = 250;
/** A list that does not end is a fault: this many pages hold more than any agenda has. */
const PAGES_MAX = 100;
/** 403 with one of these asks us to slow down, and refuses nobody (Google, «Handle API errors»). */
const THROTTLED = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
]);
/** Only the organizer may give an event another time: the copy in this calendar stays as it is. */
const NOT_OURS_TO_CHANGE = 'forbiddenForNonOrganizer';

export type Client = ReturnType<typeof createClient>;
/** `deleted`: it was there, and its id stays taken. */
export type Found =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'deleted'; readonly etag: string | null }
  | null;
export type Changed =
  | { readonly kind: 'done'; readonly event: Event }
  /** `changed`: not as we know it any more. `refused`: it is not ours to change. */
  | { readonly kind: 'changed' | 'gone' | 'refused' };
type ListPage = {
  readonly items: readonly unknown[];
  /** On the last page alone. */
  readonly syncToken: string | null;
};

export function createClient(options: Connect<Settings>) {
  const { settings, environment } = options;
  const tokens = createTokens(options);
  const listTokens = createTokens(options, LIST_SCOPE);
  const http = createHttp({ ...options, baseUrl: settings.baseUrl, clock: environment.clock });

  const fieldsIn = (calendar: string) => fieldsOf(settings.calendars[calendar]?.owner !== undefined);
  /** Nobody gets a message of it, and its answer is no more than we read. */
  const writing = (calendar: string) => ({ sendUpdates: 'none', fields: fieldsIn(calendar).event });

  async function call(request: HttpRequest, mayBeForbidden = false, by = tokens): Promise<HttpResponse> {
    const send = async (token: string) =>
      http.request({
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${token}` },
        answers: [401, 403],
      });
    const first = await by.get(request.signal);
    let response = await send(first);
    if (response.status === 401) {
      // Nothing was done, so it may be sent once more, with another token.
      by.drop(first);
      response = await send(await by.get(request.signal));
    }
    if (response.status === 401) throw new Fault('unauthorized', `${request.method}: HTTP 401`);
    if (response.status !== 403) return response;
    const reason = reasonIn(response);
    if (THROTTLED.has(reason)) throw throttled(request, reason, response);
    if (mayBeForbidden && reason === NOT_OURS_TO_CHANGE) return response;
    throw new Fault('unauthorized', `${request.method}: HTTP 403`);
  }

  function throttled({ method }: HttpRequest, reason: string, { headers }: HttpResponse): Fault {
    const wait = retryAfter(headers['retry-after'], environment.clock.now());
    return new Fault(
      'throttled',
      `${method}: ${reason}`,
      wait === null ? {} : { retryAfterMilliseconds: wait },
    );
  }

  /** Every page of a list, or where it was refused. */
  async function* walk(
    calendar: string,
    query: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): AsyncGenerator<ListPage | { readonly refused: HttpResponse }> {
    let pageToken: string | undefined;
    for (let count = 0; count < PAGES_MAX; count += 1) {
      const response = await call({
        method: 'GET',
        path: pathOf(calendar),
        // The same with a sync token as without, but for what chooses among events.
        query: {
          ...query,
          singleEvents: 'true',
          maxResults: PAGE_ROWS,
          fields: fieldsIn(calendar).list,
          pageToken,
        },
        ...(signal ? { signal } : {}),
      });
      if (response.status !== 200) {
        yield { refused: response };
        return;
      }
      const page = response.json(EventPage);
      yield { items: page.items, syncToken: page.nextSyncToken ?? null };
      if (page.nextPageToken === undefined) return;
      if (page.nextPageToken === pageToken) break;
      pageToken = page.nextPageToken;
    }
    throw new Fault('malformed', 'the list of events does not end');
  }

  /** All that may take some of that time; of a series each instance by itself. */
  async function* within(
    calendar: string,
    { start, end }: Interval,
    signal?: AbortSignal,
  ): AsyncGenerator<ListPage> {
    const query = { timeMin: formatInstant(start), timeMax: formatInstant(end) };
    for await (const step of walk(calendar, query, signal)) {
      if ('refused' in step) throw unexpected(step.refused);
      yield step;
    }
  }

  async function change(
    method: 'PATCH' | 'PUT',
    calendar: string,
    id: string,
    body: object,
    etag: string,
  ): Promise<Changed> {
    const response = await call(
      { method, path: pathOf(calendar, id), query: writing(calendar), headers: { 'if-match': etag }, body },
      true,
    );
    switch (response.status) {
      case 200:
        return { kind: 'done', event: response.json(Event) };
      case 403:
        return { kind: 'refused' };
      case 404:
      case 410:
        return { kind: 'gone' };
      case 412:
        return { kind: 'changed' };
      default:
        throw unexpected(response);
    }
  }

  return {
    within,

    /** What changed since the token. `expired`: it is no more. */
    since: async function* (
      calendar: string,
      syncToken: string,
      signal: AbortSignal,
    ): AsyncGenerator<ListPage | 'expired'> {
      for await (const step of walk(calendar, { syncToken }, signal)) {
        if (!('refused' in step)) yield step;
        // 410 is what is documented; 400 is for a token that it never gave.
        else if (step.refused.status === 410 || step.refused.status === 400) yield 'expired';
        else throw unexpected(step.refused);
      }
    },

    /** @throws Fault when address, credentials or the calendar are wrong. */
    check: async (calendar: string, signal: AbortSignal): Promise<void> => {
      const query = { maxResults: 1, fields: 'kind' };
      const response = await call({ method: 'GET', path: pathOf(calendar), query, signal });
      if (response.status !== 200) throw unexpected(response);
      response.json(EventPage.pick({ kind: true }));
    },

    /** The raw calendars that the user has in their list. */
    calendars: async (signal: AbortSignal): Promise<readonly unknown[]> => {
      const rows: unknown[] = [];
      let pageToken: string | undefined;
      for (let count = 0; count < PAGES_MAX; count += 1) {
        const query = { maxResults: LIST_ROWS, fields: LISTED_FIELDS, pageToken };
        const request = { method: 'GET', path: '/users/me/calendarList', query, signal } as const;
        const response = await call(request, false, listTokens);
        if (response.status !== 200) throw unexpected(response);
        const page = response.json(CalendarListPage);
        rows.push(...page.items);
        pageToken = page.nextPageToken;
        if (pageToken === undefined) return rows;
      }
      throw new Fault('malformed', 'the list of calendars does not end');
    },

    find: async (calendar: string, id: string): Promise<Found> => {
      const response = await call({
        method: 'GET',
        path: pathOf(calendar, id),
        query: { fields: fieldsIn(calendar).event },
      });
      if (response.status === 404 || response.status === 410) return null;
      if (response.status !== 200) throw unexpected(response);
      // A deleted one is given still, and may have lost all but its id.
      const { status, etag = null } = response.json(Named.extend({ etag: Event.shape.etag.optional() }));
      if (status === 'cancelled') return { kind: 'deleted', etag };
      return { kind: 'event', event: response.json(Event) };
    },

    /** Null: its id is taken, so the same command came before. */
    insert: async (calendar: string, body: object): Promise<Event | null> => {
      const response = await call({ method: 'POST', path: pathOf(calendar), query: writing(calendar), body });
      if (response.status === 200) return response.json(Event);
      if (response.status === 409) return null;
      throw unexpected(response);
    },

    patch: (calendar: string, id: string, body: object, etag: string) =>
      change('PATCH', calendar, id, body, etag),
    replace: (calendar: string, id: string, body: object, etag: string) =>
      change('PUT', calendar, id, body, etag),

    remove: async (
      calendar: string,
      id: string,
      etag: string,
    ): Promise<'done' | 'gone' | 'changed' | 'refused'> => {
      const response = await call(
        {
          method: 'DELETE',
          path: pathOf(calendar, id),
          query: { sendUpdates: 'none' },
          headers: { 'if-match': etag },
        },
        true,
      );
      switch (response.status) {
        case 200:
        case 204:
          return 'done';
        case 403:
          return 'refused';
        case 404:
        case 410:
          return 'gone';
        case 412:
          return 'changed';
        default:
          throw unexpected(response);
      }
    },

    close: () => {
      http.close();
      tokens.close();
      listTokens.close();
    },
  };
}

const pathOf = (calendar: string, id?: string): string =>
  `/calendars/${encodeURIComponent(calendar)}/events${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

const reasonIn = ({ text }: HttpResponse): string =>
  Problem.safeParse(jsonIn(Buffer.from(text))).data?.error.errors[0]?.reason ?? '';

/** A calendar that is not shared with us is answered as one that is not there. */
const unexpected = ({ status }: HttpResponse): Fault =>
  status === 404
    ? new Fault('unauthorized', 'HTTP 404: the calendar is not there, or not shared with this account')
    : new Fault('malformed', `unexpected HTTP ${status}`);
