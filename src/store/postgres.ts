import pg from 'pg';
import type { Database, Queryable, Row } from './database.ts';

const INT8 = 20;
const CONNECTIONS_MAX = 12;
const CONNECT_TIMEOUT_MILLISECONDS = 5_000;
const STATEMENT_TIMEOUT_MILLISECONDS = 60_000;

type Client = Pick<pg.Pool, 'query'>;

// Named by their text, statements are parsed and planned once per connection.
const names = new Map<string, string>();
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

/** A PostgreSQL server, through a pool. `schema` puts everything into a schema of that name, for tests. */
export function openPostgres(
  url: string,
  options: { schema?: string; onError: (error: Error) => void },
): Database {
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    statement_timeout: STATEMENT_TIMEOUT_MILLISECONDS,
    types,
    ...(options.schema ? { options: `-c search_path=${options.schema},public` } : {}),
  });
  // An idle connection that the server drops must not end the process; the pool opens another.
  pool.on('error', options.onError);
  const on = (client: Client): Queryable => ({
    query: async <T extends Row>(text: string, parameters: readonly unknown[] = []) =>
      (await client.query<T>({ name: nameOf(text), text, values: [...parameters] })).rows,
    script: async (text) => {
      await client.query(text);
    },
  });
  return {
    ...on(pool),
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
        const result = await work(on(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.off('error', lost);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}
