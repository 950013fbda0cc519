import type { Clock, Ids } from '../domain/environment.ts';
import { type Instant, instant, MINUTE, plus, SECOND } from '../domain/instant.ts';
import type {
  Change,
  Match,
  Position,
  StreamEvent,
  Streamed,
  Streams,
  SubscriptionStore,
} from '../engine/ports/subscriptions.ts';
import type { Bell } from './bell.ts';
import { lastOnes } from './last-ones.ts';

/**
 * Changes as they happen, for who is connected. Each stream reads the changes by itself from its own position, and is no
 * further ahead than its client.
 */

export type StreamsContext = {
  readonly store: Pick<SubscriptionStore, 'changesAfter' | 'listen'>;
  readonly match: Match;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly bell: Bell;
};

const LOOK_MILLISECONDS = 1 * SECOND;
const HEARTBEAT_MILLISECONDS = 15 * SECOND;
/** Who comes back within that finds no gap, also in another process. */
const LEASE_MILLISECONDS = 2 * MINUTE;
const RENEW_MILLISECONDS = 20 * SECOND;
const PAGE = 100;
const STREAMS_MAX = 100;
/** So that nobody takes them all from the others. */
const STREAMS_OF_ONE_MAX = 25;

export function createStreams({ store, match, clock, ids, bell }: StreamsContext): Streams {
  const listenerId = ids.next();
  const closing = new AbortController();
  let open = 0;
  const openBy = new Map<string, number>();
  let renewedAt: Instant = instant(0);

  function listen(): Promise<Position | null> {
    renewedAt = clock.now();
    return store.listen(listenerId, plus(renewedAt, LEASE_MILLISECONDS));
  }

  async function* follow(
    wanted: readonly Streamed[],
    from: Position | null,
    signal: AbortSignal,
  ): AsyncGenerator<StreamEvent> {
    let position = from;
    let toldAt = clock.now();
    while (!signal.aborted) {
      const heard = bell.rings();
      if (clock.now() - renewedAt >= RENEW_MILLISECONDS) await listen();
      const page = await store.changesAfter(position, PAGE);
      if (position === null || page.isGapBefore) {
        position = await listen();
        if (position) {
          yield { type: 'reset', id: textOf(position) };
          toldAt = clock.now();
        }
      } else {
        const events = await eventsOf(match, wanted, page.changes);
        // The criteria are refused by now: whoever connects again is told why.
        if (!events) return;
        yield* events;
        position = page.through;
        if (events.length > 0) toldAt = clock.now();
        if (page.isFull) continue;
      }
      if (position && clock.now() - toldAt >= HEARTBEAT_MILLISECONDS) {
        yield { type: 'alive', id: textOf(position) };
        toldAt = clock.now();
      }
      await bell.wait(heard, LOOK_MILLISECONDS, signal);
    }
  }

  return {
    open(by, wanted, lastEventId, left) {
      const own = openBy.get(by) ?? 0;
      if (open >= STREAMS_MAX || own >= STREAMS_OF_ONE_MAX || closing.signal.aborted) return null;
      open += 1;
      openBy.set(by, own + 1);
      const signal = AbortSignal.any([left, closing.signal]);
      const release = (): void => {
        open -= 1;
        const rest = (openBy.get(by) ?? 1) - 1;
        if (rest === 0) openBy.delete(by);
        else openBy.set(by, rest);
      };
      return released(follow(wanted, positionOf(lastEventId), signal), release);
    },
    close: () => closing.abort(),
  };
}

async function* released<T>(stream: AsyncGenerator<T>, release: () => void): AsyncGenerator<T> {
  try {
    yield* stream;
  } finally {
    release();
  }
}

/** Null = the criteria are refused. */
async function eventsOf(
  match: Match,
  wanted: readonly Streamed[],
  changes: readonly Change[],
): Promise<readonly StreamEvent[] | null> {
  const texts = new Map<Change, string>();
  for (const each of wanted) {
    const found = await lastOnes(match, each, changes);
    if (!found) return null;
    for (const [change, { text }] of found) texts.set(change, text);
  }
  /** Whoever is told of one organization only does not hear that there was anything at another. */
  const isToldGone = (change: Change): boolean =>
    wanted.some(
      ({ resourceType, organizationId }) =>
        resourceType === change.resourceType &&
        (organizationId === null || organizationId === change.organizationId),
    );
  return changes.flatMap((change) => {
    const { resourceType, resourceId, version, isLast, position } = change;
    const isGone = version === null && isLast && isToldGone(change);
    const data = isGone ? JSON.stringify({ resourceType, id: resourceId, deleted: true }) : texts.get(change);
    return data === undefined ? [] : [{ type: resourceType, id: textOf(position), data }];
  });
}

const textOf = ({ xact, id }: Position): string => `${xact}-${id}`;

const XACT_MAX = 2n ** 64n - 1n;

/** What `textOf` wrote; null of anything else. */
function positionOf(text: string | null): Position | null {
  const [, xact = '', id = ''] = /^(\d{1,20})-(\d{1,15})$/.exec(text ?? '') ?? [];
  return xact === '' || BigInt(xact) > XACT_MAX ? null : { xact, id: Number(id) };
}
