import { type Instant, instant } from '../../domain/instant.ts';
import type { Person, Proof, Session } from '../../engine/ports/people.ts';
import type { Queryable } from '../database.ts';
import { PERSON_COLUMNS, type PersonRow, personOf } from './people.ts';

type Row = {
  session_id: string;
  person_id: string;
  proof: Proof;
  begun_ms: number;
  proved_ms: number;
  used_ms: number;
  expires_ms: number;
  agent: string;
  id_token: Uint8Array | null;
};

/** Named apart from those of the person. */
const COLUMNS = `
s.id as session_id, s.person_id, s.proof, s.created_ms as begun_ms, s.proved_ms, s.used_ms, s.expires_ms, s.agent, s.id_token`;

const sessionOf = (row: Row): Session => ({
  id: row.session_id,
  personId: row.person_id,
  proof: row.proof,
  createdAt: instant(row.begun_ms),
  provedAt: instant(row.proved_ms),
  usedAt: instant(row.used_ms),
  expiresAt: instant(row.expires_ms),
  agent: row.agent,
  idToken: row.id_token,
});

/** $1 id, $2 hash, $3 person, $4 proof, $5 created, $6 proved, $7 used, $8 expires, $9 agent, $10 ID token, $11 password hash. */
const ADD = `
with over as (delete from session where expires_ms <= $5)
insert into session (id, hash, person_id, proof, created_ms, proved_ms, used_ms, expires_ms, agent, id_token)
select $1, $2, id, $4, $5, $6, $7, $8, $9, $10 from person
where id = $3 and not disabled and password_hash is not distinct from $11
for share
returning id`;

export async function addSession(
  on: Queryable,
  session: Session,
  hash: Uint8Array,
  passwordHash: string | null,
): Promise<boolean> {
  const { id, personId, proof, createdAt, provedAt, usedAt, expiresAt, agent, idToken } = session;
  const sealed = idToken && Buffer.from(idToken);
  const times = [createdAt, provedAt, usedAt, expiresAt];
  const values = [id, Buffer.from(hash), personId, proof, ...times, agent, sealed, passwordHash];
  return (await on.query(ADD, values)).length > 0;
}

/** $1 hash, $2 at, $3 unused since. */
const BY_HASH = `
select ${COLUMNS}, ${PERSON_COLUMNS} from session s join person p on p.id = s.person_id
where s.hash = $1 and s.expires_ms > $2 and s.used_ms > $3 and not p.disabled`;

export async function sessionByHash(
  on: Queryable,
  hash: Uint8Array,
  at: Instant,
  unusedSince: Instant,
): Promise<{ session: Session; person: Person } | null> {
  const [row] = await on.query<Row & PersonRow>(BY_HASH, [Buffer.from(hash), at, unusedSince]);
  return row ? { session: sessionOf(row), person: personOf(row) } : null;
}

/** $1 id, $2 at. */
export async function sessionUsed(on: Queryable, id: string, at: Instant): Promise<void> {
  await on.query('update session set used_ms = $2 where id = $1 and used_ms < $2', [id, at]);
}

/** $1 id, $2 hash, $3 proof, $4 proved at, $5 expires at. */
const RENEW = `
update session set hash = $2, proof = $3, proved_ms = $4, used_ms = $4, expires_ms = $5 where id = $1 returning id`;

export async function renewSession(
  on: Queryable,
  id: string,
  hash: Uint8Array,
  { proof, provedAt, expiresAt }: Pick<Session, 'proof' | 'provedAt' | 'expiresAt'>,
): Promise<boolean> {
  return (await on.query(RENEW, [id, Buffer.from(hash), proof, provedAt, expiresAt])).length > 0;
}

/** $1 person, $2 at, $3 unused since. */
const OF_PERSON = `
select ${COLUMNS} from session s where s.person_id = $1 and s.expires_ms > $2 and s.used_ms > $3
order by s.used_ms desc, s.id`;

export async function sessionsOf(
  on: Queryable,
  personId: string,
  at: Instant,
  unusedSince: Instant,
): Promise<Session[]> {
  return (await on.query<Row>(OF_PERSON, [personId, at, unusedSince])).map(sessionOf);
}

/** $1 person, $2 id. */
export async function endSession(on: Queryable, personId: string, id: string): Promise<void> {
  await on.query('delete from session where person_id = $1 and id::text = $2', [personId, id]);
}

/** $1 person. */
export async function endSessionsOf(on: Queryable, personId: string): Promise<void> {
  await on.query('delete from session where person_id = $1', [personId]);
}
