import { documents } from '../mappings/fhir/documents.ts';
import type { Platform } from '../src/adapter/contract.ts';
import { Directory } from '../src/domain/directory.ts';
import { createEngine, type Engine } from '../src/engine/engine.ts';
import { createInProcessQueue } from '../src/queue/in-process.ts';
import type { Database } from '../src/store/database.ts';
import { createStore } from '../src/store/store.ts';
import { systemEnvironment } from '../src/system/environment.ts';
import { fakeSeal } from '../test/support/fake-ring.ts';
import { type ClinicSize, directoryOf } from './clinic.ts';
import { manifest } from './home/manifest.ts';

/** The engine on a database, without HTTP: it reads when it is asked to, and only then. */
export async function openEngine(
  size: ClinicSize,
  database: Database,
  read: Platform['read'],
): Promise<Engine> {
  const store = createStore(database);
  const directory = new Directory(directoryOf(size));
  const platform: Platform = {
    read,
    operations: {},
    check: async () => undefined,
    close: async () => undefined,
  };
  const engine = createEngine(
    {
      directory,
      store,
      queue: createInProcessQueue(systemEnvironment.clock),
      platforms: { get: () => ({ platform, manifest, mappingContent: '' }) },
      documents: documents(directory),
      seal: fakeSeal(),
      keepsPatients: false,
      escalation: null,
      environment: systemEnvironment,
      onEvent: () => undefined,
      onError: (where, error) => console.error(where, error),
    },
    store,
  );
  await engine.start({ works: false });
  return engine;
}
