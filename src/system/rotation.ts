import type { Clock } from '../domain/environment.ts';
import { HOUR, type Instant, plus, SECOND } from '../domain/instant.ts';
import type { DataKey, KeyState, KeyStore, Keys, RotationProgress } from '../engine/ports/keys.ts';
import type { Seal, SealedAs } from '../engine/ports/seal.ts';
import { newDataKey, wrapping } from './key-encryption.ts';
import { latest, type OpenRing } from './key-ring.ts';
import { hashPrefixOf, prefixOf } from './seal.ts';

/**
 * Changes the data keys: new ones, everything sealed and hashed anew, and the former ones destroyed. What is left to do is
 * what names a former key, so it goes on after whatever cut it short, and any number of processes may be at it.
 */

/** Several times what each process waits before it reads the keys anew. */
export const LEARN_MILLISECONDS = 15 * SECOND;
/** By then no process holds a value that it sealed with the former key and has not written yet. */
export const DESTROY_MILLISECONDS = 1 * HOUR;
const EVERY_MILLISECONDS = 1 * HOUR;
/** Values in memory at a time. */
const BATCH = 200;
const SEALED: readonly SealedAs[] = ['booking', 'patient', 'rejected', 'subscription', 'totp', 'sign-in'];

export type RotationContext = {
  readonly store: KeyStore;
  readonly ring: OpenRing;
  readonly seal: Seal;
  readonly clock: Clock;
  /** False = this process has the database for itself. */
  readonly isShared: boolean;
};

type Tally = { sealed: number; hashed: number; left: number };

export function createKeys(context: RotationContext): Keys {
  const { store, ring, clock, isShared } = context;
  return {
    async list() {
      await ring.refresh();
      const counts = await store.sealedByPrefix();
      const now = clock.now();
      return ring.keys().map((key) => ({
        id: key.id,
        kind: key.kind,
        wrappedBy: key.wrappedBy,
        createdAt: key.createdAt,
        activeAt: key.activeAt,
        state: stateOf(ring.keys(), key, now),
        values: counts.filter(({ prefix }) => isOf(key, prefix)).reduce((sum, { count }) => sum + count, 0),
      }));
    },
    async rotate(progress) {
      const now = clock.now();
      const activeAt = plus(now, isShared ? LEARN_MILLISECONDS : 0);
      for (const kind of ['data', 'hash'] as const) {
        await store.addDataKey(kind, wrapping(ring.by, kind, newDataKey()), now, activeAt);
      }
      await ring.refresh();
      progress({ sealed: 0, hashed: 0, left: 0 });
      while (clock.now() < activeAt) await clock.sleep(activeAt - clock.now());
      return sealAnew(context, progress);
    },
  };
}

/** Seals anew what names a former key, and hashes anew. */
export async function sealAnew(
  context: Omit<RotationContext, 'isShared'>,
  progress: (done: RotationProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<RotationProgress> {
  const tally: Tally = { sealed: 0, hashed: 0, left: 0 };
  for (const as of SEALED) await resealAll(context, as, tally, progress, signal);
  await rehashAll(context, tally, progress, signal);
  return tally;
}

async function resealAll(
  { store, ring, seal }: Omit<RotationContext, 'isShared'>,
  as: SealedAs,
  tally: Tally,
  progress: (done: RotationProgress) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (let after: string | null = null; !signal?.aborted; ) {
    const rows = await store.sealedOtherwise(as, prefixOf(ring.current().id), { after, limit: BATCH });
    const opened = rows.flatMap(({ key, sealed }) => {
      const text = textOf(() => seal.openText(sealed, as));
      return text === null ? [] : [{ key, sealed, anew: seal.closeText(text, as) }];
    });
    tally.left += rows.length - opened.length;
    tally.sealed += await store.reseal(as, opened);
    after = rows.at(-1)?.key ?? null;
    if (after === null) return;
    progress({ ...tally });
  }
}

async function rehashAll(
  { store, ring, seal, clock }: Omit<RotationContext, 'isShared'>,
  tally: Tally,
  progress: (done: RotationProgress) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (let after: string | null = null; !signal?.aborted; ) {
    const rows = await store.hashedOtherwise(hashPrefixOf(ring.hashKeys()[0].id), { after, limit: BATCH });
    for (const row of rows) {
      const details = textOf(() => seal.open(row.sealed, 'patient'));
      if (details?.nam) {
        await store.rehash(row, seal.hash(details.nam), clock.now());
        tally.hashed += 1;
      } else tally.left += 1;
    }
    after = rows.at(-1)?.key ?? null;
    if (after === null) return;
    progress({ ...tally });
  }
}

/** Null = it cannot be opened; who made the seal has heard of it. */
function textOf<T>(open: () => T): T | null {
  try {
    return open();
  } catch {
    return null;
  }
}

/** Destroys former keys that nothing names. @returns their ids. */
export async function destroyFormer({
  store,
  ring,
  clock,
}: Omit<RotationContext, 'isShared'>): Promise<number[]> {
  await ring.refresh();
  const destroyed: number[] = [];
  for (const key of ring.keys()) {
    const successor = successorOf(ring.keys(), key);
    if (!successor || clock.now() < plus(successor.activeAt, DESTROY_MILLISECONDS)) continue;
    if (await store.destroyDataKey(key, key.kind === 'hash' ? hashPrefixOf(key.id) : prefixOf(key.id))) {
      destroyed.push(key.id);
    }
  }
  if (destroyed.length > 0) await ring.refresh();
  return destroyed;
}

export type Tending = {
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  readonly onDestroyed: (ids: readonly number[]) => void;
};

/** What a rotation left, what was written meanwhile, and what is over: now and every hour, until the signal. */
export async function tendKeys(
  context: Omit<RotationContext, 'isShared'>,
  { signal, onError, onDestroyed }: Tending,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await sealAnew(context, undefined, signal);
      const destroyed = signal.aborted ? [] : await destroyFormer(context);
      if (destroyed.length > 0) onDestroyed(destroyed);
    } catch (error) {
      // The next time finds what is left.
      onError(error);
    }
    await context.clock.sleep(EVERY_MILLISECONDS, signal).catch(() => undefined);
  }
}

type Named = Pick<DataKey, 'id' | 'kind' | 'activeAt'>;

/** The first of its kind that is used instead of it; of the legacy key, the first data key. */
function successorOf(rows: readonly Named[], { id, kind, activeAt }: Named): Named | undefined {
  if (kind === 'legacy') return rows.find((row) => row.kind === 'data');
  return rows
    .filter(
      (row) => row.kind === kind && (row.activeAt > activeAt || (row.activeAt === activeAt && row.id > id)),
    )
    .sort((a, b) => a.activeAt - b.activeAt)[0];
}

function stateOf(rows: readonly DataKey[], { id, kind, activeAt }: Named, now: Instant): KeyState['state'] {
  if (activeAt > now) return 'next';
  return latest(rows, kind, now)[0]?.id === id && kind !== 'legacy' ? 'current' : 'former';
}

function isOf({ id, kind }: Pick<DataKey, 'id' | 'kind'>, prefix: Uint8Array): boolean {
  const bytes = Buffer.from(prefix);
  const isSealed =
    bytes.length === prefixOf(0).length && bytes.subarray(0, 4).equals(prefixOf(0).subarray(0, 4));
  if (kind === 'data') return isSealed && bytes.equals(prefixOf(id));
  if (kind === 'hash') return bytes.equals(hashPrefixOf(id));
  return !isSealed && bytes.length !== hashPrefixOf(0).length;
}
