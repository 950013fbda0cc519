import type { Clock } from '../domain/environment.ts';
import { SECOND } from '../domain/instant.ts';
import type { DataKey, KeyStore } from '../engine/ports/keys.ts';
import type { SealedAs } from '../engine/ports/seal.ts';
import {
  KEY_FILE,
  makeKeyFile,
  newDataKey,
  unwrap,
  type WrappingKey,
  type WrappingKeys,
  wrapping,
} from './key-encryption.ts';
import { OperatorError } from './operator-error.ts';
import { createSeal, type KeyRing, type RingKey } from './seal.ts';

/**
 * The data keys, unwrapped and in memory. Another process may add one at any time; it is used for nothing new before every
 * process has read it, so each reads them again and again.
 */

const EVERY_MILLISECONDS = 3 * SECOND;

export type OpenRing = KeyRing & {
  readonly keys: () => readonly DataKey[];
  /** Reads them anew. */
  readonly refresh: () => Promise<void>;
  /** Reads them again and again, until the signal. */
  readonly follow: (signal: AbortSignal, onError: (error: unknown) => void) => Promise<void>;
  /** Wraps what is new. */
  readonly by: WrappingKey;
};

export type RingContext = {
  readonly store: Pick<KeyStore, 'dataKeys' | 'beginKeys' | 'rewrapDataKey' | 'someSealed'>;
  readonly clock: Clock;
  readonly dataFolder: string;
  readonly wrappingKeys: WrappingKeys;
};

/**
 * Makes the first data keys where there are none, and wraps anew what a former key wrapped.
 * @throws OperatorError when what is there cannot be opened; then nothing was changed.
 */
export async function openKeyRing(context: RingContext): Promise<OpenRing> {
  const there = await context.store.dataKeys();
  const by = there.length > 0 ? wrapperOf(context, there) : await firstWrapper(context);
  const rows = there.length > 0 ? there : await begin(context, by);
  const known = [by, ...context.wrappingKeys.former];
  const opened = new Map(rows.map((row) => [row.id, openOne(known, row)]));
  for (const row of rows) {
    const key = opened.get(row.id);
    if (key && row.wrappedBy !== by.check) {
      await context.store.rewrapDataKey(row, wrapping(by, row.kind, key)(row.id));
    }
  }
  return ringOf(context, { by, known, rows, opened });
}

type Opened = {
  readonly by: WrappingKey;
  readonly known: readonly WrappingKey[];
  readonly rows: readonly DataKey[];
  readonly opened: ReadonlyMap<number, Buffer>;
};

function ringOf({ store, clock }: RingContext, { by, known, ...first }: Opened): OpenRing {
  let { rows, opened } = first;
  const keyOf = (row: DataKey): RingKey => ({ id: row.id, bytes: bytesOf(row.id) });
  const bytesOf = (id: number): Buffer => {
    const found = opened.get(id);
    if (!found) throw new RangeError(`data key ${id} is not in the ring`);
    return found;
  };
  const latestFirst = (kind: DataKey['kind']): [DataKey, ...DataKey[]] => {
    const [current, ...rest] = latest(rows, kind, clock.now());
    if (!current) throw new OperatorError(`the database has no data key of kind ${kind}: restore its backup`);
    return [current, ...rest];
  };
  const refresh = async (): Promise<void> => {
    const now = await store.dataKeys();
    // One that is open stays so, whatever another process has wrapped it with since.
    opened = new Map(now.map((row) => [row.id, opened.get(row.id) ?? openOne(known, row)]));
    rows = now;
  };
  return {
    by,
    keys: () => rows,
    refresh,
    async follow(signal, onError) {
      while (!signal.aborted) {
        await clock.sleep(EVERY_MILLISECONDS, signal).catch(() => undefined);
        if (!signal.aborted) await refresh().catch(onError);
      }
    },
    current: () => keyOf(latestFirst('data')[0]),
    find: (id) => opened.get(id) ?? null,
    hashKeys() {
      const [current, ...rest] = latestFirst('hash');
      return [keyOf(current), ...rest.map(keyOf)];
    },
    legacy() {
      const row = rows.find(({ kind }) => kind === 'legacy');
      return row ? bytesOf(row.id) : null;
    },
  };
}

/** The one in use, then what else may be met: those before, and those that other processes use before we do. */
export function latest(rows: readonly DataKey[], kind: DataKey['kind'], now: number): DataKey[] {
  const ofKind = rows.filter((row) => row.kind === kind);
  const active = ofKind
    .filter(({ activeAt }) => activeAt <= now)
    .sort((a, b) => b.activeAt - a.activeAt || b.id - a.id);
  return [...active, ...ofKind.filter(({ activeAt }) => activeAt > now)];
}

/** @throws OperatorError */
function openOne(known: readonly WrappingKey[], row: DataKey): Buffer {
  const by = known.find(({ check }) => check === row.wrappedBy);
  const key = by && unwrap(by, row);
  if (key) return key;
  if (by) {
    throw new OperatorError(
      `data key ${row.id} was changed in the database: what it sealed cannot be opened. Restore the table data_key from a backup. Nothing was changed.`,
    );
  }
  throw new OperatorError(
    `the data keys in this database are wrapped with another key: they want the one with check value ${row.wrappedBy}, and there ${known.length === 1 ? 'is' : 'are'} ${known.map(({ check }) => check).join(', ')}. Set PASSERELLE_KEY to the key that this database was used with, or name that one in PASSERELLE_KEY_PREVIOUS to change to the new one. Nothing was changed.`,
  );
}

/** @throws OperatorError */
function wrapperOf(
  { wrappingKeys: { current, former }, dataFolder }: RingContext,
  rows: readonly DataKey[],
): WrappingKey {
  if (current) return current;
  const wanted = [...new Set(rows.map(({ wrappedBy }) => wrappedBy))].join(', ');
  throw new OperatorError(
    `the key that wraps the data keys of this database (check value ${wanted}) is not here: PASSERELLE_KEY is not set, and there is no ${KEY_FILE} in ${dataFolder}${former.length > 0 ? '; PASSERELLE_KEY_PREVIOUS is only for former ones' : ''}. Restore the file from its backup, or set PASSERELLE_KEY. Nothing was changed.`,
  );
}

/** @throws OperatorError when there is something sealed that no key opens. */
async function firstWrapper(context: RingContext): Promise<WrappingKey> {
  const { current } = context.wrappingKeys;
  if (current) return current;
  if ((await context.store.someSealed()).length > 0) throw notTheKey(context);
  return makeKeyFile(context.dataFolder);
}

/** The one key of before becomes one of the ring, where it sealed anything. */
async function begin(context: RingContext, by: WrappingKey): Promise<DataKey[]> {
  const { store, clock, wrappingKeys } = context;
  const sealed = await store.someSealed();
  const legacy = sealed.length === 0 ? null : legacyOf([by, ...wrappingKeys.former], sealed);
  if (sealed.length > 0 && !legacy) {
    // Another process may have begun meanwhile.
    const there = await store.dataKeys();
    if (there.length > 0) return there;
    throw notTheKey(context);
  }
  const first = (['data', 'hash'] as const).map((kind) => ({ kind, wrap: wrapping(by, kind, newDataKey()) }));
  const before = legacy ? [{ kind: 'legacy' as const, wrap: wrapping(by, 'legacy', legacy.bytes) }] : [];
  return store.beginKeys([...before, ...first], clock.now());
}

function legacyOf(
  known: readonly WrappingKey[],
  sealed: readonly { readonly as: SealedAs; readonly sealed: Uint8Array }[],
): WrappingKey | undefined {
  return known.find(({ bytes }) => {
    const seal = createSeal(onlyLegacy(bytes));
    return sealed.some((each) => {
      try {
        seal.openText(each.sealed, each.as);
        return true;
      } catch {
        return false;
      }
    });
  });
}

const onlyLegacy = (bytes: Buffer): KeyRing => ({
  current: () => ({ id: 0, bytes }),
  find: () => null,
  hashKeys: () => [{ id: 0, bytes }],
  legacy: () => bytes,
});

const notTheKey = ({ dataFolder }: RingContext): OperatorError =>
  new OperatorError(
    `this database has sealed values that none of the keys opens which are in PASSERELLE_KEY, PASSERELLE_KEY_PREVIOUS and ${KEY_FILE} of ${dataFolder}. Set PASSERELLE_KEY to the key that it was used with, or restore the file from its backup. Nothing was changed.`,
  );
