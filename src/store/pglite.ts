import { mkdir } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import pg from 'pg';
import type { Database } from './database.ts';
import { pooled, TYPES } from './pool.ts';

/**
 * PostgreSQL inside of the process, spoken to as a server is: PGlite's own query() has every statement parsed and
 * planned anew, which takes longer than most of ours take to run.
 * @param folder where its data lives; null = in memory, for tests.
 */
export async function openPglite(folder: string | null): Promise<EmbeddedDatabase> {
  if (folder !== null) await mkdir(folder, { recursive: true, mode: 0o700 });
  return overPglite(
    await PGlite.create({ ...(folder === null ? {} : { dataDir: folder }), extensions: EXTENSIONS }),
  );
}

/** Makes one of what `dump()` gave. @param folder where nothing is yet. */
export async function loadPglite(folder: string, content: Blob): Promise<EmbeddedDatabase> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return overPglite(await PGlite.create({ dataDir: folder, loadDataDir: content, extensions: EXTENSIONS }));
}

export type EmbeddedDatabase = Database & {
  /** The folder as a tar archive, as it is between two transactions. It is in memory, and all others wait for it. */
  readonly dump: () => Promise<Blob>;
};

/** What every one is opened with. */
export const EXTENSIONS = { btree_gist };

/** One that is open already, spoken to as `openPglite` says; closed with the database. */
export function overPglite(lite: PGlite): EmbeddedDatabase {
  // It has one session: whoever has a transaction has it alone.
  const database = pooled(
    new pg.Pool({
      user: 'postgres',
      database: 'postgres',
      max: 1,
      idleTimeoutMillis: 0,
      types: TYPES,
      stream: () => new Wire(lite),
    }),
  );
  return {
    ...database,
    // Who has the one session has the folder: nothing is written to it meanwhile.
    dump: () =>
      database.transaction(async (transaction) => {
        // So that who opens the copy has no log to go through.
        await transaction.script('checkpoint');
        return lite.dumpDataDir('none');
      }),
    close: async () => {
      await database.close();
      await lite.close();
    },
  };
}

/** Messages of the frontend that have no session behind them here (PostgreSQL, 55.7 «Message Formats»). */
const TERMINATE = 'X'.charCodeAt(0);

/** What the driver takes for a socket. */
class Wire extends Duplex {
  readonly #lite: PGlite;

  constructor(lite: PGlite) {
    super();
    this.#lite = lite;
  }

  connect(): this {
    // The session outlives a connection that was given up: what that left in it would be in the way.
    this.#lite.exec('rollback; deallocate all').then(
      () => this.emit('connect'),
      (error: Error) => this.destroy(error),
    );
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(chunk, done);
  }

  override _writev(parts: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(parts.map(({ chunk }) => chunk)), done);
  }

  #send(messages: Buffer, done: (error?: Error | null) => void): void {
    if (messages[0] === TERMINATE) {
      this.push(null);
      done();
      return;
    }
    // The driver reads the answer: execProtocol() would read it too, and execProtocolRaw() keep every row of it besides.
    const answers: Buffer[] = [];
    // What it hands over is its own memory, which the next answer overwrites.
    const onRawData = (bytes: Uint8Array): void => void answers.push(Buffer.from(bytes));
    this.#lite.execProtocolRawStream(messages, { onRawData }).then(() => {
      for (const answer of answers) this.push(answer);
      done();
    }, done);
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
