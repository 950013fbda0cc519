import type { Ids } from '../domain/environment.ts';
import { plus, SECOND } from '../domain/instant.ts';
import type { SubscriptionStore } from '../engine/ports/subscriptions.ts';
import type { Bell } from './bell.ts';
import { LEASE_MILLISECONDS, type ServeContext, serve } from './serve.ts';

/**
 * Serves the subscribers that somebody must be told of. A level-triggered controller: it looks what there is to do, every second
 * and when it is woken, and nothing is lost that it does not hear.
 */

export type NotifierContext = ServeContext & {
  readonly store: Pick<SubscriptionStore, 'claimSubscriptions' | 'activateSubscriptions'>;
  readonly ids: Ids;
  readonly bell: Bell;
  readonly onError: (reason: string, error: unknown) => void;
};

export type Notifier = {
  readonly start: () => void;
  /** Resolves when nothing of it is under way any more: a notification takes 15 s at the most. */
  readonly stop: () => Promise<void>;
  /** One look: claims whom there is a place for. `served` resolves when their turns are over. */
  readonly look: () => Promise<{ readonly served: Promise<unknown> }>;
};

const LOOK_MILLISECONDS = 1 * SECOND;
/** Subscribers that are served at once. */
const PLACES = 16;

export function createNotifier(context: NotifierContext): Notifier {
  const { store, bell, environment } = context;
  const stopping = new AbortController();
  const turns = new Set<Promise<void>>();
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<{ served: Promise<unknown> }> {
    const now = environment.clock.now();
    await store.activateSubscriptions(now);
    const by = context.ids.next();
    const limit = PLACES - turns.size;
    const leaseUntil = plus(now, LEASE_MILLISECONDS);
    const claimed = limit > 0 ? await store.claimSubscriptions({ by, now, leaseUntil, limit }) : [];
    return {
      served: Promise.all(
        claimed.map((subscription) => {
          const turn = serve(context, subscription, by, stopping.signal)
            .catch((error: unknown) => context.onError('a subscription could not be served', error))
            .finally(() => {
              turns.delete(turn);
              // There is a place now, and perhaps more to tell.
              bell.ring();
            });
          turns.add(turn);
          return turn;
        }),
      ),
    };
  }

  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) {
      const heard = bell.rings();
      await look().catch((error: unknown) => context.onError('subscriptions', error));
      await bell.wait(heard, LOOK_MILLISECONDS, stopping.signal);
    }
  }

  return {
    look,
    start: () => {
      looking = repeat();
    },
    async stop() {
      stopping.abort();
      await looking;
      await Promise.all(turns);
    },
  };
}
