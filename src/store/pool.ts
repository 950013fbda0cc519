import pg from 'pg';
import type { Database, Queryable, Row } from './database.ts';

const INT8 = 20;

/** How long answers are waited for where that is not what the pool says; a form without a network needs neither. */
export type PoolLimits = {
  /** A migration may rewrite whole tables. */
  readonly scriptMilliseconds?: number;
  /** It is done at once where there is anybody to do it. */
  readonly rollbackMilliseconds?: number;
};

/** The driver knows a limit for one statement; its types do not. */
type Limited = pg.QueryConfig & { readonly query_timeout?: number | undefined };

type Ask = <T extends Row>(statement: Limited) => Promise<pg.QueryResult<T>>;

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

const on = (ask: Ask, { scriptMilliseconds }: PoolLimits): Queryable => ({
  query: async <T extends Row>(text: string, parameters: readonly unknown[] = []) =>
    (await ask<T>({ name: nameOf(text), text, values: [...parameters] })).rows,
  script: async (text) => {
    await ask({ text, query_timeout: scriptMilliseconds });
  },
});

/**
 * One statement after the other, since the driver will keep no queue: what is asked meanwhile waits. With the first that fails the
 * transaction is lost, and what still waits fails by the same error without being sent.
 */
function inTurn(ask: Ask): { readonly ask: Ask; readonly abandon: (error: unknown) => Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  let lost: { readonly error: unknown } | null = null;
  return {
    ask(statement) {
      const asked = last.then(() => {
        if (lost) throw lost.error;
        return ask<never>(statement);
      });
      last = asked.catch((error: unknown) => {
        lost ??= { error };
      });
      return asked;
    },
    /** Resolves once nothing is under way any more. */
    async abandon(error) {
      lost ??= { error };
      await last;
    },
  };
}

/** The database behind a pool of connections, whatever they lead to. */
export const pooled = (pool: pg.Pool, limits: PoolLimits = {}): Database => ({
  ...on((statement) => pool.query(statement), limits),
  async transaction(work) {
    const client = await pool.connect();
    let broken: Error | undefined;
    const lost = (error: Error): void => {
      broken = error;
    };
    // The pool listens to a connection only while it is idle, and unheard its loss would end the process.
    client.on('error', lost);
    const { ask, abandon } = inTurn((statement) => client.query(statement));
    try {
      await ask({ text: 'begin' });
      const result = await work(on(ask, limits));
      await ask({ text: 'commit' });
      return result;
    } catch (error) {
      await abandon(error);
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
