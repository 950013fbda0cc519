import { z } from 'zod';
import { Fault } from '../../src/adapter/faults.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { memberPath, pathOn } from './address.ts';
import { type Answer, type Ask, ask, Text } from './multistatus.ts';
import { type Resource, resourceOf, type Server } from './resource.ts';

/** What is asked of a collection: PROPFIND (RFC 4918), calendar reports (RFC 4791) and sync-collection (RFC 6578). */

export type Member = { readonly href: string; readonly etag: string };
export type Changes = {
  readonly changed: readonly Member[];
  readonly removed: readonly string[];
  readonly token: string;
};

const NAMESPACES = { 'xmlns:d': 'DAV:', 'xmlns:c': 'urn:ietf:params:xml:ns:caldav' };
const CONTENT = { 'd:getetag': {}, 'd:getlastmodified': {}, 'c:calendar-data': {} };
/** Parts of one list of changes; a server that needs more does not end. */
const PARTS_MAX = 1_000;

/** RFC 4918, 15.9: the element is there or not, and has no content. */
const Collection = z.looseObject({ collection: z.looseObject({}) });

/** Usually one. */
const HomeSet = z.looseObject({ href: z.union([z.string(), z.array(z.string()).max(20)]) });

const PROPERTIES = {
  'd:current-user-principal': 'currentUserPrincipal',
  'c:schedule-inbox-URL': 'scheduleInboxURL',
  'c:calendar-availability': 'calendarAvailability',
} as const;

const propfind = (properties: object): object => ({
  'd:propfind': { _attributes: NAMESPACES, 'd:prop': properties },
});

/** Null when the server has no sync-collection. @throws Fault `malformed` when there is no such collection. */
export async function syncToken(
  server: Server,
  collection: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const body = propfind({ 'd:sync-token': {} });
  const answers = await multistatus(server, {
    method: 'PROPFIND',
    path: collection,
    depth: '0',
    body,
    signal,
  });
  return itself(answers, collection, server).props?.syncToken ?? null;
}

/** One property of a resource: an address on the server as its path, else as text; null when it has none. */
export async function property(
  server: Server,
  path: string,
  name: keyof typeof PROPERTIES,
  signal: AbortSignal,
): Promise<string | null> {
  const body = propfind({ [name]: {} });
  const report = await ask(server.http, { method: 'PROPFIND', path, depth: '0', body, signal });
  if (report.kind === 'refused') return null;
  const value = report.answers[0]?.props?.[PROPERTIES[name]];
  const address = z.object({ href: z.string() }).safeParse(value);
  return address.success ? pathOn(server.url, address.data.href) : (Text.safeParse(value).data ?? null);
}

/** The paths of the collections that have a principal's calendars. @throws Fault */
export async function homesOf(
  server: Server,
  principal: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const body = propfind({ 'c:calendar-home-set': {} });
  const wanted = { method: 'PROPFIND', path: principal, depth: '0', body, signal } as const;
  const answers = await multistatus(server, wanted);
  const hrefs = answers.flatMap((answer) => {
    const { data } = HomeSet.safeParse(answer.props?.['calendarHomeSet']);
    return data === undefined ? [] : [data.href].flat();
  });
  return hrefs.flatMap((href) => pathOn(server.url, href) ?? []);
}

/** What is directly in a collection, with what tells a calendar from others. @throws Fault */
export async function inside(
  server: Server,
  collection: string,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const body = propfind({
    'd:resourcetype': {},
    'd:displayname': {},
    'c:supported-calendar-component-set': {},
  });
  return multistatus(server, { method: 'PROPFIND', path: collection, depth: '1', body, signal });
}

/** Every calendar resource of a collection. @throws Fault */
export async function members(
  server: Server,
  collection: string,
  signal: AbortSignal,
): Promise<readonly Member[]> {
  const body = propfind({ 'd:getetag': {}, 'd:resourcetype': {} });
  const answers = await multistatus(server, {
    method: 'PROPFIND',
    path: collection,
    depth: '1',
    body,
    signal,
  });
  itself(answers, collection, server);
  return answers.flatMap((answer) => memberIn(answer, collection, server));
}

/**
 * The answer for the collection itself, which a PROPFIND always has. Xandikos 0.2 answers for a missing collection
 * with a multistatus that names nothing inside of it: it would read as an empty calendar.
 * @throws Fault `malformed`
 */
function itself(answers: readonly Answer[], collection: string, server: Server): Answer {
  const own = answers.find(({ href, status }) => {
    const path = pathOn(server.url, href ?? '');
    return status !== 404 && (path === collection || `${path}/` === collection);
  });
  if (!own) throw new Fault('malformed', `PROPFIND ${collection}: there is no such collection`);
  return own;
}

/** @throws Fault; `expired` when the server does not go on from this token. */
export async function changesSince(
  server: Server,
  collection: string,
  token: string,
  signal: AbortSignal,
): Promise<Changes | 'expired'> {
  const changed = new Map<string, Member>();
  const removed = new Set<string>();
  let next = token;
  for (let part = 0; part < PARTS_MAX; part += 1) {
    const report = await ask(server.http, {
      method: 'REPORT',
      path: collection,
      depth: '0',
      body: syncCollection(next),
      answers: [403, 500, 501],
      signal,
    });
    if (report.kind === 'refused') return refusedToken(server, collection, report, signal);
    for (const answer of report.answers) {
      const href = memberPath(answer.href ?? '', collection, server.url);
      if (href !== null && answer.status === 404) {
        changed.delete(href);
        removed.add(href);
      }
      for (const member of memberIn(answer, collection, server)) {
        removed.delete(member.href);
        changed.set(member.href, member);
      }
    }
    if (report.syncToken === null) throw new Fault('malformed', `REPORT ${collection}: no sync-token`);
    next = report.syncToken;
    // RFC 6578, 3.6: 507 for the collection itself = the list was cut, and goes on from the new token.
    if (!report.answers.some((answer) => answer.status === 507)) {
      return { changed: [...changed.values()], removed: [...removed], token: next };
    }
  }
  throw new Fault('malformed', `REPORT ${collection}: a list without end`);
}

const syncCollection = (token: string): object => ({
  'd:sync-collection': {
    _attributes: NAMESPACES,
    'd:sync-token': token,
    'd:sync-level': '1',
    'd:prop': { 'd:getetag': {}, 'd:resourcetype': {} },
  },
});

/**
 * RFC 6578, 3.2 wants 403 with DAV:valid-sync-token for a token that is not valid (Radicale); others answer 500
 * (Xandikos 0.2). So: whatever the refusal was, if the collection itself answers, it is the token that was refused.
 */
async function refusedToken(
  server: Server,
  collection: string,
  refusal: { readonly status: number; readonly text: string },
  signal: AbortSignal,
): Promise<'expired'> {
  if (refusal.status === 403 && !refusal.text.includes('valid-sync-token')) {
    throw new Fault('unauthorized', `REPORT ${collection}: HTTP 403`);
  }
  await syncToken(server, collection, signal);
  return 'expired';
}

/** The content of those hrefs that exist. @throws Fault */
export async function contents(
  server: Server,
  collection: string,
  hrefs: readonly string[],
  signal: AbortSignal,
): Promise<readonly Resource[]> {
  const body = {
    'c:calendar-multiget': { _attributes: NAMESPACES, 'd:prop': CONTENT, 'd:href': [...hrefs] },
  };
  const answers = await multistatus(server, { method: 'REPORT', path: collection, depth: '1', body, signal });
  const byHref = new Map(
    answers.map((answer) => [memberPath(answer.href ?? '', collection, server.url), answer]),
  );
  return hrefs.flatMap((href) => {
    const answer = byHref.get(href);
    return answer?.status === 404 ? [] : [contentOf(href, answer)];
  });
}

/**
 * Every resource that may take time in the interval, and others. Series are asked for by themselves: Xandikos 0.2
 * compares only their first instance with a time-range. @throws Fault
 */
export async function mayOverlap(
  server: Server,
  collection: string,
  interval: Interval,
): Promise<readonly Resource[]> {
  const range = { _attributes: { start: basicUtc(interval.start), end: basicUtc(interval.end) } };
  const found = await Promise.all([
    query(server, collection, { 'c:time-range': range }),
    query(server, collection, { 'c:prop-filter': { _attributes: { name: 'RRULE' } } }),
    query(server, collection, { 'c:prop-filter': { _attributes: { name: 'RDATE' } } }),
  ]);
  return [...new Map(found.flat().map((resource) => [resource.href, resource])).values()];
}

/** The events that a filter chooses (RFC 4791, 9.7). */
async function query(server: Server, collection: string, filter: object): Promise<readonly Resource[]> {
  const events = { _attributes: { name: 'VEVENT' }, ...filter };
  const calendar = { _attributes: { name: 'VCALENDAR' }, 'c:comp-filter': events };
  const body = {
    'c:calendar-query': {
      _attributes: NAMESPACES,
      'd:prop': CONTENT,
      'c:filter': { 'c:comp-filter': calendar },
    },
  };
  const answers = await multistatus(server, { method: 'REPORT', path: collection, depth: '1', body });
  return answers.flatMap((answer) => {
    const href = memberPath(answer.href ?? '', collection, server.url);
    return href === null || answer.status === 404 ? [] : [contentOf(href, answer)];
  });
}

/** A resource whose content the server withheld is unreadable, which is reported, and not absent. */
const contentOf = (href: string, answer: Answer | undefined): Resource =>
  resourceOf(href, answer?.props?.calendarData ?? '', answer?.props?.getetag, answer?.props?.getlastmodified);

/** @throws Fault `malformed` unless the answer is a whole multistatus. */
async function multistatus(server: Server, wanted: Ask): Promise<readonly Answer[]> {
  const report = await ask(server.http, wanted);
  const where = `${wanted.method} ${wanted.path}`;
  if (report.kind === 'refused') {
    const what = report.status === 404 ? 'there is no such collection' : `HTTP ${report.status}`;
    throw new Fault('malformed', `${where}: ${what}`);
  }
  if (report.answers.some((answer) => answer.status === 507)) {
    throw new Fault('malformed', `${where}: the list was cut off`);
  }
  return report.answers;
}

/** @throws Fault `malformed` for a resource without ETag (RFC 4791, 5.3.4 demands one): it would be passed over. */
function memberIn(answer: Answer, collection: string, server: Server): readonly Member[] {
  const href = memberPath(answer.href ?? '', collection, server.url);
  const isCollection = Collection.safeParse(answer.props?.resourcetype).success;
  if (href === null || isCollection || answer.status === 404) return [];
  const etag = answer.props?.getetag;
  if (etag === undefined) throw new Fault('malformed', `${collection}: a resource without ETag`);
  return [{ href, etag }];
}

/** `20261124T142000Z`. */
const basicUtc = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
