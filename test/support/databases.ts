import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import pg from 'pg';
import type { Database } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { migratedPglite } from './pglite-copies.ts';
import { requireServer } from './servers.ts';

/** The same tests on both forms of the one database. */

export const POSTGRES_URL = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Whether somebody listens; decided once, when the suites are defined. */
export const hasPostgres = await listens(new URL(POSTGRES_URL));

export async function listens(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(url.port || 5432), url.hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export type OpenDatabase = { readonly database: Database; readonly drop: () => Promise<void> };

/** In memory, migrated. */
export async function freshPglite(): Promise<OpenDatabase> {
  const database = await migratedPglite();
  return { database, drop: () => database.close() };
}

/**
 * A database of its own on the server, migrated; dropped afterwards.
 * @param mayLose should the server itself crash, the last commits may be lost: then no commit waits for the disk.
 */
export async function freshPostgres(mayLose = false): Promise<OpenDatabase & { readonly url: string }> {
  const name = `passerelle_test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  if (mayLose) await onServer(`alter database ${name} set synchronous_commit = off`);
  const url = new URL(POSTGRES_URL);
  url.pathname = `/${name}`;
  const database = openPostgres(url.href, { onError: () => undefined });
  await migrate(database);
  return {
    database,
    url: url.href,
    drop: async () => {
      await database.close();
      await onServer(`drop database if exists ${name} with (force)`);
    },
  };
}

async function onServer(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: POSTGRES_URL });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** Runs `define` once for PGlite and once for PostgreSQL; `open` gives the database of the suite. */
export function onEachDatabase(define: (open: () => Database) => void): void {
  const forms = [
    { name: 'PGlite', present: true, fresh: freshPglite },
    { name: 'PostgreSQL', present: hasPostgres, fresh: freshPostgres },
  ];
  for (const { name, present, fresh } of forms) {
    describe(`on ${name}`, () => {
      let opened: OpenDatabase | null = null;
      before(async function () {
        requireServer(name, present).call(this);
        this.timeout(120_000);
        opened = await fresh();
      });
      after(() => opened?.drop());
      define(() => {
        if (!opened) throw new Error('the database is open only while tests run');
        return opened.database;
      });
    });
  }
}
