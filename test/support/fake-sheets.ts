import type { KeptSheet, Sheets } from '../../src/contingency/keeper.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { AuditEvent } from '../../src/engine/ports/audit.ts';
import type { ContingencyReader } from '../../src/engine/ports/contingency.ts';
import { fictiveSheet } from './fictive-sheet.ts';

/** A sheet that is as a test says, and the spool beside it. The real keeper is tested in test/contingency/. */

export type SheetWorld = {
  sheet: KeptSheet | null;
  isCutOff: boolean;
  readonly spooled: { readonly event: AuditEvent; readonly at: Instant }[];
  /** Thrown by whatever would write into the spool. */
  spoolFailure: Error | null;
  queued: Awaited<ReturnType<ContingencyReader['queuedListings']>>;
};

export const sheetWorld = (): SheetWorld => ({
  sheet: { sheet: fictiveSheet(), isStale: false },
  isCutOff: false,
  spooled: [],
  spoolFailure: null,
  queued: [],
});

export function fakeSheets(world: SheetWorld) {
  const sheets: Sheets = { of: async () => world.sheet, isCutOff: () => world.isCutOff };
  return {
    sheets,
    spool: async (event: AuditEvent, at: Instant): Promise<void> => {
      if (world.spoolFailure) throw world.spoolFailure;
      world.spooled.push({ event, at });
    },
  };
}

export const fakeContingency = (world: SheetWorld): ContingencyReader => ({
  takenTime: async () => [],
  freeTime: async () => [],
  queuedListings: async () => world.queued,
  waitingBookings: async () => [],
  freeCounts: async () => [],
});
