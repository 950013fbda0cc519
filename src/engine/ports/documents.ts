import type { BusyPeriod } from '../../domain/busy.ts';
import type { SlotWrite } from './store.ts';

/**
 * Writes resources as the text that the front serves, so that a search concatenates bytes and never parses. Each is
 * JSON up to, and without, the closing brace: status, version and freshness change without the rest and are added
 * when it is served. The engine does not know that it is FHIR.
 */
export type Documents = {
  readonly slot: (slot: Omit<SlotWrite, 'document'>) => string;
  /** @param slotId the slot that it was made on, if it is known. */
  readonly appointment: (
    busy: BusyPeriod,
    options: { readonly slotId: string | null; readonly comment: string | null },
  ) => string;
};
