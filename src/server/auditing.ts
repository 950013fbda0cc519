import type { IncomingMessage } from 'node:http';
import type { AuditEvent, Auditor } from '../engine/ports/audit.ts';
import { notRecorded } from '../fhir/auditing.ts';
import { agentOf } from '../fhir/origin.ts';
import type { Refused } from '../fhir/outcomes.ts';
import { knownCallerOf } from './authentication.ts';

/** What is recorded of what is no resource. */

export type Said = Pick<AuditEvent, 'type' | 'action'> & Partial<AuditEvent>;

/** @throws Refused where it could not be recorded: then it is not answered. */
export type Audit = (request: IncomingMessage, said: Said) => Promise<void>;

export const eventOf = (request: IncomingMessage, said: Said): AuditEvent => ({
  ...agentOf(request, knownCallerOf(request)),
  outcome: 'done',
  entities: [],
  detail: {},
  ...said,
});

export const auditOf =
  (auditor: Pick<Auditor, 'record'>): Audit =>
  async (request, said) => {
    try {
      await auditor.record(eventOf(request, said));
    } catch {
      throw notRecorded();
    }
  };

/** Who is not let in is noted; of platforms whoever asks them does that. @param route its pattern: a path has ids in it. */
export function noteRefused(
  auditor: Pick<Auditor, 'note'>,
  request: IncomingMessage,
  { outcome }: Refused,
  route: string,
): void {
  if ((outcome !== 'unauthenticated' && outcome !== 'forbidden') || route.startsWith('/webhooks/')) return;
  const type = `access.${outcome}` as const;
  auditor.note(eventOf(request, { type, action: 'E', outcome: 'refused', detail: { route } }));
}

/** @param limit which one it was; whose, the event says. */
export const noteThrottled = (
  auditor: Pick<Auditor, 'note'>,
  request: IncomingMessage,
  limit: string,
): void =>
  auditor.note(
    eventOf(request, { type: 'access.throttled', action: 'E', outcome: 'refused', detail: { limit } }),
  );
