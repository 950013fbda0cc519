import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openApiFiles } from './openapi/files.ts';

/** `npm run openapi`: writes the description of the admin API anew, and its types for the console. */

const ROOT = join(import.meta.dirname, '..');

for (const [name, text] of await openApiFiles()) {
  mkdirSync(dirname(join(ROOT, name)), { recursive: true });
  writeFileSync(join(ROOT, name), text);
  process.stdout.write(`${name} written\n`);
}
