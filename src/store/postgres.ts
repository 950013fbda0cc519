import pg from 'pg';
import type { Database } from './database.ts';
import { pooled, TYPES } from './pool.ts';

const CONNECTIONS_MAX = 12;
const CONNECT_TIMEOUT_MILLISECONDS = 5_000;
const STATEMENT_TIMEOUT_MILLISECONDS = 60_000;

/** A PostgreSQL server, through a pool. `schema` puts everything into a schema of that name, for tests. */
export function openPostgres(
  url: string,
  options: { schema?: string; onError: (error: Error) => void },
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    statement_timeout: STATEMENT_TIMEOUT_MILLISECONDS,
    types: TYPES,
    ...(options.schema ? { options: `-c search_path=${options.schema},public` } : {}),
  });
  // An idle connection that the server drops must not end the process; the pool opens another.
  pool.on('error', options.onError);
  return pooled(pool);
}
