-- By which callers know their appointments (FHIR Appointment.identifier). Beside the document, which is written anew when
-- an appointment is moved at its platform: whoever moves it there knows nothing of them.
create table appointment_identifier (
  appointment_id uuid not null,
  place          smallint not null,
  -- Empty = none was given.
  system         text not null,
  value          text not null,
  -- It was to be booked only if no other has it.
  sole           boolean not null,
  primary key (appointment_id, place)
);
create index appointment_identifier_value on appointment_identifier (value, system);
create index appointment_identifier_system on appointment_identifier (system);
-- Of callers who ask for that at the same moment one is booked.
create unique index appointment_identifier_sole on appointment_identifier (system, value) where sole;
