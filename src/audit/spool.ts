import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ids } from '../domain/environment.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { AuditEvent } from '../engine/ports/audit.ts';

/**
 * Where an access is recorded while the chain cannot be written: a folder on the machine's own disk, a file for each record, so
 * that several processes may write and one may take them away. Each has a MAC by a key that is outside of the database, and is
 * put into the chain, with when it happened, as soon as the database answers. References only, as in the chain.
 */

export type AuditSpool = {
  /** Resolves when it is on the disk. Rejects when it is not: then what it is about must not be shown. */
  readonly write: (event: AuditEvent, at: Instant) => Promise<void>;
  /** Puts all of them into the chain, the oldest first; what cannot be put there stays. @returns how many. */
  readonly drain: (record: (event: AuditEvent) => Promise<void>) => Promise<number>;
};

export type SpoolDependencies = {
  readonly folder: string;
  /** That the processes of this installation share, the present one first; 32 bytes each. */
  readonly keys: readonly [Uint8Array, ...Uint8Array[]];
  readonly ids: Ids;
  /** Told of a file that is not as it was written; it is put aside, and stays. */
  readonly onDamaged: (name: string) => void;
};

const LABEL = 'passerelle: audit spool';
const KEY_BYTES = 32;
/** Far more than people look at in an outage; a disk is not filled by it. */
const FILES_MAX = 20_000;
const ENDING = '.json';

const macKey = (key: Uint8Array): Buffer => Buffer.from(hkdfSync('sha256', key, '', LABEL, KEY_BYTES));

const macOf = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export function createSpool({ folder, keys, ids, onDamaged }: SpoolDependencies): AuditSpool {
  const macKeys = keys.map(macKey);
  const [current] = [macKey(keys[0])];

  async function names(): Promise<string[]> {
    try {
      return (await readdir(folder)).filter((name) => name.endsWith(ENDING)).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Null = it was changed, or is of another key. */
  async function read(name: string): Promise<AuditEvent | null> {
    const [mac = '', ...rest] = (await readFile(join(folder, name), 'utf8')).split('\n');
    const text = rest.join('\n');
    const given = Buffer.from(mac, 'hex');
    const isOurs = macKeys.some((key) => {
      const made = macOf(key, text);
      return given.length === made.length && timingSafeEqual(given, made);
    });
    return isOurs ? (JSON.parse(text) as AuditEvent) : null;
  }

  return {
    async write(event, at) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if ((await names()).length >= FILES_MAX) throw new Error('the audit spool is full');
      const id = ids.next();
      const detail = { ...event.detail, happenedAt: formatInstant(at), spool: id };
      const text = JSON.stringify({ ...event, detail } satisfies AuditEvent);
      const path = join(folder, `${String(at).padStart(15, '0')}-${id}`);
      const file = await open(`${path}.part`, 'wx', 0o600);
      try {
        await file.writeFile(`${macOf(current, text).toString('hex')}\n${text}`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.part`, path + ENDING);
      // The name is on the disk too.
      const directory = await open(folder, 'r');
      await directory.sync().finally(() => directory.close());
    },
    async drain(record) {
      let recorded = 0;
      for (const name of await names()) {
        const event = await read(name).catch((error: NodeJS.ErrnoException) =>
          // Another process was faster.
          error.code === 'ENOENT' ? undefined : null,
        );
        if (event === undefined) continue;
        if (event === null) {
          await rename(join(folder, name), join(folder, `${name}.damaged`));
          onDamaged(name);
          continue;
        }
        // Cut short behind this, it is recorded twice: its id tells.
        await record(event);
        await rm(join(folder, name), { force: true });
        recorded += 1;
      }
      return recorded;
    },
  };
}
