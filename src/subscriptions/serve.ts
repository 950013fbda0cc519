import type { Environment } from '../domain/environment.ts';
import { type Instant, MINUTE, plus, SECOND } from '../domain/instant.ts';
import type {
  Change,
  ChangePage,
  Match,
  NotificationOutcome,
  Position,
  SecretsSeal,
  Served,
  SubscriptionStore,
  Trouble,
} from '../engine/ports/subscriptions.ts';
import { type Failing, nextAttempt } from './failing.ts';
import { lastOnes } from './last-ones.ts';
import type { Notification, Sender } from './send.ts';

/** One turn of one subscriber: it is told what lies after its position, one notification after the other. */

export type ServeContext = {
  readonly store: Pick<
    SubscriptionStore,
    'changesAfter' | 'passSubscription' | 'failSubscription' | 'releaseSubscription'
  >;
  readonly match: Match;
  readonly sender: Pick<Sender, 'send'>;
  readonly secrets: Pick<SecretsSeal, 'open'>;
  readonly environment: Pick<Environment, 'clock' | 'random'>;
  readonly giveUpMilliseconds: number;
  /** Told of each attempt. */
  readonly onOutcome: (outcome: NotificationOutcome) => void;
};

/** Longer than a notification takes, and what is stored of it. */
export const LEASE_MILLISECONDS = 1 * MINUTE;
/** A slow one gives up its place to the others, and comes again. */
const TURN_MILLISECONDS = 10 * SECOND;
const PAGE = 100;

/** A notification, and where its subscriber is once it has it. */
type Notice = Notification & { readonly seen: Position };

/** @param by the claim. @throws what the store throws: then it is claimed until its lease is over. */
export async function serve(
  context: ServeContext,
  subscription: Served,
  by: string,
  signal: AbortSignal,
): Promise<void> {
  const { store, environment } = context;
  const { clock } = environment;
  const { id } = subscription;
  const endsAt = plus(clock.now(), TURN_MILLISECONDS);
  const isOver = (): boolean => signal.aborted || clock.now() >= endsAt;
  let failing: Failing = subscription;
  let { seen } = subscription;

  const pass = (to: Position, isNotified: boolean): Promise<boolean> =>
    store.passSubscription(id, by, to, { ...leased(clock.now()), isNotified });
  const fail = (trouble: Trouble, asked: number | null): Promise<void> =>
    recordFailure(context, id, by, failing, { trouble, asked });

  const secrets = context.secrets.open(subscription.sealed);
  if (!secrets) return fail({ kind: 'sealed' }, null);
  for (;;) {
    const page = await store.changesAfter(seen, PAGE);
    const notices = await noticesOf(context.match, subscription, page);
    if (!notices) return fail({ kind: 'criteria' }, null);
    for (const notice of notices) {
      const sent = await context.sender.send(notice, secrets);
      if (sent.outcome === 'failed') return fail(sent.trouble, sent.retryAfterMilliseconds);
      context.onOutcome({ subscriptionId: id, outcome: 'delivered', trouble: null });
      failing = { attempts: 0, failingSince: null };
      if (!(await pass(notice.seen, true))) return;
      if (isOver()) return store.releaseSubscription(id, by, clock.now());
    }
    seen = page.through;
    if (!(await pass(seen, false))) return;
    if (!page.isFull || isOver()) return store.releaseSubscription(id, by, clock.now());
  }
}

const leased = (now: Instant): { at: Instant; leaseUntil: Instant } => ({
  at: now,
  leaseUntil: plus(now, LEASE_MILLISECONDS),
});

async function recordFailure(
  { store, environment, giveUpMilliseconds, onOutcome }: ServeContext,
  id: string,
  by: string,
  failing: Failing,
  failure: { readonly trouble: Trouble; readonly asked: number | null },
): Promise<void> {
  const at = environment.clock.now();
  const nextAttemptAt = nextAttempt(failing, failure, giveUpMilliseconds, at, environment.random);
  const { trouble } = failure;
  await store.failSubscription(id, by, { at, trouble, nextAttemptAt });
  onOutcome({ subscriptionId: id, outcome: nextAttemptAt === null ? 'ended' : 'failed', trouble });
}

/** What the subscriber is told of a page of changes; null = its criteria are refused. */
async function noticesOf(
  match: Match,
  subscription: Served,
  page: ChangePage,
): Promise<readonly Notice[] | null> {
  const found = await lastOnes(match, subscription, page.changes);
  if (!found) return null;
  const { id, endpoint, payload } = subscription;
  const idOf = ({ position }: Change): string => `${id}-${position.id}`;
  if (payload !== null) {
    return found.map(([change, { text }]) => ({
      id: idOf(change),
      method: 'PUT',
      url: below(endpoint, `${change.resourceType}/${change.resourceId}`),
      body: { type: payload, text },
      seen: change.position,
    }));
  }
  // «There is something», once: whoever hears it searches.
  const last = found.at(-1);
  return last ? [{ id: idOf(last[0]), method: 'POST', url: endpoint, body: null, seen: page.through }] : [];
}

/** The endpoint is the service base of who is told, and the notification an update there (R4, subscription.html, REST hook). */
function below(endpoint: string, path: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  return url.href;
}
