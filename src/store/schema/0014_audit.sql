-- Who did what, when, from where and why (docs/audit.md). Each record has the keyed hash of the one before it, so that none can
-- be changed, left out or put in between without the key. It has references only, never what a patient gave.
create table audit_event (
  sequence        bigint primary key,
  at_ms           bigint not null,
  type            text not null,
  action          text not null check (action in ('C', 'R', 'U', 'D', 'E')),
  outcome         text not null check (outcome in ('done', 'refused', 'failed')),
  -- Kind and id of the principal; null = who has not said who it is.
  agent           text,
  agent_name      text,
  organization_id text,
  address         text,
  request_id      text,
  purpose         text,
  entities        text[] not null,
  -- JSON text, as it was hashed.
  detail          text not null,
  -- The key that the hash was made by.
  key_id          text not null,
  previous        bytea not null,
  hash            bytea not null
);
create index audit_event_at on audit_event (at_ms, sequence);
create index audit_event_type on audit_event (type, sequence);
create index audit_event_agent on audit_event (agent, sequence);
create index audit_event_entities on audit_event using gin (entities);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end
$$;
create trigger audit_event_append_only before update or delete or truncate on audit_event
  for each statement execute function audit_is_append_only();

-- An organization reads what those who see nothing but it have done.
alter table audit_event enable row level security;
create policy of_organization on audit_event for select using (organization_id = asked_organization());

-- The register of incidents (R-22.1, r. 1, s. 15). What is said later of one is a version after those before it.
create table incident (
  id         uuid not null,
  version    integer not null,
  written_ms bigint not null,
  written_by text not null,
  -- JSON text.
  document   text not null,
  primary key (id, version)
);
create trigger incident_append_only before update or delete or truncate on incident
  for each statement execute function audit_is_append_only();
