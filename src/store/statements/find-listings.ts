import type { Interval } from '../../domain/interval.ts';
import type { Listing } from '../../domain/listing.ts';
import type { Queryable } from '../database.ts';
import { LISTING_COLUMNS, type ListingRow, listingOf } from './rows.ts';

/** $1 connection, $2 external ids. */
const BY_EXTERNAL_ID = `
select ${LISTING_COLUMNS} from listing where connection_id = $1 and external_id = any($2::text[])
order by calendar, subject_id`;

/**
 * $1 subject ids. Locked until the decision is written: delivery, which takes no actor's lock, would else record what it
 * wrote between the look and the decision, and the decision would undo it.
 */
const BY_SUBJECT = `
select ${LISTING_COLUMNS} from listing where subject_id = any($1::uuid[])
order by connection_id, calendar, subject_id for update`;

/** $1 connection, $2 calendars, $3 and $4 the window: what the platform is known, or may turn out, to show there. */
const SHOWN = `
select ${LISTING_COLUMNS} from listing
where connection_id = $1 and calendar = any($2::text[]) and (known is not null or unsure)
  and start_ms >= $3 and start_ms < $4
order by calendar, subject_id`;

/** $1 connection, $2 calendars, $3 and $4 the window: what is ours there, or is to be. */
const OURS = `
select ${LISTING_COLUMNS} from listing
where connection_id = $1 and calendar = any($2::text[]) and kind <> 'booking' and (known is not null or desired is not null)
  and start_ms < $4 and end_ms > $3
order by start_ms, calendar, subject_id`;

/** $1 schedules, $2 and $3 the window; a listing is of a day at the most, but those that are awaited are few. */
const AWAITED = `
select ${LISTING_COLUMNS} from listing
where schedule_id = any($1::text[]) and differs and home = 'stands' and kind = 'booking' and desired is not null
  and desired is distinct from known and start_ms < $3 and end_ms > $2
order by connection_id, calendar, subject_id`;

const find = async (on: Queryable, text: string, parameters: readonly unknown[]): Promise<Listing[]> =>
  (await on.query<ListingRow>(text, parameters)).map(listingOf);

export const listingsByExternalId = (
  on: Queryable,
  connectionId: string,
  externalIds: readonly string[],
): Promise<Listing[]> => find(on, BY_EXTERNAL_ID, [connectionId, externalIds]);

export const listingsBySubject = (on: Queryable, subjectIds: readonly string[]): Promise<Listing[]> =>
  find(on, BY_SUBJECT, [subjectIds]);

export const listingsShown = (
  on: Queryable,
  connectionId: string,
  calendars: readonly string[],
  window: Interval,
): Promise<Listing[]> => find(on, SHOWN, [connectionId, calendars, window.start, window.end]);

export const listingsAwaited = (
  on: Queryable,
  scheduleIds: readonly string[],
  window: Interval,
): Promise<Listing[]> => find(on, AWAITED, [scheduleIds, window.start, window.end]);

export const listingsOfOurs = (
  on: Queryable,
  connectionId: string,
  calendars: readonly string[],
  window: Interval,
): Promise<Listing[]> => find(on, OURS, [connectionId, calendars, window.start, window.end]);
