import { manifest as rvsq } from '../../adapters/rvsq/manifest.ts';
import type { Manifest, Operations, ReadRequest, Written } from '../../src/adapter/contract.ts';
import type { ObservedBusy, Page } from '../../src/adapter/observation.ts';
import { createPace, type PaceLimits } from '../../src/adapter/pace.ts';
import type { Directory } from '../../src/domain/directory.ts';
import type { Context } from '../../src/engine/context.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { feedsOf } from '../../src/engine/feeds.ts';
import type { Database } from '../../src/store/database.ts';
import { createStore } from '../../src/store/store.ts';
import { type ManualClock, manualClock } from '../adapter/manual-clock.ts';
import { at } from './clinic.ts';
import { engineContext } from './engine-context.ts';

type Asked = {
  readonly operation: keyof Operations;
  readonly calendar: string;
  readonly startMs: number;
  readonly atMs: number;
};

/** The made-up clinic under given rules, on a real database and a clock that the test moves. */
export type RuledClinic = {
  readonly engine: Engine;
  readonly context: Context;
  readonly clock: ManualClock;
  /** What the platforms were asked to write, in order. */
  readonly asked: Asked[];
  /** The connections whose work was woken. */
  readonly woken: string[];
  /** What the platforms have sold by themselves; who reads them is shown it. */
  readonly sold: ObservedBusy[];
  /** Thrown by every call, in place of an answer. */
  fault: Error | null;
  /** What a platform answers, in place of that it is done. */
  answer: Answer | null;
};

type Answer = (operation: keyof Operations, command: { readonly patient?: unknown }) => Promise<Written>;

/** How the platforms are called: the limits as an adapter keeps them, and how long an answer takes. */
export type Traffic = PaceLimits & { readonly latencyMilliseconds: number };

export const AT_ONCE: Traffic = {
  requests: 100_000,
  windowMilliseconds: 1,
  concurrency: 64,
  latencyMilliseconds: 0,
};

/** Starts 24 hours and 10 minutes before 09:00; nothing of another clinic is left in the database. */
export async function ruledClinic(
  database: Database,
  directory: Directory,
  traffic: Traffic = AT_ONCE,
  manifest: Manifest = rvsq,
): Promise<RuledClinic> {
  await database.script(
    'delete from listing; delete from appointment; delete from slot; delete from busy_period; delete from connection; delete from allotment; delete from offering',
  );
  const clock = manualClock(at(-24 * 60 - 10));
  const pace = createPace(traffic, clock);
  const clinic = {
    asked: [] as Asked[],
    woken: [] as string[],
    sold: [] as ObservedBusy[],
    fault: null as Error | null,
    answer: null as Answer | null,
  };
  const isTold = manifest.capabilities.pull === 'none';
  const write =
    (operation: keyof Operations) =>
    (command: {
      calendar: string;
      mark: string;
      interval?: { start: number };
      patient?: unknown;
    }): Promise<Written> =>
      pace(async () => {
        if (clinic.fault) throw clinic.fault;
        const { calendar, mark, interval } = command;
        clinic.asked.push({ operation, calendar, startMs: interval?.start ?? 0, atMs: clock.now() });
        if (clinic.answer) return clinic.answer(operation, command);
        if (traffic.latencyMilliseconds > 0) await clock.sleep(traffic.latencyMilliseconds);
        return { outcome: 'done', externalId: `there-${mark}`, revision: null, sequence: null };
      });
  async function* read({ calendars, cursor }: ReadRequest): AsyncIterable<Page> {
    if (isTold) return yield { kind: 'end', complete: null, cursor: null, trueAt: null };
    const rows = clinic.sold.filter(({ calendar }) => calendars.includes(calendar));
    yield { kind: 'rows', rows, removed: [], rejected: [] };
    yield { kind: 'end', complete: null, cursor };
  }
  const { operations: names } = manifest.capabilities;
  const operations: Partial<Operations> = Object.fromEntries(names.map((name) => [name, write(name)]));
  const context = engineContext(database, {
    platform: { operations, read, ...(isTold ? {} : { readBack: async () => [] }) },
    manifest,
    clock,
    directory,
    queue: {
      wake: ({ connectionId }) => void clinic.woken.push(connectionId),
      start: async () => undefined,
      stop: async () => undefined,
    },
  });
  const engine = createEngine({ ...context, onError: () => undefined }, createStore(database));
  const feeds = directory.entries.connections.flatMap(({ id }) => feedsOf(context, id));
  await context.store.applyDirectory(directory.entries, feeds);
  return Object.assign(clinic, { engine, context, clock });
}
