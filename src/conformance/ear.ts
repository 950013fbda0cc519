import { setTimeout as wait } from 'node:timers/promises';
import type { Listening, News, Platform } from '../adapter/contract.ts';
import type { Observation, Page, Rejected, Removal } from '../adapter/observation.ts';
import type { Feed } from './target.ts';

/** Far more than it takes to tell all that stands in an agenda. */
const DEADLINE_MILLISECONDS = 5_000;

/** Hears what a platform tells, and keeps it as the engine would: what came last of a thing is how it stands. */
export class Ear {
  readonly feed: Feed;
  /** In place of taking it in; rejects, or takes its time. */
  intercept: (news: News) => Promise<void> = async () => undefined;
  readonly #platform: Platform;
  #listening: Promise<Listening> | null = null;
  readonly #rows = new Map<string, Observation>();
  readonly #removed: Removal[] = [];
  readonly #rejected: Rejected[] = [];

  constructor(platform: Platform, feed: Feed) {
    this.#platform = platform;
    this.feed = feed;
  }

  async open(): Promise<void> {
    if (this.#listening) return void (await this.#listening);
    if (!this.#platform.listen) throw new Error('pull is none, and listen is not implemented');
    this.#listening = this.#platform.listen(async (news) => {
      await this.intercept(news);
      if (news.outcome === 'payload') this.#take(news);
    });
    this.feed.point((await this.#listening).address);
  }

  /** @throws Error when something is told again and again. */
  async told(): Promise<void> {
    const waiting = new AbortController();
    const late = wait(DEADLINE_MILLISECONDS, null, { signal: waiting.signal }).then(() => {
      throw new Error(`what is told was not acknowledged within ${DEADLINE_MILLISECONDS} ms`);
    });
    late.catch(() => undefined);
    await Promise.race([this.feed.told(), late]).finally(() => waiting.abort());
  }

  /** All that was told by now. @throws Error when something is told again and again. */
  async all(): Promise<Extract<Page, { kind: 'rows' }>> {
    await this.told();
    return {
      kind: 'rows',
      rows: [...this.#rows.values()],
      removed: [...this.#removed],
      rejected: [...this.#rejected],
    };
  }

  async close(): Promise<void> {
    this.feed.point(null);
    await (await this.#listening)?.close();
  }

  #take({ rows, removed, rejected }: Extract<News, { outcome: 'payload' }>): void {
    for (const row of rows) this.#rows.set(`${row.kind} ${row.externalId}`, row);
    for (const each of removed) this.#rows.delete(`${each.kind} ${each.externalId}`);
    this.#removed.push(...removed);
    this.#rejected.push(...rejected);
  }
}
