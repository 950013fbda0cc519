import type { AuditEvent } from '../../src/engine/ports/audit.ts';

/** Something that was done; all of it made up. */
export const auditEvent = (change: Partial<AuditEvent> = {}): AuditEvent => ({
  type: 'rest.read',
  action: 'R',
  outcome: 'done',
  agent: 'token:00000000-0000-4000-8000-000000000001',
  name: 'portail',
  organizationId: null,
  address: '192.0.2.7',
  requestId: '00000000-0000-4000-8000-0000000000aa',
  purpose: 'TREAT',
  entities: ['Patient/00000000-0000-4000-8000-000000000901'],
  detail: { resource: 'Patient' },
  ...change,
});
