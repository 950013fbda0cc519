-- Who comes, where the clinic keeps that (patients.keepDays), and no longer than it says. What is known of a patient is
-- encrypted by the application; by the keyed hash alone, another booking of the same one is told.
create table patient (
  id         uuid primary key,
  -- Null = no number was given: then each booking has a patient of its own, since a name says nothing for sure.
  hash       bytea unique,
  sealed     bytea not null,
  version    integer not null default 1,
  updated_ms bigint not null,
  -- When the last of its appointments is over, or was called off.
  over_ms    bigint not null
);
create index patient_over on patient (over_ms);
create index patient_updated on patient (updated_ms, id);

-- Beside the document: what is erased is in no former version of it.
alter table appointment add column patient_id uuid references patient on delete set null;
create index appointment_patient on appointment (patient_id) where patient_id is not null;

create function patient_over(patient uuid) returns bigint language sql stable as $$
  select max(case when status = 'cancelled' then least(end_ms, updated_ms) else end_ms end)
  from appointment join busy_period using (id) where patient_id = patient
$$;

-- Whoever books for the same patient meanwhile waits, and what it has booked is seen.
create function patient_follows_appointment() returns trigger language plpgsql as $$
begin
  perform from patient where id = new.patient_id for update;
  update patient set over_ms = patient_over(id) where id = new.patient_id;
  return null;
end
$$;
create trigger patient_follows_insert after insert on appointment
  for each row when (new.patient_id is not null) execute function patient_follows_appointment();
create trigger patient_follows_update after update on appointment
  for each row when (
    new.patient_id is not null and (new.version <> old.version or new.patient_id is distinct from old.patient_id)
  ) execute function patient_follows_appointment();
