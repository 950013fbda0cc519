import pg from 'pg';
import type { Database, Queryable, Row } from './database.ts';

const INT8 = 20;

type Client = Pick<pg.Pool, 'query'>;

/** How long answers are waited for where that is not what the pool says; a form without a network needs neither. */
export type PoolLimits = {
  /** A migration may rewrite whole tables. */
  readonly scriptMilliseconds?: number;
  /** It is done at once where there is anybody to do it. */
  readonly rollbackMilliseconds?: number;
};

/** The driver knows a limit for one statement; its types do not. */
type Limited = pg.QueryConfig & { readonly query_timeout?: number | undefined };

/** Epoch milliseconds fit into a number. */
export const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
};

// Named by their text, statements are parsed and planned once per connection.
const names = new Map<string, string>();
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

const on = (client: Client, { scriptMilliseconds }: PoolLimits): Queryable => ({
  query: async <T extends Row>(text: string, parameters: readonly unknown[] = []) =>
    (await client.query<T>({ name: nameOf(text), text, values: [...parameters] })).rows,
  script: async (text) => {
    const script: Limited = { text, query_timeout: scriptMilliseconds };
    await client.query(script);
  },
});

/** The database behind a pool of connections, whatever they lead to. */
export const pooled = (pool: pg.Pool, limits: PoolLimits = {}): Database => ({
  ...on(pool, limits),
  async transaction(work) {
    const client = await pool.connect();
    let broken: Error | undefined;
    const lost = (error: Error): void => {
      broken = error;
    };
    // The pool listens to a connection only while it is idle, and unheard its loss would end the process.
    client.on('error', lost);
    try {
      await client.query('begin');
      const result = await work(on(client, limits));
      await client.query('commit');
      return result;
    } catch (error) {
      const rollback: Limited = { text: 'rollback', query_timeout: limits.rollbackMilliseconds };
      await client.query(rollback).catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.off('error', lost);
      client.release(broken);
    }
  },
  close: () => pool.end(),
});
