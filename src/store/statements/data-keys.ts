import { type Instant, instant } from '../../domain/instant.ts';
import type { DataKey, DataKeyKind, KeyStore, Wrap } from '../../engine/ports/keys.ts';
import type { Database, Queryable } from '../database.ts';

type KeyRow = {
  id: number;
  kind: DataKeyKind;
  wrapped: Uint8Array;
  wrapped_by: string;
  created_ms: number;
  active_ms: number;
};

const COLUMNS = 'id, kind, wrapped, wrapped_by, created_ms, active_ms';
const LIST = `select ${COLUMNS} from data_key order by id`;
const NEXT_ID = `select nextval(pg_get_serial_sequence('data_key', 'id'))::integer as id`;
/** $1 id, $2 kind, $3 wrapped in hexadecimal, $4 by, $5 created, $6 active. */
const ADD = `insert into data_key (${COLUMNS}) values ($1, $2, decode($3, 'hex'), $4, $5, $6)`;
/** $1 id, $2 by which it was, $3 wrapped in hexadecimal, $4 by. */
const REWRAP = `update data_key set wrapped = decode($3, 'hex'), wrapped_by = $4 where id = $1 and wrapped_by = $2`;
/** Who begins waits for another that does. */
const LOCK = 'lock table data_key in share row exclusive mode';

export async function dataKeys(on: Queryable): Promise<DataKey[]> {
  const rows = await on.query<KeyRow>(LIST);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    wrapped: row.wrapped,
    wrappedBy: row.wrapped_by,
    createdAt: instant(row.created_ms),
    activeAt: instant(row.active_ms),
  }));
}

export async function addDataKey(
  on: Queryable,
  kind: DataKeyKind,
  wrap: Wrap,
  at: Instant,
  activeAt: Instant,
): Promise<void> {
  const [row] = await on.query<{ id: number }>(NEXT_ID);
  const id = row?.id ?? Number.NaN;
  const { wrapped, wrappedBy } = wrap(id);
  await on.query(ADD, [id, kind, hex(wrapped), wrappedBy, at, activeAt]);
}

export const beginKeys = (
  database: Database,
  keys: Parameters<KeyStore['beginKeys']>[0],
  at: Instant,
): Promise<DataKey[]> =>
  database.transaction(async (on) => {
    await on.script(LOCK);
    const there = await dataKeys(on);
    if (there.length > 0) return there;
    for (const { kind, wrap } of keys) await addDataKey(on, kind, wrap, at, at);
    return dataKeys(on);
  });

export async function rewrapDataKey(
  on: Queryable,
  { id, wrappedBy }: DataKey,
  anew: Pick<DataKey, 'wrapped' | 'wrappedBy'>,
): Promise<void> {
  await on.query(REWRAP, [id, wrappedBy, hex(anew.wrapped), anew.wrappedBy]);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
