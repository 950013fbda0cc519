import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../system/operator-error.ts';
import { packageRoot } from '../system/package-root.ts';
import type { Database, Queryable } from './database.ts';

const FOLDER = join(packageRoot, 'src', 'store', 'schema');
// Any number that no other use of advisory locks in this database has.
const LOCK = 7270001;

/** Those that this version has, in order. */
export const migrations = async (): Promise<string[]> =>
  (await readdir(FOLDER)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort();

/** Those that a database has, in order. */
export async function ranMigrations(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ name: string }>('select name from schema_migration order by name');
  return rows.map((row) => row.name);
}

/** Brings the schema up to date in one transaction; several processes may start at once. Returns what it ran. */
export async function migrate(database: Database): Promise<string[]> {
  const files = await migrations();
  return database.transaction(async (transaction) => {
    // As a script, since another process may be at it for as long as a migration takes.
    await transaction.script(`set local statement_timeout = 0; select pg_advisory_xact_lock(${LOCK})`);
    await transaction.script('create table if not exists schema_migration (name text primary key)');
    const done = new Set(await ranMigrations(transaction));
    const unknown = [...done].filter((name) => !files.includes(name));
    if (unknown.length > 0)
      throw new OperatorError(
        `the database is of a newer version (it has ${unknown.join(', ')}): run that version`,
      );
    const missing = files.filter((name) => !done.has(name));
    for (const name of missing) {
      await transaction.script(await readFile(join(FOLDER, name), 'utf8'));
      await transaction.query('insert into schema_migration (name) values ($1)', [name]);
    }
    return missing;
  });
}
