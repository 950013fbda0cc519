import type { Instant } from '../../domain/instant.ts';
import type { HashedPatient } from '../../engine/ports/keys.ts';
import type { Database, Queryable } from '../database.ts';

/** $1 prefix in hexadecimal, $2 the last id of the page before or null, $3 limit. Those of before there were prefixes too. */
const OTHERWISE = `
select id::text as key, sealed, hash from patient
where hash is not null and (length(hash) = 32 or substr(hash, 1, 4) <> decode($1, 'hex')) and ($2::uuid is null or id > $2)
order by id limit $3`;

/**
 * $1 id, $2 hash in hexadecimal. Whoever books for one of them waits. The same number at another organization is somebody else
 * to it.
 */
const LOCK = `
select id::text, hash, sealed, version, updated_ms from patient
where id = $1 or hash = decode($2, 'hex') and organization_id = (select organization_id from patient where id = $1)
order by id for update`;

/** $1 id, $2 hash in hexadecimal. */
const REHASH = `update patient set hash = decode($2, 'hex') where id = $1`;
/** $1 whose, $2 of whom they are found. */
const MOVE = 'update appointment set patient_id = $1 where patient_id = $2';
const ERASE = 'delete from patient where id = $1';
/** $1 id, $2 sealed in hexadecimal, $3 version, $4 at. */
const WRITE = `update patient set sealed = decode($2, 'hex'), version = $3, updated_ms = $4 where id = $1`;

type LockedRow = {
  id: string;
  hash: Uint8Array | null;
  sealed: Uint8Array;
  version: number;
  updated_ms: number;
};

export const hashedOtherwise = (
  on: Queryable,
  prefix: Uint8Array,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<HashedPatient[]> => on.query<HashedPatient>(OTHERWISE, [hex(prefix), after, limit]);

/** The one that has the hash already was made by a booking that came meanwhile: the former id stays, with the latest details. */
export const rehash = (
  database: Database,
  { key, hash: was }: HashedPatient,
  hash: Uint8Array,
  at: Instant,
): Promise<void> =>
  database.transaction(async (on) => {
    const rows = await on.query<LockedRow>(LOCK, [key, hex(hash)]);
    const own = rows.find(({ id }) => id === key);
    if (!own?.hash || hex(own.hash) !== hex(was)) return;
    const other = rows.find(({ id }) => id !== key);
    if (other) {
      await on.query(MOVE, [key, other.id]);
      await on.query(ERASE, [other.id]);
      const { sealed } = other.updated_ms > own.updated_ms ? other : own;
      await on.query(WRITE, [key, hex(sealed), Math.max(own.version, other.version) + 1, at]);
    }
    await on.query(REHASH, [key, hex(hash)]);
  });

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
