import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect } from 'chai';

/** The two leaves of src/system that others may know. */
const PACKAGE_ROOT = 'src/system/package-root.ts';
const OPERATOR_ERROR = 'src/system/operator-error.ts';

/**
 * Who may import whom, and a few promises about the text of every file. A file belongs to the layer with the longest
 * name that its path begins with. `type:` before a layer allows imports of its types only.
 */
const LAYERS: Record<string, readonly string[]> = {
  'src/domain': [],
  'src/adapter': ['src/domain'],
  // What it reads is configuration: its errors are told as those of the configuration are.
  'src/described': ['src/domain', 'src/adapter', 'src/config'],
  'src/conformance': ['src/domain', 'src/adapter', 'src/described', PACKAGE_ROOT],
  'src/isolation': [
    'src/domain',
    'src/adapter',
    'src/described',
    'src/system/environment.ts',
    'type:src/config',
  ],
  'src/engine/ports': ['src/domain', 'type:src/adapter'],
  'src/engine': ['src/domain', 'src/adapter', 'src/engine/ports'],
  'src/system': ['src/domain', 'src/adapter', 'type:src/engine/ports'],
  'src/store': ['src/domain', PACKAGE_ROOT, OPERATOR_ERROR, 'type:src/adapter', 'type:src/engine/ports'],
  'src/queue': ['src/domain', 'src/engine/ports', 'type:src/adapter'],
  'src/config': ['src/domain', 'src/adapter/zone.ts', PACKAGE_ROOT, 'type:src/adapter'],
  'mappings/fhir': ['src/domain', 'type:src/adapter', 'type:src/engine/ports'],
  'src/subscriptions': [
    'src/domain',
    'src/adapter/agents.ts',
    'src/adapter/http.ts',
    'src/adapter/targets.ts',
    'type:src/engine/ports',
  ],
  'src/mail': ['src/adapter/faults.ts', 'src/adapter/targets.ts', 'type:src/engine/ports'],
  'src/access': ['src/domain', 'type:src/engine/ports'],
  'src/tenancy': ['src/domain', 'type:src/engine/ports'],
  'src/audit': ['src/domain', 'type:src/engine/ports'],
  'src/contingency': ['src/domain', 'src/adapter/zone.ts', 'type:src/adapter', 'type:src/engine/ports'],
  'src/fhir': ['src/domain', 'mappings/fhir', 'type:src/adapter', 'type:src/engine/ports'],
  'src/authority': ['src/domain', 'src/fhir', 'mappings/fhir', 'type:src/engine/ports'],
  'src/server': [
    'src/domain',
    'src/fhir',
    'src/authority',
    'src/access',
    'src/audit',
    'src/config',
    'src/contingency',
    // Which cases prove what: pure, and loads nothing of the suite.
    'src/conformance/proofs.ts',
    PACKAGE_ROOT,
    OPERATOR_ERROR,
    'type:src/adapter',
    'type:src/engine/ports',
  ],
  'src/cli': [
    'src/domain',
    'src/adapter',
    'src/conformance',
    'src/described',
    PACKAGE_ROOT,
    'src/config',
    'src/contingency',
    'src/server',
    'src/fhir',
    OPERATOR_ERROR,
    'type:src/engine/ports',
  ],
  // The composition root: nobody imports these files but they each other.
  'src/platforms.ts': ['src'],
  'src/views.ts': ['src'],
  'src/listening.ts': ['src'],
  'src/contingency-keeping.ts': ['src'],
  'src/redis.ts': ['src'],
  'src/gateway.ts': ['src', 'mappings/fhir'],
  'src/main.ts': ['src', 'mappings/fhir', 'adapters'],
};

/** An adapter knows the contract and the domain; of other platforms, the engine and the store it knows nothing. */
const ADAPTER: readonly string[] = ['src/domain', 'src/adapter'];

/** What an adapter is tried on, beside it. */
const BENCH = /^adapters\/[^/]+\/(conformance\.ts$|bench\/)/;

/** A simulator is a program of its own; so is what the suite puts in the way, or starts. */
const SIMULATOR = '^(adapters/[^/]+|src/adapter)/simulator/|^src/conformance/|^adapters/[^/]+/bench/';

/**
 * The domain depends on nothing at all, and what FHIR is only its two layers know. Who calls others looks at each address
 * as it connects and bounds what it is answered: there is one way to do that.
 */
const PACKAGES = [
  { name: /^/, onlyIn: /^(?!src\/domain\/)/, because: 'src/domain imports no package' },
  {
    name: /^fhir\//,
    onlyIn: /^(src|mappings)\/fhir\//,
    because: 'only src/fhir and mappings/fhir know FHIR',
  },
  {
    name: /^(axios|undici|got|node-fetch|ws|(node:)?(https|http2|tls|dgram))$/,
    onlyIn: new RegExp(`${SIMULATOR}|^src/adapter/|^src/subscriptions/send.ts$`),
    because: 'others are called by createHttp of src/adapter/http.ts',
  },
  {
    name: /^fhir-kit-client$/,
    onlyIn: /^adapters\/fhir-r4\/(interactions|client).ts$/,
    because: 'by itself it calls the global fetch',
  },
  {
    name: /^(node:)?(http|net)$/,
    onlyIn: new RegExp(`${SIMULATOR}|^(?!adapters/)`),
    because: 'an adapter calls by createHttp of src/adapter/http.ts, and listens nowhere',
  },
];

const LINES_MAX = 400;
/** Programs that speak to a person. A simulator is one of its own, with its main in adapters/<platform>/simulator. */
const MAY_PRINT = /^src\/(cli\/|main\.ts$|adapter\/simulator\/)|^adapters\/[^/]+\/simulator\/main\.ts$/;
/** Commands that speak with a gateway of one's own or the simulators beside it, and keys, by jose and where the file says. */
const MAY_FETCH = new RegExp(`${SIMULATOR}|^src/cli/(gateway-request|banner).ts$|^src/access/key-sets.ts$`);
/** The demonstration has to name the platforms that it shows; everybody else asks for a capability. */
const MAY_NAME_PLATFORMS = /^src\/(cli\/demonstration|main\.ts$)/;

/** Of the Fetch Standard, whose word for it is a platform's id as well. */
const OF_FETCH = /^\s*redirect: 'manual',$/;

type File = { readonly path: string; readonly text: string };
type Import = { readonly to: string; readonly isType: boolean };

const IMPORT =
  /^\s*(?:import|export)\s+(?<type>type\s+)?[\w*{][^'";]*?\bfrom\s*['"](?<from>[^'"]+)['"]|^\s*import\s*['"](?<bare>[^'"]+)['"]|\bimport\(\s*['"](?<dynamic>[^'"]+)['"]/gm;

/** Relative ones as paths from the root; of an inline `type` in braces the module is loaded all the same. */
function importsOf({ path, text }: File): Import[] {
  return [...text.matchAll(IMPORT)].map(({ groups = {} }) => {
    const specifier = groups['from'] ?? groups['bare'] ?? groups['dynamic'] ?? '';
    const to = specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier;
    return { to, isType: groups['type'] !== undefined };
  });
}

const isFile = (to: string): boolean => /^(src|adapters|mappings|test|bench)\//.test(to);

const isWithin = (path: string, layer: string): boolean => path === layer || path.startsWith(`${layer}/`);

function layerOf(path: string): { readonly name: string; readonly allowed: readonly string[] } | null {
  const [root, platform] = path.split('/');
  if (root === 'adapters') {
    const allowed = BENCH.test(path) ? [...ADAPTER, 'src/conformance'] : ADAPTER;
    return { name: `adapters/${platform}`, allowed };
  }
  const name = Object.keys(LAYERS)
    .filter((layer) => isWithin(path, layer))
    .sort((a, b) => b.length - a.length)[0];
  return name === undefined ? null : { name, allowed: LAYERS[name] ?? [] };
}

function importFaults(file: File): string[] {
  const layer = layerOf(file.path);
  if (!layer) return [`${file.path} is in no layer: add it to the table, or move it`];
  return importsOf(file).flatMap(({ to, isType }) => {
    if (!isFile(to)) {
      const broken = PACKAGES.find((rule) => rule.name.test(to) && !rule.onlyIn.test(file.path));
      return broken ? [`${file.path} imports ${to}: ${broken.because}`] : [];
    }
    const target = layerOf(to)?.name;
    if (target === layer.name) return [];
    if (to === 'src/main.ts') return [`${file.path} imports ${to}: nothing imports the program itself`];
    const asType = layer.allowed.filter((entry) => entry.startsWith('type:')).map((entry) => entry.slice(5));
    const asValue = layer.allowed.filter((entry) => !entry.startsWith('type:'));
    if ([...asValue, ...(isType ? asType : [])].some((entry) => reaches(to, entry))) return [];
    const only = asType.some((entry) => reaches(to, entry)) ? ' (types only)' : '';
    return [
      `${file.path} imports ${to}: ${layer.name} may import ${layer.allowed.join(', ') || 'nothing'}${only}`,
    ];
  });
}

/** What lies in a layer inside of the named one has its own entry: src/engine does not open src/engine/ports. */
const reaches = (to: string, entry: string): boolean =>
  isWithin(to, entry) &&
  (entry === 'src' || entry === 'adapters' || entry === to || layerOf(to)?.name === entry);

/** Each cycle among files once, by the imports that run; types are gone by then. */
function cycles(files: readonly File[]): string[] {
  const graph = new Map(
    files.map((file) => [file.path, importsOf(file).flatMap(({ to, isType }) => (isType ? [] : [to]))]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const from = trail.indexOf(path);
    if (from >= 0) found.push([...trail.slice(from), path].join(' → '));
    if (from >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found.map((cycle) => `import cycle: ${cycle}`);
}

function textFaults({ path, text }: File, platforms: readonly string[]): string[] {
  const faults: string[] = [];
  const lines = text.split('\n');
  if (lines.length - 1 > LINES_MAX && /^(src|adapters)\//.test(path)) {
    faults.push(`${path} has ${lines.length - 1} lines: ${LINES_MAX} at the most`);
  }
  const named = new RegExp(`['"\`](${platforms.join('|')})['"\`]`);
  for (const [index, line] of lines.entries()) {
    const where = `${path}:${index + 1}`;
    if (/\bconsole\.\w+\(/.test(line) && !MAY_PRINT.test(path))
      faults.push(`${where} prints: use the logger`);
    if (/(?<![.\w])(globalThis\.)?fetch\(/.test(line) && !MAY_FETCH.test(path))
      faults.push(`${where} fetches: others are called by createHttp of src/adapter/http.ts`);
    if (!path.startsWith('src/')) continue;
    if (/\bplatform\s*[!=]==?\s*['"`]/.test(line))
      faults.push(`${where} asks for a platform: add a capability`);
    if (named.test(line) && !OF_FETCH.test(line) && !MAY_NAME_PLATFORMS.test(path))
      faults.push(`${where} names a platform`);
  }
  return faults;
}

const check = (files: readonly File[], platforms: readonly string[]): string[] => [
  ...files.flatMap(importFaults),
  ...cycles(files),
  ...files.flatMap((file) => textFaults(file, platforms)),
];

const ROOT = join(import.meta.dirname, '..');

const filesOf = (folder: string): File[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

const platforms = readdirSync(join(ROOT, 'adapters'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
  .map((entry) => entry.name);

describe('the architecture', () => {
  const files = ['src', 'adapters', 'mappings'].flatMap(filesOf);

  it('is looked at in every folder, and its imports are found', () => {
    for (const folder of ['src/domain', 'src/engine', 'src/store', 'adapters', 'mappings/fhir']) {
      expect(files.filter(({ path }) => isWithin(path, folder))).to.not.have.length(0);
    }
    expect(platforms).to.include.members(['bonjour-sante', 'rvsq', 'caldav']);
    // As many as there are lines that end an import, counted in another way.
    for (const file of files) {
      const ends = file.text.match(/^(import|export|\}) ?.*from '[^']+';$|^import '[^']+';$/gm) ?? [];
      expect(importsOf(file).length, file.path).to.be.at.least(ends.length);
    }
  });

  it('lets the console know nothing but what it asks by HTTP', () => {
    const own = filesOf('console/src');
    expect(own).to.not.have.length(0);
    const strangers = own.flatMap((file) =>
      importsOf(file)
        .filter(({ to }) => isFile(to) || to.startsWith('node:'))
        .map(({ to }) => `${file.path} imports ${to}`),
    );
    expect(strangers).to.deep.equal([]);
  });
  it('lets each layer import what it may', () => expect(files.flatMap(importFaults)).to.deep.equal([]));
  it('has no cycle of imports', () => expect(cycles(files)).to.deep.equal([]));
  it('keeps files short, platforms unnamed and the logs in one place', () => {
    expect(files.flatMap((file) => textFaults(file, platforms))).to.deep.equal([]);
  });
});

describe('the check of the architecture bites', () => {
  const faults = (...made: (readonly [path: string, text: string])[]): string[] =>
    check(
      made.map(([path, text]) => ({ path, text })),
      ['rvsq', 'caldav'],
    );

  const refused: readonly (readonly [path: string, text: string, fault: RegExp])[] = [
    ['src/domain/a.ts', "import { x } from '../adapter/zone.ts';", /src\/domain may import nothing/],
    ['src/domain/a.ts', "import type { X } from '../engine/merge.ts';", /src\/domain may import nothing/],
    ['src/domain/a.ts', "import { createHash } from 'node:crypto';", /imports no package/],
    ['src/adapter/a.ts', "import { x } from '../engine/merge.ts';", /src\/adapter may import src\/domain/],
    ['src/engine/a.ts', "import { x } from '../store/store.ts';", /src\/engine may import/],
    ['src/engine/ports/a.ts', "import type { X } from '../merge.ts';", /src\/engine\/ports may import/],
    ['src/store/a.ts', "import {\n  x,\n  y,\n} from '../engine/ports/queue.ts';", /types only/],
    ['src/store/a.ts', "import type { X } from '../engine/merge.ts';", /src\/store may import/],
    ['src/store/a.ts', "import { type X } from '../engine/ports/store.ts';", /types only/],
    ['src/store/a.ts', "import { createSeal } from '../system/seal.ts';", /src\/store may import/],
    ['src/fhir/a.ts', "export { x } from '../engine/book.ts';", /src\/fhir may import/],
    ['src/authority/a.ts', "import { x } from '../store/store.ts';", /src\/authority may import/],
    ['src/server/a.ts', "const x = await import('../store/store.ts');", /src\/server may import/],
    ['src/cli/a.ts', "import '../gateway.ts';", /src\/cli may import/],
    ['src/gateway.ts', "import { start } from './main.ts';", /nothing imports the program itself/],
    ['src/gateway.ts', "import { rvsq } from '../adapters/rvsq/adapter.ts';", /src\/gateway.ts may import/],
    ['adapters/rvsq/a.ts', "import { x } from '../caldav/wire.ts';", /adapters\/rvsq may import/],
    [
      'adapters/rvsq/a.ts',
      "import type { X } from '../../src/engine/ports/store.ts';",
      /adapters\/rvsq may import/,
    ],
    ['mappings/fhir/a.ts', "import { x } from '../../src/engine/ports/queue.ts';", /types only/],
    ['src/engine/a.ts', "import type { Slot } from 'fhir/r4';", /know FHIR/],
    ['adapters/rvsq/a.ts', "import axios from 'axios';", /called by createHttp/],
    ['adapters/rvsq/a.ts', "import { request } from 'node:http';", /calls by createHttp/],
    ['adapters/rvsq/a.ts', "import { connect } from 'node:tls';", /called by createHttp/],
    ['adapters/rvsq/a.ts', "import { Client } from 'fhir-kit-client';", /global fetch/],
    ['adapters/rvsq/a.ts', 'const text = await fetch(url);', /fetches/],
    ['src/engine/a.ts', "import { Agent } from 'node:https';", /called by createHttp/],
    ['src/fhir/a.ts', 'const text = await globalThis.fetch(url);', /fetches/],
    ['src/misc/a.ts', '', /in no layer/],
    ['src/engine/a.ts', "if (platform === 'acuity') return;", /add a capability/],
    ['src/engine/a.ts', "if (manifest.id === 'rvsq') return;", /src\/engine\/a.ts:1 names a platform/],
    ['src/server/a.ts', '\n\nconst shown = `caldav`;', /src\/server\/a.ts:3 names a platform/],
    ['src/engine/a.ts', "console.error('lost');", /prints/],
    ['adapters/rvsq/client.ts', "console.log('read');", /prints/],
    ['adapters/rvsq/big.ts', 'x();\n'.repeat(LINES_MAX + 1), /has 401 lines/],
  ];
  for (const [path, text, fault] of refused) {
    it(`on ${path}: ${text.slice(0, 70).replaceAll('\n', ' ') || 'a folder that nobody planned'}`, () => {
      const found = faults([path, text]);
      expect(found).to.have.length(1);
      expect(found[0]).to.match(fault).and.include(path);
    });
  }

  it('on a cycle, told once with the way round, and not on one of types', () => {
    const ring = (word: string): [string, string][] => [
      ['src/engine/a.ts', "import { b } from './b.ts';"],
      ['src/engine/b.ts', "import { c } from './c.ts';"],
      ['src/engine/c.ts', `import ${word}{ a } from './a.ts';`],
    ];
    expect(faults(...ring(''))).to.deep.equal([
      'import cycle: src/engine/a.ts → src/engine/b.ts → src/engine/c.ts → src/engine/a.ts',
    ]);
    expect(faults(...ring('type '))).to.deep.equal([]);
    expect(faults(['src/engine/a.ts', "import { a } from './a.ts';"])).to.have.length(1);
  });

  it('and leaves alone what is allowed', () => {
    const allowed: [string, string][] = [
      ['src/domain/a.ts', "import type { X } from './b.ts';"],
      ['src/adapter/a.ts', "import { z } from 'zod';\nimport { x } from '../domain/slot.ts';"],
      ['src/engine/deep/a.ts', "import { workKey } from '../ports/queue.ts';"],
      [
        'src/store/a.ts',
        "import type {\n  X,\n} from '../engine/ports/store.ts';\nimport '../system/package-root.ts';",
      ],
      ['adapters/rvsq/simulator/main.ts', "import { x } from '../wire.ts';\nconsole.log(x);"],
      ['adapters/rvsq/simulator/a.ts', "import { createServer } from 'node:http';\nawait fetch(url);"],
      ['src/adapter/http.ts', "import axios from 'axios';\nconst to = { fetch: (url) => ours.fetch(url) };"],
      ['src/server/a.ts', "import { createServer } from 'node:http';"],
      ['src/cli/demonstration-clinic.ts', "const id = 'rvsq';\nconsole.log(id);"],
      [
        'src/main.ts',
        "import { rvsq } from '../adapters/rvsq/adapter.ts';\nimport { x } from './store/store.ts';",
      ],
      ['src/engine/b.ts', '// Of caldav nothing is known here, nor of import cycles.\nconst from = 1;'],
      ['adapters/rvsq/b.ts', 'x();\n'.repeat(LINES_MAX)],
    ];
    expect(faults(...allowed)).to.deep.equal([]);
  });
});
