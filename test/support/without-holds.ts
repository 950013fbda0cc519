import type { Adapter, Manifest, OperationName } from '../../src/adapter/contract.ts';

/** A platform that sells slots and cannot hold them: what we hold there is blocked in its place. */

const HOLDS: ReadonlySet<OperationName> = new Set(['hold', 'release']);

export const manifestWithoutHolds = (manifest: Manifest): Manifest => ({
  ...manifest,
  capabilities: {
    ...manifest.capabilities,
    operations: manifest.capabilities.operations.filter((name) => !HOLDS.has(name)),
  },
});

export const withoutHolds = (adapter: Adapter): Adapter => ({
  ...adapter,
  manifest: manifestWithoutHolds(adapter.manifest),
  connect: (options) => {
    const platform = adapter.connect(options);
    const { hold: _, release: __, ...operations } = platform.operations;
    return { ...platform, operations };
  },
});
