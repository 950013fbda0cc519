import { type Instant, instant } from '../../domain/instant.ts';
import type {
  FromProvider,
  Invitation,
  NewPerson,
  PasswordChange,
  Person,
} from '../../engine/ports/people.ts';
import type { Queryable } from '../database.ts';
import { instantOrNull } from './rows.ts';

export type PersonRow = {
  id: string;
  login: string | null;
  name: string;
  scopes: string;
  organization_id: string | null;
  disabled: boolean;
  created_ms: number;
  created_by: string;
  password_hash: string | null;
  totp: Uint8Array | null;
  signed_in_ms: number | null;
  passkeys: number;
  recovery_codes: number;
};

/** Of `person p`. */
export const PERSON_COLUMNS = `
p.id, p.login, p.name, p.scopes, p.organization_id, p.disabled, p.created_ms, p.created_by, p.password_hash, p.totp,
p.signed_in_ms, (select count(*)::int from passkey k where k.person_id = p.id) as passkeys,
(select count(*)::int from recovery_code c where c.person_id = p.id) as recovery_codes`;

export const personOf = (row: PersonRow): Person => ({
  id: row.id,
  login: row.login,
  name: row.name,
  scopes: row.scopes,
  organizationId: row.organization_id,
  isDisabled: row.disabled,
  createdAt: instant(row.created_ms),
  createdBy: row.created_by,
  passwordHash: row.password_hash,
  totp: row.totp,
  passkeys: row.passkeys,
  recoveryCodes: row.recovery_codes,
  signedInAt: instantOrNull(row.signed_in_ms),
});

async function one(on: Queryable, text: string, parameters: readonly unknown[]): Promise<Person | null> {
  const [row] = await on.query<PersonRow>(text, parameters);
  return row ? personOf(row) : null;
}

/** $1 id, $2 login, $3 name, $4 scopes, $5 organization, $6 created at, $7 by, $8 hash of the invitation, $9 its end. */
const ADD = `
with added as (
  insert into person (id, login, name, scopes, organization_id, created_ms, created_by)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (login) do nothing
  returning id
)
insert into invitation (person_id, hash, expires_ms) select id, $8, $9 from added
returning person_id`;

export async function addPerson(on: Queryable, person: NewPerson, invitation: Invitation): Promise<boolean> {
  const { id, login, name, scopes, organizationId, createdAt, createdBy } = person;
  const { hash, expiresAt } = invitation;
  const values = [
    id,
    login,
    name,
    scopes,
    organizationId,
    createdAt,
    createdBy,
    Buffer.from(hash),
    expiresAt,
  ];
  return (await on.query(ADD, values)).length > 0;
}

const ALL = `select ${PERSON_COLUMNS} from person p order by lower(p.name), p.id`;

export const people = async (on: Queryable): Promise<Person[]> =>
  (await on.query<PersonRow>(ALL)).map(personOf);

/** $1 id. */
export const personById = (on: Queryable, id: string): Promise<Person | null> =>
  one(on, `select ${PERSON_COLUMNS} from person p where p.id = $1`, [id]);

/** $1 login. */
export const personByLogin = (on: Queryable, login: string): Promise<Person | null> =>
  one(on, `select ${PERSON_COLUMNS} from person p where p.login = $1`, [login]);

/** $1 id, $2 issuer, $3 subject, $4 name, $5 scopes, $6 organization, $7 at, $8 by. */
const FROM_PROVIDER = `
insert into person (id, issuer, subject, name, scopes, organization_id, created_ms, created_by)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (issuer, subject) do update
set name = excluded.name, scopes = excluded.scopes, organization_id = excluded.organization_id
returning id`;

export async function personFromProvider(on: Queryable, given: FromProvider, at: Instant): Promise<Person> {
  const { id, issuer, subject, name, scopes, organizationId } = given;
  const values = [id, issuer, subject, name, scopes, organizationId, at, 'provider'];
  const [row] = await on.query<{ id: string }>(FROM_PROVIDER, values);
  const person = await personById(on, row?.id ?? id);
  if (!person) throw new Error('who has just been written is not there');
  return person;
}

/** $1 issuer, $2 subject. */
const TAKE_RIGHTS = `
with bare as (update person set scopes = '' where issuer = $1 and subject = $2 returning id),
ended as (delete from session where person_id in (select id from bare))
select id from bare`;

export async function takeRights(on: Queryable, issuer: string, subject: string): Promise<string | null> {
  const [row] = await on.query<{ id: string }>(TAKE_RIGHTS, [issuer, subject]);
  return row?.id ?? null;
}

/** $1 id. */
const DISABLE = `
with ended as (delete from session where person_id = $1), uninvited as (delete from invitation where person_id = $1)
update person set disabled = true where id = $1`;

export async function disablePerson(on: Queryable, id: string): Promise<void> {
  await on.query(DISABLE, [id]);
}

/** $1 id. */
export async function enablePerson(on: Queryable, id: string): Promise<void> {
  await on.query('update person set disabled = false where id = $1', [id]);
}

/** $1 id, $2 hash, $3 expires at. */
const INVITE = `
with ended as (delete from session where person_id = $1),
bare as (update person set password_hash = null where id = $1)
insert into invitation (person_id, hash, expires_ms) values ($1, $2, $3)
on conflict (person_id) do update set hash = excluded.hash, expires_ms = excluded.expires_ms`;

export async function invitePerson(
  on: Queryable,
  id: string,
  { hash, expiresAt }: Invitation,
): Promise<void> {
  await on.query(INVITE, [id, Buffer.from(hash), expiresAt]);
}

/** $1 hash, $2 at. */
const INVITED = `
select ${PERSON_COLUMNS} from invitation i join person p on p.id = i.person_id
where i.hash = $1 and i.expires_ms > $2 and not p.disabled`;

export const invitedPerson = (on: Queryable, hash: Uint8Array, at: Instant): Promise<Person | null> =>
  one(on, INVITED, [Buffer.from(hash), at]);

/** $1 hash, $2 at, $3 password hash. */
const ACCEPT = `
with used as (
  delete from invitation i using person p
  where i.hash = $1 and i.expires_ms > $2 and p.id = i.person_id and not p.disabled
  returning i.person_id
), ended as (delete from session where person_id in (select person_id from used))
update person p set password_hash = $3 from used where p.id = used.person_id
returning ${PERSON_COLUMNS}`;

export const acceptInvitation = (
  on: Queryable,
  hash: Uint8Array,
  passwordHash: string,
  at: Instant,
): Promise<Person | null> => one(on, ACCEPT, [Buffer.from(hash), at, passwordHash]);

/** $1 id, $2 former hash, $3 hash. */
const SET_PASSWORD = `
with changed as (
  update person set password_hash = $3 where id = $1 and password_hash = $2 and not disabled returning id
), ended as (delete from session where person_id in (select id from changed))
select id from changed`;

export const setPassword = async (
  on: Queryable,
  id: string,
  { from, to }: PasswordChange,
): Promise<boolean> => (await on.query(SET_PASSWORD, [id, from, to])).length > 0;

/** $1 id, $2 former hash, $3 hash. */
const REHASH = 'update person set password_hash = $3 where id = $1 and password_hash = $2';

export async function rehashPassword(on: Queryable, id: string, { from, to }: PasswordChange): Promise<void> {
  await on.query(REHASH, [id, from, to]);
}

/** $1 id, $2 at. */
export async function personSignedIn(on: Queryable, id: string, at: Instant): Promise<void> {
  await on.query('update person set signed_in_ms = $2 where id = $1', [id, at]);
}
