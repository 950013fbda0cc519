import { instant } from '../../src/domain/instant.ts';
import type { Keys } from '../../src/engine/ports/keys.ts';

/** A test double of the keys: one of each kind, and a rotation that is done at once. The real ones are tested elsewhere. */

const since = instant(Date.UTC(2026, 10, 1));
const key = { wrappedBy: '0011223344556677', createdAt: since, activeAt: since, state: 'current' as const };

export const fakeKeys: Keys = {
  list: async () => [
    { ...key, id: 1, kind: 'data', values: 12 },
    { ...key, id: 2, kind: 'hash', values: 3 },
  ],
  async rotate(progress) {
    progress({ sealed: 0, hashed: 0, left: 0 });
    return { sealed: 12, hashed: 3, left: 0 };
  },
};
