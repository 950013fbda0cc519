import { Fault } from '../adapter/faults.ts';
import type { HttpResponse } from '../adapter/http.ts';
import { formatInstant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import { type Client, found, jsonOf, type Scope } from './client.ts';
import type { List, Paging } from './description.ts';
import type { Expression } from './syntax.ts';

/** The pages of a list, in whichever way the platform turns them. */

export type PageOfList = { readonly answer: unknown; readonly records: readonly unknown[] };

export const ENDLESS = 'the list does not end';

/** Where a page is: parameters of the request, or an address that the platform gave. */
type Place = { readonly query: Readonly<Record<string, string | number>> } | { readonly url: string };

/** @throws Fault */
export async function* pagesOf(
  client: Client,
  { request, rows, none, paging }: List,
  scope: Scope,
  signal: AbortSignal,
): AsyncGenerator<PageOfList> {
  const pagesMax = paging.type === 'none' ? 1 : paging.pagesMax;
  let place: Place | null = firstOf(paging);
  for (let pages = 0; place !== null; pages += 1) {
    if (pages === pagesMax) throw new Fault('malformed', ENDLESS);
    const response: HttpResponse =
      'url' in place
        ? await client.follow(place.url, { writes: false, signal })
        : await client.send(request, scope, { writes: false, signal, query: place.query });
    if (none.includes(response.status)) return;
    const page = await pageIn(response, rows);
    yield page;
    const next: Place | null = await nextOf(paging, place, page, response);
    if (next !== null && JSON.stringify(next) === JSON.stringify(place))
      throw new Fault('malformed', ENDLESS);
    place = next;
  }
}

const firstOf = (paging: Paging): Place => {
  if (paging.type === 'page') return { query: { [paging.parameter]: paging.first } };
  if (paging.type === 'offset') return { query: { [paging.parameter]: 0 } };
  return { query: {} };
};

/** Null = that was the last. */
async function nextOf(
  paging: Paging,
  place: Place,
  { answer, records }: PageOfList,
  response: HttpResponse,
): Promise<Place | null> {
  const isFull = records.length >= paging.size;
  switch (paging.type) {
    case 'none':
      if (isFull) throw cut();
      return null;
    case 'page':
    case 'offset': {
      const at = 'query' in place ? Number(place.query[paging.parameter]) : 0;
      const step = paging.type === 'page' ? 1 : records.length;
      return isFull ? { query: { [paging.parameter]: at + step } } : null;
    }
    case 'cursor': {
      const next = await found(paging.next, answer);
      if (next === undefined && isFull) throw cut();
      if (next === undefined || next === null || next === '') return null;
      if (typeof next !== 'string' && typeof next !== 'number')
        throw new Fault('malformed', 'the next page is named by no text');
      return { query: { [paging.parameter]: next } };
    }
    case 'link': {
      const url = nextLink(response.headers['link'] ?? '');
      if (url === null && isFull && response.headers['link'] === undefined) throw cut();
      return url === null ? null : { url };
    }
  }
}

/** Nobody can tell whether there is more. */
const cut = (): Fault => new Fault('malformed', 'a page is full, and nothing says whether there is another');

/** @throws Fault unless it is an answer of the contract. */
export async function pageIn(response: HttpResponse, rows: Expression): Promise<PageOfList> {
  if (response.status !== 200) throw unexpected(response);
  const answer = jsonOf(response);
  const records = await found(rows, answer);
  if (!Array.isArray(records))
    throw new Fault('malformed', 'rows of the description: the answer has no list there');
  return { answer, records };
}

export const unexpected = ({ status }: HttpResponse): Fault =>
  new Fault('malformed', `unexpected HTTP ${status}`);

/** The target of the link whose relation is `next` (RFC 8288, section 3). */
export function nextLink(header: string): string | null {
  for (let at = header.indexOf('<'); at >= 0; at = header.indexOf('<', at)) {
    const end = header.indexOf('>', at);
    if (end < 0) return null;
    const following = header.indexOf('<', end);
    const parameters = header.slice(end + 1, following < 0 ? undefined : following);
    const relations = parameters.split(';').flatMap((parameter) => {
      const [name = '', value = ''] = parameter.split('=');
      const isRelation = name.trim().toLowerCase() === 'rel';
      return isRelation ? value.replace(/[",]/g, ' ').trim().toLowerCase().split(/\s+/) : [];
    });
    if (relations.includes('next')) return header.slice(at + 1, end);
    at = end;
  }
  return null;
}

/** What a request of a reading has to take from. */
export const readingScope = ({ start, end }: Interval, calendar: string | null): Scope => ({
  window: { start: formatInstant(start), end: formatInstant(end) },
  ...(calendar === null ? {} : { calendar }),
});
