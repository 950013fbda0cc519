-- Several organizations in one gateway (docs/decisions/0023). Each row that an organization may see leads to it; who asks for one
-- organization reads as a role that sees nothing of any other, whatever the statement forgets to say.

-- By the configuration; '' = it has not been applied since.
alter table schedule add column organization_id text not null default '';
alter table connection add column organization_id text not null default '';

-- The same person at two organizations is two patients: neither learns from the other what it knows.
alter table patient add column organization_id text not null default '';
alter table patient drop constraint patient_hash_key;
alter table patient add constraint patient_of_organization unique (organization_id, hash);

-- Null = a version of before, which no organization is shown.
alter table slot_version add column schedule_id text;
alter table appointment_version add column schedule_id text;

create or replace function keep_slot_versions() returns trigger language plpgsql as $$
begin
  insert into slot_version (id, version, connection_id, schedule_id, start_ms, status, document, updated_ms)
  select changed.id, changed.version, changed.connection_id, changed.schedule_id, changed.start_ms,
    served_status(changed.status, changed.withheld), nullif(changed.document, slot.document), changed.updated_ms
  from changed join slot on slot.id = changed.id
  where slot.version <> changed.version
  on conflict do nothing;
  return null;
end
$$;

create or replace function keep_appointment_versions() returns trigger language plpgsql as $$
begin
  insert into appointment_version (id, version, schedule_id, start_ms, status, document, updated_ms)
  select changed.id, changed.version, changed.schedule_id, changed.start_ms, changed.status,
    case when changed.document <> appointment.document
      then nullif(without_comment(changed.document), appointment.document) end,
    changed.updated_ms
  from changed join appointment on appointment.id = changed.id
  where appointment.version <> changed.version
  on conflict do nothing;
  return null;
end
$$;

-- Who made a subscription, and the only organization of which it is told anything; null = of all.
alter table subscription add column owner text not null default 'administrator';
alter table subscription add column organization_id text;

-- Of the organization that is asked for; null = none is. Set for one transaction by src/store/wall.ts.
create function asked_organization() returns text language sql stable as $$
  select nullif(current_setting('passerelle.organization', true), '')
$$;

alter table schedule enable row level security;
create policy of_organization on schedule for select using (organization_id = asked_organization());

alter table connection enable row level security;
create policy of_organization on connection for select using (organization_id = asked_organization());

alter table patient enable row level security;
create policy of_organization on patient for select using (organization_id = asked_organization());

-- What is of a schedule: as the role that is bound by these sees schedules, so of its organization only.
do $$
declare
  each text;
begin
  foreach each in array array['slot', 'slot_version', 'appointment', 'appointment_version', 'busy_period', 'conflict', 'offering']
  loop
    execute format('alter table %I enable row level security', each);
    execute format('create policy of_organization on %I for select using (schedule_id in (select id from schedule))', each);
  end loop;
end
$$;

alter table appointment_identifier enable row level security;
create policy of_organization on appointment_identifier for select
  using (appointment_id in (select id from appointment));

-- The configuration as it was is read by ids that the organization has (src/tenancy); it names no patient.

-- Roles are of the whole server, and not everybody may make one: src/store/wall.ts says what to do then.
do $$
begin
  if not exists (select from pg_roles where rolname = 'passerelle_tenant') then
    create role passerelle_tenant nologin;
  end if;
exception
  when insufficient_privilege or duplicate_object or unique_violation then null;
end
$$;
