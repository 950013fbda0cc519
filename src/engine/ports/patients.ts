import type { Instant } from '../../domain/instant.ts';
import type { StartRange } from './front.ts';
import type { VersionKey, VersionQuery } from './versions.ts';

/** Patients that are kept, for the FHIR front: by id, by the keyed hash of their number, and not by their name. */

/** Only the present version is kept. */
export type PatientRow = VersionKey & {
  /** What `Seal` opens. */
  readonly sealed: Uint8Array;
};

export type PatientQuery = {
  /** Null = any. */
  readonly ids: readonly string[] | null;
  /** When its version was made, in any of these; null = whenever. */
  readonly anyUpdated: readonly StartRange[] | null;
  /** Left out = of any. */
  readonly organizationId?: string;
};

export type PatientReader = {
  /** In the order of their ids. @param page.after the last id of the page before, or null. */
  readonly searchPatients: (
    query: PatientQuery,
    page: { readonly after: string | null; readonly descending: boolean; readonly limit: number },
  ) => Promise<PatientRow[]>;
  readonly countPatients: (query: PatientQuery) => Promise<number>;
  /** Ids of those that have one of these. @param organizationId left out = of any. */
  readonly patientsByHash: (hashes: readonly Uint8Array[], organizationId?: string) => Promise<string[]>;
  readonly patientVersions: (query: VersionQuery) => Promise<PatientRow[]>;
  readonly countPatientVersions: (query: VersionQuery) => Promise<number>;
};

export type PatientKeeper = {
  /**
   * Erases, of those whose last appointment was over by then, `limit` at the most, and that they had appointments.
   * @param before null = of all. @returns how many.
   */
  readonly forgetPatients: (before: Instant | null, limit: number) => Promise<number>;
};
