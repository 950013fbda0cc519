import { createHash } from 'node:crypto';
import { Directory, type DirectoryEntries } from '../../domain/directory.ts';
import { actorOf } from '../../domain/schedule.ts';
import type { FeedKey } from '../../engine/ports/feeds.ts';
import type { Database } from '../database.ts';

/** The feed of all calendars of a connection. */
const WHOLE_CONNECTION = '*';

/** $1 ids, $2 actors, $3 capacities, $4 organizations. */
const SCHEDULES = `
insert into schedule (id, actor_id, capacity, organization_id)
select * from unnest($1::text[], $2::text[], $3::integer[], $4::text[])
on conflict (id) do update set
  actor_id = excluded.actor_id, capacity = excluded.capacity, organization_id = excluded.organization_id`;

/** $1 ids, $2 organizations, $3 whether its agendas are edited here. */
const CONNECTIONS = `
insert into connection (id, organization_id, edited_here) select * from unnest($1::text[], $2::text[], $3::boolean[])
on conflict (id) do update set organization_id = excluded.organization_id, edited_here = excluded.edited_here
where connection.organization_id <> excluded.organization_id or connection.edited_here <> excluded.edited_here`;

/** Patients that were kept before it was known whose they are. */
const ADOPT = `
update patient set organization_id = schedule.organization_id
from appointment join schedule on schedule.id = appointment.schedule_id
where patient.organization_id = '' and appointment.patient_id = patient.id`;

/** $1 connections, $2 feeds, $3 what they are linked to: with other calendars a feed is read whole. */
const FEEDS = `
insert into feed (connection_id, feed_id, linked) select * from unnest($1::text[], $2::text[], $3::text[])
on conflict (connection_id, feed_id) do update set linked = excluded.linked, cursor = null, complete_ms = null
where feed.linked is distinct from excluded.linked`;

/** $1 connections, $2 feeds: what the configuration no longer has is no longer read. */
const FORGET = `
delete from feed where not exists (
  select from unnest($1::text[], $2::text[]) as kept(connection_id, feed_id)
  where kept.connection_id = feed.connection_id and kept.feed_id = feed.feed_id
)`;

export async function applyDirectory(
  database: Database,
  entries: DirectoryEntries,
  feeds: readonly FeedKey[],
): Promise<void> {
  const directory = new Directory(entries);
  const { schedules, connections } = entries;
  const pairs = [feeds.map((feed) => feed.connectionId), feeds.map((feed) => feed.feedId)];
  await database.transaction(async (on) => {
    await on.query(SCHEDULES, [
      schedules.map((schedule) => schedule.id),
      schedules.map(actorOf),
      schedules.map((schedule) => schedule.capacity),
      schedules.map(({ id }) => directory.organizationOf(id).id),
    ]);
    await on.query(CONNECTIONS, [
      connections.map(({ id }) => id),
      connections.map(({ id }) => directory.organizationOfConnection(id)?.id ?? ''),
      connections.map(({ isEditedHere }) => isEditedHere),
    ]);
    await on.query(ADOPT);
    await on.query(FEEDS, [...pairs, feeds.map((feed) => linkedOf(directory, feed))]);
    await on.query(FORGET, pairs);
  });
}

/** Of the calendars that it brings, as `*` all of its connection. */
function linkedOf(directory: Directory, { connectionId, feedId }: FeedKey): string {
  const calendars = directory
    .calendarsOn(connectionId)
    .filter(({ externalId }) => feedId === WHOLE_CONNECTION || externalId === feedId)
    .map(({ externalId, scheduleId, topology }) => [externalId, scheduleId, topology])
    .sort();
  return createHash('md5').update(JSON.stringify(calendars)).digest('base64');
}
