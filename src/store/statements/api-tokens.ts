import { type Instant, instant } from '../../domain/instant.ts';
import type { ApiToken, ApiTokenStore, AssertionStore } from '../../engine/ports/access.ts';
import type { Queryable } from '../database.ts';
import { instantOrNull } from './rows.ts';

type Row = {
  id: string;
  name: string;
  scopes: string;
  organization_id: string | null;
  created_ms: number;
  created_by: string;
  expires_ms: number;
  revoked_ms: number | null;
  used_ms: number | null;
};

const COLUMNS = 'id, name, scopes, organization_id, created_ms, created_by, expires_ms, revoked_ms, used_ms';

const tokenOf = (row: Row): ApiToken => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  organizationId: row.organization_id,
  createdAt: instant(row.created_ms),
  createdBy: row.created_by,
  expiresAt: instant(row.expires_ms),
  revokedAt: instantOrNull(row.revoked_ms),
  usedAt: instantOrNull(row.used_ms),
});

/** $1 id, $2 name, $3 hash, $4 scopes, $5 organization, $6 created at, $7 by, $8 expires at. */
const ADD = `
insert into api_token (id, name, hash, scopes, organization_id, created_ms, created_by, expires_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (coalesce(organization_id, ''), name) where revoked_ms is null do nothing
returning id`;

export async function addApiToken(
  on: Queryable,
  token: Parameters<ApiTokenStore['addApiToken']>[0],
  hash: Uint8Array,
): Promise<boolean> {
  const { id, name, scopes, organizationId, createdAt, createdBy, expiresAt } = token;
  const values = [id, name, Buffer.from(hash), scopes, organizationId, createdAt, createdBy, expiresAt];
  return (await on.query(ADD, values)).length > 0;
}

const ALL = `select ${COLUMNS} from api_token order by created_ms desc, id`;

export const apiTokens = async (on: Queryable): Promise<ApiToken[]> =>
  (await on.query<Row>(ALL)).map(tokenOf);

/** $1 hash. */
const BY_HASH = `select ${COLUMNS} from api_token where hash = $1`;

export async function apiTokenByHash(on: Queryable, hash: Uint8Array): Promise<ApiToken | null> {
  const [row] = await on.query<Row>(BY_HASH, [Buffer.from(hash)]);
  return row ? tokenOf(row) : null;
}

/** $1 id, $2 at. */
const REVOKE = `
update api_token set revoked_ms = $2 where revoked_ms is null and id = $1
returning ${COLUMNS}`;

export async function revokeApiToken(on: Queryable, id: string, at: Instant): Promise<ApiToken | null> {
  const [row] = await on.query<Row>(REVOKE, [id, at]);
  return row ? tokenOf(row) : null;
}

/** $1 id, $2 at. */
const USED = 'update api_token set used_ms = $2 where id = $1 and coalesce(used_ms, 0) < $2';

export async function apiTokenUsed(on: Queryable, id: string, at: Instant): Promise<void> {
  await on.query(USED, [id, at]);
}

/** $1 client, $2 jti, $3 expires at, $4 now. Those that have expired are refused for that, and need not be remembered. */
const USE = `
with forgotten as (delete from used_assertion where expires_ms < $4)
insert into used_assertion (client_id, jti, expires_ms) values ($1, $2, $3)
on conflict do nothing
returning jti`;

export async function useAssertion(
  on: Queryable,
  { clientId, jti, expiresAt }: Parameters<AssertionStore['useAssertion']>[0],
  at: Instant,
): Promise<boolean> {
  return (await on.query(USE, [clientId, jti, expiresAt, at])).length > 0;
}
