import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/system/package-root.ts';

/** What a browser fetches before it shows anything: the page, and what that and its scripts import at once. */

const FOLDER = join(packageRoot, 'dist', 'console');
const FIRST_LOAD_BYTES_MAX = 300_000;

const read = (path: string): string => readFileSync(join(FOLDER, path), 'utf8');

function importedBy(path: string, seen: Set<string>): void {
  if (seen.has(path)) return;
  seen.add(path);
  if (!path.endsWith('.js')) return;
  for (const [, name = ''] of read(path).matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g))
    importedBy(join(dirname(path), name), seen);
}

describe('the console', () => {
  it('is small at first load', () => {
    const fetched = new Set<string>();
    importedBy('index.html', fetched);
    const named = read('index.html').matchAll(/(?:src|href)="\/(assets\/[\w.-]+)"/g);
    for (const [, path = ''] of named) importedBy(path, fetched);
    expect([...fetched].some((path) => path.endsWith('.css'))).to.equal(true);
    const bytes = [...fetched].reduce((sum, path) => sum + statSync(join(FOLDER, `${path}.gz`)).size, 0);
    expect(bytes, `of ${[...fetched].join(', ')}`).to.be.within(50_000, FIRST_LOAD_BYTES_MAX);
  });
});
