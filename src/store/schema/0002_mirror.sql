-- How time stands at the platforms, and what is known of them.

-- How a subject (busy period or slot) stands on one calendar; src/domain/listing.ts.
create table listing (
  connection_id   text not null,
  calendar        text not null,
  subject_id      uuid not null,
  kind            text not null check (kind in ('booking', 'block', 'offer')),
  -- Of the platform that honours it: whether its time is closed elsewhere.
  home            text check (home is null or home in ('asked', 'stands') and kind <> 'offer'),
  schedule_id     text not null,
  start_ms        bigint not null,
  end_ms          bigint not null,
  desired         text,
  known           text,
  unsure          boolean not null default false,
  external_id     text,
  revision        text,
  sequence        bigint,
  known_ms        bigint not null,
  since_ms        bigint not null,
  attempts        integer not null default 0,
  -- Of them, those that the platform answered with a refusal.
  refusals        integer not null default 0,
  next_attempt_ms bigint not null default 0,
  last_error      text,
  differs         boolean generated always as (unsure or desired is distinct from known) stored,
  primary key (connection_id, calendar, subject_id)
);
-- What another platform waits for.
create index listing_closing on listing (schedule_id, start_ms) where differs;
-- What there is to deliver, the soonest time first: an index that is empty when all is well.
create index listing_differs on listing (connection_id, start_ms) where differs;
create index listing_subject on listing (subject_id);
create index listing_external on listing (connection_id, external_id) where external_id is not null;

-- Units of time that have been handed to another platform than they were dealt to; src/engine/shares.ts.
create table allotment (
  schedule_id   text not null,
  -- Where it begins, by the wall clock of the location, as 2026-11-24T09:00.
  unit          text not null,
  connection_id text not null,
  primary key (schedule_id, unit)
);

create table appointment (
  id             uuid primary key references busy_period,
  schedule_id    text not null,
  slot_id        uuid,
  start_ms       bigint not null,
  status         text not null check (status in ('pending', 'booked', 'cancelled', 'noshow', 'entered-in-error')),
  document       text not null,
  -- Encrypted by the application; gone once the platform that honours the booking has it.
  sealed_patient bytea,
  version        integer not null default 1,
  updated_ms     bigint not null
);
create index appointment_start on appointment (start_ms, id);

-- Two bookings of one time; src/domain/conflict.ts. A row a pair: what was before is in the events.
create table conflict (
  id            uuid primary key,
  -- The smaller id is a.
  a_id          uuid not null,
  b_id          uuid not null check (a_id < b_id),
  -- Their times, as they were when it was last decided on.
  a_start_ms    bigint not null,
  a_end_ms      bigint not null,
  b_start_ms    bigint not null,
  b_end_ms      bigint not null,
  start_ms      bigint not null generated always as (greatest(a_start_ms, b_start_ms)) stored,
  -- Of the one outside of the lock.
  schedule_id   text not null,
  connection_id text,
  detected_ms   bigint not null,
  -- Null = nobody has settled it.
  resolution    text check (resolution in ('keep-a', 'keep-b', 'keep-both', 'move')),
  resolved_by   text,
  resolved_ms   bigint,
  -- Of a move: which of the two, to which slot, as which booking.
  moved_side    text check (moved_side in ('a', 'b')),
  moved_slot_id uuid,
  moved_to_id   uuid,
  -- Since when the two meet no more; null = they do.
  ended_ms      bigint
);
create index conflict_a on conflict (a_id);
create index conflict_b on conflict (b_id);
create index conflict_open on conflict (connection_id) where (resolved_ms is null and ended_ms is null);
create index conflict_start on conflict (start_ms, id);

create table connection (
  id               text primary key,
  failures         integer not null default 0,
  failing_since_ms bigint,
  open_until_ms    bigint,
  last_error       text,
  last_success_ms  bigint,
  paused           boolean not null default false
);

create table feed (
  connection_id  text not null references connection on delete cascade,
  feed_id        text not null,
  cursor         text,
  -- When the whole reading began that gave the cursor, while its list may have lagged behind that.
  unsettled_ms   bigint,
  confirmed_ms   bigint,
  -- All that stood there at this instant is known here.
  as_of_ms       bigint,
  complete_ms    bigint,
  due_ms         bigint not null default 0,
  -- When the reading that is under way began.
  began_ms       bigint,
  -- Somebody wants a reading that begins no earlier than this.
  wanted_ms      bigint,
  lease_until_ms bigint not null default 0,
  -- Held back as suspect since then: so many of so many were missing at once. Null = it is not.
  suspect_ms     bigint,
  slots_known    integer,
  slots_missing  integer,
  busy_known     integer,
  busy_missing   integer,
  -- A person said that what is missing is gone.
  accepted_ms    bigint,
  -- The code tables that it was last read with, as a hash: other ones may read what was set aside.
  mapping        text,
  -- Since then most of its records could not be read: so many of so many. Null = it can be read.
  unreadable_ms  bigint,
  records        integer,
  records_unread integer,
  primary key (connection_id, feed_id)
);

-- What a suspect feed misses, so that it is known when it is back; src/domain/absence.ts.
create table held_back (
  connection_id text not null,
  feed_id       text not null,
  -- The calendar that it is judged with; '' = the whole feed.
  scope         text not null,
  -- A slot, or a busy period.
  subject_id    uuid not null,
  at_ms         bigint not null,
  primary key (connection_id, feed_id, scope, subject_id),
  foreign key (connection_id, feed_id) references feed on delete cascade
);

-- What a platform told as removed since its last complete reading, and was believed.
create table told_gone (
  connection_id text not null references connection on delete cascade,
  calendar      text not null,
  kind          text not null check (kind in ('slots', 'busy')),
  -- A slot, or a busy period; it may not be there any more.
  subject_id    uuid not null,
  at_ms         bigint not null,
  primary key (connection_id, calendar, subject_id)
);

-- Records that could not be normalized: set aside, counted, and no reason to stop the feed. Its values are in the raw
-- form only, encrypted by the application.
create table rejected (
  connection_id text not null,
  feed_id       text not null,
  external_id   text not null,
  reason        text not null,
  first_ms      bigint not null,
  last_ms       bigint not null,
  occurrences   integer not null default 1,
  -- Those without an id have one row together for each reason: so many were met by the last reading.
  records       integer not null default 1,
  -- The latest; null where its adapter gave none.
  sealed_raw    bytea,
  primary key (connection_id, feed_id, external_id, reason)
);

create table event (
  id            bigint generated always as identity primary key,
  at_ms         bigint not null,
  type          text not null,
  connection_id text,
  subject_id    uuid,
  data          jsonb not null
);
create index event_subject on event (subject_id);

create function event_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the event log is append-only';
end
$$;
create trigger event_append_only before update or delete or truncate on event
  for each statement execute function event_is_append_only();
