import type { Manifest, Platform } from '../../src/adapter/contract.ts';
import type { Observation, Page } from '../../src/adapter/observation.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import type { Database } from '../../src/store/database.ts';
import { NO_CHANGES } from '../support/clinic.ts';
import { PATIENT } from './patients.ts';

/**
 * Engines that are broken on purpose, by what they are given: the simulation must catch every one of them, or it proves
 * nothing of the one that is whole.
 */

type Opened = { readonly platform: Platform; readonly manifest: Manifest };
type WholeStore = Store & Reader;

export type Variant = {
  readonly name: string;
  readonly store: (store: WholeStore) => WholeStore;
  readonly platform: (opened: Opened) => Opened;
  readonly database: (database: Database) => Database;
  /** SQL that takes something out of the schema. */
  readonly script: string | null;
};

const same = <T>(whole: T): T => whole;

export const WHOLE: Variant = { name: 'whole', store: same, platform: same, database: same, script: null };

export type Broken = {
  readonly variant: Variant;
  /** It must be caught by one of them. When the dice change, look for others with `npm run simulate`. */
  readonly seeds: readonly number[];
};

const broken = (name: string, seeds: readonly number[], parts: Partial<Omit<Variant, 'name'>>): Broken => ({
  variant: { ...WHOLE, ...parts, name },
  seeds,
});

/** Changes every row that is read, however it comes. */
const rows =
  (change: (row: Observation) => Observation) =>
  ({ platform, manifest }: Opened): Opened => {
    const { readBack, webhook } = platform;
    return {
      manifest,
      platform: {
        ...platform,
        read: (request) => pages(platform.read(request), change),
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

async function* pages(
  source: AsyncIterable<Page>,
  change: (row: Observation) => Observation,
): AsyncGenerator<Page> {
  for await (const page of source) {
    yield page.kind === 'rows' ? { ...page, rows: page.rows.map(change) } : page;
  }
}

export const BROKEN: readonly Broken[] = [
  broken('takes its own echo for news', [1], { platform: rows((row) => ({ ...row, mark: null })) }),
  broken('writes again without looking', [10, 24], {
    store: (store) => ({
      ...store,
      claimListings: async (connectionId, options) =>
        (await store.claimListings(connectionId, { ...options, writeAhead: false })).map((listing) => ({
          ...listing,
          unsure: false,
        })),
    }),
  }),
  broken('lets two workers write the same at once', [1], {
    store: (store) => ({
      ...store,
      claimListings: (connectionId, options) =>
        store.claimListings(connectionId, { ...options, hiddenUntil: options.now }),
    }),
  }),
  broken('moves its cursor past what it did not commit', [1], {
    platform: ({ platform, manifest }) => ({
      manifest,
      platform: {
        ...platform,
        read: async function* (request) {
          for await (const page of platform.read(request)) {
            if (page.kind === 'rows' && request.cursor !== null && page.rows.length > 0) continue;
            yield page;
          }
        },
      },
    }),
  }),
  broken('takes an incomplete reading for a complete one', [1], {
    platform: ({ platform, manifest }) => ({
      manifest,
      platform: {
        ...platform,
        read: async function* (request) {
          for await (const page of platform.read(request)) {
            yield page.kind === 'end' ? { ...page, complete: request.window } : page;
          }
        },
      },
    }),
  }),
  broken('believes a list that lags behind', [1], {
    platform: ({ platform, manifest }) => ({
      platform,
      manifest: { ...manifest, limits: { ...manifest.limits, stalenessMilliseconds: -60_000 } },
    }),
  }),
  broken('closes time in the name of the patient', [1], {
    platform: ({ platform, manifest }) => {
      const { block, book } = platform.operations;
      if (!block || !book) return { platform, manifest };
      const operations: Platform['operations'] = {
        ...platform.operations,
        block: (command) =>
          command.known ? block(command) : book({ ...command, slot: null, patient: PATIENT, hold: null }),
      };
      return { manifest, platform: { ...platform, operations } };
    },
  }),
  broken('claims time without a lock', [1], {
    script: 'alter table busy_period drop constraint never_twice',
    store: (store) => ({
      ...store,
      claimSlot: async ({ busy, listing, appointment, events }, at) => {
        await store.transaction((transaction) =>
          transaction.apply(
            {
              ...NO_CHANGES,
              busy: [{ ...busy, lane: 0 }],
              listings: listing ? [listing] : [],
              appointments: [appointment],
              events,
            },
            at,
          ),
        );
        return true;
      },
    }),
  }),
  broken('commits piece by piece', [1], {
    database: (database) => ({ ...database, transaction: (work) => work(database) }),
  }),
  broken('never looks for what it missed', [1], {
    store: (store) => ({ ...store, connectionsDue: async () => [], feeds: async () => [] }),
  }),
];
