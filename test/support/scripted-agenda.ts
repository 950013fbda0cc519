import { manifest as rvsq } from '../../adapters/rvsq/manifest.ts';
import type { Manifest, Platform, WebhookOutcome } from '../../src/adapter/contract.ts';
import type { ObservedBusy, ObservedSlot, Page, Rejected } from '../../src/adapter/observation.ts';
import { MINUTE, plus } from '../../src/domain/instant.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import type { FeedState } from '../../src/engine/ports/feeds.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import type { Database } from '../../src/store/database.ts';
import { createStore } from '../../src/store/store.ts';
import { type ManualClock, manualClock } from '../adapter/manual-clock.ts';
import { at, span } from './clinic.ts';
import { engineContext } from './engine-context.ts';

/** The made-up clinic on a platform that shows what a test tells it to show. */

/** Nothing lags here, so no list is read a second time. */
export const PROMPT: Manifest = { ...rvsq, limits: { ...rvsq.limits, stalenessMilliseconds: 0 } };
export const PER_CALENDAR: Manifest = {
  ...PROMPT,
  capabilities: { ...PROMPT.capabilities, feed: 'calendar' },
};

export type Shown = ObservedSlot | ObservedBusy;

const common = { mark: null, revision: null, sequence: null };

export const slot = (n: number, calendar = 'w-doctor'): ObservedSlot => ({
  ...common,
  kind: 'slot',
  externalId: `${calendar}-slot-${n}`,
  calendar,
  interval: span(n * 20, n * 20 + 20),
  attributes: UNKNOWN_ATTRIBUTES,
});
export const booking = (n: number, externalId = `booking-${n}`): ObservedBusy => ({
  ...common,
  kind: 'busy',
  externalId,
  calendar: 'w-doctor',
  interval: span(n * 20, n * 20 + 20),
  busyKind: 'appointment',
  expiresAt: null,
  changedAt: null,
});
export const slots = (count: number, calendar = 'w-doctor') => numbers(count).map((n) => slot(n, calendar));
export const bookings = (count: number) => numbers(count).map((n) => booking(n));
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

type Rows = Extract<Page, { kind: 'rows' }>;

export const removal = (rows: readonly Shown[]): Rows => ({
  kind: 'rows',
  rows: [],
  removed: rows.map(({ kind, externalId }) => ({ kind, externalId, sequence: null })),
  rejected: [],
});

export class ScriptedAgenda {
  clock: ManualClock = manualClock(at(-60));
  shown: readonly Shown[] = [];
  /** The pages of its next delta, if it is asked for one. */
  delta: readonly Page[] = [];
  rejected: readonly Rejected[] = [];
  isComplete = true;
  /** Before a whole reading ends. */
  meanwhile: () => Promise<void> = async () => undefined;
  /** With which it was read. */
  readonly cursors: (string | null)[] = [];
  readonly events: EngineEvent[] = [];
  readonly #database: Database;
  #delivery: WebhookOutcome = { outcome: 'hint', calendars: [] };
  #running: { readonly store: Store; readonly engine: Engine } | null = null;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<ScriptedAgenda> {
    await database.script('delete from slot; delete from listing; delete from appointment; delete from feed');
    await database.script(
      'delete from conflict; delete from busy_period; delete from rejected; delete from told_gone',
    );
    const agenda = new ScriptedAgenda(database);
    await agenda.begin();
    return agenda;
  }

  get engine(): Engine {
    if (!this.#running) throw new Error('it is not running');
    return this.#running.engine;
  }
  get store(): Store {
    if (!this.#running) throw new Error('it is not running');
    return this.#running.store;
  }

  /** A process that reads nothing but what the test has it read. */
  async begin(manifest: Manifest = PROMPT): Promise<void> {
    const { clock } = this;
    const context = engineContext(this.#database, {
      platform: { read: (request) => this.#read(request), webhook: async () => this.#delivery },
      manifest,
      clock,
    });
    const engine = createEngine(
      { ...context, onEvent: (event) => this.events.push(event) },
      createStore(this.#database),
    );
    this.#running = { store: context.store, engine };
    await engine.start({ works: false });
  }

  close = (): Promise<void> => this.engine.stop();

  /** The next process, so much later: what runs every second would run a thousand times. */
  async restarts(milliseconds: number): Promise<void> {
    await this.close();
    this.clock = manualClock(plus(this.clock.now(), milliseconds));
    await this.begin();
  }

  async *#read({ calendars, cursor, window }: Parameters<Platform['read']>[0]): AsyncGenerator<Page> {
    this.cursors.push(cursor);
    if (cursor !== null) {
      yield* this.delta;
      yield { kind: 'end', complete: null, cursor: 'c2' };
      return;
    }
    const rows = this.shown.filter(({ calendar }) => calendars.includes(calendar));
    yield { kind: 'rows', rows, removed: [], rejected: this.rejected };
    await this.meanwhile();
    yield { kind: 'end', complete: this.isComplete ? window : null, cursor: 'c1' };
  }

  /** Reads the feed once more, some minutes later. @param whole as hours later, so that a whole reading is due. */
  async reads(feedId = WHOLE_CONNECTION, connectionId = 'west', whole = true): Promise<FeedState> {
    await this.clock.advance(5 * MINUTE);
    const key = { connectionId, feedId };
    if (whole) await this.#database.query('update feed set complete_ms = null, due_ms = 0');
    else await this.#database.query('update feed set due_ms = 0');
    await this.engine.run({ kind: 'observe', ...key });
    const feed = await this.store.feed(key);
    if (!feed) throw new Error('no such feed');
    return feed;
  }

  /** The platform tells by a webhook. */
  async tells({ rows, removed, rejected }: Rows, connectionId = 'west'): Promise<void> {
    this.#delivery = { outcome: 'payload', rows, removed, rejected };
    await this.engine.receive(connectionId, { headers: {}, body: Buffer.alloc(0) });
  }

  async known(): Promise<{ slots: number; bookings: number }> {
    return {
      slots: (await this.#database.query('select id from slot')).length,
      bookings: (await this.#database.query('select id from busy_period where ended_ms is null')).length,
    };
  }

  /** Of its feeds, but not that they were read. */
  told = (): EngineEvent[] =>
    this.events.filter(({ type }) => type.startsWith('feed.') && type !== 'feed.read');
}
