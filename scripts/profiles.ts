import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './profiles/files.ts';

/** `npm run profiles`: writes mappings/profiles/ and mappings/r4/ anew. */

const MAPPINGS = join(import.meta.dirname, '..', 'mappings');
const files = generatedFiles();

for (const folder of new Set([...files.keys()].map((name) => dirname(name)))) {
  mkdirSync(join(MAPPINGS, folder), { recursive: true });
  for (const name of readdirSync(join(MAPPINGS, folder))) {
    if (name.endsWith('.json') && !files.has(`${folder}/${name}`)) rmSync(join(MAPPINGS, folder, name));
  }
}
for (const [name, text] of files) writeFileSync(join(MAPPINGS, name), text);
process.stdout.write(`${files.size} files written below ${MAPPINGS}\n`);
