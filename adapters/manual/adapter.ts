import { askingOperations } from '../../src/adapter/asking/operations.ts';
import { defineAdapter } from '../../src/adapter/contract.ts';
import { listReader } from './list.ts';
import { manifest } from './manifest.ts';

/**
 * A platform that no program can reach: a person is asked to write there, and brings what stands there as a list. To the
 * engine it is a platform like any other, with a slow connection.
 */
export default defineAdapter({
  manifest,
  connect: (options) => ({
    // It cannot be asked: only a list says anything of it.
    async *read() {
      yield { kind: 'end', complete: null, cursor: null, trueAt: null };
    },
    operations: askingOperations(options),
    readList: listReader(options),
    check: async () => undefined,
    close: async () => undefined,
  }),
});
