import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptReport, verifyAdapter } from '../src/cli/adapter-verify.ts';

/**
 * `npm run certify`: runs the suite on each adapter of this repository, or on those that are named, keeps the reports beside
 * them and writes the grades into README's table. Needs the servers of `npm run setup`.
 */

const README = 'README.md';
const ids = readdirSync('adapters').filter((id) => existsSync(join('adapters', id, 'conformance.ts')));
const named = process.argv.slice(2);
const unknown = named.filter((id) => !ids.includes(id));
if (unknown.length > 0) throw new Error(`no adapter with a conformance.ts: ${unknown.join(', ')}`);

const adapters = new Map(ids.map((id) => [id, null as never]));
let failed = 0;
for (const id of named.length > 0 ? named : ids) {
  const options = { only: undefined, json: undefined, html: undefined, record: undefined, keep: true };
  await verifyAdapter({ adapters, stdout: process.stdout }, id, options).catch((error: Error) => {
    failed += 1;
    console.error(`${id}: ${error.message}`);
  });
}

let readme = await readFile(README, 'utf8');
for (const id of ids) {
  const grade = (await keptReport(join('adapters', id)))?.grade ?? 'none';
  readme = readme.replace(new RegExp(`^(\\| \\[\`${id}\`\\].*\\| )[^|]*( \\|)$`, 'm'), `$1${grade}$2`);
}
await writeFile(README, readme);
process.exitCode = failed === 0 ? 0 : 1;
