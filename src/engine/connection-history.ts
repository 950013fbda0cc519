import { seen } from './listing-state.ts';
import type { ConnectionHistory, HistoryReader } from './ports/connection-history.ts';

/** How a connection was, and what there is to be brought to it, in the words of who looks at it. */
export const createConnectionHistory = (reader: HistoryReader): ConnectionHistory => ({
  points: reader.connectionHistory,
  differing: async (query) =>
    (await reader.differingListings(query)).map((row) => ({ ...seen(row), interval: row.interval })),
});
