-- Apart from when a listing is tried again: whatever is wanted meanwhile, a write that is under way is left to its writer.
alter table listing add column lease_until_ms bigint not null default 0;
