-- What a person was asked to make at a platform that no program can write to (docs/decisions/0030). It names no patient.

create table task (
  id            uuid primary key,
  -- The listing that it brings from known to desired, and what it was asked for.
  connection_id text not null,
  calendar      text not null,
  subject_id    uuid not null,
  schedule_id   text not null,
  operation     text not null check (operation in ('publish', 'withdraw', 'block', 'unblock', 'cancel')),
  -- The time that it is about.
  start_ms      bigint not null,
  end_ms        bigint not null,
  desired       text,
  -- Under which id a list will show it.
  external_id   text,
  -- As it stood there before the tick, should that be taken back; null until then.
  known         text,
  text_fr       text not null,
  text_en       text not null,
  asked_ms      bigint not null,
  due_ms        bigint not null,
  -- Null = it is open. `done`: ticked. `taken`: a patient was found in that time. `seen`: a list showed it. `withdrawn`: it is
  -- wanted no more, or otherwise. `passed`: its time was over first.
  how           text check (how in ('done', 'taken', 'seen', 'withdrawn', 'passed')),
  ended_ms      bigint,
  -- Who ticked it, as they are known.
  ended_by      text,
  -- So many steps of escalation have been told; when the last one was.
  escalated     integer not null default 0,
  escalated_ms  bigint,
  -- Until then it is left to whoever writes the mail, or is not tried again.
  mail_after_ms bigint not null default 0,
  mail_attempts integer not null default 0,
  check ((how is null) = (ended_ms is null))
);
create index task_open on task (connection_id, due_ms) where ended_ms is null;
create index task_ended on task (ended_ms) where ended_ms is not null;
create index task_subject on task (subject_id) where how = 'taken';

alter table task enable row level security;
create policy of_organization on task for select using (schedule_id in (select id from schedule));

-- The open task of a listing: delivery leaves it alone while it has one.
alter table listing add column task_id uuid;

-- A task is open for as long as its listing differs in just that way, whoever changes the listing.
create function end_task() returns trigger language plpgsql as $$
declare
  is_wanted constant boolean := new.desired is not distinct from old.desired;
begin
  if new.task_id is distinct from old.task_id
    or is_wanted and (new.unsure or new.desired is distinct from new.known) then
    return new;
  end if;
  update task set how = case when is_wanted then 'seen' else 'withdrawn' end,
    ended_ms = greatest(asked_ms, case when is_wanted then new.known_ms else new.since_ms end)
  where id = old.task_id and ended_ms is null;
  new.task_id := null;
  return new;
end
$$;
create trigger listing_task before update on listing
  for each row when (old.task_id is not null) execute function end_task();
