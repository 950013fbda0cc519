import type { Queryable } from '../../src/store/database.ts';
import { until } from './servers.ts';

/** Resolves once what is committed now is read by subscribers: whoever else writes on the same server may hold it up. */
export async function readable(database: Queryable): Promise<void> {
  const [mine] = await database.query<{ xact: string }>('select pg_current_xact_id()::text as xact');
  await until('the transactions before are over', async () => {
    const [row] = await database.query<{ over: boolean }>(
      'select $1::xid8 < pg_snapshot_xmin(pg_current_snapshot()) as over',
      [mine?.xact],
    );
    return row?.over ?? false;
  });
}
