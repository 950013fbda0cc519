import type { TargetProblem } from '../../src/adapter/targets.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type {
  Streams,
  Subscription,
  SubscriptionRegistry,
  SubscriptionStatus,
} from '../../src/engine/ports/subscriptions.ts';
import { secretsSeal } from '../../src/subscriptions/secrets.ts';
import { fakeSeal } from './fake-ring.ts';

/** A test double of who keeps subscriptions, in memory; nobody is told. The real one is tested elsewhere. */

export const MOST = 3;

export type SubscriptionWorld = {
  subscriptions: Subscription[];
  /** In place of looking at where a target leads. */
  targetProblem: TargetProblem | null;
  /** False = there are too many already. */
  mayStream: boolean;
};

export const subscriptionWorld = (): SubscriptionWorld => ({
  subscriptions: [],
  targetProblem: null,
  mayStream: true,
});

export const fakeSecrets = secretsSeal(fakeSeal(3));

const FRESH = { attempts: 0, failingSince: null, trouble: null };

export function fakeRegistry(world: SubscriptionWorld, check: () => void): SubscriptionRegistry {
  const change = (id: string, next: (found: Subscription) => Subscription): void => {
    world.subscriptions = world.subscriptions.map((each) => (each.id === id ? next(each) : each));
  };
  const find = (id: string): Subscription | null =>
    world.subscriptions.find((each) => each.id === id) ?? null;
  return {
    async subscriptions() {
      check();
      return [...world.subscriptions].sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    subscription: async (id) => find(id),
    async addSubscription(added, at, most) {
      if (world.subscriptions.length >= most) return null;
      const made: Subscription = { ...added, ...FRESH, version: 1, updatedAt: at };
      world.subscriptions.push(made);
      return made;
    },
    async changeSubscription(id, version, changed, at) {
      if (find(id)?.version !== version) return null;
      change(id, (found) => {
        const goesOn = changed.status === 'requested' && /active|error/.test(found.status);
        const status: SubscriptionStatus = goesOn ? 'active' : changed.status;
        return { ...found, ...changed, ...FRESH, status, version: version + 1, updatedAt: at };
      });
      return find(id);
    },
    async removeSubscription(id) {
      const found = find(id);
      world.subscriptions = world.subscriptions.filter((each) => each !== found);
      return found !== null;
    },
    async activateSubscriptions(at: Instant) {
      for (const { id, status } of world.subscriptions) {
        if (status !== 'requested') continue;
        change(id, (found) => ({ ...found, status: 'active', version: found.version + 1, updatedAt: at }));
      }
    },
    async subscriptionFigures() {
      check();
      const of = (wanted: SubscriptionStatus): number =>
        world.subscriptions.filter(({ status }) => status === wanted).length;
      return {
        byStatus: { requested: of('requested'), active: of('active'), error: of('error'), off: of('off') },
        waiting: 0,
      };
    },
  };
}

/** Each begins, and ends at once. */
export const fakeStreams = (world: SubscriptionWorld): Streams => ({
  open: () => (world.mayStream ? beginning() : null),
  close: () => undefined,
});

async function* beginning() {
  yield { type: 'reset' as const, id: '1-0' };
}
