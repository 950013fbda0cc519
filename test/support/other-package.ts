import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { addressOfBuilt } from './program.ts';

/** Packages of made-up authors in a folder outside of the repository, as an operator has them beside the configuration. */

const KIT = addressOfBuilt('src/adapter/index.ts');

export type OtherPackages = { readonly folder: string; readonly remove: () => Promise<void> };

/** @param files by their path, with their text. */
export async function makeFolder(files: Readonly<Record<string, string>>): Promise<OtherPackages> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-other-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export const packageJson = (name: string, more: object = {}): string =>
  JSON.stringify({ name, version: '1.2.3', type: 'module', exports: './index.js', ...more });

export type Parts = {
  readonly id?: string;
  /** Of the manifest's capabilities. */
  readonly capabilities?: object;
  readonly limits?: object;
  /** Code: the zod schema of its settings. */
  readonly settings?: string;
  /** Code before all else, run as the module is loaded. */
  readonly before?: string;
  /** Code of `connect`, before it returns. */
  readonly connect?: string;
  /** Code of the generator `read`, where `request` is. */
  readonly read?: string;
  /** Code of `block`, where `command` is. */
  readonly block?: string;
  /** Code of other members of the platform. */
  readonly more?: string;
};

/** The main module of an adapter that shows an empty agenda, but for the parts that a test makes wrong. */
export const adapterModule = (parts: Parts = {}): string => `
import { defineAdapter, Fault, z } from '${KIT}';
${parts.before ?? ''}
const never = () => new Promise(() => {});
const done = { outcome: 'done', externalId: 'made', revision: null, sequence: null };
export default defineAdapter({
  manifest: {
    id: '${parts.id ?? 'acme'}',
    title: { fr: 'Acme', en: 'Acme' },
    kind: 'private',
    contract: 'assumed',
    capabilities: ${JSON.stringify({
      agenda: 'there',
      pull: 'snapshot',
      feed: 'connection',
      webhook: 'none',
      idempotency: 'none',
      conditionalWrite: false,
      operations: ['block', 'unblock'],
      ...parts.capabilities,
    })},
    limits: ${JSON.stringify({
      requests: 1_000,
      windowMilliseconds: 1_000,
      concurrency: 4,
      timeoutMilliseconds: 100,
      stalenessMilliseconds: 0,
      ...parts.limits,
    })},
    settings: ${parts.settings ?? 'z.strictObject({})'},
    exemptions: {},
  },
  connect: (options) => {
    ${parts.connect ?? ''}
    return {
      read: async function* (request) {
        ${parts.read ?? ''}
        yield { kind: 'end', complete: request.window, cursor: null };
      },
      operations: {
        block: async (command) => {
          ${parts.block ?? ''}
          return done;
        },
        unblock: async () => done,
      },
      check: async () => undefined,
      close: async () => undefined,
      ${parts.more ?? ''}
    };
  },
});
`;
