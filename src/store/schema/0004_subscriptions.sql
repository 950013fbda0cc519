-- Who is told of changes of slots and appointments, and the changes that they are still to be told of. Where somebody is
-- in the changes is a position (xact, id): docs/decisions/0017.

create table subscription (
  id              uuid primary key,
  status          text not null check (status in ('requested', 'active', 'error', 'off')),
  resource_type   text not null check (resource_type in ('Slot', 'Appointment')),
  criteria        text not null,
  -- URL of this server, as who made it calls it: references in the criteria may begin with it.
  base            text not null,
  endpoint        text not null,
  payload         text,
  reason          text not null,
  -- As JSON.
  contact         text,
  end_ms          bigint,
  -- Names of the headers that are sent along; what they say is sealed.
  headers         text[] not null,
  -- The secret that signs, and the headers, encrypted by the application.
  sealed          bytea not null,
  version         integer not null default 1,
  updated_ms      bigint not null,
  -- Every change of later transactions is in `change`. Null = not known yet.
  since_xact      xid8,
  -- What it was told of, or does not concern it.
  seen_xact       xid8 not null default '0',
  seen_id         bigint not null default 0,
  -- Failures in a row, since when, and why; src/engine/ports/subscriptions.ts.
  attempts        integer not null default 0,
  failing_ms      bigint,
  trouble         jsonb,
  next_attempt_ms bigint not null default 0,
  -- Who serves it, and until when nobody else does.
  claimed_by      uuid,
  lease_until_ms  bigint not null default 0
);

-- A process that has streams of events open.
create table listener (
  id             uuid primary key,
  since_xact     xid8,
  lease_until_ms bigint not null
);

create table change (
  id            bigint generated always as identity primary key,
  xact          xid8 not null default pg_current_xact_id(),
  resource_type text not null,
  resource_id   uuid not null,
  -- Null = it is gone.
  version       integer
);
create index change_order on change (xact, id);
create index change_of_resource on change (resource_id, id);

-- One row: what lies after this position has not been erased.
create table change_kept (
  xact xid8 not null,
  id   bigint not null
);
insert into change_kept values ('0', 0);

create function is_anybody_told() returns boolean language sql stable as $$
  select exists (select from subscription where status <> 'off') or exists (select from listener)
$$;

-- The argument is the resource's type.
create function tell_inserted() returns trigger language plpgsql as $$
begin
  if is_anybody_told() then
    insert into change (resource_type, resource_id, version) select tg_argv[0], id, version from now_there;
  end if;
  return null;
end
$$;

-- Only of what is served: how a slot stands at its platform is nobody's business. What was there is joined to the table by
-- its key: two transition tables are joined by the plan of their first call, which may have been of one row.
create function tell_slot_updated() returns trigger language plpgsql as $$
begin
  if is_anybody_told() then
    insert into change (resource_type, resource_id, version)
    select 'Slot', slot.id, slot.version
    from was_there join slot on slot.id = was_there.id
    where (slot.version, slot.status) is distinct from (was_there.version, was_there.status);
  end if;
  return null;
end
$$;
create function tell_appointment_updated() returns trigger language plpgsql as $$
begin
  if is_anybody_told() then
    insert into change (resource_type, resource_id, version)
    select 'Appointment', appointment.id, appointment.version
    from was_there join appointment on appointment.id = was_there.id
    where (appointment.version, appointment.status) is distinct from (was_there.version, was_there.status);
  end if;
  return null;
end
$$;

create function tell_deleted() returns trigger language plpgsql as $$
begin
  if is_anybody_told() then
    insert into change (resource_type, resource_id) select tg_argv[0], id from was_there;
  end if;
  return null;
end
$$;

create trigger tell_slot_inserted after insert on slot referencing new table as now_there
  for each statement execute function tell_inserted('Slot');
create trigger tell_slot_updated after update on slot referencing old table as was_there
  for each statement execute function tell_slot_updated();
create trigger tell_slot_deleted after delete on slot referencing old table as was_there
  for each statement execute function tell_deleted('Slot');
create trigger tell_appointment_inserted after insert on appointment referencing new table as now_there
  for each statement execute function tell_inserted('Appointment');
create trigger tell_appointment_updated after update on appointment referencing old table as was_there
  for each statement execute function tell_appointment_updated();
create trigger tell_appointment_deleted after delete on appointment referencing old table as was_there
  for each statement execute function tell_deleted('Appointment');
