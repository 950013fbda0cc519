-- Of what is gone nothing is left to say whose it was: who is told of one organization only is not told of it otherwise.
alter table change add column organization_id text;

create or replace function tell_deleted() returns trigger language plpgsql as $$
begin
  if is_anybody_told() then
    insert into change (resource_type, resource_id, organization_id)
    select tg_argv[0], was_there.id, schedule.organization_id
    from was_there left join schedule on schedule.id = was_there.schedule_id;
  end if;
  return null;
end
$$;
