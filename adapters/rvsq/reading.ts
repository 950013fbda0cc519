import type { Platform, ReadRequest } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Page } from '../../src/adapter/observation.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Client } from './client.ts';
import type { Normalized } from './normalize.ts';

/** A feed that does not end is a fault: this many pages hold more than any establishment has. */
const PAGES_MAX = 1000;
const ENDLESS = 'the list does not end';

type Rows = Extract<Page, { kind: 'rows' }>;

/** From no cursor the whole list, then the changes since the cursor. */
export function createReading(
  client: Client,
  normalize: (records: readonly unknown[]) => Normalized,
): Platform['read'] {
  /** Other professionals of the establishment are none of our business. */
  function rowsOf(records: readonly unknown[], calendars: ReadonlySet<string>): Rows {
    const { rows, removed, rejected } = normalize(records);
    return { kind: 'rows', rows: rows.filter(({ calendar }) => calendars.has(calendar)), removed, rejected };
  }

  async function* whole(
    window: Interval,
    calendars: ReadonlySet<string>,
    signal: AbortSignal,
  ): AsyncGenerator<Page> {
    // Taken before the list begins: what changes while it is read comes again, instead of never.
    const cursor = await client.latestCursor(signal);
    let after: string | null = null;
    let nameless = false;
    for (let pages = 0; ; pages += 1) {
      if (pages === PAGES_MAX) throw new Fault('malformed', ENDLESS);
      const page: Awaited<ReturnType<Client['records']>> = await client.records(window, after, signal);
      const rows = rowsOf(page.records, calendars);
      nameless ||= rows.rejected.some(({ externalId }) => externalId === null);
      yield rows;
      if (page.next === null) break;
      if (page.next === after) throw new Fault('malformed', ENDLESS);
      after = page.next;
    }
    // A record without a readable id may be any of those that are missing, so none of them is known to be gone.
    yield { kind: 'end', complete: nameless ? null : window, cursor };
  }

  async function* since(
    cursor: string,
    calendars: ReadonlySet<string>,
    signal: AbortSignal,
  ): AsyncGenerator<Page> {
    let from = cursor;
    for (let pages = 0; ; pages += 1) {
      if (pages === PAGES_MAX) throw new Fault('malformed', ENDLESS);
      const page = await client.changes(from, signal);
      if (page === null) {
        yield { kind: 'cursorExpired' };
        return;
      }
      yield rowsOf(page.changes, calendars);
      if (!page.hasMore) {
        yield { kind: 'end', complete: null, cursor: page.cursor };
        return;
      }
      if (page.cursor === from) throw new Fault('malformed', ENDLESS);
      from = page.cursor;
    }
  }

  return ({ calendars, cursor, window, signal }: ReadRequest) => {
    const wanted = new Set(calendars);
    return cursor === null ? whole(window, wanted, signal) : since(cursor, wanted, signal);
  };
}
