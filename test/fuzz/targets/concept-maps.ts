import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import rvsq from '../../../adapters/rvsq/adapter.ts';
import { SIMULATOR_KEY } from '../../../adapters/rvsq/simulator/platform.ts';
import { checkTable } from '../../../src/fhir/definitions.ts';
import { createFront } from '../../../src/fhir/front.ts';
import { connectPlatform } from '../../../src/platforms.ts';
import { codeTables } from '../../../src/system/mappings.ts';
import { OperatorError } from '../../../src/system/operator-error.ts';
import { packageRoot } from '../../../src/system/package-root.ts';
import { directory } from '../../support/clinic.ts';
import { fakePorts } from '../../support/fake-ports.ts';
import { outcomeOf, type Target } from '../harness/target.ts';
import { spoiltJson } from '../inputs/json.ts';
import { ours } from './samples.ts';

const MAPPINGS = join(packageRoot, 'mappings', 'rvsq');
const NAMES = readdirSync(MAPPINGS).sort();
const WORDS = {
  keys: [
    'group',
    'element',
    'target',
    'code',
    'equivalence',
    'source',
    'url',
    'sourceUri',
    'product',
    'dependsOn',
    'status',
  ],
  values: ['equivalent', 'unmatched', 'urgent', 'rvsq-reason'],
};

type Edited = { readonly name: string; readonly text: string };

/** The tables of codes in mappings/<platform>/, one of them edited by an operator: read, used and served as by the gateway. */
export const conceptMaps: Target<Edited> = {
  name: 'concept-maps',
  open: async () => {
    const root = mkdtempSync(join(tmpdir(), 'passerelle-fuzz-maps-'));
    const folder = join(root, 'rvsq');
    mkdirSync(folder);
    for (const name of NAMES) copyFileSync(join(MAPPINGS, name), join(folder, name));
    const ports = fakePorts();
    const connection = {
      id: 'rvsq',
      adapter: rvsq,
      settings: { baseUrl: 'https://rvsq.example', apiKey: SIMULATOR_KEY },
      allowedTargets: [],
    };
    const samples = ours('mappings/rvsq', '.json').map((text): unknown => JSON.parse(text));
    const inputs = fc.oneof(
      ...NAMES.map((name, index) =>
        fc.record({ name: fc.constant(name), text: spoiltJson([samples[index]], WORDS) }),
      ),
    );
    return {
      inputs,
      run: ({ name, text }) =>
        outcomeOf(async () => {
          writeFileSync(join(folder, name), text);
          try {
            const tables = codeTables('rvsq', { root, check: checkTable });
            await connectPlatform(connection, directory, null, tables).close();
            createFront({ ...ports, definitions: { ...ports.definitions, conceptMaps: tables } });
          } finally {
            copyFileSync(join(MAPPINGS, name), join(folder, name));
          }
        }, [OperatorError]),
      close: async () => rmSync(root, { recursive: true, force: true }),
    };
  },
};
