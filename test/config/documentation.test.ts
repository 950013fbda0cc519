import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { configurationJsonSchema } from '../../src/config/json-schema.ts';
import { allAdapters } from './adapters.ts';

describe('docs/configuration.md', () => {
  it('names every key of the configuration, of every platform', async () => {
    const text = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const missing = [...keysOf(configurationJsonSchema(await allAdapters()))].filter(
      (key) => !new RegExp(`\`([\\w.]+\\.)?${key}[\`:.]`).test(text),
    );
    expect(missing).to.deep.equal([]);
  });
});

/** Every name under `properties`, however deep. */
function keysOf(node: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [keyword, inner] of Object.entries(value)) {
      if (keyword === 'properties') for (const key of Object.keys(inner)) found.add(key);
      visit(inner);
    }
  };
  visit(node);
  // Inside of a reference to the environment.
  found.delete('env');
  return found;
}
