import type { components } from '../api/schema.d.ts';

/** What the page of connections shows; what each means is in src/server/contract/. */

type Schemas = components['schemas'];

export type Status = Schemas['Status'];
export type Connection = Schemas['ConnectionStatus'];
export type State = Connection['state'];
export type History = Schemas['ConnectionHistory'];
export type HistoryPoint = Schemas['HistoryPoint'];
export type Listings = Schemas['ConnectionListings'];
export type DifferingListing = Schemas['DifferingListing'];
export type Adapter = Schemas['Adapter'];
export type SyncLine = Schemas['SyncLine'];
