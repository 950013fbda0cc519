import { createAuditor } from '../../src/audit/auditor.ts';
import { chainKey } from '../../src/audit/chain.ts';
import { instant } from '../../src/domain/instant.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { createStore } from '../../src/store/store.ts';
import { auditEvent } from './audit-events.ts';

/** Records so many events at once in a process of its own: its arguments are the database, how many, and its name. */

const [url = '', count = '', name = ''] = process.argv.slice(2);
const store = createStore(openPostgres(url, { onError: () => undefined }));
const auditor = createAuditor({
  store,
  key: chainKey(Buffer.alloc(32, 7)),
  now: () => instant(Date.now()),
  onWritten: () => undefined,
  onError: () => undefined,
});
await Promise.all(
  Array.from({ length: Number(count) }, (_, index) =>
    auditor.record(auditEvent({ name, detail: { index: String(index) } })),
  ),
);
await store.close();
