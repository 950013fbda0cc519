import type { LinksShape } from '../../mappings/fhir/scheduling-links.ts';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import { HOUR, instant, MINUTE } from '../domain/instant.ts';
import type { Operations } from '../engine/ports/front.ts';
import type { OfferedSchedules } from '../engine/ports/offerings.ts';
import type { PublicationQuery, PublicationReader, PublicationTally } from '../engine/ports/publication.ts';
import { type DirectoryFile, directoryFiles } from './directory-files.ts';
import { type LinksRequest, manifestText } from './manifest.ts';
import { unknownFile } from './refusals.ts';
import { type SlotFile, slotFiles, statesOf } from './slot-files.ts';
import { slotLines } from './slot-lines.ts';
import { openSlotPages } from './slot-pages.ts';
import { etagOf, modificationTimes, type Validators } from './validators.ts';

/** SMART Scheduling Links: what is on offer ahead, for whoever gathers it from many servers. */

export type PublicationDependencies = {
  readonly directory: Directory;
  readonly publication: PublicationReader;
  readonly operations: Pick<Operations, 'freshness' | 'releasedUntil'>;
  readonly offerings: { readonly schedules: Pick<OfferedSchedules, 'of' | 'revision'> };
  readonly clock: Pick<Clock, 'now'>;
  /** For tests: what a file and a page hold at the most. */
  readonly limits?: { readonly schedulesPerFile?: number; readonly slotsPerPage?: number };
};

/** A manifest or a file, as it is now. */
export type Published = {
  readonly kind: 'manifest' | 'file';
  /** Without its lines. */
  readonly validators: () => Promise<Validators>;
  /** @throws ChangedMeanwhile by its texts, when what they were announced as is not what they are. */
  readonly open: () => Promise<{
    readonly validators: Validators;
    readonly texts: Iterable<string> | AsyncIterable<string>;
  }>;
};

export type Publication = {
  /** @param base of this server, without a slash at its end. */
  readonly manifest: (asked: LinksRequest, base: string) => Published;
  /** @throws Refused where there is no file of that name. */
  readonly file: (name: string, asked: LinksRequest, base: string) => Published;
};

/** Most files are of one page, which is told as it is. */
const SLOTS_PER_PAGE = 4_000;
/** A manifest is the same for so long, and a client is asked to look no sooner again (Performance Considerations). */
export const MAX_AGE_MILLISECONDS = MINUTE;
/** What changed is dated when its transaction begins, and is seen when that is over. */
const COMMIT_MILLISECONDS = 2 * MINUTE;
/** A rule may release a whole day of slots at once, and a day may have so many hours. */
const RELEASED_AT_ONCE_MILLISECONDS = 25 * HOUR;

export function createPublication(dependencies: PublicationDependencies): Publication {
  const { directory, publication: reader, operations, clock, limits = {} } = dependencies;
  const { schedules } = dependencies.offerings;
  const slots = slotFiles(directory, limits.schedulesPerFile);
  const linesOf = slotLines(directory);
  const modifiedAt = modificationTimes();
  const allStates = statesOf(directory, directory.entries.schedules);
  const directories = {
    '2021': directoryFiles(directory, schedules, '2021').map((file) => withForm(file, schedules)),
    ssl: directoryFiles(directory, schedules, 'ssl').map((file) => withForm(file, schedules)),
  } satisfies Record<LinksShape, unknown>;

  function queryOf({ group, fromMs, beforeMs }: SlotFile, { since }: LinksRequest): PublicationQuery {
    const now = clock.now();
    return {
      schedules: group.schedules.map(({ id }) => ({ id, releasedUntilMs: operations.releasedUntil(id) })),
      confirmedCalendars: group.calendars
        .filter(({ connectionId, externalId }) => !operations.freshness(connectionId, externalId).stale)
        .map(({ connectionId, externalId }) => ({ connectionId, calendar: externalId })),
      start: { fromMs: Math.max(now, fromMs), beforeMs },
      since: since && {
        changedFromMs: since - COMMIT_MILLISECONDS,
        releasedWithinMs: now - since + RELEASED_AT_ONCE_MILLISECONDS,
      },
    };
  }

  function slotFile(file: SlotFile, asked: LinksRequest): Published {
    const lines = linesOf(file.group, asked.shape);
    const told = (tally: PublicationTally): Validators => {
      const etag = etagOf(lines.form, `${tally.slots}/${tally.marks}`);
      const key = `${file.name}/${asked.shape}/${asked.since}`;
      return { etag, lastModified: modifiedAt(key, etag, clock.now()) };
    };
    return {
      kind: 'file',
      validators: async () => told(await reader.publicationTally(queryOf(file, asked))),
      async open() {
        const limit = limits.slotsPerPage ?? SLOTS_PER_PAGE;
        const { tally, pages } = await openSlotPages(reader, queryOf(file, asked), limit);
        return { validators: told(tally), texts: mapped(pages, lines.textOf) };
      },
    };
  }

  return {
    manifest(asked, base) {
      const now = clock.now();
      const transactionTime = instant(Math.floor(now / MAX_AGE_MILLISECONDS) * MAX_AGE_MILLISECONDS);
      const text = manifestText(base, asked, transactionTime, [
        ...directories[asked.shape].map(({ type }) => ({ type, name: `${type}.ndjson`, states: allStates })),
        ...slots.list(now, asked.since === null).map(({ name, group }) => ({
          type: 'Slot',
          name,
          states: group.states,
        })),
      ]);
      return known('manifest', { etag: etagOf(text), lastModified: transactionTime }, [text]);
    },

    file(name, asked, base) {
      const fixed = directories[asked.shape].find(({ type }) => name === `${type}.ndjson`);
      if (fixed) {
        const etag = etagOf(fixed.form(), base);
        const lastModified = modifiedAt(`${name}/${asked.shape}/${base}`, etag, clock.now());
        return known('file', { etag, lastModified }, fixed.texts(base));
      }
      const found = slots.find(name, clock.now());
      if (!found) throw unknownFile();
      return slotFile(found, asked);
    },
  };
}

const known = (kind: Published['kind'], validators: Validators, texts: Iterable<string>): Published => ({
  kind,
  validators: async () => validators,
  open: async () => ({ validators, texts }),
});

/** With what stands for all of its texts, whatever the base: made when somebody asks, and anew once they may have changed. */
function withForm(
  file: DirectoryFile,
  { revision }: Pick<OfferedSchedules, 'revision'>,
): DirectoryFile & { readonly form: () => string } {
  let made: { readonly form: string; readonly revision: number } | null = null;
  return {
    ...file,
    form: () => {
      const now = revision();
      if (made?.revision !== now) made = { form: etagOf(...file.texts('')), revision: now };
      return made.form;
    },
  };
}

async function* mapped<T>(items: Iterable<T> | AsyncIterable<T>, textOf: (item: T) => string) {
  for await (const item of items) yield textOf(item);
}
