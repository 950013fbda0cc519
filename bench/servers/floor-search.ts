import type { SlotQuery, SlotRow } from '../../src/engine/ports/front.ts';
import type { Database } from '../../src/store/database.ts';
import { searchSlots } from '../../src/store/statements/search.ts';

/** Search and read of slots by Passerelle's own statements, their rows joined to Passerelle's own bytes. */

const ANY: SlotQuery = {
  ids: null,
  scheduleIds: null,
  statuses: null,
  start: { fromMs: null, beforeMs: null },
  staleCalendars: [],
  unreleased: [],
  onlySellable: false,
  after: null,
  limit: 1,
};

/** @param query schedule, two bounds of start, status and _count, in this order. */
export async function search(database: Database, base: string, query: string, tail: string): Promise<string> {
  const values = [...new URLSearchParams(query).values()];
  const [schedule = '', from = '', before = '', , count = ''] = values;
  const rows = await searchSlots(database, {
    ...ANY,
    scheduleIds: [schedule.slice(9)],
    statuses: ['free'],
    start: { fromMs: Date.parse(from.slice(2)), beforeMs: Date.parse(before.slice(2)) },
    limit: Number(count) + 1,
  });
  const shown = rows.slice(0, Number(count));
  const last = shown.at(-1);
  const self = `${base}/Slot?${query}`;
  const after = Buffer.from(`${last?.startMs}|${last?.id}`).toString('base64url');
  let entries = '';
  for (const row of shown) {
    if (entries !== '') entries += ',';
    entries += `{"fullUrl":"${base}/Slot/${row.id}","resource":${textOf(row, tail)},"search":{"mode":"match"}}`;
  }
  return `{"resourceType":"Bundle","type":"searchset","link":[{"relation":"self","url":"${self}"},{"relation":"next","url":"${self}&_after=${after}"}],"entry":[${entries}]}`;
}

export async function read(database: Database, id: string, tail: string): Promise<string> {
  const [row] = await searchSlots(database, { ...ANY, ids: [id] });
  return row ? textOf(row, tail) : '';
}

const textOf = (row: SlotRow, tail: string): string =>
  `${row.document},"status":"${row.status}","meta":{"versionId":"${row.version}","lastUpdated":"${new Date(row.updatedMs).toISOString()}"${tail}`;
