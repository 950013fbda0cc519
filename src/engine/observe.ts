import { isFault } from '../adapter/faults.ts';
import { type Observation, type Page, sizeOf, subjectOf } from '../adapter/observation.ts';
import { type Absence, type Gone, toHold } from '../domain/absence.ts';
import { backoff } from '../domain/backoff.ts';
import { earlier, HOUR, type Instant, MINUTE, plus, SECOND } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import { isUnreadable, type Legibility } from '../domain/legibility.ts';
import { expectedAfter } from './absence.ts';
import { reasonOf } from './circuit.ts';
import { type Committed, commitBatch } from './commit.ts';
import type { Context } from './context.ts';
import { callable, passOn, recordFault, recordSuccess } from './health.ts';
import { RecordCount } from './legibility.ts';
import type { FeedKey, FeedState } from './ports/feeds.ts';
import type { ReadOptions, ReadResult } from './read-options.ts';
import { setAside, sortOut } from './set-aside.ts';
import { shiftId } from './shifts.ts';
import { suspicionAfter, tellSuspicion } from './suspicion.ts';

/**
 * Reads a feed to its end and commits each page as it comes. A page that was committed twice, or a reading that was
 * cut off and begun again, changes nothing more: what counts is what a page says, not that it came.
 */

/** Until then nobody else reads the feed; renewed with every page, so that a dead reader is soon replaced. */
const LEASE_MILLISECONDS = 30 * SECOND;
const READING_MILLISECONDS_MAX = 10 * MINUTE;
/** A delta may miss what its platform forgot to tell, so now and then the whole is read. */
const WHOLE_EVERY_MILLISECONDS = 6 * HOUR;
const LOOK_AGAIN_MILLISECONDS = 500;

export async function observe(context: Context, key: FeedKey, options: ReadOptions): Promise<ReadResult> {
  const { store, queue, environment } = context;
  const state = await callable(context, key.connectionId);
  // The sweep finds it when calls may be made again, and does not bring them all at once.
  if (!state) return { outcome: 'skipped' };
  const now = environment.clock.now();
  const leaseUntil = plus(now, LEASE_MILLISECONDS);
  const feed = await store.claimFeed(key, {
    now,
    leaseUntil,
    force: options.force ?? false,
    mapping: context.platforms.get(key.connectionId).mappingContent,
  });
  if (!feed) {
    await passOn(context, state);
    return comeBack(context, key, now);
  }
  const poll = context.directory.connection(key.connectionId).pollMilliseconds;
  try {
    const read = await new Reading(context, feed, options).run();
    const suspicion = suspicionAfter(feed, read);
    const unreadable = isUnreadable(read.legibility)
      ? { ...read.legibility, since: feed.unreadable?.since ?? read.startedAt }
      : null;
    const confirmedAt = suspicion === null && unreadable === null ? read.trueAt : null;
    const delay = read.lookAgain ? Math.min(LOOK_AGAIN_MILLISECONDS, poll) : poll;
    const dueAt = await store.recordFeed(key, {
      // What could not be decided must come again, so the cursor stays where it was.
      cursor: read.lookAgain ? feed.cursor : read.cursor,
      unsettledAt: read.lookAgain ? feed.unsettledAt : read.unsettledAt,
      confirmedAt,
      asOf: confirmedAt !== null && !read.lookAgain ? read.asOf : null,
      completeAt: read.whole ? confirmedAt : null,
      suspicion,
      unreadable,
      dueAt: plus(environment.clock.now(), delay),
    });
    await tellSuspicion(context, feed, suspicion);
    // A reading that asked nobody says nothing of the platform's health.
    await (read.trueAt === null ? passOn(context, state) : recordSuccess(context, state));
    queue.wake({ kind: 'observe', ...key }, Math.max(0, dueAt - environment.clock.now()));
    const { rows, slotsChanged } = read;
    return { outcome: 'read', rows, slotsChanged, confirmedAt, isSuspect: suspicion !== null };
  } catch (error) {
    // Passerelle itself is stopping: the next process goes on at once.
    if (options.signal.aborted) {
      await passOn(context, state);
      await store.releaseFeed(key, environment.clock.now());
      return { outcome: 'skipped' };
    }
    // What is not the platform's fault, such as a database that does not answer, says nothing about the platform.
    if (!isFault(error)) await passOn(context, state);
    const after = isFault(error) ? await recordFault(context, state, error) : state;
    const wait = backoff(after.failures, environment.random, 1 * SECOND, Math.max(poll, 1 * MINUTE));
    const dueAt = after.openUntil ?? plus(environment.clock.now(), wait);
    await store.releaseFeed(key, dueAt);
    queue.wake({ kind: 'observe', ...key }, Math.max(0, dueAt - environment.clock.now()));
    context.onError(`reading ${key.connectionId}: ${reasonOf(error)}`, error);
    return { outcome: 'failed', error };
  }
}

/** Not due, or another reads it. Whoever woke it too soon took the place of the wake for when it is due. */
async function comeBack(context: Context, key: FeedKey, now: Instant): Promise<ReadResult> {
  const dueAt = (await context.store.feed(key))?.dueAt ?? now;
  context.queue.wake({ kind: 'observe', ...key }, dueAt > now ? dueAt - now : LOOK_AGAIN_MILLISECONDS);
  return { outcome: 'skipped' };
}

type Rows = Extract<Page, { kind: 'rows' }>;

class Reading {
  rows = 0;
  slotsChanged = 0;
  slotsRemoved = 0;
  rejected = 0;
  lookAgain = false;
  /** What is missing at the end, when that is too much to be taken for gone. */
  heldBack: Absence | null = null;
  /** A delta told of too many removals at once: what is there is looked at, and not what is said to be gone. */
  #doubted = false;
  #removalsTold = 0;
  /** What was removed because a page said so. */
  readonly #removed: Gone[] = [];
  readonly #created: string[] = [];
  /** While it is suspect its slots are not taken in: it may show another agenda. What is taken there is. */
  #takesSlots: boolean;
  #hasLeftSlots = false;
  #renewedAt: Instant;
  /** It may be gone through more than once. */
  #listBeganAt: Instant;
  readonly #context: Context;
  readonly #feed: FeedState;
  readonly #options: ReadOptions;
  readonly #seenSlots = new Set<string>();
  readonly #seenBusy = new Set<string>();
  /** Their external ids, by `shiftId`. */
  readonly #seenShifts = new Map<string, string>();
  readonly #rejected = new Set<string>();
  readonly #records = new RecordCount();

  constructor(context: Context, feed: FeedState, options: ReadOptions) {
    this.#context = context;
    this.#feed = feed;
    this.#options = options;
    this.#renewedAt = context.environment.clock.now();
    this.#listBeganAt = this.#renewedAt;
    this.#takesSlots = feed.suspicion === null || this.#limit() === null;
  }

  async run() {
    const startedAt = this.#context.environment.clock.now();
    const { completeAt, suspicion, unreadable } = this.#feed;
    const settles = this.#settles(startedAt);
    const wholeIsDue =
      settles ||
      completeAt === null ||
      suspicion !== null ||
      unreadable !== null ||
      startedAt - completeAt > WHOLE_EVERY_MILLISECONDS;
    const cursor = wholeIsDue || this.#options.whole ? null : this.#feed.cursor;
    let end = (await this.#pages(cursor, startedAt)) ?? (await this.#pages(null, startedAt));
    if (this.#hasLeftSlots && end?.complete && this.heldBack === null) {
      this.#takesSlots = true;
      end = await this.#pages(null, startedAt);
    }
    if (end === null) throw new Error('the platform calls a new cursor expired');
    const whole = end.complete !== null;
    const trueAt = end.trueAt === null ? null : earlier(startedAt, end.trueAt ?? startedAt);
    const { connectionId, feedId } = this.#feed;
    // What is missing of a suspect feed takes its bad records with it: they are not mended.
    if (whole && this.heldBack === null) await this.#context.store.forgetMended(this.#feed, startedAt);
    const event = {
      type: 'feed.read',
      at: this.#context.environment.clock.now(),
      connectionId,
      feedId,
      complete: whole,
      rows: this.rows,
      slotsChanged: this.slotsChanged,
      slotsRemoved: this.slotsRemoved,
      rejected: this.rejected,
    } as const;
    this.#context.onEvent(event);
    const { rows, slotsChanged, lookAgain, heldBack } = this;
    return {
      ...this.#follow(end, settles, startedAt),
      startedAt,
      trueAt,
      asOf: this.#asOf(whole, trueAt),
      whole,
      heldBack,
      legibility: this.#legibility,
      rows,
      slotsChanged,
      lookAgain,
    };
  }

  /** The list is read a second time, once it shows all that was before the cursor. */
  #settles(now: Instant): boolean {
    const { cursor, unsettledAt } = this.#feed;
    return cursor !== null && unsettledAt !== null && now - unsettledAt > this.#staleness;
  }

  /** From where the next delta goes on. */
  #follow(
    { cursor, complete }: Extract<Page, { kind: 'end' }>,
    settles: boolean,
    startedAt: Instant,
  ): Pick<FeedState, 'cursor' | 'unsettledAt'> {
    // The list may lag behind a new cursor as well; not behind the one that it was read again for.
    if (settles && complete !== null) return { cursor: this.#feed.cursor, unsettledAt: null };
    if (complete === null) return { cursor, unsettledAt: this.#feed.unsettledAt };
    return { cursor, unsettledAt: cursor !== null && this.#staleness > 0 ? startedAt : null };
  }

  /** All that stood there then is known. What a list that lagged did not show no delta tells: null until it is read again. */
  #asOf(whole: boolean, trueAt: Instant | null): Instant | null {
    if (trueAt === null) return null;
    return whole || this.#feed.unsettledAt === null ? plus(trueAt, -this.#staleness) : null;
  }

  get #staleness(): number {
    const { manifest } = this.#context.platforms.get(this.#feed.connectionId);
    return manifest.limits.stalenessMilliseconds;
  }

  /** Null = the cursor has expired, or what followed it is not believed. */
  async #pages(cursor: string | null, startedAt: Instant): Promise<Extract<Page, { kind: 'end' }> | null> {
    const { platform } = this.#context.platforms.get(this.#feed.connectionId);
    const { connectionId } = this.#feed;
    const connection = this.#context.directory.connection(connectionId);
    const { brought } = this.#options;
    const asOf = brought?.asOf ?? plus(startedAt, -this.#staleness);
    const window = { start: startedAt, end: plus(startedAt, connection.horizonMilliseconds) };
    const signal = AbortSignal.any([this.#options.signal, AbortSignal.timeout(READING_MILLISECONDS_MAX)]);
    const calendars = brought?.calendars ?? calendarsIn(this.#context, this.#feed);
    this.#records.startOver();
    this.#listBeganAt = this.#context.environment.clock.now();
    const pages = brought?.pages() ?? platform.read({ calendars, cursor, window, signal });
    for await (const page of pages) {
      signal.throwIfAborted();
      if (page.kind === 'cursorExpired') return null;
      if (page.kind === 'rows') {
        if (sizeOf(page) === 0) continue;
        await this.#commit(await this.#believable(page, window), asOf);
        await this.#renew();
        continue;
      }
      if (cursor !== null && (this.#doubted || this.#isMostlyUnread)) return null;
      if (page.complete) await this.#commitMissing(calendars, page.complete, asOf);
      return page;
    }
    throw new Error('the reading ended without its last page');
  }

  get #legibility(): Legibility {
    return this.#records.legibility(this.#seen());
  }

  *#seen(): Iterable<string> {
    yield* this.#seenSlots;
    yield* this.#seenBusy;
    yield* this.#seenShifts.values();
  }

  /** A delta is small, and the next one has forgotten it: the whole shows whether that is how all of it reads now. */
  get #isMostlyUnread(): boolean {
    const { records, unread } = this.#legibility;
    return unread > 0 && unread >= records / 2;
  }

  /** Not with every page: it is a commit of its own. */
  async #renew(): Promise<void> {
    const now = this.#context.environment.clock.now();
    if (now - this.#renewedAt < LEASE_MILLISECONDS / 3) return;
    this.#renewedAt = now;
    await this.#context.store.renewFeed(this.#feed, plus(now, LEASE_MILLISECONDS));
  }

  /** Removals are a platform's word one by one; more than the limit at once wait for what a whole reading shows. */
  async #believable(page: Rows, window: Interval): Promise<Rows> {
    this.#removalsTold += page.removed.length;
    const limit = this.#limit();
    if (page.removed.length === 0 || limit === null || this.#removalsTold < limit.atLeast) return page;
    const place = {
      connectionId: this.#feed.connectionId,
      calendars: calendarsIn(this.#context, this.#feed),
      window,
    };
    const expected = await this.#context.store.transaction((transaction) =>
      expectedAfter(transaction, place, page.removed),
    );
    if (toHold(expected, this.#removed, [], limit).length === 0) return page;
    this.#doubted = true;
    return { ...page, removed: [] };
  }

  /** Null = a person said that what is missing is gone. */
  #limit() {
    const { connectionId, acceptedAt } = this.#feed;
    return acceptedAt === null ? this.#context.directory.connection(connectionId).suspect : null;
  }

  async #commit(page: Rows, asOf: Instant): Promise<void> {
    const { connectionId } = this.#feed;
    for (const row of page.rows) (row.kind === 'slot' ? this.#seenSlots : this.#seenBusy).add(row.externalId);
    // A record that can't be read is still there: it must not be taken for one that is gone.
    for (const { externalId } of page.rejected) if (externalId !== null) this.#rejected.add(externalId);
    this.#records.add(page);
    for (const shift of page.shifts ?? [])
      this.#seenShifts.set(shiftId(connectionId, shift), shift.externalId);
    const { linked, rejected } = sortOut(this.#context, connectionId, page.rows);
    const shifts = sortOut(this.#context, connectionId, page.shifts ?? []);
    const unread = [...page.rejected, ...rejected, ...shifts.rejected];
    this.#hasLeftSlots ||= !this.#takesSlots && shifts.linked.length > 0;
    await setAside(this.#context, this.#feed, unread, this.#listBeganAt);
    const done = await commitBatch(this.#context, {
      connectionId,
      asOf,
      settledAt: null,
      rows: this.#takesSlots ? linked : linked.filter((row) => !this.#leaves(row)),
      removed: page.removed,
      shifts: this.#takesSlots ? shifts.linked : [],
      isFirst: this.#feed.completeAt === null,
      missing: null,
    });
    for (const removed of done.removed) this.#removed.push(removed);
    for (const externalId of done.slotsCreated) this.#created.push(externalId);
    this.#count(done, page.rows.length + shifts.linked.length, unread.length);
  }

  #leaves({ kind, mark }: Observation): boolean {
    const leaves = kind === 'slot' && subjectOf(mark) === null;
    this.#hasLeftSlots ||= leaves;
    return leaves;
  }

  async #commitMissing(calendars: readonly string[], window: Interval, asOf: Instant): Promise<void> {
    const missing = {
      feedId: this.#feed.feedId,
      calendars,
      window,
      seenSlots: this.#seenSlots,
      seenBusy: this.#seenBusy,
      seenShifts: this.#seenShifts,
      rejected: this.#rejected,
      limit: this.#limit(),
      suspectSince: this.#feed.suspicion?.since ?? null,
      removed: this.#removed,
      created: this.#created,
    };
    const { connectionId } = this.#feed;
    const done = await commitBatch(this.#context, {
      connectionId,
      asOf,
      settledAt: null,
      rows: [],
      removed: [],
      isFirst: this.#feed.completeAt === null,
      missing,
    });
    this.heldBack = done.heldBack;
    this.#count(done, 0, 0);
  }

  #count(done: Committed, rows: number, rejected: number): void {
    this.rows += rows;
    this.rejected += rejected;
    this.slotsChanged += done.slotsChanged;
    this.slotsRemoved += done.removed.filter(({ kind }) => kind === 'slots').length;
    this.lookAgain ||= done.lookAgain;
    this.#options.onProgress?.({ rows: this.rows, slotsChanged: this.slotsChanged });
  }
}

/** The feed of a platform that is read all at once. */
export const WHOLE_CONNECTION = '*';

/** The calendars that are read in a feed. */
export function calendarsIn(
  { directory }: Pick<Context, 'directory'>,
  { connectionId, feedId }: FeedKey,
): string[] {
  if (feedId !== WHOLE_CONNECTION) return [feedId];
  return directory.calendarsOn(connectionId).map((calendar) => calendar.externalId);
}
