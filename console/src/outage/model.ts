import type { components } from '../api/schema.d.ts';

/** What GET /api/outage and GET /api/contingency answer; instants are ISO 8601, UTC. */

type Schemas = components['schemas'];

export type OutageReport = Schemas['OutageReport'];
export type Outage = Schemas['Outage'];
export type Sheet = Schemas['ContingencySheet'];
export type SheetSchedule = Sheet['locations'][number]['schedules'][number];
export type SheetEntry = SheetSchedule['days'][number]['entries'][number];
