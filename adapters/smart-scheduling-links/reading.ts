import type { CodeMaps } from '../../src/adapter/concept-map.ts';
import type { ReadRequest } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { type HttpBody, issuesOf } from '../../src/adapter/http.ts';
import type { Observation, Page, Rejected } from '../../src/adapter/observation.ts';
import type { Clock } from '../../src/domain/environment.ts';
import { earlier, type Instant, instant, plus, SECOND } from '../../src/domain/instant.ts';
import type { Client, Fetched, Freshness } from './client.ts';
import { type Cursor, type File, fingerprint, formatCursor, parseCursor } from './cursor.ts';
import { linesOf } from './lines.ts';
import type { Settings } from './manifest.ts';
import { createNormalizer } from './normalize.ts';
import { type Manifest, ScheduleLine } from './wire.ts';

/**
 * A publication as pages. Which of its slots changed nobody says, so each file is asked for under its validators: when
 * all are as they were there are no rows, else all of them are read.
 */

export type Reader = {
  readonly client: Client;
  readonly settings: Settings;
  readonly maps: CodeMaps;
  readonly clock: Clock;
  /** When the manifest was asked for last; by whichever reading of this process. */
  askedAt: Instant | null;
};

type Body = Pick<HttpBody, 'chunks' | 'close'>;
/** A file that has changed, its body not yet taken. */
type Opened = { readonly url: string; readonly fetched: Extract<Fetched<Body>, { kind: 'new' }> };
/** What the files of one publication are, and what is known of it. */
type Publication = Omit<Cursor, 'settings' | 'fetchedAt' | 'freshUntil'> & { readonly fresh: Freshness };

const ROWS_PER_PAGE = 500;

/** @throws Fault */
export async function* readPublication(reader: Reader, request: ReadRequest): AsyncGenerator<Page> {
  const { settings, clock } = reader;
  const own = fingerprint([settings, [...request.calendars].sort()]);
  const cursor = request.cursor === null ? null : parseCursor(request.cursor);
  if (request.cursor !== null && cursor?.settings !== own) {
    yield { kind: 'cursorExpired' };
    return;
  }
  if (cursor && clock.now() < cursor.freshUntil) {
    yield { kind: 'end', complete: null, cursor: request.cursor, trueAt: truthOf(cursor, settings) };
    return;
  }
  const publication = await publicationOf(reader, cursor, request.signal);
  const { fresh, ...known } = publication;
  const wait = Math.max(settings.everySeconds * SECOND, fresh.maxAgeMilliseconds);
  const next = { ...known, settings: own, fetchedAt: fresh.at, freshUntil: plus(clock.now(), wait) };
  const trueAt = truthOf(next, settings);
  const files = knownFiles(cursor, publication.files);
  const opened = files && (await firstChanged(reader.client, files, request.signal));
  if (files && opened === null) {
    yield { kind: 'end', complete: null, cursor: formatCursor({ ...next, files: [...files] }), trueAt };
    return;
  }
  const read: File[] = [];
  let isNameless = false;
  try {
    for await (const page of filesOf(reader, publication.files, opened, request, read)) {
      isNameless ||= page.kind === 'rows' && page.rejected.some(({ externalId }) => externalId === null);
      yield page;
    }
  } finally {
    // Where it was not come to.
    opened?.fetched.content.close();
  }
  // A line without a readable id may be any of those that are missing.
  const complete = isNameless || publication.isPartial ? null : request.window;
  yield { kind: 'end', complete, cursor: formatCursor({ ...next, files: read }), trueAt };
}

/** Confirmed is what the publisher says that it looked at then, and nothing after it was fetched. */
const truthOf = (
  { fetchedAt, transactionTime }: Pick<Cursor, 'fetchedAt' | 'transactionTime'>,
  settings: Settings,
) =>
  settings.confirmedBy === 'download'
    ? instant(fetchedAt)
    : earlier(instant(fetchedAt), instant(transactionTime));

async function publicationOf(
  reader: Reader,
  cursor: Cursor | null,
  signal: AbortSignal,
): Promise<Publication> {
  const { client, settings, clock } = reader;
  const due = reader.askedAt === null ? 0 : plus(reader.askedAt, settings.everySeconds * SECOND);
  // A reading from the start has no cursor that says so.
  if (clock.now() < due) await clock.sleep(due - clock.now(), signal);
  reader.askedAt = clock.now();
  const fetched = await client.manifest(cursor, signal);
  if (fetched.kind === 'new') {
    const { content, validators, fresh } = fetched;
    const files = selected(content, settings);
    return {
      ...validators,
      transactionTime: content.transactionTime,
      isPartial: content.error.length > 0,
      files,
      fresh,
    };
  }
  if (!cursor) throw new Fault('malformed', 'the manifest: 304 to a plain request');
  const { etag, modified, transactionTime, isPartial, files } = cursor;
  return { etag, modified, transactionTime, isPartial, files, fresh: fetched.fresh };
}

/** A file that names no state may have any. */
export function isOfStates({ extension }: Manifest['output'][number], states: Settings['states']): boolean {
  const named = extension?.state;
  return states.length === 0 || named === undefined || named.some((state) => states.includes(state));
}

/** Schedules and slots of the states that are wanted, schedules first. @throws Fault for an address that is none. */
function selected({ output }: Manifest, { url: home, states }: Settings): File[] {
  const files = output
    .filter((file) => (file.type === 'Schedule' || file.type === 'Slot') && isOfStates(file, states))
    .map(({ type, url }) => ({ type, url: absolute(url, home), etag: null, modified: null }));
  if (!files.some(({ type }) => type === 'Schedule')) {
    throw new Fault('malformed', 'the manifest names no file of schedules');
  }
  return [...files.filter(({ type }) => type === 'Schedule'), ...files.filter(({ type }) => type === 'Slot')];
}

/** Full by the specification; relative to the manifest where it is not. */
export function absolute(url: string, home: string): string {
  const found = URL.canParse(url, home) ? new URL(url, home) : null;
  if (found?.protocol !== 'https:' && found?.protocol !== 'http:') {
    throw new Fault('malformed', 'the manifest names a file by no address of the web');
  }
  return found.href;
}

/** The same files as last time, with what is known of them; null = there is no last time, or they are others. */
function knownFiles(cursor: Cursor | null, files: readonly File[]): readonly File[] | null {
  if (!cursor || cursor.files.length !== files.length) return null;
  return cursor.files.every(({ url }, index) => url === files[index]?.url) ? cursor.files : null;
}

/** Null = all are as they were. */
async function firstChanged(
  client: Client,
  files: readonly File[],
  signal: AbortSignal,
): Promise<Opened | null> {
  for (const file of files) {
    const fetched = await client.file(file.url, file, signal);
    if (fetched.kind === 'new') return { url: file.url, fetched };
  }
  return null;
}

/** @param read is filled with each file as it is read. */
async function* filesOf(
  { client, settings, maps }: Reader,
  files: readonly File[],
  opened: Opened | null,
  { calendars, signal }: ReadRequest,
  read: File[],
): AsyncGenerator<Page> {
  const wanted = new Set(calendars);
  const found = new Set<string>();
  const relative = relativeTo(settings);
  const normalize = createNormalizer({
    maps,
    busy: settings.busy,
    calendarOf: (reference) => (found.has(relative(reference)) ? relative(reference) : null),
  });
  let told = false;
  for (const { type, url } of files) {
    const isOpened = opened?.url === url;
    const fetched = isOpened ? opened.fetched : await client.file(url, null, signal);
    if (fetched.kind === 'same') throw new Fault('malformed', 'a file: 304 to a plain request');
    const lines = linesOf(fetched.content.chunks, `a file of ${type}`);
    if (type === 'Slot' && !told) {
      told = true;
      yield* missing(wanted, found);
    }
    let [rows, rejected]: [Observation[], Rejected[]] = [[], []];
    for await (const line of lines) {
      if (type === 'Schedule') {
        rejected.push(
          ...scheduleIn(
            line.kind === 'json' ? line.value : null,
            wanted,
            found,
            settings.locations,
            relative,
          ),
        );
      } else {
        const normalized = normalize(line);
        rows.push(...normalized.rows);
        rejected.push(...normalized.rejected);
      }
      if (rows.length + rejected.length < ROWS_PER_PAGE) continue;
      yield { kind: 'rows', rows, removed: [], rejected };
      [rows, rejected] = [[], []];
    }
    if (rows.length + rejected.length > 0) yield { kind: 'rows', rows, removed: [], rejected };
    read.push({ type, url, ...fetched.validators });
  }
  if (!told) yield* missing(wanted, found);
}

/** References are relative to where the publication is. */
export function relativeTo({ url }: Pick<Settings, 'url'>): (reference: string) => string {
  const home = url.slice(0, url.indexOf('$bulk-publish'));
  return (reference) => (reference.startsWith(home) ? reference.slice(home.length) : reference);
}

/** Takes note of a schedule that is wanted. */
function scheduleIn(
  raw: unknown,
  wanted: ReadonlySet<string>,
  found: Set<string>,
  locations: readonly string[],
  relative: (reference: string) => string,
): readonly Rejected[] {
  const parsed = ScheduleLine.safeParse(raw);
  // Without an id it may be the one that is wanted.
  if (!parsed.success) return [{ externalId: null, reason: `Schedule: ${issuesOf(parsed.error)}`, raw }];
  const reference = `Schedule/${parsed.data.id}`;
  if (!wanted.has(reference)) return [];
  const places = parsed.data.actor.map((actor) => relative(actor.reference));
  if (locations.length > 0 && !places.some((place) => locations.includes(place))) {
    return [{ externalId: reference, reason: 'actor: none of the places in settings.locations' }];
  }
  found.add(reference);
  return [];
}

/** A schedule that is published no more, or was never: somebody has to know. */
function* missing(wanted: ReadonlySet<string>, found: ReadonlySet<string>): Generator<Page> {
  const rejected = [...wanted]
    .filter((reference) => !found.has(reference))
    .map((reference) => ({ externalId: reference, reason: 'this schedule is not in the publication' }));
  if (rejected.length > 0) yield { kind: 'rows', rows: [], removed: [], rejected };
}
