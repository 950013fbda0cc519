import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import type { Backup, TakeBackup } from '../engine/ports/backup.ts';
import { OperatorError } from '../system/operator-error.ts';
import { packageRoot } from '../system/package-root.ts';
import type { Queryable } from './database.ts';
import { ranMigrations } from './migrate.ts';

/**
 * The file of a backup: a line of JSON, which says what follows, then the folder of the embedded database as tar.gz. So
 * `head -n 1` shows what it is, and `tail -n +2` is an archive that any tar reads. The keys are not in it.
 */

const FORMAT = 'passerelle-backup';
const MANIFEST_BYTES_MAX = 64 * 1024;
const LINE_FEED = 0x0a;

const Manifest = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.literal(1),
  /** The version of Passerelle that made it. */
  passerelle: z.string().max(100),
  /** The last migration that its database has. */
  schema: z.string().max(200),
  at: z.iso.datetime(),
  /** Of what follows the manifest: its length, and its checksum in hexadecimal. */
  byteLength: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Manifest = z.output<typeof Manifest>;

/** A database that can hand over its folder. */
export type Dumped = Queryable & {
  /** As a tar archive, in memory: it takes about twice what the database has on disk. */
  readonly dump: () => Promise<Blob>;
};

/** @param now epoch milliseconds, for the manifest. */
export function backupsOf(database: Dumped, now: () => number): TakeBackup {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const taken = last.then(() => takeBackup(database, now()));
    last = taken.catch(() => undefined);
    return taken;
  };
}

async function takeBackup(database: Dumped, now: number): Promise<Backup> {
  const schema = (await ranMigrations(database)).at(-1) ?? '';
  const chunks: Buffer[] = [];
  const hash = createHash('sha256');
  const archive = Readable.fromWeb((await database.dump()).stream());
  await pipeline(archive, createGzip(), async (packed: AsyncIterable<Buffer>) => {
    for await (const chunk of packed) {
      hash.update(chunk);
      chunks.push(chunk);
    }
  });
  const manifest: Manifest = {
    format: FORMAT,
    formatVersion: 1,
    passerelle: await ownVersion(),
    schema,
    at: new Date(now).toISOString(),
    byteLength: lengthOf(chunks),
    sha256: hash.digest('hex'),
  };
  const parts = [Buffer.from(`${JSON.stringify(manifest)}\n`), ...chunks];
  return { byteLength: lengthOf(parts), chunks: parts };
}

const lengthOf = (chunks: readonly Uint8Array[]): number =>
  chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);

async function ownVersion(): Promise<string> {
  const text = await readFile(join(packageRoot, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/**
 * Writes a backup to a file of its owner alone, which is there under its name only once it is whole and was read again.
 * @throws OperatorError when there is such a file already, or what came is no whole backup. Error of the file system.
 */
export async function writeBackup(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Manifest> {
  await refuseExisting(path);
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  try {
    const file = await open(partial, 'wx', 0o600);
    try {
      for await (const chunk of chunks) await file.appendFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    const { manifest } = await checkBackup(partial);
    await refuseExisting(path);
    await rename(partial, path);
    return manifest;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function refuseExisting(path: string): Promise<void> {
  const found = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  await found?.close();
  if (found) throw new OperatorError(`${path} is there already: give another name, or move it away first`);
}

export type CheckedBackup = { readonly manifest: Manifest; readonly content: () => Readable };

/**
 * Reads all of it. The checksum finds what was damaged or cut; who may write to the file can write a checksum too.
 * @throws OperatorError when it is no backup, or not as it was made.
 */
export async function checkBackup(path: string): Promise<CheckedBackup> {
  const { manifest, start } = await readManifest(path);
  const content = () => createReadStream(path, { start });
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of content() as AsyncIterable<Buffer>) {
    hash.update(chunk);
    length += chunk.length;
  }
  if (length !== manifest.byteLength) {
    throw new OperatorError(
      `${path} is not whole: it has ${length} bytes after its first line, and was made with ${manifest.byteLength}`,
    );
  }
  if (hash.digest('hex') !== manifest.sha256) {
    throw new OperatorError(`${path} was changed or damaged since it was made: its checksum is another`);
  }
  return { manifest, content };
}

async function readManifest(path: string): Promise<{ manifest: Manifest; start: number }> {
  const file = await open(path, 'r');
  try {
    const line = await firstLine(file);
    const parsed = Manifest.safeParse(line === null ? null : parsedOrNull(line.toString('utf8')));
    if (line === null || !parsed.success) {
      throw new OperatorError(`${path} is not a backup of "passerelle backup", or of a later format`);
    }
    return { manifest: parsed.data, start: line.length + 1 };
  } finally {
    await file.close();
  }
}

/** Without its end; null where none ends in time. */
async function firstLine(file: FileHandle): Promise<Buffer | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MANIFEST_BYTES_MAX), 0, MANIFEST_BYTES_MAX, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(LINE_FEED);
  return end < 0 ? null : buffer.subarray(0, end);
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
