import type { BusyPeriod } from '../../domain/busy.ts';
import type { ScheduleState } from './offerings.ts';
import type { SlotWrite } from './store.ts';

/**
 * A text that differs from many others in a few places only: the pieces between these, which those others have as the
 * very same array, and in each place a value of its own. There is one piece more than values.
 */
export type PartedText = { readonly pieces: readonly string[]; readonly values: readonly string[] };

/**
 * Writes resources as the text that the front serves, so that a search concatenates bytes and never parses. Each is
 * JSON up to, and without, the closing brace: status, version and freshness change without the rest and are added
 * when it is served. The engine does not know that it is FHIR.
 */
export type Documents = {
  readonly slot: (slot: Omit<SlotWrite, 'document'>) => PartedText;
  /** @param slotId the slot that it was made on, if it is known. */
  readonly appointment: (
    busy: BusyPeriod,
    options: { readonly slotId: string | null; readonly comment: string | null },
  ) => string;
  /** All of it: a version is all that is missing. @param state null = nothing but what is configured. */
  readonly schedule: (scheduleId: string, state: ScheduleState | null) => string;
  /** The comment of an appointment, from what appointment() wrote. */
  readonly commentIn: (document: string) => string | null;
};
