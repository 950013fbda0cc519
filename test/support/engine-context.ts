import { documents } from '../../mappings/fhir/documents.ts';
import type { Manifest, Platform } from '../../src/adapter/contract.ts';
import type { Directory } from '../../src/domain/directory.ts';
import type { Clock } from '../../src/domain/environment.ts';
import type { Context } from '../../src/engine/context.ts';
import type { Queue } from '../../src/engine/ports/queue.ts';
import type { Database } from '../../src/store/database.ts';
import { createStore } from '../../src/store/store.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { directory as madeUp } from './clinic.ts';
import { fakeSeal } from './fake-ring.ts';

export type EngineContextOptions = {
  readonly platform: Partial<Platform>;
  readonly manifest: Manifest;
  readonly clock: Clock;
  /** In place of the made-up clinic's. */
  readonly directory?: Directory;
  /** Of the platform's code tables. */
  readonly mappingContent?: string;
  /** Without one nothing runs but what the test runs. */
  readonly queue?: Queue;
  readonly keepsPatients?: boolean;
};

const NO_QUEUE: Queue = { wake: () => undefined, start: async () => undefined, stop: async () => undefined };

/** The engine's world around the made-up clinic: a real store, the test's clock, and one platform for every connection. */
export function engineContext(
  database: Database,
  {
    platform,
    manifest,
    clock,
    directory = madeUp,
    mappingContent = '',
    queue = NO_QUEUE,
    keepsPatients = false,
  }: EngineContextOptions,
): Context {
  const whole: Platform = {
    read: () => {
      throw new Error('nobody reads in this test');
    },
    operations: {},
    check: async () => undefined,
    close: async () => undefined,
    ...platform,
  };
  return {
    directory,
    store: createStore(database),
    queue,
    platforms: { get: () => ({ platform: whole, manifest, mappingContent }) },
    documents: documents(directory),
    seal: fakeSeal(),
    keepsPatients,
    escalation: null,
    environment: { ...systemEnvironment, clock },
    onEvent: () => undefined,
    onError: (where, error) => {
      throw new Error(where, { cause: error });
    },
  };
}
