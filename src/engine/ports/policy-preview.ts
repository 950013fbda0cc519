import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Bilingual, Policy } from '../../domain/schedule.ts';
import type { EngineEvent } from './events.ts';
import type { StoredOffer } from './store.ts';

/** What a schedule’s last days would have been under other rules: what is kept of them, and what follows. No patient in any of it. */

export type RecordedSlot = Pick<
  StoredOffer,
  'slotId' | 'scheduleId' | 'connectionId' | 'calendar' | 'interval'
>;

/** What the event log has of a booking or a hold. */
export type FactType = Extract<
  EngineEvent['type'],
  | `busy.${string}`
  | 'appointment.claimed'
  | 'appointment.held'
  | 'appointment.booked'
  | 'appointment.accepted'
  | 'appointment.refused'
  | 'appointment.moved'
  | 'appointment.cancelled'
>;

export type Fact = {
  readonly type: FactType;
  readonly at: Instant;
  /** Null = of no platform. */
  readonly connectionId: string | null;
  /** Its time from then on. */
  readonly interval: Interval;
};

/** A booking or a hold, as it stands or as it was when it ended. */
export type RecordedPeriod = {
  readonly id: string;
  readonly scheduleId: string;
  readonly kind: 'appointment' | 'hold';
  readonly originId: string | null;
  readonly interval: Interval;
  /** Of a hold. */
  readonly expiresAt: Instant | null;
  readonly changedAt: Instant;
  readonly endedAt: Instant | null;
  /** The oldest first. */
  readonly facts: readonly Fact[];
};

export type RecordedConflict = {
  readonly detectedAt: Instant;
  /** When somebody, or a policy, settled it; null = nobody. */
  readonly settledAt: Instant | null;
  readonly a: RecordedPeriod;
  readonly b: RecordedPeriod;
};

/** Minutes in a row in which a platform could not be reached, or was paused. */
export type RecordedOutage = {
  readonly connectionId: string;
  readonly kind: 'down' | 'paused';
  readonly window: Interval;
};

/** A booking that was accepted on behalf of a platform that was down. */
export type RecordedAccepted = {
  readonly connectionId: string;
  readonly at: Instant;
  readonly interval: Interval;
};

export type PeriodKey = { readonly id: string; readonly start: Instant };

type Page = {
  readonly scheduleId: string;
  /** Of what starts in it. */
  readonly window: Interval;
  /** The last of the page before. */
  readonly after: PeriodKey | null;
  readonly limit: number;
};

export type PolicyRecordReader = {
  /** By start and id. */
  readonly recordedSlots: (page: Page) => Promise<RecordedSlot[]>;
  /** By start and id. */
  readonly recordedPeriods: (page: Page) => Promise<RecordedPeriod[]>;
  /** Where one of the two is of the schedule. */
  readonly recordedConflicts: (query: Omit<Page, 'after'>) => Promise<RecordedConflict[]>;
  readonly recordedOutages: (connectionIds: readonly string[], window: Interval) => Promise<RecordedOutage[]>;
  /** Accepted within the window, whenever the visit is. */
  readonly recordedAccepted: (query: Omit<Page, 'after'>) => Promise<RecordedAccepted[]>;
  /** From when on anything is known of a schedule, and in how many minutes of the window somebody worked. */
  readonly recordedSince: (
    scheduleId: string,
    connectionIds: readonly string[],
    window: Interval,
  ) => Promise<{ readonly since: Instant | null; readonly minutes: number }>;
};

/** All that is known of a week of a schedule. */
export type PolicyRecord = {
  readonly scheduleId: string;
  readonly window: Interval;
  readonly slots: readonly RecordedSlot[];
  readonly periods: readonly RecordedPeriod[];
  readonly conflicts: readonly RecordedConflict[];
  readonly outages: readonly RecordedOutage[];
  readonly accepted: readonly RecordedAccepted[];
  readonly since: Instant | null;
  /** In which somebody worked. */
  readonly minutesWorked: number;
  readonly readAt: Instant;
  /** False = there was more than is looked at. */
  readonly complete: boolean;
};

/** `share`: another’s. `across`: it lies across the shares of two. */
export type Refusal = 'share' | 'across' | 'release' | 'outage';

/** What would have become of something. */
export type Verdict = {
  readonly outcome:
    | 'possible'
    | 'refused'
    | 'unknown'
    | 'prevented'
    | 'settled'
    | 'asked'
    | 'shorter'
    | 'longer';
  /** Null of what is as it was. */
  readonly reason: Bilingual | null;
};

export type Case = {
  readonly kind: 'booking' | 'cancellation' | 'move' | 'accepted' | 'conflict' | 'hold';
  /** When it happened. */
  readonly at: Instant;
  readonly interval: Interval;
  /** Where; null = by the clinic itself. */
  readonly connectionId: string | null;
  readonly how: 'passerelle' | 'platform' | 'clinic';
  readonly current: Verdict;
  readonly candidate: Verdict;
};

export type PlatformForecast = {
  readonly connectionId: string;
  /** Whether the rule deals time to it. */
  readonly takesPart: boolean;
  readonly bookings: number;
  readonly refused: number;
  /** Of its slots that it could have sold before all is pooled; of one that takes no part all of them. */
  readonly minutesOffered: number;
  /** Of these, what patients have: booked there, or by another way. */
  readonly minutesSold: number;
  readonly minutesSoldElsewhere: number;
};

export type OutageForecast = RecordedOutage & {
  /** Of its minutes those in which a booking for a later day would have been accepted. */
  readonly minutesAccepting: number;
};

/** A week under one policy. */
export type Forecast = {
  readonly bookings: {
    readonly made: number;
    readonly refused: number;
    readonly reasons: Readonly<Record<Refusal, number>>;
  };
  readonly cancellations: { readonly made: number; readonly refused: number };
  readonly moves: { readonly made: number; readonly refused: number };
  readonly conflicts: {
    readonly arose: number;
    readonly prevented: number;
    readonly settled: number;
    readonly asked: number;
  };
  readonly accepted: { readonly made: number; readonly refused: number; readonly unknown: number };
  readonly outages: readonly OutageForecast[];
  readonly holds: {
    readonly made: number;
    /** That would have been over before their patient had finished. */
    readonly shorter: number;
    readonly longer: number;
    /** For which they closed the time. */
    readonly minutes: number;
  };
  readonly platforms: readonly PlatformForecast[];
};

export type PolicyPreview = {
  readonly scheduleId: string;
  readonly window: Interval;
  /** From when on anything is known, where that is within the window. */
  readonly since: Instant | null;
  readonly current: Forecast;
  readonly candidate: Forecast;
  /** What differs between the two, or would have been otherwise than it was; the earliest first. */
  readonly cases: readonly Case[];
  readonly complete: boolean;
  /** What cannot be known. */
  readonly unknowns: readonly Bilingual[];
};

/** `last`: the seven whole days before today, at the place. `next`: seven from today on, as far as they are booked. */
export type Week = 'last' | 'next';

export type PolicyPreviews = {
  /** @throws RangeError on a schedule that is not configured */
  readonly preview: (scheduleId: string, candidate: Policy, week: Week) => Promise<PolicyPreview>;
};
