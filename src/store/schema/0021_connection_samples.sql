-- How connections were, minute by minute: what a page draws of the last hours (docs/operations.md).

-- Since when people have paused it; null = they have not.
alter table connection add column paused_ms bigint;
update connection set paused_ms = floor(extract(epoch from clock_timestamp()) * 1000)::bigint where paused;

-- A row a connection and minute, of whoever sampled first. A minute without one: nobody worked.
create table connection_sample (
  connection_id text not null references connection on delete cascade,
  -- When the minute began.
  minute_ms     bigint not null,
  -- From the change at one platform to its confirmation here, of what was confirmed in that minute; null = nothing was.
  delivered     integer not null,
  lag_ms_p50    bigint,
  lag_ms_max    bigint,
  -- Of the calendar that was confirmed longest ago; null = one was never read.
  age_ms        bigint,
  differing     integer not null,
  failures      integer not null,
  circuit_open  boolean not null,
  paused        boolean not null,
  primary key (connection_id, minute_ms)
);
create index connection_sample_over on connection_sample (minute_ms);

-- Of which the lags of a minute are found.
create index event_listing on event (at_ms) where type like 'listing.%';

alter table connection_sample enable row level security;
create policy of_organization on connection_sample for select using (connection_id in (select id from connection));
