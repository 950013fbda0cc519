-- When a change of time was written here. Its platform may have made it long before, so a slot that follows from it is
-- dated by this one: whoever asks what changed since the last look must hear of it.
alter table busy_period add column recorded_ms bigint;

-- As in 0001, but for the date. Time that is freed is freed when its period ends or moves, and not when that came there:
-- of the state before (referencing old table) only what is there now tells when it was left.
create or replace function slots_follow_busy() returns trigger language plpgsql as $$
begin
  perform lock_actor(actor_id) from (select distinct actor_id from changed order by actor_id) as actors;
  update slot set status = found.status, version = version + 1, updated_ms = greatest(updated_ms, found.at)
  from (
    select slot.id, slot_status(schedule.actor_id, schedule.capacity, slot.start_ms, slot.end_ms) as status, changes.at
    from (
      select slot.id, max(greatest(changed.changed_ms, period.changed_ms, period.recorded_ms)) as at
      from changed
      left join busy_period as period on period.id = changed.id
      join schedule on schedule.actor_id = changed.actor_id
      join slot on slot.schedule_id = schedule.id
        and slot.start_ms < changed.end_ms and slot.start_ms > changed.start_ms - 86400000
        and slot.end_ms > changed.start_ms
      group by slot.id
    ) as changes
    join slot on slot.id = changes.id
    join schedule on schedule.id = slot.schedule_id
  ) as found
  where slot.id = found.id and slot.status <> found.status;
  return null;
end
$$;
