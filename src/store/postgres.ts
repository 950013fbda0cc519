import pg from 'pg';
import type { Database } from './database.ts';
import { pooled, TYPES } from './pool.ts';

const CONNECTIONS_MAX = 12;
const MIGRATION_MILLISECONDS = 30 * 60_000;

/** What ends a wait for a server, or a process, that is gone without a word: a power cut, a parted network. */
export type PostgresLimits = {
  /** Until a connection is there, or one of the pool is free; and for a transaction that failed to be given up. */
  readonly connectMilliseconds: number;
  /** Kept by the server: an answer that takes longer is an error like any other. */
  readonly statementMilliseconds: number;
  /** Kept here: longer than the server's own limit, as the connection is given up with the statement. */
  readonly answerMilliseconds: number;
  /** Kept by the server: who is silent in a transaction loses its locks. Shorter than those who wait for them wait. */
  readonly idleTransactionMilliseconds: number;
};

const LIMITS: PostgresLimits = {
  connectMilliseconds: 5_000,
  statementMilliseconds: 30_000,
  answerMilliseconds: 35_000,
  idleTransactionMilliseconds: 15_000,
};

/** Silence after which the system asks whether the other end is there; ten seconds without an answer end it. */
const KEEP_ALIVE_MILLISECONDS = 10_000;

/** A PostgreSQL server, through a pool. `schema` puts everything into a schema of that name, for tests. */
export function openPostgres(
  url: string,
  options: { schema?: string; onError: (error: Error) => void; limits?: Partial<PostgresLimits> },
): Database {
  const limits = { ...LIMITS, ...options.limits };
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: limits.connectMilliseconds,
    statement_timeout: limits.statementMilliseconds,
    query_timeout: limits.answerMilliseconds,
    idle_in_transaction_session_timeout: limits.idleTransactionMilliseconds,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MILLISECONDS,
    types: TYPES,
    ...(options.schema ? { options: `-c search_path=${options.schema},public` } : {}),
  });
  // An idle connection that the server drops must not end the process; the pool opens another.
  pool.on('error', options.onError);
  return pooled(pool, {
    scriptMilliseconds: MIGRATION_MILLISECONDS,
    rollbackMilliseconds: limits.connectMilliseconds,
  });
}
