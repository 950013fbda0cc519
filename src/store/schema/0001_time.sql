-- Time that is on offer and time that is taken. All instants are epoch milliseconds, UTC.

create extension if not exists btree_gist;

-- Whose time a schedule is. Kept from the configuration; many schedules may share one actor.
create table schedule (
  id       text primary key,
  actor_id text not null,
  capacity integer not null check (capacity > 0)
);
create index schedule_actor on schedule (actor_id);

create table busy_period (
  id          uuid primary key,
  actor_id    text not null,
  schedule_id text not null,
  kind        text not null check (kind in ('appointment', 'hold', 'block')),
  start_ms    bigint not null,
  end_ms      bigint not null check (end_ms > start_ms),
  period      int8range generated always as (int8range(start_ms, end_ms)) stored,
  -- 0 … capacity - 1 inside the lock; null outside of it: a block, or a booking in conflict.
  lane        integer check (lane is null or lane >= 0 and kind <> 'block'),
  origin_id   text,
  expires_ms  bigint,
  changed_ms  bigint not null,
  ended_ms    bigint,
  -- The lock. Whatever the code does, two accepted bookings of one lane's time cannot both be committed. Deferrable, so
  -- that it is checked at the end of each statement and not row by row: one batch may move a whole morning.
  constraint never_twice exclude using gist (actor_id with =, lane with =, period with &&)
    where (ended_ms is null and lane is not null) deferrable initially immediate
);
create index busy_period_live on busy_period using gist (actor_id, period) where (ended_ms is null);
create index busy_period_hold on busy_period (expires_ms) where (ended_ms is null and kind = 'hold');

create table slot (
  id            uuid primary key,
  connection_id text not null,
  calendar      text not null,
  external_id   text not null,
  schedule_id   text not null,
  start_ms      bigint not null,
  -- A day at the most, so that the slots around an instant are found by their start.
  end_ms        bigint not null check (end_ms > start_ms and end_ms - start_ms <= 86400000),
  attributes    text not null,
  content       text not null,
  revision      text,
  sequence      bigint,
  -- Follows from the busy periods that overlap it: written by slot_status() only, in the triggers and write-slots.ts.
  status        text not null default 'free' check (status in ('free', 'busy', 'busy-unavailable', 'busy-tentative')),
  -- Its time is allotted to another platform, or to none, or is still being taken from one: not to be sold here.
  withheld      boolean not null default false,
  -- The connection that is to sell this time once it is closed at whoever had it before, and that was read; null = none.
  awaited_by    text,
  document      text not null,
  version       integer not null default 1,
  updated_ms    bigint not null,
  unique (connection_id, external_id)
);
create index slot_schedule on slot (schedule_id, start_ms, id);
create index slot_withheld on slot (schedule_id, start_ms) where (withheld or awaited_by is not null);
create index slot_free on slot (start_ms, id) where (status = 'free');

-- The status of a slot: the same rule as slotStatus() in src/domain/busy.ts, and tested against it.
create function slot_status(of_actor text, capacity integer, from_ms bigint, to_ms bigint) returns text
language sql stable as $$
  with inside as (
    select kind, lane, greatest(start_ms, from_ms) as start_ms, end_ms from busy_period
    where actor_id = of_actor and ended_ms is null and period && int8range(from_ms, to_ms)
  ),
  -- It is fullest where one of them begins.
  moment as (
    select count(distinct lane) as taken, count(distinct lane) filter (where kind = 'appointment') as booked
    from (select distinct start_ms as at_ms from inside) as beginning
    join inside on inside.start_ms <= at_ms and at_ms < inside.end_ms
    group by at_ms
  )
  select case
    when exists (select from inside where kind <> 'block' and lane is null)
      or exists (select from moment where booked >= capacity) then 'busy'
    when exists (select from inside where kind = 'block') then 'busy-unavailable'
    when exists (select from moment where taken >= capacity) then 'busy-tentative'
    else 'free'
  end
$$;

-- Reserves an actor's time to the transaction that asks. Without it a slot and a booking committed at the same moment
-- would not see each other, and the slot would stay free.
create function lock_actor(of_actor text) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended(of_actor, 727))
$$;

create function slots_follow_busy() returns trigger language plpgsql as $$
begin
  perform lock_actor(actor_id) from (select distinct actor_id from changed order by actor_id) as actors;
  update slot set status = found.status, version = version + 1, updated_ms = greatest(updated_ms, found.at)
  from (
    select slot.id, slot_status(schedule.actor_id, schedule.capacity, slot.start_ms, slot.end_ms) as status, changes.at
    from (
      select slot.id, max(changed.changed_ms) as at
      from changed
      join schedule on schedule.actor_id = changed.actor_id
      join slot on slot.schedule_id = schedule.id
        and slot.start_ms < changed.end_ms and slot.start_ms > changed.start_ms - 86400000
        and slot.end_ms > changed.start_ms
      group by slot.id
    ) as changes
    join slot on slot.id = changes.id
    join schedule on schedule.id = slot.schedule_id
  ) as found
  where slot.id = found.id and slot.status <> found.status;
  return null;
end
$$;
create trigger busy_inserted after insert on busy_period referencing new table as changed
  for each statement execute function slots_follow_busy();
create trigger busy_updated_to after update on busy_period referencing new table as changed
  for each statement execute function slots_follow_busy();
create trigger busy_updated_from after update on busy_period referencing old table as changed
  for each statement execute function slots_follow_busy();
create trigger busy_deleted after delete on busy_period referencing old table as changed
  for each statement execute function slots_follow_busy();

create function slots_meet_busy() returns trigger language plpgsql as $$
declare
  actors   text[];
  stretch  int8range;
  unknowns boolean;
begin
  select array_agg(distinct schedule.actor_id order by schedule.actor_id),
    int8range(min(changed.start_ms), max(changed.end_ms)), bool_or(schedule.id is null)
  into actors, stretch, unknowns
  from changed left join schedule on schedule.id = changed.schedule_id;
  -- In place of a foreign key, which looks once a row and not once a statement.
  if unknowns then
    raise foreign_key_violation using message = 'a slot of a schedule that is not configured';
  end if;
  perform lock_actor(actor_id) from unnest(actors) as actor_id;
  -- Slots are read long before most of them are taken: often there is nothing at all that they could meet.
  if not exists (
    select from busy_period where actor_id = any(actors) and ended_ms is null and period && stretch
  ) then
    return null;
  end if;
  update slot set status = found.status
  from (
    select changed.id, slot_status(schedule.actor_id, schedule.capacity, changed.start_ms, changed.end_ms) as status
    from changed
    join schedule on schedule.id = changed.schedule_id
    -- To see whether a slot meets anything costs a tenth of what its status does.
    cross join lateral (
      select from busy_period
      where actor_id = schedule.actor_id and ended_ms is null
        and period && int8range(changed.start_ms, changed.end_ms)
      limit 1
    ) as met
  ) as found
  where slot.id = found.id and slot.status <> found.status;
  return null;
end
$$;
create trigger slot_inserted after insert on slot referencing new table as changed
  for each statement execute function slots_meet_busy();
