import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import pg from 'pg';
import type { Database } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { openPglite } from '../src/store/pglite.ts';
import { openPostgres } from '../src/store/postgres.ts';

/** Where the bench keeps its rows: a database of its own on the server, or PGlite in each process; null = PGlite. */
export type DatabaseUrl = string | null;

const SERVER = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export type OwnDatabase = { readonly url: DatabaseUrl; readonly drop: () => Promise<void> };

export async function createDatabase(pglite: boolean): Promise<OwnDatabase> {
  if (pglite || !(await answers(new URL(SERVER)))) return { url: null, drop: async () => undefined };
  const name = `passerelle_bench_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) };
}

function answers(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(url.port || 5432), url.hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function onServer(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** Migrated. */
export async function openDatabase(url: DatabaseUrl): Promise<Database> {
  const database =
    url === null
      ? await openPglite(null)
      : openPostgres(url, { onError: (error) => console.error(error.message) });
  await migrate(database);
  return database;
}

/** Tells the planner what is there now, as autovacuum would a minute later. */
export async function analyze(url: DatabaseUrl): Promise<void> {
  if (url === null) return;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
