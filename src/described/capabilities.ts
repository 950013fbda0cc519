import type { Capabilities } from '../adapter/contract.ts';
import type { Description } from './description.ts';
import { OPERATIONS } from './uses.ts';

/** What a platform can do follows from what its description says of it. */
export const capabilitiesOf = ({ read, lookup, write, webhook }: Description): Capabilities => ({
  agenda: 'there',
  pull: read.changes ? 'delta' : 'snapshot',
  feed: read.per,
  webhook: webhook === undefined ? 'none' : webhook.payload ? 'payload' : 'hint',
  idempotency: lookup === undefined ? 'none' : write?.key ? 'key' : 'lookup',
  conditionalWrite: write?.condition !== undefined,
  operations: OPERATIONS.filter((name) => write?.[name] !== undefined),
});
