import type { Instant } from '../../domain/instant.ts';
import type { StartRange } from './front.ts';

/** The audit log: who did what, when, from where and why. References only: nothing that a patient gave is in it. */

/** Of FHIR, as R4's codes of interactions have it; of IHE Scheduling; and of what is no resource. */
export type AuditType =
  | 'rest.read'
  | 'rest.vread'
  | 'rest.search'
  | 'rest.history'
  | 'rest.create'
  | 'rest.update'
  | 'rest.patch'
  | 'rest.delete'
  | 'rest.operation'
  | 'appointment.find'
  | 'appointment.hold'
  | 'appointment.book'
  | 'access.unauthenticated'
  | 'access.forbidden'
  | 'access.throttled'
  | 'access.token-issued'
  | 'access.token-refused'
  | 'access.sign-in'
  | 'access.sign-in-refused'
  | 'token.created'
  | 'token.revoked'
  | 'user.created'
  | 'user.changed'
  | 'webhook.refused'
  | 'connection.read'
  | 'connection.confirmed'
  | 'connection.paused'
  | 'connection.resumed'
  | 'conflict.resolved'
  | 'task.told'
  | 'list.imported'
  | 'agenda.read'
  | 'time.closed'
  | 'time.opened'
  | 'appointment.placed'
  | 'appointment.moved'
  | 'rejected.opened'
  | 'contingency.read'
  | 'gateway.started'
  | 'gateway.stopped'
  | 'configuration.changed'
  | 'configuration.tried'
  | 'key.changed'
  | 'person.exported'
  | 'person.erased'
  | 'backup.made'
  | 'audit.verified'
  | 'audit.exported'
  | 'incident.recorded'
  | 'incident.read';

/** AuditEvent.action (R4): create, read, update, delete, execute. */
export type AuditAction = 'C' | 'R' | 'U' | 'D' | 'E';

/** `refused`: the gateway said no; `failed`: it could not. */
export type AuditOutcome = 'done' | 'refused' | 'failed';

/** Who asks, from where, and why. What is not known is null. */
export type AuditAgent = {
  /** Kind and id of the principal; null = who has not said who it is. */
  readonly agent: string | null;
  readonly name: string | null;
  readonly organizationId: string | null;
  /** Of the connection as this machine sees it: behind a proxy, the proxy's. */
  readonly address: string | null;
  /** UUID of the request: those of one batch have the same. */
  readonly requestId: string | null;
  /** A code of v3-PurposeOfUse. */
  readonly purpose: string | null;
};

export type AuditEvent = AuditAgent & {
  readonly type: AuditType;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** Of what it was done to, as `Appointment/<id>`. */
  readonly entities: readonly string[];
  /** A few words of a closed set, numbers, dates and hashes; never what somebody wrote. */
  readonly detail: Readonly<Record<string, string>>;
};

/** As it is kept. Sequences are 1, 2, 3 without gaps. */
export type AuditRecord = AuditEvent & {
  readonly sequence: number;
  readonly at: Instant;
  /** Which key the hash was made by. */
  readonly keyId: string;
  /** Of the record before it, in hex. */
  readonly previous: string;
  readonly hash: string;
};

/** The end of the chain. */
export type AuditLink = Pick<AuditRecord, 'sequence' | 'hash'>;

export type Auditor = {
  /** Resolves when it is committed. Rejects when it could not be: then what it is about must not be answered. */
  readonly record: (event: AuditEvent) => Promise<void>;
  /** The same of what anybody can cause any number of times: so many a minute, and the rest counted. Never rejects. */
  readonly note: (event: AuditEvent) => void;
};

export type AuditStore = {
  /**
   * Adds records behind the last one, all or none. False = that is not the last one any more: another process has written.
   * @param last of which they were made; null = there was none.
   */
  readonly appendAudit: (records: readonly AuditRecord[], last: AuditLink | null) => Promise<boolean>;
  readonly auditHead: () => Promise<AuditLink | null>;
  /** In the order of their sequence. @param after the sequence of the one before the first. */
  readonly auditAfter: (after: number, limit: number) => Promise<AuditRecord[]>;
  /** The ids of those for whom these appointments are, where they are kept. */
  readonly patientsOfAppointments: (ids: readonly string[]) => Promise<string[]>;
};

/** Null = any. */
export type AuditQuery = {
  readonly sequences: readonly number[] | null;
  readonly at: readonly StartRange[] | null;
  readonly agents: readonly string[] | null;
  /** How the name begins, without case. */
  readonly name: string | null;
  readonly types: readonly AuditType[] | null;
  readonly outcomes: readonly AuditOutcome[] | null;
  /** One of these; and one of those. */
  readonly entities: readonly string[] | null;
  readonly patients: readonly string[] | null;
  /** Only of these. */
  readonly organizationId: string | null;
};

export type AuditPage = {
  /** The sequence after which it begins. */
  readonly after: number | null;
  readonly descending: boolean;
  readonly limit: number;
};

export type AuditReader = {
  readonly auditRecords: (query: AuditQuery, page: AuditPage) => Promise<AuditRecord[]>;
  readonly countAuditRecords: (query: AuditQuery) => Promise<number>;
};
