import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { z } from 'zod';
import { packageRoot } from '../../src/system/package-root.ts';

/** The list of what is shipped, against the lock file. */

const run = promisify(execFile);

const Component = z.object({
  name: z.string().min(1),
  version: z.string().min(1),
  purl: z.string().startsWith('pkg:npm/'),
  licenses: z
    .array(
      z.union([z.object({ license: z.object({ id: z.string() }) }), z.object({ expression: z.string() })]),
    )
    .min(1),
  hashes: z
    .array(z.object({ alg: z.literal('SHA-512'), content: z.string().regex(/^[0-9a-f]{128}$/) }))
    .min(1),
});

/** CycloneDX 1.5, as far as whoever reads it relies on it. */
const Bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.5'),
  serialNumber: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/),
  version: z.int().min(1),
  metadata: z.object({
    timestamp: z.iso.datetime(),
    component: z.object({
      type: z.literal('application'),
      name: z.string(),
      version: z.string(),
      purl: z.string(),
    }),
  }),
  components: z.array(Component),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

const Manifest = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});
const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ name: z.string().optional(), version: z.string().optional(), dev: z.boolean().optional() }),
  ),
});

const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(`${packageRoot}/${name}`, 'utf8'));

describe('npm run sbom', function () {
  this.timeout(60_000);
  let bom: z.output<typeof Bom>;
  let manifest: z.output<typeof Manifest>;
  const listed = () => bom.components.map(({ name, version }) => `${name}@${version}`);

  before(async () => {
    manifest = Manifest.parse(await read('package.json'));
    const folder = await mkdtemp(join(tmpdir(), 'passerelle-sbom-'));
    const file = join(folder, 'sbom.cdx.json');
    // Of the lock file alone: no registry is asked.
    const env = { ...process.env, npm_config_offline: 'true', npm_config_registry: 'http://127.0.0.1:9' };
    await run('npm', ['run', '--silent', 'sbom', '--', file], { cwd: packageRoot, env });
    bom = Bom.parse(JSON.parse(await readFile(file, 'utf8')));
    await rm(folder, { recursive: true });
  });

  it('lists what is shipped, each with its version, licence, address and checksum', async () => {
    const { packages } = Lock.parse(await read('package-lock.json'));
    const shipped = Object.entries(packages)
      .filter(([path, { dev }]) => path !== '' && dev !== true)
      .map(([path, { name, version }]) => `${name ?? path.replace(/^.*node_modules\//, '')}@${version}`);
    expect(shipped).to.have.length.above(50);
    expect(new Set(listed())).to.deep.equal(new Set(shipped));
    expect(listed()).to.have.length(new Set(listed()).size);
    expect(bom.metadata.component).to.include({ name: 'passerelle', version: manifest.version });
  });

  it('has every dependency of the program, and none that is only for its making', () => {
    const names = new Set(bom.components.map(({ name }) => name));
    expect(Object.keys(manifest.dependencies).filter((name) => !names.has(name))).to.deep.equal([]);
    // The types of Node are a dependency of what is shipped, too.
    const tools = Object.keys(manifest.devDependencies).filter((name) => name !== '@types/node');
    expect(tools.filter((name) => names.has(name))).to.deep.equal([]);
  });

  it('says what needs what, among those that it has', () => {
    const refs = new Set(bom.dependencies.map(({ ref }) => ref));
    expect(
      bom.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref)),
    ).to.deep.equal([]);
    const own = bom.dependencies.find(({ ref }) => ref.startsWith('passerelle@'));
    expect(own?.dependsOn).to.have.length(Object.keys(manifest.dependencies).length);
  });
});
