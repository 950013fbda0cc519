import { type Instant, MINUTE, plus } from './instant.ts';

/** A text that people read, French first (Law 96: French at least as good as any other language). */
export type Bilingual = { readonly fr: string; readonly en: string };

export type Identifier = { readonly system: string; readonly value: string };

export type Practitioner = {
  readonly id: string;
  readonly family: string;
  readonly given: string;
  readonly prefix: string | null;
  readonly identifiers: readonly Identifier[];
};

/** As people call them. */
export const practitionerName = ({ prefix, given, family }: Practitioner): string =>
  [prefix, given, family].filter(Boolean).join(' ');

export type Location = {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  /** IANA zone: the only place where a zone is written down. */
  readonly timeZone: string;
  readonly address: { readonly line: string; readonly city: string; readonly postalCode: string } | null;
  readonly phone: string | null;
  readonly position: { readonly latitude: number; readonly longitude: number } | null;
};

export type HealthcareService = {
  readonly id: string;
  readonly name: Bilingual;
  /** Of which specialties it is, in a code system of the clinic's choice; left out = it does not say. */
  readonly specialty?: readonly Specialty[];
};

export type Specialty = { readonly system: string; readonly code: string; readonly display: string };

/** When the platform that must accept a booking is down: refuse it, or accept and write it there later. */
export type Failover =
  | { readonly mode: 'refuse' }
  | {
      readonly mode: 'accept';
      /** For so long since the platform began to fail; null = however long it takes. */
      readonly forMilliseconds: number | null;
      /** Nothing is accepted that starts sooner than this. */
      readonly untilMillisecondsBefore: number;
    };

/** When a slot becomes bookable through Passerelle, and is offered on the platforms that we publish it on. */
export type Release =
  /** As soon as it is read. */
  | { readonly kind: 'always' }
  | { readonly kind: 'before'; readonly milliseconds: number }
  /** At the midnight that begins the day so many days before its own, where the location is. */
  | { readonly kind: 'midnight'; readonly daysBefore: number };

/** How platforms share the time of a schedule. */
export type Sharing =
  /** Every platform sells, and the window in which two can sell the same time is the mirror lag. */
  | { readonly mode: 'shared' }
  /** So do they, but what is booked through Passerelle is closed on all others first. */
  | { readonly mode: 'hold-first' }
  | Allotted;

/**
 * Each unit of the day is on offer at one platform only, by shares, until all of it is pooled some time before. What is
 * not named in the shares does not take part: it sells what it has.
 */
export type Allotted = {
  readonly mode: 'allotted';
  /** By connection: whole numbers, so many parts of all of them. */
  readonly shares: Readonly<Record<string, number>>;
  /** Length of a unit, counted from midnight by the wall clock of the location; 1,440 can be divided by it. */
  readonly unitMinutes: number;
  readonly pooledMillisecondsBefore: number;
};

/** Where a unit of allotted time begins, by the wall clock of the location: `2026-11-24T09:00`. */
export type Unit = string & { readonly __unit: 'allotted' };

/** A unit that was handed to another connection than it was dealt to. */
export type Handed = { readonly scheduleId: string; readonly unit: Unit; readonly connectionId: string };

/** `close`: what is free of it is closed everywhere. `report`: it is only listed, for a person. */
export type RosterAction = 'close' | 'report';

export type RosterPolicy = {
  /** Time of a shift that was withdrawn, or moved away. */
  readonly withdrawn: RosterAction;
  /** Time for which no shift was ever published, though shifts before and after it were. */
  readonly outside: RosterAction;
};

export type Policy = {
  readonly sharing: Sharing;
  readonly failover: Failover;
  readonly release: Release;
  /** Until how long before its start an appointment may be cancelled through Passerelle. */
  readonly cancellation: { readonly untilMillisecondsBefore: number };
  /** Past this age its slots are not served as free, where that is sooner than its connection says; null = as it says. */
  readonly freshnessMilliseconds: number | null;
  /**
   * When two platforms sold the same time: a person decides, or whoever booked first stays and the other is cancelled by
   * us.
   */
  readonly conflicts: 'ask' | 'keep-first';
  /** What becomes of time on offer that the roster does not have; of a schedule without a roster nothing. */
  readonly roster: RosterPolicy;
  /** For how long a slot is kept for somebody who fills in a form: where they do not say, and at the most. */
  readonly holds: { readonly usualMilliseconds: number; readonly mostMilliseconds: number };
};

/** What holds where the configuration says nothing. */
export const DEFAULT_POLICY: Policy = {
  sharing: { mode: 'shared' },
  failover: { mode: 'refuse' },
  release: { kind: 'always' },
  cancellation: { untilMillisecondsBefore: 0 },
  freshnessMilliseconds: null,
  conflicts: 'ask',
  roster: { withdrawn: 'close', outside: 'report' },
  holds: { usualMilliseconds: 5 * MINUTE, mostMilliseconds: 30 * MINUTE },
};

/** An actor at a location for a service: FHIR Schedule. */
export type Schedule = {
  readonly id: string;
  /** Practitioner (FHIR Schedule.actor); schedules of one practitioner share their time. */
  readonly practitionerId: string;
  readonly locationId: string;
  readonly serviceId: string;
  /** How many patients at once: 1 for a doctor, n lanes for a walk-in service. */
  readonly capacity: number;
  readonly policy: Policy;
};

/**
 * How one calendar of a platform takes part in a schedule.
 * `block`: it has its own slots; time sold elsewhere is blocked there. `publish`: Passerelle creates the slots of
 * the other platforms there, and withdraws them when they are taken. `shifts`: it has neither slots nor bookings, only
 * when the practitioner works there.
 */
export type Calendar = {
  readonly connectionId: string;
  /** The platform's own id of the agenda. */
  readonly externalId: string;
  readonly scheduleId: string;
  readonly topology: 'block' | 'publish' | 'shifts';
};

/** Whose time it is: the practitioner's, whatever the schedule. */
export const actorOf = (schedule: Schedule): string => schedule.practitionerId;

/** The instant from which an appointment can no longer be cancelled through Passerelle: its start at the latest. */
export const cancellableUntil = ({ cancellation }: Policy, start: Instant): Instant =>
  plus(start, -cancellation.untilMillisecondsBefore);
