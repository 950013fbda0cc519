-- By which number an appointment is known is its organization's matter: two clinics of one vendor number theirs alike, and neither
-- is to be refused for what the other has, nor to learn of it.
alter table appointment_identifier add column organization_id text not null default '';

update appointment_identifier as named set organization_id = schedule.organization_id
from appointment join schedule on schedule.id = appointment.schedule_id
where appointment.id = named.appointment_id;

drop index appointment_identifier_sole;
create unique index appointment_identifier_sole on appointment_identifier (organization_id, system, value) where sole;

-- So are the names of its tokens.
drop index api_token_name;
create unique index api_token_name on api_token (coalesce(organization_id, ''), name) where revoked_ms is null;
