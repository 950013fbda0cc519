import { defineAdapter, type Operations, type Platform, type Written } from '../../src/adapter/contract.ts';
import { type Mark, subjectOf } from '../../src/adapter/observation.ts';
import { manifest } from './manifest.ts';

/**
 * The agenda of a clinic that has none elsewhere. Its slots are written through our own API and its bookings stand in our
 * own database, under the lock: there is nothing beside it that could say anything else, so there is nothing to read,
 * and whatever is asked of it is done. Asked twice, it is the same.
 */
export default defineAdapter({ manifest, connect: () => PLATFORM });

const done = (mark: Mark): Extract<Written, { outcome: 'done' }> => ({
  outcome: 'done',
  externalId: subjectOf(mark),
  revision: null,
  sequence: null,
});

const made = async ({ mark }: { readonly mark: Mark }): Promise<Written> => done(mark);
const removed = async (): Promise<Written> => ({
  outcome: 'done',
  externalId: null,
  revision: null,
  sequence: null,
});

const OPERATIONS: Partial<Operations> = {
  block: made,
  unblock: removed,
  hold: async ({ mark, expiresAt }) => ({ ...done(mark), expiresAt }),
  release: removed,
  book: made,
  cancel: removed,
  move: made,
};

const PLATFORM: Platform = {
  // It ended, and tells of nothing: so its slots are confirmed, and none is missing.
  async *read() {
    yield { kind: 'end', complete: null, cursor: null };
  },
  operations: OPERATIONS,
  readBack: async () => [],
  check: async () => undefined,
  close: async () => undefined,
};
