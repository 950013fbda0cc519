/** When work runs. What there is to do is in the database, so a queue that loses everything loses nothing. */

export type Work =
  | { readonly kind: 'observe'; readonly connectionId: string; readonly feedId: string }
  | { readonly kind: 'deliver'; readonly connectionId: string };

/** Same key, same work: waking it twice runs it once, unless it is already running: then once more afterwards. */
export const workKey = (work: Work): string =>
  work.kind === 'observe' ? `observe:${work.connectionId}:${work.feedId}` : `deliver:${work.connectionId}`;

export type Queue = {
  /**
   * Asks that the work runs after `delayMilliseconds` (0 when left out). The earlier of two times wins.
   * Never throws: what is lost here the sweep finds.
   */
  readonly wake: (work: Work, delayMilliseconds?: number) => void;
  /** Begins to hand work to the handler, which must not throw. The same key never runs twice at once. */
  readonly start: (handler: (work: Work) => Promise<void>) => Promise<void>;
  /** Takes no more work and resolves when what is running has ended. */
  readonly stop: () => Promise<void>;
};
