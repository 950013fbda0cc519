-- Former versions of what is served, and that it is gone; docs/fhir.md, "Versions". Written once, by what changes the
-- rows themselves, and erased when their time is long over (statements/forget-versions.ts).

-- A slot as it was. Who replaces it knows its document, which most changes leave alone.
create table slot_version (
  id            uuid not null,
  version       integer not null,
  connection_id text not null,
  start_ms      bigint not null,
  -- As it was served, but for what follows from the clock. Null = with this version it was gone.
  status        text check (status in ('free', 'busy', 'busy-unavailable', 'busy-tentative')),
  -- Null = that of the version after it.
  document      text,
  updated_ms    bigint not null,
  primary key (id, version)
);
create index slot_version_updated on slot_version (updated_ms, id, version);
create index slot_version_start on slot_version (start_ms);

-- An appointment as it was. It is never gone.
create table appointment_version (
  id         uuid not null,
  version    integer not null,
  start_ms   bigint not null,
  status     text not null,
  -- Null = that of the version after it.
  document   text,
  updated_ms bigint not null,
  primary key (id, version)
);
create index appointment_version_updated on appointment_version (updated_ms, id, version);
create index appointment_version_start on appointment_version (start_ms);

-- What follows from the configuration, all versions of it: the last one is what is so now.
create table resource_version (
  type       text not null,
  id         text not null,
  version    integer not null,
  -- JSON text without a version of its own. Null = with this version it was gone.
  document   text,
  updated_ms bigint not null,
  primary key (type, id, version)
);
create index resource_version_updated on resource_version (type, updated_ms, id, version);

-- What is there now is in a history of its type as well, the newest first.
create index slot_updated on slot (updated_ms, id);
create index appointment_updated on appointment (updated_ms, id);

-- Time that is another platform's to sell is not served as free.
create function served_status(status text, withheld boolean) returns text language sql immutable as $$
  select case when status = 'free' and withheld then 'busy-unavailable' else status end
$$;

-- What whoever booked it wrote: it may say who comes, so it goes when the appointment is over.
create function without_comment(document text) returns text language sql immutable as $$
  select regexp_replace(document, ',"comment":"(\\.|[^"\\])*"', '')
$$;

create function keep_slot_versions() returns trigger language plpgsql as $$
begin
  insert into slot_version (id, version, connection_id, start_ms, status, document, updated_ms)
  select changed.id, changed.version, changed.connection_id, changed.start_ms,
    served_status(changed.status, changed.withheld), nullif(changed.document, slot.document), changed.updated_ms
  from changed join slot on slot.id = changed.id
  where slot.version <> changed.version
  on conflict do nothing;
  return null;
end
$$;
create trigger slot_updated after update on slot referencing old table as changed
  for each statement execute function keep_slot_versions();

-- One that keeps the document of the version after it loses its comment together with that.
create function keep_appointment_versions() returns trigger language plpgsql as $$
begin
  insert into appointment_version (id, version, start_ms, status, document, updated_ms)
  select changed.id, changed.version, changed.start_ms, changed.status,
    case when changed.document <> appointment.document
      then nullif(without_comment(changed.document), appointment.document) end,
    changed.updated_ms
  from changed join appointment on appointment.id = changed.id
  where appointment.version <> changed.version
  on conflict do nothing;
  return null;
end
$$;
create trigger appointment_updated after update on appointment referencing old table as changed
  for each statement execute function keep_appointment_versions();
