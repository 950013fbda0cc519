import { auditEventResource } from '../../mappings/fhir/audit-event.ts';
import type { AuditQuery, AuditReader } from '../engine/ports/audit.ts';

const PAGE = 500;

/** AuditEvents in their order, a line of JSON each, read page by page as they are taken. @param base of this server. */
export async function* auditLines(
  { auditRecords }: Pick<AuditReader, 'auditRecords'>,
  query: AuditQuery,
  base: string,
): AsyncGenerator<string> {
  let after: number | null = null;
  for (;;) {
    const page = await auditRecords(query, { after, descending: false, limit: PAGE });
    for (const record of page) yield `${JSON.stringify(auditEventResource(record, base))}\n`;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.sequence;
  }
}
