import { createHash } from 'node:crypto';
import type { ReadRequest } from '../../src/adapter/contract.ts';
import { type Offer, type OfferSource, offerOf } from '../../src/adapter/icalendar/offer.ts';
import { daysLater, localDay } from '../../src/adapter/icalendar/plan.ts';
import type { Supply } from '../../src/adapter/icalendar/settings.ts';
import type { Zones } from '../../src/adapter/icalendar/zones.ts';
import type { ObservedBusy, Page, Rejected, Removal } from '../../src/adapter/observation.ts';
import { DAY, type Instant, instant, later, parseInstant, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { type Wall, wall } from '../../src/domain/recurrence/wall.ts';
import {
  type Cursor,
  formatCursor,
  hrefsOf,
  isWholeList,
  nextProbes,
  parseCursor,
  probesIn,
  seriesIn,
} from './cursor.ts';
import { type Busy, busyOf } from './icalendar.ts';
import { inboxOf, inboxText } from './inbox.ts';
import type { Resource, Server } from './resource.ts';
import { changesSince, contents, members, syncToken } from './webdav.ts';

/** A calendar as pages: all of it, or what changed since a cursor. */

export type Calendar = {
  /** As the configuration names it. */
  readonly id: string;
  readonly collection: string;
  /** IANA */
  readonly zone: string;
  readonly zones: Zones;
  readonly events: 'appointment' | 'block';
  readonly owner: string | null;
  readonly supply: Supply | null;
};

type Reading = {
  readonly server: Server;
  readonly calendar: Calendar;
  readonly request: ReadRequest;
  /** Up to where slots are offered now; null without a supply. */
  readonly horizon: Wall | null;
};

type RowsPage = Extract<Page, { kind: 'rows' }>;

const BATCH = 50;
/**
 * Series are expanded a day further than asked, so that a window that moves with the clock costs one expansion a day.
 */
const AHEAD_MILLISECONDS = DAY;
/**
 * Single events are given however far ahead they lie, since no later delta would bring them into the window; so a
 * whole reading is whole up to here.
 */
const FAR = parseInstant('9999-01-01T00:00:00Z');

/** @param now by the clock of this machine: the horizon of slots counts from it. @throws Fault */
export async function* readCalendar(
  server: Server,
  calendar: Calendar,
  request: ReadRequest,
  now: Instant,
): AsyncGenerator<Page> {
  const { supply, zone } = calendar;
  const horizon = supply === null ? null : daysLater(localDay(now, zone), supply.horizonDays);
  const reading: Reading = { server, calendar, request, horizon };
  if (request.cursor === null) {
    yield* readAll(reading);
    return;
  }
  const cursor = parseCursor(request.cursor);
  if (!cursor || cursor.settings !== fingerprint(calendar)) yield { kind: 'cursorExpired' };
  else yield* readChanges(reading, cursor);
}

async function* readAll(reading: Reading): AsyncGenerator<Page> {
  const { server, calendar, request, horizon } = reading;
  const { collection } = calendar;
  const { window, signal } = request;
  // Before the list: what changes while it is read comes again with the first delta.
  const token = await syncToken(server, collection, signal);
  const listed = await members(server, collection, signal);
  const expandedTo = plus(window.end, AHEAD_MILLISECONDS);
  const series: string[] = [];
  const offering: OfferSource[] = [];
  let isWhole = true;
  for (const batch of batches(listed.map(({ href }) => href))) {
    const read = (await contents(server, collection, batch, signal)).map((resource) => {
      const busy = busyIn(resource, calendar, { start: window.start, end: expandedTo });
      if (isOffering(busy, calendar)) offering.push(resource);
      if (busy.shape === 'series' || isOffering(busy, calendar)) series.push(resource.href);
      return busy;
    });
    const rows = read.flatMap((busy) => busy.rows).filter(({ interval }) => interval.end > window.start);
    yield page(
      rows,
      [],
      read.flatMap((busy) => busy.rejected),
    );
  }
  const inbox = calendar.supply?.kind === 'vavailability' ? await inboxOf(server, collection, signal) : null;
  if (inbox) offering.push(inbox);
  for (const offers of offerPages(reading, localDay(window.start, calendar.zone), offering)) {
    // A slot is named by when it begins: which of them an availability that can't be read would offer, nobody knows.
    if (offers.rejected.length > 0) isWhole = false;
    yield offers;
  }
  const cursor = token !== null && {
    token,
    settings: fingerprint(calendar),
    expandedTo,
    plannedTo: horizon,
    series: seriesIn(collection, series),
    probes: probesIn(collection, listed),
    inbox: inbox && { path: inbox.href, hash: hash(inbox.text) },
  };
  yield {
    kind: 'end',
    complete: isWhole ? { start: window.start, end: FAR } : null,
    cursor: cursor ? formatCursor(cursor) : null,
  };
}

/**
 * A resource with one row is named by its href, so its removal is told exactly. Which rows a series had is not known
 * any more once it has changed, so then everything is read again: right, only slower.
 */
async function* readChanges(reading: Reading, cursor: Cursor): AsyncGenerator<Page> {
  const { server, calendar, request, horizon } = reading;
  const { collection } = calendar;
  const { window, signal } = request;
  const changes = await changesSince(server, collection, cursor.token, signal);
  if (
    changes === 'expired' ||
    isWholeList(cursor, collection, changes.changed) ||
    touchesSeries(cursor, collection, [...changes.changed.map(({ href }) => href), ...changes.removed]) ||
    (cursor.inbox && hash(await inboxText(server, cursor.inbox.path, signal)) !== cursor.inbox.hash)
  ) {
    yield { kind: 'cursorExpired' };
    return;
  }
  const probes = nextProbes(cursor, collection, changes.changed, changes.removed);
  const known = cursor.series && hrefsOf(collection, cursor.series);
  const rolls =
    window.end > cursor.expandedTo || (horizon !== null && horizon > (cursor.plannedTo ?? horizon));
  if (probes === null || (rolls && known === null)) {
    yield { kind: 'cursorExpired' };
    return;
  }
  const expandedBefore = instant(cursor.expandedTo);
  const expandedTo = rolls ? later(expandedBefore, plus(window.end, AHEAD_MILLISECONDS)) : expandedBefore;
  if (changes.removed.length > 0) yield page([], changes.removed.map(removalOf), []);
  const series = new Set(known ?? []);
  for (const batch of batches(changes.changed.map(({ href }) => href))) {
    const range = { start: window.start, end: expandedTo };
    const changed = await readBatch(reading, batch, range);
    if (changed.offers) {
      yield { kind: 'cursorExpired' };
      return;
    }
    for (const href of changed.series) series.add(href);
    yield changed.page;
  }
  if (rolls) yield* rollForward(reading, cursor, known ?? [], expandedTo);
  yield {
    kind: 'end',
    complete: null,
    cursor: formatCursor({
      ...cursor,
      token: changes.token,
      expandedTo,
      plannedTo: horizon,
      series: known && seriesIn(collection, series),
      probes,
    }),
  };
}

/** Whether one of them has, or might have had, rows that can't be named. */
function touchesSeries(cursor: Cursor, collection: string, hrefs: readonly string[]): boolean {
  if (cursor.series === null) return hrefs.length > 0;
  const series = new Set(hrefsOf(collection, cursor.series));
  return hrefs.some((href) => series.has(href));
}

type ChangedBatch = {
  readonly page: Page;
  /** Those that have become a series. */
  readonly series: readonly string[];
  /** One of them says when somebody is available, so the slots are others now. */
  readonly offers: boolean;
};

async function readBatch(reading: Reading, hrefs: readonly string[], range: Interval): Promise<ChangedBatch> {
  const { server, calendar, request } = reading;
  const resources = await contents(server, calendar.collection, hrefs, request.signal);
  const found = new Set(resources.map(({ href }) => href));
  const read = resources.map((resource) => ({ resource, busy: busyIn(resource, calendar, range) }));
  // An event that takes no time any more, has become a series or has gone meanwhile leaves its only row behind. What
  // can't be read is not free, so its old row stays.
  const without = read.filter(
    ({ busy }) => busy.rejected.length === 0 && (busy.shape !== 'single' || busy.rows.length === 0),
  );
  const removed = [
    ...hrefs.filter((href) => !found.has(href)),
    ...without.map(({ resource }) => resource.href),
  ];
  return {
    page: page(
      read.flatMap(({ busy }) => busy.rows),
      removed.map(removalOf),
      read.flatMap(({ busy }) => busy.rejected),
    ),
    series: read.filter(({ busy }) => busy.shape === 'series').map(({ resource }) => resource.href),
    offers: read.some(({ busy }) => isOffering(busy, calendar)),
  };
}

/** The days that came into the window since the cursor: no resource changed, yet their instances and slots are new. */
async function* rollForward(
  reading: Reading,
  cursor: Cursor,
  series: readonly string[],
  expandedTo: Instant,
): AsyncGenerator<Page> {
  const { server, calendar, request, horizon } = reading;
  const range = { start: instant(cursor.expandedTo), end: expandedTo };
  const offering: OfferSource[] = [];
  for (const batch of batches(series)) {
    const resources = await contents(server, calendar.collection, batch, request.signal);
    const read = resources.map((resource) => {
      const busy = busyIn(resource, calendar, range);
      if (isOffering(busy, calendar)) offering.push(resource);
      return busy;
    });
    yield page(
      read.flatMap((busy) => busy.rows),
      [],
      read.flatMap((busy) => busy.rejected),
    );
  }
  if (cursor.inbox) {
    const { path } = cursor.inbox;
    offering.push({ href: path, text: await inboxText(server, path, request.signal) });
  }
  if (horizon !== null) yield* offerPages(reading, wall(cursor.plannedTo ?? horizon), offering);
}

/** Slots that begin from a local day on up to the horizon. */
function* offerPages(reading: Reading, from: Wall, sources: readonly OfferSource[]): Generator<RowsPage> {
  const { calendar, horizon } = reading;
  if (calendar.supply === null || horizon === null || from >= horizon) return;
  const offer: Offer = {
    calendar: calendar.id,
    supply: calendar.supply,
    zone: calendar.zone,
    zones: calendar.zones,
  };
  const { slots, rejected } = offerOf(offer, { from, to: horizon }, sources);
  yield { kind: 'rows', rows: slots, removed: [], rejected };
}

const isOffering = (busy: Busy, calendar: Calendar): boolean =>
  busy.offers && calendar.supply?.kind === 'vavailability';

const busyIn = (resource: Resource, calendar: Calendar, range: Interval): Busy =>
  busyOf(resource, {
    calendar: calendar.id,
    zones: calendar.zones,
    events: calendar.events,
    owner: calendar.owner,
    range,
  });

const page = (
  rows: readonly ObservedBusy[],
  removed: readonly Removal[],
  rejected: readonly Rejected[],
): RowsPage => ({ kind: 'rows', rows, removed, rejected });

const removalOf = (href: string): Removal => ({ kind: 'busy', externalId: href, sequence: null });

function* batches(hrefs: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < hrefs.length; at += BATCH) yield hrefs.slice(at, at + BATCH);
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

const fingerprint = ({ events, owner, supply, zone }: Calendar): string =>
  hash(JSON.stringify({ events, owner, supply, zone }));
