import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { Operations, Written } from '../../src/adapter/contract.ts';
import type { Directory } from '../../src/domain/directory.ts';
import type { Context } from '../../src/engine/context.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { Database } from '../../src/store/database.ts';
import { createStore } from '../../src/store/store.ts';
import { type ManualClock, manualClock } from '../adapter/manual-clock.ts';
import { at } from './clinic.ts';
import { engineContext } from './engine-context.ts';

/** The made-up clinic under given rules, on a real database and a clock that the test moves. */
export type RuledClinic = {
  readonly engine: Engine;
  readonly context: Context;
  readonly clock: ManualClock;
  /** What the platforms were asked to write, in order. */
  readonly asked: {
    readonly operation: keyof Operations;
    readonly calendar: string;
    readonly startMs: number;
  }[];
  /** Thrown by every call, in place of an answer. */
  fault: Error | null;
};

/** Starts 24 hours and 10 minutes before 09:00; nothing of another clinic is left in the database. */
export async function ruledClinic(database: Database, directory: Directory): Promise<RuledClinic> {
  await database.script(
    'delete from listing; delete from appointment; delete from slot; delete from busy_period; delete from connection',
  );
  const clock = manualClock(at(-24 * 60 - 10));
  const clinic = { asked: [] as RuledClinic['asked'], fault: null as Error | null };
  const write =
    (operation: keyof Operations) =>
    async (command: { calendar: string; mark: string; interval?: { start: number } }): Promise<Written> => {
      if (clinic.fault) throw clinic.fault;
      clinic.asked.push({ operation, calendar: command.calendar, startMs: command.interval?.start ?? 0 });
      return { outcome: 'done', externalId: `there-${command.mark}`, revision: null, sequence: null };
    };
  const { operations: names } = manifest.capabilities;
  const operations: Partial<Operations> = Object.fromEntries(names.map((name) => [name, write(name)]));
  const context = engineContext(database, {
    platform: { operations, readBack: async () => [] },
    manifest,
    clock,
    directory,
  });
  const engine = createEngine({ ...context, onError: () => undefined }, createStore(database));
  await context.store.applyDirectory(directory.entries, []);
  return Object.assign(clinic, { engine, context, clock });
}
