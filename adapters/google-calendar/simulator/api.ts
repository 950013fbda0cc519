import { z } from 'zod';
import { personOf } from '../../../src/adapter/simulator/people.ts';
import type { Busy } from '../../../src/adapter/simulator/records.ts';
import {
  createRouter,
  type Routes,
  type SimReply,
  type SimRequest,
} from '../../../src/adapter/simulator/router.ts';
import { instant, parseInstant } from '../../../src/domain/instant.ts';
import type { Account } from './account.ts';
import { type Book, etagOf, tombstone, Wanted } from './book.ts';
import {
  CONDITION,
  DELETED,
  DUPLICATE,
  FULL_SYNC,
  invalid,
  NOT_FOUND,
  RESTRICTED,
  UNAUTHORIZED,
  UNPLAYED,
} from './errors.ts';
import { masked } from './mask.ts';

/**
 * Calendar API v3 on a simulated agenda, by its published reference: events.list with pages and sync tokens, get, insert,
 * update, patch and delete. It lets events overlap, keeps the id of what was deleted, and answers no more than `fields`.
 * Series and events that take no time it does not make: those are played from fixtures.
 */

const EVENTS = '/calendar/v3/calendars/:calendar/events';
const LIST = '/calendar/v3/users/me/calendarList';
/** They choose among events, and so go with no sync token. */
const RESTRICTIONS = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
];

const Token = z.object({
  version: z.number(),
  timeMin: z.number().nullable(),
  timeMax: z.number().nullable(),
  /** Of a page: rows that were given before. */
  after: z.number().optional(),
});
type Token = z.output<typeof Token>;

export function createApi(book: Book, account: Account): (request: SimRequest) => SimReply {
  const { agenda } = book;
  const isCalendar = (id: string) => agenda.calendars.some((each) => each.id === id);
  const routes: Routes = {
    [`GET ${LIST}`]: ({ query }) => {
      // One a page, so that there are several.
      const from = Number(query.get('pageToken') ?? 0);
      const items = agenda.calendars.slice(from, from + 1).map(({ id, actor }) => ({
        ...{ kind: 'calendar#calendarListEntry', id, summary: titleOf(actor), accessRole: 'owner' },
      }));
      const next = from + 1 < agenda.calendars.length ? { nextPageToken: String(from + 1) } : {};
      return { status: 200, body: { kind: 'calendar#calendarList', etag: '"1"', items, ...next } };
    },
    [`GET ${EVENTS}`]: ({ query }, [calendar = '']) =>
      isCalendar(calendar) ? list(book, calendar, query) : NOT_FOUND,
    [`POST ${EVENTS}`]: ({ body }, [calendar = '']) =>
      isCalendar(calendar) ? insert(book, calendar, body) : NOT_FOUND,
    ...onEvent(book),
  };
  const router = createRouter(routes);
  return (request) => {
    const now = agenda.clock.now();
    if (request.method === 'POST' && request.path === '/token') return account.grant(request, now);
    if (!account.knows(request.headers['authorization'], now)) return UNAUTHORIZED;
    book.refresh();
    const reply = router(request);
    book.refresh();
    return reply.status === 200 ? { ...reply, body: masked(reply.body, request.query.get('fields')) } : reply;
  };
}

const titleOf = (actor: string): string => {
  const { title, given, family } = personOf(actor);
  return [title, given, family].filter(Boolean).join(' ');
};

function onEvent(book: Book): Routes {
  const using = (
    { headers }: SimRequest,
    [calendar = '', id = '']: readonly string[],
    use: (busy: Busy) => SimReply,
    ofDeleted: (version: number) => SimReply,
  ): SimReply => {
    const found = book.find(calendar, id);
    if (found === null) return NOT_FOUND;
    const version = 'busy' in found ? found.busy.version : found.deleted;
    const wanted = headers['if-match'];
    if (wanted !== undefined && wanted !== '*' && wanted !== etagOf(version)) return CONDITION;
    return 'busy' in found ? use(found.busy) : ofDeleted(version);
  };
  const changed = (busy: Busy, body: unknown): SimReply =>
    within(body, (wanted) => ({ status: 200, body: book.resource(book.change(busy, wanted)) }));
  const again = (calendar: string, id: string, body: unknown): SimReply =>
    within(body, (wanted) => ({ status: 200, body: book.resource(book.put(calendar, id, wanted)) }));
  const one = `${EVENTS}/:event`;
  return {
    [`GET ${one}`]: (request, ids) =>
      using(
        request,
        ids,
        (busy) => ({ status: 200, body: book.resource(busy) }),
        (version) => ({ status: 200, body: tombstone(ids[1] ?? '', version) }),
      ),
    [`DELETE ${one}`]: (request, ids) =>
      using(
        request,
        ids,
        (busy) => {
          book.agenda.remove(busy);
          return { status: 204 };
        },
        () => DELETED,
      ),
    [`PUT ${one}`]: (request, ids) =>
      using(
        request,
        ids,
        (busy) => changed(busy, request.body),
        () => again(ids[0] ?? '', ids[1] ?? '', request.body),
      ),
    [`PATCH ${one}`]: (request, ids) =>
      using(
        request,
        ids,
        (busy) => changed(busy, { ...book.detailsOf(busy), ...(request.body as object) }),
        () => DELETED,
      ),
  };
}

function insert(book: Book, calendar: string, body: unknown): SimReply {
  return within(body, (wanted) => {
    if (wanted.id !== undefined && book.find(calendar, wanted.id) !== null) return DUPLICATE;
    return { status: 200, body: book.resource(book.put(calendar, wanted.id ?? null, wanted)) };
  });
}

function within(body: unknown, use: (wanted: Wanted) => SimReply): SimReply {
  const parsed = Wanted.safeParse(body);
  if (!parsed.success) return invalid('Invalid value');
  if (parsed.data.recurrence || parsed.data.transparency === 'transparent') return UNPLAYED;
  try {
    return use(parsed.data);
  } catch (error) {
    if (error instanceof RangeError) return invalid('The specified time range is empty.');
    throw error;
  }
}

function list(book: Book, calendar: string, query: URLSearchParams): SimReply {
  const at = (name: string): number | null => (query.has(name) ? parseInstant(query.get(name) ?? '') : null);
  const most = Number(query.get('maxResults') ?? 250);
  if (!(most >= 1 && most <= 2500)) return invalid('maxResults');
  const given = query.get('syncToken');
  if (given !== null && RESTRICTIONS.some((name) => query.has(name))) return RESTRICTED;
  const since = given === null ? null : tokenIn(given);
  if (given !== null && since === null) return FULL_SYNC;
  const page = query.has('pageToken') ? tokenIn(query.get('pageToken') ?? '') : null;
  if (query.has('pageToken') && page === null) return invalid('Invalid page token value.');
  // A token goes on within the time that was asked for at first.
  const range = since ?? { version: book.agenda.version, timeMin: at('timeMin'), timeMax: at('timeMax') };
  const items = since === null ? all(book, calendar, range) : changes(book, calendar, since);
  if (items === null) return FULL_SYNC;
  const from = page?.after ?? 0;
  const rows = items.slice(from, from + most);
  const version = page?.version ?? book.agenda.version;
  const next = { ...range, version };
  const isLast = from + rows.length >= items.length;
  return {
    status: 200,
    body: {
      kind: 'calendar#events',
      summary: calendar,
      timeZone: book.agenda.zone,
      accessRole: 'owner',
      ...(isLast
        ? { nextSyncToken: textOf(next) }
        : { nextPageToken: textOf({ ...next, after: from + rows.length }) }),
      items: rows,
    },
  };
}

const isWithin = ({ interval: { start, end } }: Busy, { timeMin, timeMax }: Token): boolean =>
  (timeMin === null || end > instant(timeMin)) && (timeMax === null || start < instant(timeMax));

const all = (book: Book, calendar: string, range: Token): object[] =>
  book.agenda
    .busy(calendar)
    .filter((busy) => isWithin(busy, range))
    .sort((a, b) => a.ordinal - b.ordinal)
    .map((busy) => book.resource(busy));

/** What was deleted always comes, whatever `showDeleted` says. Null: that is too long ago. */
function changes(book: Book, calendar: string, since: Token): object[] | null {
  const found = book.agenda.changesSince(since.version, Number.POSITIVE_INFINITY);
  if (found === null) return null;
  return found.changes
    .filter((change) => change.calendar === calendar && change.kind !== 'slot')
    .flatMap(({ id, version, record }) => {
      if (record === null) return [tombstone(id, version)];
      return record.kind !== 'slot' && isWithin(record, since) ? [book.resource(record)] : [];
    });
}

const textOf = (token: Token): string => Buffer.from(JSON.stringify(token)).toString('base64url');

function tokenIn(text: string): Token | null {
  try {
    return Token.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}
