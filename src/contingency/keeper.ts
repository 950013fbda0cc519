import type { Clock } from '../domain/environment.ts';
import { DAY, type Instant, MINUTE, plus, SECOND } from '../domain/instant.ts';
import type { Sheet } from './sheet.ts';

/**
 * Keeps the sheets of all organizations fresh, so that they are there when the database is not. A sheet lies in memory as it lies
 * in its file, sealed, and is opened for whoever asks.
 */

/** What seals and keeps them outside of the database. */
export type SheetFiles = {
  readonly close: (organizationId: string, sheet: Sheet) => Uint8Array;
  /** @throws Error where it cannot be opened. */
  readonly open: (organizationId: string, sealed: Uint8Array) => Sheet;
  readonly write: (organizationId: string, sealed: Uint8Array) => Promise<void>;
  /** Null = there is none. */
  readonly read: (organizationId: string) => Promise<Uint8Array | null>;
  readonly erase: (organizationId: string) => Promise<void>;
  /** The organizations of which there is one. */
  readonly list: () => Promise<readonly string[]>;
};

export type KeeperDependencies = {
  readonly organizationIds: readonly string[];
  /** Rejects while the database does not answer. */
  readonly make: (organizationId: string) => Promise<Sheet>;
  readonly files: SheetFiles;
  readonly clock: Clock;
  /** The database has answered. Must not reject. */
  readonly onAnswer: () => Promise<void>;
  readonly onError: (reason: string, error: unknown) => void;
};

export type KeptSheet = {
  readonly sheet: Sheet;
  /** The database does not answer: it is as of when it says, and not of now. */
  readonly isStale: boolean;
};

export type Sheets = {
  /** The latest that can be had; null = there was never one, or it is over. */
  readonly of: (organizationId: string) => Promise<KeptSheet | null>;
  /** Whether the database did not answer when it was last asked, a moment ago. */
  readonly isCutOff: () => boolean;
};

export type Keeper = Sheets & {
  /** Something of it has changed; left out = of all of them. */
  readonly changed: (organizationId?: string) => void;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const EVERY_MILLISECONDS = 1 * MINUTE;
/** A reading changes a thousand things in a row. */
const SOON_MILLISECONDS = 5 * SECOND;
const RETRY_MILLISECONDS = 5 * SECOND;
/** Whoever asks waits no longer for a database that falls silent. */
const ANSWER_MILLISECONDS = 3 * SECOND;
/** A sheet whose two days are over tells at most what happened. */
const OVER_MILLISECONDS = 1 * DAY;

type Kept = {
  readonly sealed: Uint8Array;
  readonly until: Instant;
  readonly madeAt: Instant;
};

export function createKeeper(dependencies: KeeperDependencies): Keeper {
  const { organizationIds, make, files, clock, onAnswer, onError } = dependencies;
  const kept = new Map<string, Kept>();
  const dueAt = new Map<string, Instant>(organizationIds.map((id) => [id, clock.now()]));
  const underWay = new Map<string, Promise<void>>();
  const over = new AbortController();
  let wake = new AbortController();
  let failedAt: Instant | null = null;
  let running: Promise<void> = Promise.resolve();

  function refresh(organizationId: string): Promise<void> {
    const before = underWay.get(organizationId);
    if (before) return before;
    const refreshing = (async () => {
      const began = clock.now();
      dueAt.set(organizationId, plus(began, EVERY_MILLISECONDS));
      const sheet = await make(organizationId).catch((error: unknown) => {
        failedAt = clock.now();
        dueAt.set(organizationId, plus(failedAt, RETRY_MILLISECONDS));
        throw error;
      });
      failedAt = null;
      const sealed = files.close(organizationId, sheet);
      kept.set(organizationId, { sealed, until: sheet.until, madeAt: sheet.asOf });
      // What is in memory serves, whether or not the disk takes it.
      await files
        .write(organizationId, sealed)
        .catch((error: unknown) => onError('contingency sheet not written', error));
    })().finally(() => underWay.delete(organizationId));
    underWay.set(organizationId, refreshing);
    return refreshing;
  }

  /** Those that are due, one after the other; the first that cannot be read ends it, as none could be. */
  async function refreshDue(): Promise<void> {
    for (const id of organizationIds) {
      if (over.signal.aborted) return;
      if ((dueAt.get(id) ?? 0) > clock.now()) continue;
      try {
        await refresh(id);
      } catch (error) {
        onError('contingency sheet not refreshed', error);
        for (const each of organizationIds) {
          const at = plus(clock.now(), RETRY_MILLISECONDS);
          if ((dueAt.get(each) ?? 0) < at) dueAt.set(each, at);
        }
        return;
      }
    }
    await onAnswer();
  }

  async function eraseOver(): Promise<void> {
    for (const [id, { until }] of kept) {
      if (clock.now() < plus(until, OVER_MILLISECONDS)) continue;
      kept.delete(id);
      await files.erase(id).catch((error: unknown) => onError('contingency sheet not erased', error));
    }
  }

  async function run(): Promise<void> {
    while (!over.signal.aborted) {
      wake = new AbortController();
      await refreshDue();
      await eraseOver();
      const next = Math.min(...dueAt.values(), plus(clock.now(), EVERY_MILLISECONDS));
      const signal = AbortSignal.any([over.signal, wake.signal]);
      if (!signal.aborted) await clock.sleep(Math.max(1, next - clock.now()), signal).catch(() => undefined);
    }
  }

  /** What was kept before this process began. */
  async function load(): Promise<void> {
    for (const id of await files.list()) {
      if (!organizationIds.includes(id)) {
        await files.erase(id);
        continue;
      }
      try {
        const sealed = await files.read(id);
        if (!sealed) continue;
        const { until, asOf } = files.open(id, sealed);
        kept.set(id, { sealed, until, madeAt: asOf });
      } catch (error) {
        // It is replaced by the next one.
        onError('contingency sheet not opened', error);
      }
    }
    await eraseOver();
  }

  /** Rejects when it takes longer than anybody should wait. */
  async function soon(work: Promise<void>): Promise<void> {
    const done = new AbortController();
    const late = clock.sleep(ANSWER_MILLISECONDS, done.signal).then(
      () => {
        failedAt = clock.now();
        throw new Error('the database did not answer in time');
      },
      () => undefined,
    );
    await Promise.race([work, late]).finally(() => done.abort());
  }

  const isCutOff = (): boolean => failedAt !== null && clock.now() - failedAt < EVERY_MILLISECONDS;

  function found(organizationId: string, isStale: boolean): KeptSheet | null {
    const entry = kept.get(organizationId);
    return entry ? { sheet: files.open(organizationId, entry.sealed), isStale } : null;
  }

  return {
    async of(organizationId) {
      if (!organizationIds.includes(organizationId)) return null;
      const now = clock.now();
      const isTried = failedAt !== null && now - failedAt < RETRY_MILLISECONDS;
      if (isTried) return found(organizationId, true);
      try {
        await soon(refresh(organizationId));
        return found(organizationId, false);
      } catch (error) {
        onError('contingency sheet not refreshed', error);
        return found(organizationId, true);
      }
    },
    isCutOff,
    changed(organizationId) {
      const ids = organizationId === undefined ? organizationIds : [organizationId];
      const soonest = plus(clock.now(), SOON_MILLISECONDS);
      let isSooner = false;
      for (const id of ids) {
        if ((dueAt.get(id) ?? 0) <= soonest) continue;
        dueAt.set(id, soonest);
        isSooner = true;
      }
      if (isSooner) wake.abort();
    },
    async start() {
      await load().catch((error: unknown) => onError('contingency sheets not opened', error));
      running = run();
    },
    async stop() {
      over.abort();
      await running;
    },
  };
}
