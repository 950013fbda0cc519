-- Whether a schedule is on offer, and for which time, where somebody has said so; src/domain/offering.ts.
create table offering (
  schedule_id text primary key references schedule,
  active      boolean not null,
  -- What begins sooner, or ends later, is not on offer. Null = without bound.
  start_ms    bigint,
  end_ms      bigint,
  -- The same as it was written.
  start_text  text,
  end_text    text,
  comment     text,
  -- Of the Schedule, as of when this was written.
  version     integer not null,
  updated_ms  bigint not null
);

-- src/domain/offering.ts, isOffered().
create function is_offered(schedule text, starts bigint, ends bigint) returns boolean language sql stable as $$
  select coalesce((
    select active and coalesce(starts >= start_ms, true) and coalesce(ends <= end_ms, true)
    from offering where schedule_id = schedule
  ), true)
$$;
