import type {
  Manifest,
  Move,
  Operations,
  Platform,
  ReadRequest,
  Written,
} from '../../src/adapter/contract.ts';
import type { Observation, Page } from '../../src/adapter/observation.ts';
import type { DirectoryEntries } from '../../src/domain/directory.ts';
import type { Clock } from '../../src/domain/environment.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import type { ConflictReader } from '../../src/engine/ports/conflicts.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import type { Database } from '../../src/store/database.ts';
import type { Bias } from './weather.ts';

/** What may be taken out of an engine, or put into it, by what it is given. */

type Opened = { readonly platform: Platform; readonly manifest: Manifest };
type WholeStore = Store & Reader & ConflictReader;

export type Variant = {
  readonly name: string;
  /** @param own the clock of the process's machine. */
  readonly store: (store: WholeStore, own: Clock) => WholeStore;
  /** By which the engine goes. @param common the database's, as the process has it. */
  readonly clock: (common: Clock, own: Clock) => Clock;
  readonly platform: (opened: Opened) => Opened;
  readonly database: (database: Database) => Database;
  /** What it takes the clinic for. */
  readonly clinic: (entries: DirectoryEntries) => DirectoryEntries;
  /** SQL that takes something out of the schema. */
  readonly script: string | null;
};

const same = <T>(whole: T): T => whole;

export const WHOLE: Variant = {
  name: 'whole',
  store: same,
  clock: same,
  platform: same,
  database: same,
  clinic: same,
  script: null,
};

export type Broken = {
  readonly variant: Variant;
  /** The weather in which it shows. */
  readonly bias: Bias;
};

export const broken = (name: string, bias: Bias, parts: Partial<Omit<Variant, 'name'>>): Broken => ({
  variant: { ...WHOLE, ...parts, name },
  bias,
});

/** Changes every page of a reading, or drops it. */
export const reading =
  (change: (page: Page, request: ReadRequest) => Page | null) =>
  ({ platform, manifest }: Opened): Opened => ({
    manifest,
    platform: {
      ...platform,
      read: async function* (request) {
        for await (const page of platform.read(request)) {
          const changed = change(page, request);
          if (changed) yield changed;
        }
      },
    },
  });

/** Changes every row that is read, however it comes. */
export const rows =
  (change: (row: Observation) => Observation) =>
  ({ platform, manifest }: Opened): Opened => {
    const { readBack, webhook } = platform;
    return {
      manifest,
      platform: {
        ...platform,
        read: inReadings(change)({ platform, manifest }).platform.read,
        ...(readBack
          ? { readBack: async (calendar, mark) => (await readBack(calendar, mark)).map(change) }
          : {}),
        ...(webhook
          ? {
              webhook: async (request) => {
                const outcome = await webhook(request);
                return outcome.outcome === 'payload'
                  ? { ...outcome, rows: outcome.rows.map(change) }
                  : outcome;
              },
            }
          : {}),
      },
    };
  };

const inReadings = (change: (row: Observation) => Observation) =>
  reading((page) => (page.kind === 'rows' ? { ...page, rows: page.rows.map(change) } : page));

/** Moves otherwise than the platform does. @param move the platform's own. */
export const movingBy =
  (other: (command: Move, move: Operations['move']) => Promise<Written>) =>
  ({ platform, manifest }: Opened): Opened => {
    const { move } = platform.operations;
    if (!move) return { platform, manifest };
    const operations = { ...platform.operations, move: (command: Move) => other(command, move) };
    return { manifest, platform: { ...platform, operations } };
  };

/** Changes what it is told of each schedule. */
export const schedules =
  (change: (schedule: Schedule) => Schedule) =>
  (entries: DirectoryEntries): DirectoryEntries => ({
    ...entries,
    schedules: entries.schedules.map(change),
  });
