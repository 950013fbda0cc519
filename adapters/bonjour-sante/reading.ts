import type { Platform, ReadRequest } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Page } from '../../src/adapter/observation.ts';
import type { Client } from './client.ts';
import type { Normalized } from './normalize.ts';

/** A feed that does not end is a fault, not an agenda: a hundred thousand rows are years of one doctor. */
const PAGES_MAX = 200;

/** Every reading is whole: the calendar's rows within the window, page by page in their order of creation. */
export function createReading(
  client: Client,
  normalize: (elements: readonly unknown[]) => Normalized,
): Platform['read'] {
  return async function* read({ calendars, window, signal }: ReadRequest): AsyncGenerator<Page> {
    let nameless = false;
    for (const calendar of calendars) {
      let after: string | null = null;
      let pages = 0;
      do {
        const page: Awaited<ReturnType<Client['page']>> = await client.page(calendar, window, after, signal);
        const { rows, rejected } = normalize(page.elements);
        nameless ||= rejected.some(({ externalId }) => externalId === null);
        yield { kind: 'rows', rows, removed: [], rejected };
        pages += 1;
        if (pages > PAGES_MAX || (page.suite !== null && page.suite === after)) {
          throw new Fault('malformed', 'the list of an agenda does not end');
        }
        after = page.suite;
      } while (after !== null);
    }
    // A record without a readable id may be any of those that are missing, so none of them is known to be gone.
    yield { kind: 'end', complete: nameless ? null : window, cursor: null };
  };
}
