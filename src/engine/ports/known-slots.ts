import type { Instant } from '../../domain/instant.ts';

/** Slots of a platform as the database knows them. */

/** A slot whose row is new (id null) or differs from what is stored. */
export type SlotDifference = { readonly externalId: string; readonly id: string | null };

export type KnownSlot = {
  readonly id: string;
  readonly calendar: string;
  readonly externalId: string;
  /** When it last changed. */
  readonly knownAt: Instant;
};
