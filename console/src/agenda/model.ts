import type { Bilingual } from '../i18n/use-words.ts';

/** What GET /api/agenda answers, as far as the page shows it. Instants are ISO 8601, UTC. */

export type Agenda = {
  readonly at: string;
  readonly shows: { readonly appointments: boolean; readonly patients: boolean };
  readonly schedules: readonly Schedule[];
  readonly slots: readonly Slot[];
  readonly periods: readonly Period[];
};

export type Schedule = {
  readonly id: string;
  readonly practitioner: { readonly id: string; readonly name: string };
  readonly location: { readonly id: string; readonly name: string };
  readonly service: { readonly id: string; readonly name: Bilingual };
  readonly timeZone: string;
  readonly capacity: number;
  readonly onOffer: boolean;
  /** Slots can be offered here (POST /fhir/Slot). */
  readonly editedHere: boolean;
  readonly calendars: readonly Calendar[];
};

export type Calendar = {
  readonly connection: string;
  readonly title: Bilingual;
  readonly topology: 'block' | 'publish' | 'shifts';
  readonly editedHere: boolean;
  readonly asksPeople: boolean;
  readonly confirmedAt: string | null;
  readonly stale: boolean;
  readonly canBook: boolean;
  readonly canCancel: boolean;
  readonly canMove: boolean;
};

export type SlotStatus = 'free' | 'busy' | 'busy-unavailable' | 'busy-tentative';

export type Slot = {
  readonly id: string;
  readonly schedule: string;
  /** Where it stands. */
  readonly connection: string;
  readonly start: string;
  readonly end: string;
  readonly status: SlotStatus;
  readonly withheld: boolean;
  readonly bookableFrom: string | null;
  readonly version: number;
  /** Its copies elsewhere. */
  readonly listings: readonly Listing[];
};

export type Can = { readonly can: true } | { readonly can: false; readonly why: Bilingual };

export type Period = {
  readonly id: string;
  readonly schedule: string;
  readonly kind: 'appointment' | 'hold' | 'block';
  readonly start: string;
  readonly end: string;
  readonly lane: number | null;
  /** Null = made here. */
  readonly origin: string | null;
  readonly reason: string | null;
  /** It is over, but some platform is still to be brought there. */
  readonly endedAt: string | null;
  readonly status: string | null;
  readonly version: number | null;
  readonly slot: string | null;
  readonly patient: Patient | null;
  readonly comment: string | null;
  readonly expiresAt: string | null;
  readonly conflicts: readonly {
    readonly id: string;
    readonly with: string;
    readonly state: 'open' | 'resolved';
  }[];
  readonly canCancel: Can;
  readonly canMove: Can;
  readonly listings: readonly Listing[];
};

export type Patient = {
  readonly id: string;
  readonly name: string;
  readonly phone: string | null;
  readonly healthNumber: string | null;
};

export type ListingState = 'agrees' | 'waiting' | 'failing' | 'unsure' | 'asked';
export type Standing = 'open' | 'closed' | 'booked' | 'held' | 'nothing';

export type Listing = {
  readonly connection: string;
  readonly schedule: string;
  readonly kind: 'booking' | 'block' | 'offer';
  readonly wanted: Standing;
  readonly known: Standing;
  readonly state: ListingState;
  readonly since: string;
  readonly differsSince: string | null;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly error: Bilingual | null;
  readonly externalId: string | null;
};
