import { type Instant, instant } from '../../domain/instant.ts';
import type { CalendarKey, Seen, Stretch, Unread } from '../../engine/ports/stretches.ts';
import type { Queryable } from '../database.ts';

type StretchRow = { scheduleId: string; startMs: number; endMs: number };

const stretches = async (on: Queryable, text: string, now: Instant): Promise<Stretch[]> =>
  (await on.query<StretchRow>(text, [now])).map(({ scheduleId, startMs, endMs }) => ({
    scheduleId,
    window: { start: instant(startMs), end: instant(endMs) },
  }));

const COLUMNS = 'schedule_id as "scheduleId", min(start_ms) as "startMs", max(end_ms) as "endMs"';

/** Time is closed by a block that is wanted, and by an offer that is not. What is being opened changes nothing. */
const CLOSES = `(listing.kind = 'block' and listing.desired is not null
  or listing.kind = 'offer' and listing.desired is null)`;

/** Closed around a slot at others than who waits for it, and not read since: what they sold before may not be known. */
const UNREAD = `
from slot as rival
join listing on listing.subject_id = rival.id and not listing.differs and ${CLOSES}
join feed on feed.connection_id = listing.connection_id and feed.feed_id in (listing.calendar, '*')
where rival.schedule_id = slot.schedule_id and rival.start_ms > slot.start_ms - 86400000
  and rival.start_ms < slot.end_ms and rival.end_ms > slot.start_ms
  and listing.connection_id <> slot.awaited_by and coalesce(feed.as_of_ms, 0) <= listing.known_ms`;

/** $1 now. */
const AWAITED = `
select ${COLUMNS} from slot
where awaited_by is not null and end_ms > $1 and not exists (
  select from listing
  where listing.differs and listing.schedule_id = slot.schedule_id
    and listing.start_ms < slot.end_ms and listing.end_ms > slot.start_ms and ${CLOSES}
)
and not exists (select ${UNREAD})
group by schedule_id order by schedule_id`;

export const awaitedTime = (on: Queryable, now: Instant): Promise<Stretch[]> => stretches(on, AWAITED, now);

/**
 * $1 now. One reading for many slots: as long as more is being closed on the connection, those that are due anyway must
 * do, and so they must where the platform fails or the feed is suspect. A list that may have lagged settles first.
 */
const UNREAD_FEEDS = `
select unread.connection_id as "connectionId", unread.feed_id as "feedId", max(unread.since_ms) as "sinceMs"
from slot
cross join lateral (
  select feed.connection_id, feed.feed_id, greatest(listing.known_ms, feed.unsettled_ms) as since_ms ${UNREAD}
    and feed.suspect_ms is null
) as unread
join connection on connection.id = unread.connection_id and connection.failures = 0 and not connection.paused
where slot.awaited_by is not null and slot.end_ms > $1 and not exists (
  select from listing where listing.differs and listing.connection_id = unread.connection_id and ${CLOSES}
)
group by unread.connection_id, unread.feed_id order by unread.connection_id, unread.feed_id`;

export const awaitedFeeds = async (on: Queryable, now: Instant): Promise<Unread[]> =>
  (await on.query<{ connectionId: string; feedId: string; sinceMs: number }>(UNREAD_FEEDS, [now])).map(
    ({ connectionId, feedId, sinceMs }) => ({ connectionId, feedId, since: instant(sinceMs) }),
  );

/** $1 connections, $2 calendars. */
const SEEN = `
select wanted.connection_id as "connectionId", wanted.calendar, feed.as_of_ms as "asOf"
from unnest($1::text[], $2::text[]) as wanted(connection_id, calendar)
join feed on feed.connection_id = wanted.connection_id and feed.feed_id in (wanted.calendar, '*')
where feed.as_of_ms is not null`;

export const calendarsSeen = (on: Queryable, calendars: readonly CalendarKey[]): Promise<Seen[]> =>
  on.query<Seen>(SEEN, [
    calendars.map(({ connectionId }) => connectionId),
    calendars.map(({ calendar }) => calendar),
  ]);

/** $1 now. */
const WITHHELD = `
select ${COLUMNS} from slot where (withheld or awaited_by is not null) and end_ms > $1 group by schedule_id order by schedule_id`;

export const withheldTime = (on: Queryable, now: Instant): Promise<Stretch[]> => stretches(on, WITHHELD, now);
