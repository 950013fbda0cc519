import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ConfigurationError } from '../../src/config/problems.ts';
import { readConfiguration } from '../../src/config/read-configuration.ts';
import { createLoader } from '../support/loader.ts';
import { allAdapters } from './adapters.ts';

const FOLDER = new URL('../../examples/', import.meta.url);

/** Stands for every secret: a text that is long enough for all of them. */
const SECRETS = new Proxy({}, { get: () => 'a-made-up-secret-of-32-characters' });

describe('example configurations', () => {
  it('are all accepted by the adapters as they are', async () => {
    const adapters = await allAdapters();
    const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.yaml'));
    expect(files).to.include.members(['clinic.yaml', 'radicale-home.yaml']);
    for (const name of files) {
      try {
        await readConfiguration(fileURLToPath(new URL(name, FOLDER)), adapters, SECRETS, createLoader());
      } catch (error) {
        expect.fail(error instanceof ConfigurationError ? error.format() : String(error));
      }
    }
  });
});
