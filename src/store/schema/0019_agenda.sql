-- What people of the clinic did with time by themselves, and what the page of an agenda reads (docs/decisions/0035).

-- Why somebody here closed time or booked over it: a code of src/domain/staff-reason.ts. There is no text, which would
-- name a patient sooner or later.
create table period_reason (
  period_id uuid primary key references busy_period on delete cascade,
  reason    text not null check (reason ~ '^[a-z-]{1,32}$')
);

alter table period_reason enable row level security;
create policy of_organization on period_reason for select using (period_id in (select id from busy_period));

-- How time stands at the platforms is shown to the organization whose calendar it is.
alter table listing enable row level security;
create policy of_organization on listing for select using (schedule_id in (select id from schedule));
