import type { Platform, ReadRequest } from '../adapter/contract.ts';
import { Fault } from '../adapter/faults.ts';
import type { Page } from '../adapter/observation.ts';
import { type Client, found, jsonOf, type Scope } from './client.ts';
import type { Changes, Description, RecordShape } from './description.ts';
import type { Normalize, Normalized } from './normalize.ts';
import { ENDLESS, pageIn, pagesOf, readingScope, unexpected } from './paging.ts';

/** From no cursor every list to its end, then the changes since the cursor where the platform tells of them. */
export function createReading(
  client: Client,
  { read: { per, lists, changes } }: Description,
  normalizerOf: (own: RecordShape | undefined) => Normalize,
): Platform['read'] {
  const sources = lists.map((list) => ({ list, normalize: normalizerOf(list.record) }));
  const normalizeChange = normalizerOf(changes?.record);

  async function* whole({ calendars, window, signal }: ReadRequest): AsyncGenerator<Page> {
    // One feed at a time, where each calendar is read by itself.
    const cursor = changes
      ? await startOf(client, changes, readingScope(window, soleOf(per, calendars)), signal)
      : null;
    let nameless = false;
    for (const calendar of per === 'calendar' ? calendars : [null]) {
      const wanted = new Set(calendar === null ? calendars : [calendar]);
      for (const { list, normalize } of sources) {
        for await (const { answer, records } of pagesOf(
          client,
          list,
          readingScope(window, calendar),
          signal,
        )) {
          const asked = { calendars: wanted, calendar, answer, only: list.only, isChange: false };
          for (const part of partsOf(records)) {
            const page = pageOf(await normalize(part, asked));
            nameless ||= page.rejected.some(({ externalId }) => externalId === null);
            yield page;
          }
        }
      }
    }
    // A record without a readable id may be any of those that are missing, so none of them is known to be gone.
    yield { kind: 'end', complete: nameless ? null : window, cursor };
  }

  async function* since(
    { calendars, window, signal }: ReadRequest,
    from: string,
    { request, rows, only, cursor: next, more, expired, pagesMax }: Changes,
  ): AsyncGenerator<Page> {
    const calendar = soleOf(per, calendars);
    let cursor = from;
    for (let pages = 0; ; pages += 1) {
      if (pages === pagesMax) throw new Fault('malformed', ENDLESS);
      const scope = { ...readingScope(window, calendar), cursor };
      const response = await client.send(request, scope, { writes: false, signal });
      if (expired.includes(response.status)) {
        yield { kind: 'cursorExpired' };
        return;
      }
      const { answer, records } = await pageIn(response, rows);
      const asked = { calendars: new Set(calendars), calendar, answer, only, isChange: true };
      for (const part of partsOf(records)) yield pageOf(await normalizeChange(part, asked));
      const after = cursorIn(await found(next, answer));
      if (!(await found(more, answer))) {
        yield { kind: 'end', complete: null, cursor: after };
        return;
      }
      if (after === cursor) throw new Fault('malformed', ENDLESS);
      cursor = after;
    }
  }

  return (request) =>
    changes && request.cursor !== null ? since(request, request.cursor, changes) : whole(request);
}

const soleOf = (per: Description['read']['per'], calendars: readonly string[]): string | null =>
  per === 'calendar' ? (calendars[0] ?? null) : null;

const PART_RECORDS = 2_000;

/** A platform may answer as many at once as it likes; they are handed on bit by bit. One that is empty is one, too. */
function* partsOf(records: readonly unknown[]): Generator<readonly unknown[]> {
  for (let at = 0; at === 0 || at < records.length; at += PART_RECORDS)
    yield records.slice(at, at + PART_RECORDS);
}

const pageOf = (normalized: Normalized) => ({ kind: 'rows', ...normalized }) as const;

/** Taken before the lists are read: what changes meanwhile then comes twice instead of never. */
async function startOf(
  client: Client,
  { start }: Changes,
  scope: Scope,
  signal: AbortSignal,
): Promise<string> {
  const response = await client.send(start.request, scope, { writes: false, signal });
  if (response.status !== 200) throw unexpected(response);
  return cursorIn(await found(start.cursor, jsonOf(response)));
}

const CURSOR_CHARACTERS_MAX = 2_000;

function cursorIn(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && text !== '' && text.length <= CURSOR_CHARACTERS_MAX) return text;
  throw new Fault('malformed', 'cursor of the description: the answer has no text there');
}
