import type { Logger } from 'pino';
import type { AuditLink } from '../engine/ports/audit.ts';
import { type Audit, type AuditDependencies, openAudit } from './audit.ts';

/** The audit log of a process as the gateway has it: what it runs, and where its log and its metrics hear of it. */

export type ProcessDependencies = Pick<AuditDependencies, 'store' | 'keys' | 'clock'> & {
  readonly role: string;
  /** SHA-256 of the YAML file that it runs by; null = of none. */
  readonly revision: string | null;
  /** Where nobody is kept, nobody is looked for. */
  readonly keepsPatients: boolean;
  /** Whose lines come whatever level it has. */
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** Nobody keeps the log of a demonstration, and its terminal is read: there only who asks for it is told. */
  readonly notesAnchors: boolean;
  readonly metrics: {
    readonly auditWritten: (end: AuditLink) => void;
    readonly auditFailed: () => void;
  };
};

export async function openProcessAudit(dependencies: ProcessDependencies): Promise<Audit> {
  const { store, keys, clock, role, revision, keepsPatients, log, metrics } = dependencies;
  return openAudit({
    store: keepsPatients ? store : { ...store, patientsOfAppointments: async () => [] },
    keys,
    clock,
    running: { role, configuration: revision ?? 'none' },
    onAnchor: ({ sequence, hash }) => {
      if (dependencies.notesAnchors) log.info({ anchor: `${sequence}:${hash}` }, 'audit anchor');
    },
    onWritten: metrics.auditWritten,
    onError: (event, error) => {
      metrics.auditFailed();
      // Without its message: a database quotes values in it.
      const kind = error instanceof Error ? error.name : typeof error;
      log.error({ event, kind }, 'audit record not written');
    },
  });
}
