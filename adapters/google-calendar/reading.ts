import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ReadRequest } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { daysLater, localDay, slotsOfPlan } from '../../src/adapter/icalendar/plan.ts';
import type { WorkingPlan } from '../../src/adapter/icalendar/settings.ts';
import type { Page } from '../../src/adapter/observation.ts';
import { midnight } from '../../src/adapter/zone.ts';
import { DAY, type Instant, later, plus } from '../../src/domain/instant.ts';
import { type Wall, wall } from '../../src/domain/recurrence/wall.ts';
import type { Client } from './client.ts';
import { type Calendar, normalize } from './normalize.ts';

/** A calendar as pages: all of it in a window, or what changed since a token. */

export type Planned = Calendar & {
  /** Null = it offers no slots. */
  readonly plan: WorkingPlan | null;
};

const Cursor = z.strictObject({
  /** Its own syncToken. */
  token: z.string(),
  /** Of the calendar's settings: another plan or zone changes every row, so it is read anew. */
  settings: z.string(),
  /** A token goes on within the time that was asked for at first, up to here, epoch ms. */
  readTo: z.number(),
  /** Slots were given up to this local day (wall ms), not included; null = this calendar offers none. */
  plannedTo: z.number().nullable(),
});
type Cursor = z.output<typeof Cursor>;

/** Further than asked, so that a window that moves with the clock costs one whole reading a day. */
const AHEAD_MILLISECONDS = DAY;

/** @param now the horizon of slots counts from it. @throws Fault */
export async function* readCalendar(
  client: Client,
  calendar: Planned,
  request: ReadRequest,
  now: Instant,
): AsyncGenerator<Page> {
  const { plan, zone } = calendar;
  const horizon = plan === null ? null : daysLater(localDay(now, zone), plan.horizonDays);
  if (request.cursor === null) {
    yield* readAll(client, calendar, request, now, horizon);
    return;
  }
  const cursor = parseCursor(request.cursor);
  const isOver = cursor?.settings !== fingerprint(calendar) || request.window.end > cursor.readTo;
  if (!cursor || isOver) yield { kind: 'cursorExpired' };
  else yield* readChanges(client, calendar, cursor, horizon, request.signal);
}

async function* readAll(
  client: Client,
  calendar: Planned,
  { window, signal }: ReadRequest,
  now: Instant,
  horizon: Wall | null,
): AsyncGenerator<Page> {
  const time = { start: window.start, end: plus(window.end, AHEAD_MILLISECONDS) };
  let token: string | null = null;
  let isNameless = false;
  for await (const page of client.within(calendar.id, time, signal)) {
    const { rows, rejected } = normalize(page.items, calendar);
    isNameless ||= rejected.some(({ externalId }) => externalId === null);
    token = page.syncToken;
    yield { kind: 'rows', rows, removed: [], rejected };
  }
  // A plan says nothing of days gone by: it may have been another one then.
  const from = later(window.start, midnight(now, calendar.zone, 0));
  if (horizon !== null) yield slotPage(calendar, localDay(from, calendar.zone), horizon);
  const isWhole = !isNameless && from < time.end;
  const cursor =
    token === null ? null : { token, settings: fingerprint(calendar), readTo: time.end, plannedTo: horizon };
  yield {
    kind: 'end',
    complete: isWhole ? { start: from, end: time.end } : null,
    cursor: cursor && JSON.stringify(cursor),
  };
}

/**
 * Of a series that changed each instance is said to come by itself. Nothing says that one which a new rule left out does,
 * so then all is read again, which is a page or two.
 */
async function* readChanges(
  client: Client,
  calendar: Planned,
  cursor: Cursor,
  horizon: Wall | null,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  let token: string | null = null;
  for await (const page of client.since(calendar.id, cursor.token, signal)) {
    const changes = page === 'expired' ? null : normalize(page.items, calendar);
    if (page === 'expired' || changes === null || changes.touchesSeries) {
      yield { kind: 'cursorExpired' };
      return;
    }
    token = page.syncToken;
    const { rows, removed, rejected } = changes;
    if (page.items.length > 0) yield { kind: 'rows', rows, removed, rejected };
  }
  if (token === null) throw new Fault('malformed', 'the changes end without a nextSyncToken');
  const plannedTo = cursor.plannedTo === null ? null : wall(cursor.plannedTo);
  if (horizon !== null && plannedTo !== null && horizon > plannedTo)
    yield slotPage(calendar, plannedTo, horizon);
  yield { kind: 'end', complete: null, cursor: JSON.stringify({ ...cursor, token, plannedTo: horizon }) };
}

/** Events remove no slots: whether one is free follows from what takes its time. */
const slotPage = ({ id, plan, zone }: Planned, from: Wall, to: Wall): Page => ({
  kind: 'rows',
  rows: plan === null ? [] : slotsOfPlan(id, plan, zone, { from, to }),
  removed: [],
  rejected: [],
});

/** Null when it is no cursor of ours. */
function parseCursor(text: string): Cursor | null {
  try {
    return Cursor.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const fingerprint = ({ events, owner, plan, zone }: Planned): string =>
  createHash('sha256').update(JSON.stringify({ events, owner, plan, zone })).digest('hex').slice(0, 16);
