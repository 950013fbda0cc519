import type { Instant } from '../../domain/instant.ts';
import type { SealedAs } from './seal.ts';

/**
 * The keys that values in the database are sealed with, and what names them. They lie there wrapped: nobody reads them who
 * does not have the key that is kept outside.
 */

/** `data` seals, `hash` makes the hashes by which patients are found; `legacy` did both, before there were data keys. */
export type DataKeyKind = 'data' | 'hash' | 'legacy';

export type DataKey = {
  readonly id: number;
  readonly kind: DataKeyKind;
  readonly wrapped: Uint8Array;
  /** Which key wrapped it: a check value, of no use for anything else. */
  readonly wrappedBy: string;
  readonly createdAt: Instant;
  /** Since when whatever is new is sealed with it, until a later one of its kind is. */
  readonly activeAt: Instant;
};

/** @param id what it is to have. */
export type Wrap = (id: number) => Pick<DataKey, 'wrapped' | 'wrappedBy'>;

/** A row that holds something sealed. */
export type SealedRow = {
  /** Of its table; in the order of these. */
  readonly key: string;
  readonly sealed: Uint8Array;
};
export type Resealed = SealedRow & { readonly anew: Uint8Array };

export type HashedPatient = SealedRow & { readonly hash: Uint8Array };

export type KeyStore = {
  /** In the order of their ids. */
  readonly dataKeys: () => Promise<DataKey[]>;
  /** The first ones, unless there are some. @returns those that there are then. */
  readonly beginKeys: (
    keys: readonly { readonly kind: DataKeyKind; readonly wrap: Wrap }[],
    at: Instant,
  ) => Promise<DataKey[]>;
  readonly addDataKey: (kind: DataKeyKind, wrap: Wrap, at: Instant, activeAt: Instant) => Promise<void>;
  /** Under another key, unless somebody did so meanwhile. */
  readonly rewrapDataKey: (key: DataKey, anew: Pick<DataKey, 'wrapped' | 'wrappedBy'>) => Promise<void>;
  /** Unless something names it. @param prefix what its values begin with; of `legacy`, what they do not. */
  readonly destroyDataKey: (key: DataKey, prefix: Uint8Array) => Promise<boolean>;
  /** One of each kind at the most. */
  readonly someSealed: () => Promise<readonly { readonly as: SealedAs; readonly sealed: Uint8Array }[]>;
  /** How many values begin so; of hashes too. */
  readonly sealedByPrefix: () => Promise<readonly { readonly prefix: Uint8Array; readonly count: number }[]>;
  /** Those that do not begin so. @param after the last key of the page before. */
  readonly sealedOtherwise: (
    as: SealedAs,
    prefix: Uint8Array,
    page: { readonly after: string | null; readonly limit: number },
  ) => Promise<SealedRow[]>;
  /** Those that are still what they were. @returns how many. */
  readonly reseal: (as: SealedAs, rows: readonly Resealed[]) => Promise<number>;
  /** Patients whose hash does not begin so. */
  readonly hashedOtherwise: (
    prefix: Uint8Array,
    page: { readonly after: string | null; readonly limit: number },
  ) => Promise<HashedPatient[]>;
  /** Where another has that hash by now, it is the same person, and the two become one. */
  readonly rehash: (patient: HashedPatient, hash: Uint8Array, at: Instant) => Promise<void>;
};

/** A key as it is shown. */
export type KeyState = Pick<DataKey, 'id' | 'kind' | 'wrappedBy' | 'createdAt' | 'activeAt'> & {
  /** `next`: every process is learning of it. `former`: destroyed once nothing names it. */
  readonly state: 'next' | 'current' | 'former';
  /** Values in the database that name it. */
  readonly values: number;
};

/** What has been done of a rotation; `left`: what could not be opened, and stays as it is. */
export type RotationProgress = { readonly sealed: number; readonly hashed: number; readonly left: number };

export type Keys = {
  readonly list: () => Promise<readonly KeyState[]>;
  /** New keys, and everything sealed and hashed anew with them. It goes on where one before was cut short. */
  readonly rotate: (progress: (done: RotationProgress) => void) => Promise<RotationProgress>;
};
