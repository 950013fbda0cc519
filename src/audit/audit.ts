import type { Clock } from '../domain/environment.ts';
import { MINUTE } from '../domain/instant.ts';
import type {
  AuditAgent,
  AuditEvent,
  AuditLink,
  Auditor,
  AuditReader,
  AuditStore,
  AuditType,
} from '../engine/ports/audit.ts';
import { createAuditor } from './auditor.ts';
import { chainKey } from './chain.ts';
import { type Verification, verify } from './verify.ts';

/** The audit log of one process, from its start to its end. */

export type Audit = {
  readonly auditor: Auditor;
  readonly verify: (anchors: readonly AuditLink[], onPage: () => void) => Promise<Verification>;
  /** Records what the gateway does by itself: a change of keys, a backup. */
  readonly happened: (type: AuditType, detail: Readonly<Record<string, string>>) => Promise<void>;
  /** Records that this is the end, and notes the last anchor. */
  readonly close: () => Promise<void>;
};

export type AuditDependencies = {
  readonly store: AuditStore & AuditReader;
  /** That all processes share, and those that they shared before; 32 bytes each, the present one first. */
  readonly keys: readonly [Uint8Array, ...Uint8Array[]];
  readonly clock: Clock;
  /** What is running: words, and the hash of the configuration. */
  readonly running: { readonly role: string; readonly configuration: string };
  /** Where the end of the chain is noted, outside of the database: who cuts off what is behind it is found out. */
  readonly onAnchor: (anchor: AuditLink) => void;
  readonly onWritten: (end: AuditLink) => void;
  /** Told of what could not be recorded; null = of the end of the chain, which could not be read. */
  readonly onError: (event: AuditEvent | null, error: unknown) => void;
};

const ANCHOR_MILLISECONDS = 5 * MINUTE;

/** Records the start; rejects where it cannot. */
export async function openAudit(dependencies: AuditDependencies): Promise<Audit> {
  const { store, keys, clock, running, onAnchor, onWritten, onError } = dependencies;
  const [key, ...former] = [chainKey(keys[0]), ...keys.slice(1).map(chainKey)] as const;
  const auditor = createAuditor({ store, key, now: () => clock.now(), onWritten, onError });
  const happened: Audit['happened'] = (type, detail) =>
    auditor.record({ ...GATEWAY, type, action: 'E', outcome: 'done', entities: [], detail });
  const before = await runningBefore(store);
  await happened('gateway.started', running);
  if (before !== null && before !== running.configuration) {
    const { configuration } = running;
    await happened('configuration.changed', { before, configuration });
  }

  let noted = '';
  const note = async (): Promise<void> => {
    try {
      const head = await store.auditHead();
      if (head && head.hash !== noted) onAnchor(head);
      noted = head?.hash ?? noted;
    } catch (error) {
      onError(null, error);
    }
  };
  const over = new AbortController();
  const noting = (async () => {
    while (!over.signal.aborted) {
      await auditor.settle(false);
      await note();
      await clock.sleep(ANCHOR_MILLISECONDS, over.signal).catch(() => undefined);
    }
  })();
  return {
    auditor,
    verify: (anchors, onPage) => verify(store, [key, ...former], anchors, onPage),
    happened,
    async close() {
      over.abort();
      await noting;
      await auditor.settle(true);
      // It is told to onError.
      await happened('gateway.stopped', { role: running.role }).catch(() => undefined);
      await note();
    },
  };
}

/** The gateway by itself. */
const GATEWAY: AuditAgent = {
  agent: 'gateway',
  name: 'Passerelle',
  organizationId: null,
  address: null,
  requestId: null,
  purpose: null,
};

const STARTS = {
  sequences: null,
  at: null,
  agents: null,
  name: null,
  types: ['gateway.started'],
  outcomes: null,
  entities: null,
  patients: null,
  organizationId: null,
} as const;

/** The hash of the configuration that was last started with; null = this is the first start. */
async function runningBefore({ auditRecords }: AuditReader): Promise<string | null> {
  const [start] = await auditRecords(STARTS, { after: null, descending: true, limit: 1 });
  return start?.detail['configuration'] ?? null;
}
