import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run sbom`: what is shipped, as CycloneDX, from the lock file alone. `npm sbom --omit dev` leaves out whatever is a
 * dependency of a tool as well, such as most of express; so all is asked for, and what is only for the making is taken out here.
 */

type Component = {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly unknown[];
};
type Bom = {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};
type Locked = { readonly name?: string; readonly version: string; readonly dev?: boolean };
type Lock = { readonly name: string; readonly packages: Readonly<Record<string, Locked>> };

const FILE = 'sbom.cdx.json';
/** Of packages that say it in a file only, as their LICENSE has it; by their SPDX ids. */
const LICENSES: Readonly<Record<string, string>> = {
  'dejavu-fonts-ttf': 'Bitstream-Vera',
  'png-js': 'MIT',
};
const ROOT = join(import.meta.dirname, '..');
const OPTIONS = ['--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];

const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
const shipped = new Set(
  Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { name, version }]) => `${name ?? path.replace(/^.*node_modules\//, '')}@${version}`),
);

const options = {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
  shell: process.platform === 'win32',
} as const;
const whole = JSON.parse(execFileSync('npm', ['sbom', ...OPTIONS], options)) as Bom;
const { component } = whole.metadata;
const components = whole.components
  .filter(({ name, version }) => shipped.has(`${name}@${version}`))
  .map((each) => {
    const id = LICENSES[each.name];
    return each.licenses || id === undefined ? each : { ...each, licenses: [{ license: { id } }] };
  });
const kept = new Set([component, ...components].map((each) => each['bom-ref']));
const bom: Bom = {
  ...whole,
  // npm has the name of the folder there.
  metadata: { ...whole.metadata, component: { ...component, name: lock.name } },
  components,
  dependencies: whole.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) })),
};
const [file = FILE] = process.argv.slice(2);
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${file}: ${components.length} packages`);
