/**
 * The one SQL, in two forms: PGlite embedded in the process, or a PostgreSQL server. Statements are written once and
 * run on both; `bigint` arrives as number, since epoch milliseconds fit.
 */
export type Row = Record<string, unknown>;

export type Queryable = {
  readonly query: <T extends Row>(text: string, parameters?: readonly unknown[]) => Promise<T[]>;
  /** Several statements without parameters, for migrations. */
  readonly script: (text: string) => Promise<void>;
};

export type Database = Queryable & {
  /** Commits when `work` resolves, rolls back when it rejects. */
  readonly transaction: <T>(work: (database: Queryable) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

/** SQLSTATE of an error of either driver, or null. */
export function sqlState(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

export const EXCLUSION_VIOLATION = '23P01';
export const UNIQUE_VIOLATION = '23505';
const RETRYABLE = new Set(['40001', '40P01', EXCLUSION_VIOLATION, UNIQUE_VIOLATION]);

/**
 * A deadlock, a serialization failure or a lost race for the lock: the same work on a fresh view may well succeed.
 * With lockActors() first this is rare; the constraint is the backstop that must never be the answer to a caller.
 */
export const isRetryable = (error: unknown): boolean => RETRYABLE.has(sqlState(error) ?? '');
