import type { Instant } from '../../domain/instant.ts';
import type { Calendar } from '../../domain/schedule.ts';

/** What is left of calendars that the configuration has no more. */

export type UnlinkedSlots = {
  readonly connectionId: string;
  readonly scheduleId: string;
  readonly externalIds: readonly string[];
  /** Its agendas are edited here, or were as long as it was configured. */
  readonly isEditedHere: boolean;
  readonly startMs: number;
  readonly endMs: number;
};

export type LinkStore = {
  /** By connection and schedule: slots of calendars that are not among these, or are linked to another schedule. */
  readonly unlinkedSlots: (calendars: readonly Calendar[]) => Promise<UnlinkedSlots[]>;
  /** What platforms close by themselves, in calendars that are not among these, and is not over. */
  readonly unlinkedBlocks: (calendars: readonly Calendar[], now: Instant) => Promise<string[]>;
};
