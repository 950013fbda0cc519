-- What the configuration has linked, so that a change of it is noticed; src/store/statements/apply-directory.ts.

-- The calendars of the feed and what each is linked to, as they were when it was last known: with others it is read whole,
-- since what stood there before nobody told. Null = not known.
alter table feed add column linked text;

-- Its agendas are edited here: what they offer is written down nowhere else.
alter table connection add column edited_here boolean not null default false;
