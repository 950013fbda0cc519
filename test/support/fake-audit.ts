import { createAuditor } from '../../src/audit/auditor.ts';
import { chainKey } from '../../src/audit/chain.ts';
import { verify } from '../../src/audit/verify.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type {
  AuditLink,
  Auditor,
  AuditQuery,
  AuditReader,
  AuditRecord,
  AuditStore,
} from '../../src/engine/ports/audit.ts';
import type { Incident, IncidentStore } from '../../src/engine/ports/incidents.ts';

/** An audit log and a register of incidents in memory, written by the real auditor. The real store is tested in test/store/audit.test.ts. */

export type AuditWorld = {
  readonly audited: AuditRecord[];
  readonly incidents: Incident[];
  /** Thrown by whatever would record. */
  auditFailure: Error | null;
};

export const auditWorld = (): AuditWorld => ({ audited: [], incidents: [], auditFailure: null });

export const AUDIT_KEY = chainKey(Buffer.alloc(32, 7));

export type FakeAudit = {
  readonly audit: AuditReader;
  readonly auditor: Auditor;
  readonly verify: (anchors: readonly AuditLink[], onPage: () => void) => ReturnType<typeof verify>;
  readonly incidents: IncidentStore;
};

/** @param patientOf whom an appointment is for. */
export function fakeAudit(
  world: AuditWorld,
  now: () => Instant,
  patientOf: (appointmentId: string) => string | null,
): FakeAudit {
  const store: AuditStore = {
    async appendAudit(records, last) {
      if (world.auditFailure) throw world.auditFailure;
      if (world.audited.at(-1)?.hash !== last?.hash) return false;
      world.audited.push(...records);
      return true;
    },
    auditHead: async () => world.audited.at(-1) ?? null,
    auditAfter: async (after, limit) => world.audited.slice(after, after + limit),
    patientsOfAppointments: async (ids) => ids.flatMap((id) => patientOf(id) ?? []),
  };
  const found = (query: AuditQuery): AuditRecord[] => world.audited.filter((record) => isIn(record, query));
  return {
    audit: {
      auditRecords: async (query, { after, descending, limit }) => {
        const all = descending ? found(query).reverse() : found(query);
        const isLater = ({ sequence }: AuditRecord): boolean =>
          after === null || (descending ? sequence < after : sequence > after);
        return all.filter(isLater).slice(0, limit);
      },
      countAuditRecords: async (query) => found(query).length,
    },
    auditor: createAuditor({
      store,
      key: AUDIT_KEY,
      now,
      onWritten: () => undefined,
      onError: () => undefined,
    }),
    verify: (anchors, onPage) => verify(store, [AUDIT_KEY], anchors, onPage),
    incidents: {
      incidents: async () => [...new Map(world.incidents.map((each) => [each.id, each])).values()],
      async writeIncident(incident) {
        world.incidents.push(incident);
        return true;
      },
    },
  };
}

const among = <T>(list: readonly T[] | null, value: T): boolean => list === null || list.includes(value);

const isIn = (record: AuditRecord, query: AuditQuery): boolean =>
  among(query.sequences, record.sequence) &&
  (query.at === null ||
    query.at.some(
      ({ fromMs, beforeMs }) =>
        (fromMs === null || record.at >= fromMs) && (beforeMs === null || record.at < beforeMs),
    )) &&
  (query.agents === null || (record.agent !== null && query.agents.includes(record.agent))) &&
  (query.name === null || (record.name ?? '').toLowerCase().startsWith(query.name.toLowerCase())) &&
  among(query.types, record.type) &&
  among(query.outcomes, record.outcome) &&
  [query.entities, query.patients].every(
    (paths) => paths === null || record.entities.some((path) => paths.includes(path)),
  ) &&
  (query.organizationId === null || query.organizationId === record.organizationId);
