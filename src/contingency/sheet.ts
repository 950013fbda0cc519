import type { Instant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { Reason } from '../domain/slot.ts';

/**
 * The contingency sheet: today's and tomorrow's appointments of one organization, to go on with on paper. It names patients, and
 * is handled like their records: sealed wherever it is kept, and audited whenever it is shown (docs/decisions/0034).
 */
export type Sheet = {
  readonly organization: { readonly id: string; readonly name: string };
  /** All that was known here at this instant is on it. */
  readonly asOf: Instant;
  /** Tomorrow is over then, everywhere: it is of no use to anybody any more. */
  readonly until: Instant;
  /** False = for whoever may not know who comes. */
  readonly namesPatients: boolean;
  /** How fresh the part of each platform was then. */
  readonly sources: readonly SheetSource[];
  readonly locations: readonly SheetLocation[];
};

export type SheetSource = {
  readonly connectionId: string;
  readonly title: Bilingual;
  /** Of its agendas the one that was confirmed longest ago; null = one was never read. */
  readonly confirmedAt: Instant | null;
  /** Longer ago than the connection says, or in doubt. */
  readonly stale: boolean;
};

export type SheetLocation = {
  readonly id: string;
  readonly name: string;
  readonly phone: string | null;
  readonly timeZone: string;
  readonly schedules: readonly SheetSchedule[];
};

export type SheetSchedule = {
  readonly id: string;
  readonly practitioner: string;
  readonly service: Bilingual;
  /** How many patients at once. */
  readonly capacity: number;
  /** Today and tomorrow, where it is. */
  readonly days: readonly SheetDay[];
};

export type SheetDay = {
  /** `2026-11-24` */
  readonly date: string;
  /** In the order of their beginning. */
  readonly entries: readonly SheetEntry[];
};

/**
 * `booked`; `pending` = accepted here, and its platform has not confirmed it yet; `held` = kept for somebody who has not booked.
 */
export const STATES = ['booked', 'pending', 'held'] as const;
export type SheetState = (typeof STATES)[number];

export type SheetVisit = {
  readonly kind: 'visit';
  readonly id: string;
  readonly interval: Interval;
  readonly state: SheetState;
  /** The same time was sold to somebody else too. */
  readonly inConflict: boolean;
  /** Of a hold: when it ends by itself. */
  readonly heldUntil: Instant | null;
  /** Where it was made; null = here. */
  readonly platform: Bilingual | null;
  /** By which that platform knows it. */
  readonly confirmation: string | null;
  /** Null = only its platform knows who comes. */
  readonly patient: SheetPatient | null;
  readonly comment: string | null;
  readonly reasons: readonly Reason[];
};

export type SheetPatient = {
  /** Of a Patient that is kept; null = it is known until its platform has been told. */
  readonly id: string | null;
  readonly family: string;
  readonly given: string;
  readonly phone: string | null;
  readonly nam: string | null;
};

/** Time that can still be given away. No two of one schedule overlap: whoever writes into one touches no other. */
export type SheetFree = {
  readonly kind: 'free';
  readonly interval: Interval;
  /** For so many patients. */
  readonly places: number;
  readonly platforms: readonly Bilingual[];
  /** None of these platforms has confirmed it lately: it may have been sold there. */
  readonly stale: boolean;
  /** It is not on offer before; null = it is. */
  readonly bookableFrom: Instant | null;
};

export type SheetEntry = SheetVisit | SheetFree;

export const visitsIn = (sheet: Sheet): SheetVisit[] =>
  sheet.locations
    .flatMap(({ schedules }) => schedules)
    .flatMap(({ days }) => days)
    .flatMap(({ entries }) => entries)
    .flatMap((entry) => (entry.kind === 'visit' ? [entry] : []));

/** For whoever may not know who comes: a comment may say it too. */
export const withoutPatients = (sheet: Sheet): Sheet => ({
  ...sheet,
  namesPatients: false,
  locations: sheet.locations.map((location) => ({
    ...location,
    schedules: location.schedules.map((schedule) => ({
      ...schedule,
      days: schedule.days.map((day) => ({
        ...day,
        entries: day.entries.map((entry) =>
          entry.kind === 'visit' ? { ...entry, patient: null, comment: null } : entry,
        ),
      })),
    })),
  })),
});
