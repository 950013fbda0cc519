-- When somebody works, as rosters publish it; src/domain/shift.ts.
create table shift (
  -- Of connection, calendar and external id: one that is given to somebody else is another shift.
  id              uuid primary key,
  connection_id   text not null references connection,
  calendar        text not null,
  external_id     text not null,
  -- That its calendar is linked to.
  schedule_id     text not null references schedule,
  start_ms        bigint not null,
  end_ms          bigint not null check (end_ms > start_ms),
  -- One of SHIFT_TASKS. Null = not known.
  task            text,
  place           text,
  period_start_ms bigint,
  period_end_ms   bigint,
  published_ms    bigint,
  revision        text,
  -- When it last changed.
  known_ms        bigint not null,
  unique (connection_id, calendar, external_id)
);
create index shift_of_calendar on shift (connection_id, calendar, end_ms);
create index shift_over on shift (end_ms);

-- Time of a schedule that its roster does not have; src/domain/supply.ts.
create table unsupplied (
  schedule_id text not null references schedule,
  start_ms    bigint not null,
  end_ms      bigint not null check (end_ms > start_ms),
  cause       text not null check (cause in ('withdrawn', 'outside')),
  -- What is free of it is withheld.
  closes      boolean not null,
  since_ms    bigint not null,
  primary key (schedule_id, start_ms)
);
create index unsupplied_over on unsupplied (end_ms);

-- What a suspect feed misses (0002_mirror.sql) may be shifts.
alter table feed add column shifts_known integer not null default 0;
alter table feed add column shifts_missing integer not null default 0;

-- src/domain/offering.ts, isOffered().
create or replace function is_offered(schedule text, starts bigint, ends bigint) returns boolean language sql stable as $$
  select coalesce((
    select active and coalesce(starts >= start_ms, true) and coalesce(ends <= end_ms, true)
    from offering where schedule_id = schedule
  ), true) and not exists (
    select from unsupplied where schedule_id = schedule and closes and start_ms < ends and end_ms > starts
  )
$$;

alter table shift enable row level security;
create policy of_organization on shift for select using (schedule_id in (select id from schedule));
alter table unsupplied enable row level security;
create policy of_organization on unsupplied for select using (schedule_id in (select id from schedule));
