import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import pg from 'pg';
import { documents } from '../mappings/fhir/documents.ts';
import { Directory } from '../src/domain/directory.ts';
import { slotContent } from '../src/engine/slots.ts';
import { packageRoot } from '../src/system/package-root.ts';
import { wholeOf } from '../test/support/parted-text.ts';
import { type ClinicSize, directoryOf, HOME, slotAt, slotCount } from './clinic.ts';
import { type DatabaseUrl, openDatabase } from './database.ts';

/** The floor of an ingest: COPY of the finished rows into a table of the same columns and indexes, and nothing else. */

const COLUMNS =
  'id, connection_id, calendar, external_id, schedule_id, start_ms, end_ms, attributes, content, revision, sequence, document, updated_ms';

/** The rows of the clinic as COPY takes them (PostgreSQL, COPY, text format). */
export function copyText(size: ClinicSize): Buffer {
  const write = documents(new Directory(directoryOf(size)));
  const lines: string[] = [];
  for (let index = 0; index < slotCount(size); index += 1) {
    const slot = { ...slotAt(size, index), connectionId: HOME };
    const content = slotContent(slot.interval, slot.attributes);
    const { start, end } = slot.interval;
    const values = [
      slot.id,
      HOME,
      slot.calendar,
      slot.externalId,
      slot.scheduleId,
      start,
      end,
      JSON.stringify(slot.attributes),
      content,
      '1',
      1,
      wholeOf(write.slot(slot)),
      start,
    ];
    lines.push(values.map((value) => String(value).replaceAll('\\', '\\\\')).join('\t'));
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

const CHUNK_BYTES = 1024 * 1024;

export type BareTable = {
  /** Empties it, then copies. @returns milliseconds of the COPY alone. */
  readonly copy: (data: Buffer) => Promise<number>;
  readonly close: () => Promise<void>;
};

/** A table like `slot`, beside it. */
const CREATE =
  'create table bare_slot (like slot including defaults including indexes including constraints)';
const COPY = `copy bare_slot (${COLUMNS}) from `;

export async function bareTable(url: DatabaseUrl): Promise<BareTable> {
  return url === null ? inPglite() : inPostgres(url);
}

async function inPostgres(url: string): Promise<BareTable> {
  await (await openDatabase(url)).close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(CREATE);
  return {
    async copy(data) {
      await client.query('truncate bare_slot');
      const began = performance.now();
      await new Promise<void>((resolve, reject) => client.query(copyIn(data, resolve, reject)));
      return performance.now() - began;
    },
    close: () => client.end(),
  };
}

/** What pg's connection has and its types leave out. */
type CopyConnection = pg.Connection & {
  readonly sendCopyFromChunk: (chunk: Buffer) => void;
  readonly endCopyFrom: () => void;
};

/** COPY … FROM STDIN by pg's own protocol: what pg-copy-streams does, for bytes that are all there. */
const copyIn = (data: Buffer, resolve: () => void, reject: (error: Error) => void) => ({
  submit: (connection: pg.Connection) => connection.query(`${COPY} stdin`),
  handleCopyInResponse(connection: CopyConnection): void {
    for (let at = 0; at < data.length; at += CHUNK_BYTES) {
      connection.sendCopyFromChunk(data.subarray(at, at + CHUNK_BYTES));
    }
    connection.endCopyFrom();
  },
  handleError: reject,
  handleCommandComplete: () => undefined,
  handleReadyForQuery: resolve,
});

async function inPglite(): Promise<BareTable> {
  const lite = await PGlite.create({ extensions: { btree_gist } });
  await lite.exec(await readFile(join(packageRoot, 'src', 'store', 'schema', '0001_time.sql'), 'utf8'));
  await lite.exec(CREATE);
  return {
    async copy(data) {
      await lite.exec('truncate bare_slot');
      const began = performance.now();
      await lite.query(`${COPY} '/dev/blob'`, [], { blob: new Blob([data]) });
      return performance.now() - began;
    },
    close: () => lite.close(),
  };
}
