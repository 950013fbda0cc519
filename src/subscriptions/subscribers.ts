import { createTargets, type TargetProblem } from '../adapter/targets.ts';
import type { Environment } from '../domain/environment.ts';
import type { Seal } from '../engine/ports/seal.ts';
import type {
  Match,
  NotificationOutcome,
  SecretsSeal,
  Streams,
  SubscriptionStore,
} from '../engine/ports/subscriptions.ts';
import type { Bell } from './bell.ts';
import { createNotifier } from './notifier.ts';
import { secretsSeal } from './secrets.ts';
import { createSender } from './send.ts';
import { createStreams } from './streams.ts';
import { keepUp } from './upkeep.ts';

/** All that tells of changes, in one process, as the rest of the program sees it. */
export type Subscribers = {
  readonly secrets: SecretsSeal;
  readonly targetProblem: (endpoint: string) => Promise<TargetProblem | null>;
  readonly streams: Streams;
  /** @param tells whether this process tells subscribers, or only keeps streams. */
  readonly start: (options: { readonly tells: boolean }) => Promise<void>;
  /** Ends what runs, and resolves when nothing of it is left. */
  readonly stop: () => Promise<void>;
};

export type SubscribersContext = {
  readonly store: SubscriptionStore;
  readonly match: Match;
  readonly seal: Pick<Seal, 'closeText' | 'openText'>;
  readonly environment: Environment;
  readonly bell: Bell;
  readonly allowedTargets: readonly string[];
  readonly giveUpMilliseconds: number;
  readonly onOutcome: (outcome: NotificationOutcome) => void;
  readonly onError: (reason: string, error: unknown) => void;
};

export function createSubscribers(context: SubscribersContext): Subscribers {
  const { store, match, environment, bell, onError } = context;
  const { clock, ids } = environment;
  const targets = createTargets(context.allowedTargets);
  const secrets = secretsSeal(context.seal);
  const sender = createSender(targets, clock);
  const streams = createStreams({ store, match, clock, ids, bell });
  const notifier = createNotifier({ ...context, secrets, sender, ids });
  const stopping = new AbortController();
  let keepingUp: Promise<void> = Promise.resolve();

  return {
    secrets,
    streams,
    targetProblem: targets.problemOf,
    async start({ tells }) {
      await store.mendPositions();
      keepingUp = keepUp({ store, clock, onError }, stopping.signal);
      if (tells) notifier.start();
    },
    async stop() {
      stopping.abort();
      streams.close();
      await notifier.stop();
      await keepingUp;
      sender.close();
    },
  };
}
