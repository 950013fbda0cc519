import type { components } from '../api/schema.d.ts';

/** What GET /api/agenda answers; instants are ISO 8601, UTC. What each means is in src/server/contract/agenda.ts. */

type Schemas = components['schemas'];

export type Agenda = Schemas['Agenda'];
export type Schedule = Schemas['AgendaSchedule'];
export type Calendar = Schedule['calendars'][number];
export type Slot = Schemas['AgendaSlot'];
export type Period = Schemas['AgendaPeriod'];
export type Listing = Schemas['AgendaListing'];
export type Standing = Listing['known'];
export type BlockAnswer = Schemas['TimeClosed'];
