-- The appointments of a slot, to be found and included with it.
create index appointment_slot on appointment (slot_id) where (slot_id is not null);
