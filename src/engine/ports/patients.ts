import type { Instant } from '../../domain/instant.ts';
import type { StartRange } from './front.ts';
import type { SealedRow } from './keys.ts';
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
  /**
   * Free texts, which may name somebody: comments of appointments that began by then, and what records were that could not be read
   * and were not met since; `limit` of each at the most. @returns how many.
   */
  readonly forgetComments: (before: Instant, limit: number) => Promise<number>;
  /** Erases these patients, and the comments of their appointments in every version. */
  readonly erasePatients: (ids: readonly string[]) => Promise<{ appointments: number; waiting: number }>;
  /** Records that could not be read, with what they were. */
  readonly rejectedRaw: (page: {
    readonly after: string | null;
    readonly limit: number;
    /** Of these. Left out = of any. */
    readonly connectionIds?: readonly string[];
  }) => Promise<SealedRow[]>;
  /** What these were; that they could not be read stays known. */
  readonly eraseRaw: (keys: readonly string[]) => Promise<number>;
};

/** What was erased of one person; what still waits is erased once its platform has been told, or its time is over. */
export type Erased = {
  readonly patients: readonly string[];
  /** That were theirs, and name nobody any more. */
  readonly appointments: number;
  /** Of these, those that a platform is still to be told of. */
  readonly waiting: number;
  /** Records that could not be read, and had the number in them. */
  readonly rejected: number;
};

/** One person, by a health insurance number or the id of a Patient, as the clinic asks for them. */
export type Persons = {
  /** All that is known, as a FHIR Bundle, also what could not be read and has the number in it; null = nobody is known by that. */
  readonly export: (who: string) => Promise<string | null>;
  readonly erase: (who: string) => Promise<Erased>;
};
