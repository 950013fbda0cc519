import type { Listing, ListingKey } from '../../domain/listing.ts';
import type { EngineEvent } from './events.ts';
import type { Recorded } from './store.ts';

export type Confirmation = {
  readonly key: ListingKey;
  readonly recorded: Recorded;
  /** Blocks of the same time on the other calendars. */
  readonly mirrors: readonly Listing[];
  readonly events: readonly EngineEvent[];
};

/** The appointment's version as it then is; null when the booking was ended, or confirmed by another way, meanwhile. */
export type Confirmed = { readonly version: number; readonly patientId: string | null };
