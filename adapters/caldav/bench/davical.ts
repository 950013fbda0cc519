import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort, hasBinary } from '../../../src/conformance/real-server.ts';
import {
  type CaldavServer,
  type CaldavServerKind,
  PASSWORD,
  ready,
  serverAt,
  stopper,
  USERNAME,
} from './server.ts';

/**
 * DAViCal, a program in PHP that keeps everything in PostgreSQL: run by PHP's own server on a database of its own, which is
 * dropped afterwards. Nothing of the machine's configuration is read or changed.
 */

const DAVICAL_FOLDER = '/usr/share/davical';
const AWL_FOLDER = '/usr/share/awl';
const POSTGRES_URL = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
/** Requests at once, as a web server takes them: what two writers do to each other is to be seen. */
const WORKERS = 4;

export const DAVICAL: CaldavServerKind = { name: 'DAViCal', isPresent, start };

async function isPresent(): Promise<boolean> {
  if (!hasBinary('php') || !existsSync(join(DAVICAL_FOLDER, 'htdocs/caldav.php'))) return false;
  return onDatabase(POSTGRES_URL, async () => true).catch(() => false);
}

async function start(): Promise<CaldavServer> {
  const database = await createDatabase();
  const folder = await makeFolder(database.url);
  const port = await freePort();
  const child = spawn(
    'php',
    [
      // Hides /etc/davical from it, so that it reads ../config/config.php, as it does where nobody configured it.
      ...['-d', `open_basedir=${folder}:${DAVICAL_FOLDER}:${AWL_FOLDER}`, '-d', 'opcache.enable_cli=1'],
      ...['-S', `127.0.0.1:${port}`, '-t', '.'],
    ],
    {
      cwd: join(folder, 'htdocs'),
      env: { ...process.env, PHP_CLI_SERVER_WORKERS: String(WORKERS) },
      // PHP's own server leaves its workers behind when it is ended.
      detached: true,
    },
  );
  const stopServer = stopper(child, folder, true);
  const stop = async () => {
    await stopServer();
    await database.drop();
  };
  await ready('DAViCal', child, port, stop);
  return serverAt(port, `/caldav.php/${USERNAME}/`, stop);
}

/** It finds its parts by the folder that it runs in: links to them, and the configuration beside them. */
async function makeFolder(databaseUrl: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-davical-'));
  for (const part of ['htdocs', 'config']) await mkdir(join(folder, part));
  const installed = join(DAVICAL_FOLDER, 'htdocs');
  for (const name of await readdir(installed)) {
    await symlink(join(installed, name), join(folder, 'htdocs', name));
  }
  for (const part of ['inc', 'locale']) await symlink(join(DAVICAL_FOLDER, part), join(folder, part));
  await writeFile(join(folder, 'config/config.php'), configuration(new URL(databaseUrl)), { mode: 0o600 });
  return folder;
}

function configuration({ hostname, port, pathname, username, password }: URL): string {
  const dsn = `pgsql:host=${hostname};port=${port || '5432'};dbname=${pathname.slice(1)}`;
  const connection = { dsn, dbuser: decodeURIComponent(username), dbpass: decodeURIComponent(password) };
  const entries = Object.entries(connection).map(([name, value]) => `'${name}' => ${phpText(value)}`);
  return [
    '<?php',
    "$c->domain_name = '127.0.0.1';",
    // A connection for each request would take half of the time that it answers in.
    '$c->use_persistent = true;',
    `$c->db_connect[] = [${entries.join(', ')}];`,
    '',
  ].join('\n');
}

const phpText = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** In the order of its own create-database.sh and update-davical-database. */
const SCHEMA = [
  ...[`${AWL_FOLDER}/dba/awl-tables.sql`, `${AWL_FOLDER}/dba/schema-management.sql`],
  ...['davical', 'supported_locales', 'views/dav_principal', 'caldav_functions', 'rrule_functions'].map(
    (name) => `${DAVICAL_FOLDER}/dba/${name}.sql`,
  ),
  `${DAVICAL_FOLDER}/dba/base-data.sql`,
];

/** A password that begins with `**` is kept as it is. */
const ADD_USER = `with added as (
  insert into usr (active, email_ok, updated, username, password, fullname, email, locale)
  values (true, current_date, current_date, $1, '**' || $2, $1, $1 || '@example.invalid', 'en') returning user_no)
insert into principal (type_id, user_no, displayname, default_privileges)
select 1, user_no, $1, 0::bit(24) from added`;

async function createDatabase(): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> {
  const name = `passerelle_davical_${randomBytes(6).toString('hex')}`;
  const drop = () =>
    onDatabase(POSTGRES_URL, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`);
    });
  await onDatabase(POSTGRES_URL, async (client) => {
    await client.query(`create database ${name} template template0 encoding 'UTF8'`);
    // What a crash of the server loses is only a test's.
    await client.query(`alter database ${name} set synchronous_commit = off`);
  });
  const url = new URL(POSTGRES_URL);
  url.pathname = `/${name}`;
  try {
    await onDatabase(url.href, async (client) => {
      for (const path of SCHEMA) await client.query(await readFile(path, 'utf8'));
      await client.query(ADD_USER, [USERNAME, PASSWORD]);
    });
  } catch (error) {
    await drop();
    throw error;
  }
  return { url: url.href, drop };
}

async function onDatabase<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
