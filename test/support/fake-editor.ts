import type { ConfigurationEditor } from '../../src/config/editing/editor.ts';

/** Of a file that says nothing, and that nobody may write. */
export const READ_ONLY: ConfigurationEditor = {
  state: async () => ({
    ...{ revision: '0'.repeat(64), running: '0'.repeat(64), writable: 'read-only', exists: true },
    ...{ document: {}, problems: [], failed: null, offered: [] },
  }),
  check: async () => [],
  write: async () => ({ outcome: 'read-only' }),
  trial: async () => ({ problems: [], connection: null }),
  schema: async () => ({}),
  announce: () => undefined,
};
