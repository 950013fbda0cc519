import type { IncidentStatement } from '../../domain/incident.ts';
import type { Instant } from '../../domain/instant.ts';

/**
 * The register of incidents of confidentiality (R-22.1, r. 1, s. 15): what the person responsible says of each, and what
 * the gateway knows of it.
 */

/** What the audit log tells of what a principal did in a period, when the incident was written down. */
export type IncidentFacts = {
  /** Kind and id. */
  readonly agent: string;
  readonly name: string | null;
  readonly from: Instant;
  readonly before: Instant;
  /** How many records of the log, and of the first and the last of them the time and the number. */
  readonly records: number;
  readonly first: { readonly at: Instant; readonly sequence: number } | null;
  readonly last: { readonly at: Instant; readonly sequence: number } | null;
  /** How many of each kind. */
  readonly byType: Readonly<Record<string, number>>;
  readonly addresses: readonly string[];
  /** References to those who were shown, or for whom something was changed. */
  readonly patients: readonly string[];
  readonly appointments: readonly string[];
};

export type Incident = {
  readonly id: string;
  /** 1 = as it was first written down. */
  readonly version: number;
  readonly writtenAt: Instant;
  /** Kind and id of the principal. */
  readonly writtenBy: string;
  readonly statement: IncidentStatement;
  readonly facts: IncidentFacts | null;
};

export type IncidentStore = {
  /** The latest version of each, in the order in which they were first written down. */
  readonly incidents: () => Promise<Incident[]>;
  /** False = there is such a version. */
  readonly writeIncident: (incident: Incident) => Promise<boolean>;
};
