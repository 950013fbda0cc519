import type { DataKey, KeyStore, Resealed, SealedRow } from '../../engine/ports/keys.ts';
import type { SealedAs } from '../../engine/ports/seal.ts';
import type { Queryable } from '../database.ts';

/**
 * Where there is something sealed. What is sealed begins with the id of its key, in eight bytes; a hash begins with that of
 * its own, in four, and was of 32 bytes before there were data keys. No key of a table is made anew by sealing its row.
 */
type Place = { readonly table: string; readonly column: string; readonly key: string; readonly type: string };

const PLACES: Readonly<Record<SealedAs, Place>> = {
  booking: { table: 'appointment', column: 'sealed_patient', key: 'id', type: 'uuid' },
  patient: { table: 'patient', column: 'sealed', key: 'id', type: 'uuid' },
  subscription: { table: 'subscription', column: 'sealed', key: 'id', type: 'uuid' },
  totp: { table: 'person', column: 'totp', key: 'id', type: 'uuid' },
  'sign-in': { table: 'session', column: 'id_token', key: 'id', type: 'uuid' },
  rejected: {
    table: 'rejected',
    column: 'sealed_raw',
    key: 'jsonb_build_array(connection_id, feed_id, external_id, reason)',
    type: 'jsonb',
  },
};
const EACH = Object.entries(PLACES) as [SealedAs, Place][];
const PREFIX_BYTES = 8;
const HASH_PREFIX_BYTES = 4;
const LEGACY_HASH_BYTES = 32;
/** What is sealed with a data key begins so, in hexadecimal. */
const FORM = '50535201';

/** One of each. */
const SOME = EACH.map(
  ([as, { table, column }]) =>
    `(select '${as}' as "as", ${column} as sealed from ${table} where ${column} is not null limit 1)`,
).join(' union all ');

const COUNT = `
select encode(prefix, 'hex') as prefix, count(*)::integer as count from (${[
  ...EACH.map(
    ([, { table, column }]) =>
      `select case when substr(${column}, 1, 4) = decode('${FORM}', 'hex') then substr(${column}, 1, ${PREFIX_BYTES})
       else ''::bytea end as prefix from ${table} where ${column} is not null`,
  ),
  `select case when length(hash) = ${LEGACY_HASH_BYTES} then ''::bytea else substr(hash, 1, ${HASH_PREFIX_BYTES}) end
   from patient where hash is not null`,
].join(' union all ')}) as value group by 1`;

/** $1 prefix in hexadecimal, $2 the last key of the page before or null, $3 limit. */
const OTHERWISE = ({ table, column, key, type }: Place): string => `
select (${key})::text as key, ${column} as sealed from ${table}
where ${column} is not null and substr(${column}, 1, ${PREFIX_BYTES}) <> decode($1, 'hex')
  and ($2::text is null or ${key} > $2::${type})
order by ${key} limit $3`;

/** $1 rows as JSON. Only what nobody has written meanwhile. */
const RESEAL = ({ table, column, key, type }: Place): string => `
with wanted as (
  select key::${type} as key, decode(was, 'hex') as was, decode(anew, 'hex') as anew
  from jsonb_to_recordset($1::jsonb) as wanted(key text, was text, anew text)
),
resealed as (
  update ${table} set ${column} = wanted.anew from wanted where ${key} = wanted.key and ${column} = wanted.was
  returning 1
)
select count(*)::integer as count from resealed`;

/** $1 id of the key, $2 prefix in hexadecimal. */
const DESTROY: Readonly<Record<DataKey['kind'], string>> = {
  data: destroyUnless(
    EACH.map(
      ([, { table, column }]) => `${table} where substr(${column}, 1, ${PREFIX_BYTES}) = decode($2, 'hex')`,
    ),
  ),
  hash: destroyUnless([
    `patient where substr(hash, 1, ${HASH_PREFIX_BYTES}) = decode($2, 'hex') and length(hash) <> ${LEGACY_HASH_BYTES}`,
  ]),
  legacy: destroyUnless([
    ...EACH.map(
      ([, { table, column }]) => `${table} where substr(${column}, 1, 4) <> decode('${FORM}', 'hex')`,
    ),
    `patient where length(hash) = ${LEGACY_HASH_BYTES}`,
    // So that each has the same parameters.
    `(select 1) as nothing where $2::text is null`,
  ]),
};

function destroyUnless(places: readonly string[]): string {
  const unnamed = places.map((place) => `not exists (select from ${place})`).join(' and ');
  return `with destroyed as (delete from data_key where id = $1 and ${unnamed} returning 1) select count(*)::integer as count from destroyed`;
}

export const someSealed: (on: Queryable) => ReturnType<KeyStore['someSealed']> = (on) => on.query(SOME);

export async function sealedByPrefix(on: Queryable): ReturnType<KeyStore['sealedByPrefix']> {
  const rows = await on.query<{ prefix: string; count: number }>(COUNT);
  return rows.map(({ prefix, count }) => ({ prefix: Buffer.from(prefix, 'hex'), count }));
}

export const sealedOtherwise = (
  on: Queryable,
  as: SealedAs,
  prefix: Uint8Array,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<SealedRow[]> => on.query<SealedRow>(OTHERWISE(PLACES[as]), [hex(prefix), after, limit]);

export async function reseal(on: Queryable, as: SealedAs, rows: readonly Resealed[]): Promise<number> {
  if (rows.length === 0) return 0;
  const wanted = rows.map(({ key, sealed, anew }) => ({ key, was: hex(sealed), anew: hex(anew) }));
  const [row] = await on.query<{ count: number }>(RESEAL(PLACES[as]), [JSON.stringify(wanted)]);
  return row?.count ?? 0;
}

export async function destroyDataKey(
  on: Queryable,
  { id, kind }: DataKey,
  prefix: Uint8Array,
): Promise<boolean> {
  const [row] = await on.query<{ count: number }>(DESTROY[kind], [id, hex(prefix)]);
  return row?.count === 1;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
