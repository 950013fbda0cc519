-- What a preview of a policy reads of the last days (docs/decisions/0037).

-- Bookings that are over, by their time: those that stand are found by the lock's own index.
create index busy_period_ended on busy_period (schedule_id, start_ms, id) where (ended_ms is not null);

-- Seldom: what was accepted on behalf of a platform that was down.
create index event_accepted on event (at_ms) where type = 'appointment.accepted';

-- No event names a patient. An organization is shown those of its own schedules.
alter table event enable row level security;
create policy of_organization on event for select using (data->>'scheduleId' in (select id from schedule));
