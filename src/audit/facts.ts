import type { Instant } from '../domain/instant.ts';
import type { AuditReader } from '../engine/ports/audit.ts';
import type { IncidentFacts } from '../engine/ports/incidents.ts';

/** What the log tells of what somebody did in a period: where an incident is written down, whom it concerns. */

const PAGE = 1_000;

/** @param organizationId of whoever asks; null = any. @param before not included. */
export async function factsOf(
  { auditRecords }: Pick<AuditReader, 'auditRecords'>,
  { agent, from, before }: Pick<IncidentFacts, 'agent' | 'from' | 'before'>,
  organizationId: string | null,
): Promise<IncidentFacts> {
  const query = {
    sequences: null,
    at: [{ fromMs: from, beforeMs: before }],
    agents: [agent],
    name: null,
    types: null,
    outcomes: null,
    entities: null,
    patients: null,
    organizationId,
  };
  let [records, name]: [number, string | null] = [0, null];
  let first: { at: Instant; sequence: number } | null = null;
  let last: { at: Instant; sequence: number } | null = null;
  const byType: Record<string, number> = {};
  const addresses = new Set<string>();
  const entities = new Set<string>();
  for (;;) {
    const page = await auditRecords(query, {
      after: last?.sequence ?? null,
      descending: false,
      limit: PAGE,
    });
    for (const record of page) {
      const { at, sequence, type } = record;
      records += 1;
      first ??= { at, sequence };
      last = { at, sequence };
      name = record.name ?? name;
      byType[type] = (byType[type] ?? 0) + 1;
      if (record.address !== null) addresses.add(record.address);
      // What was refused was shown to nobody.
      if (record.outcome === 'done') for (const path of record.entities) entities.add(path);
    }
    if (page.length < PAGE) break;
  }
  const ofType = (type: string): string[] =>
    [...entities].filter((path) => path.startsWith(`${type}/`)).sort();
  return {
    agent,
    name,
    from,
    before,
    records,
    first,
    last,
    byType,
    addresses: [...addresses].sort(),
    patients: ofType('Patient'),
    appointments: ofType('Appointment'),
  };
}
