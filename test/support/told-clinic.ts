import { documents } from '../../mappings/fhir/documents.ts';
import { createTargets, type Resolve } from '../../src/adapter/targets.ts';
import type { Environment } from '../../src/domain/environment.ts';
import { DAY, type Instant, plus } from '../../src/domain/instant.ts';
import type {
  Match,
  NotificationOutcome,
  Subscription,
  SubscriptionTerms,
} from '../../src/engine/ports/subscriptions.ts';
import type { Database } from '../../src/store/database.ts';
import { createStore } from '../../src/store/store.ts';
import { createBell } from '../../src/subscriptions/bell.ts';
import { createNotifier, type Notifier, type NotifierContext } from '../../src/subscriptions/notifier.ts';
import { secretsSeal } from '../../src/subscriptions/secrets.ts';
import { createSender } from '../../src/subscriptions/send.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { directory, entries, slot, span, uuid } from './clinic.ts';
import { fakeSeal } from './fake-ring.ts';
import { readable } from './horizon.ts';
import { LOOPBACK } from './loopback.ts';
import { until } from './servers.ts';
import { terms } from './subscription-terms.ts';

/** Subscribers of the made-up clinic: a real database, real HTTP, and time that passes when the test says so. */

export const SECRET = `whsec_${Buffer.from('a secret of nobody but the tests').toString('base64')}`;
export const secrets = secretsSeal(fakeSeal(7));

export type FullStore = ReturnType<typeof createStore>;

export type ToldClinic = {
  readonly database: Database;
  readonly store: FullStore;
  now: Instant;
  readonly outcomes: NotificationOutcome[];
  readonly faults: unknown[];
  /** One more process that serves subscribers. */
  readonly notifier: (options?: NotifierOptions) => Notifier;
  /** As many looks as it takes until there is nothing that could be done now. */
  readonly settle: (notifier: Notifier) => Promise<void>;
  readonly subscribe: (
    id: string,
    more: Partial<SubscriptionTerms>,
    secret?: string,
  ) => Promise<Subscription>;
  readonly subscription: (id: string) => Promise<Subscription>;
  /** Slots of these numbers are made, or made anew, one after the other. */
  readonly write: (...numbers: number[]) => Promise<void>;
  readonly remove: (n: number) => Promise<void>;
  readonly close: () => void;
};

export type NotifierOptions = {
  readonly resolve?: Resolve;
  readonly allowed?: readonly string[];
  readonly match?: Match;
  readonly store?: Partial<NotifierContext['store']>;
  readonly timeoutMilliseconds?: number;
};

export const CLEAN =
  'delete from subscription; delete from listener; delete from change; delete from slot; delete from slot_version; ' +
  'delete from appointment; delete from appointment_version; ' +
  "delete from busy_period; update change_kept set xact = '0', id = 0";

/** Every slot of these ids, with its version and no more. */
export const anySlot =
  (database: Database): Match =>
  async (_wanted, ids) => {
    const rows = await database.query<{ id: string; version: number }>(
      'select id, version from slot where id = any($1::uuid[])',
      [ids],
    );
    return new Map(
      rows.map(({ id, version }) => [
        id,
        {
          version,
          text: JSON.stringify({ resourceType: 'Slot', id, meta: { versionId: String(version) } }),
        },
      ]),
    );
  };

export async function toldClinic(database: Database, start: Instant): Promise<ToldClinic> {
  const store = createStore(database);
  await store.applyDirectory(entries(), []);
  const senders: { close: () => void }[] = [];
  const outcomes: NotificationOutcome[] = [];
  const faults: unknown[] = [];

  const clinic: ToldClinic = {
    database,
    store,
    now: start,
    outcomes,
    faults,
    notifier(options = {}) {
      const { allowed = LOOPBACK, resolve, match = anySlot(database) } = options;
      const environment: Environment = {
        ...systemEnvironment,
        clock: { now: () => clinic.now, sleep: systemEnvironment.clock.sleep },
        random: { next: () => 0 },
      };
      const sender = createSender(
        createTargets(allowed, resolve),
        environment.clock,
        options.timeoutMilliseconds,
      );
      senders.push(sender);
      return createNotifier({
        store: { ...store, ...options.store },
        match,
        sender,
        secrets,
        environment,
        ids: environment.ids,
        giveUpMilliseconds: DAY,
        bell: createBell(environment.clock),
        onOutcome: (outcome) => outcomes.push(outcome),
        onError: (_reason, error) => faults.push(error),
      });
    },
    async settle(notifier) {
      await readable(database);
      for (;;) {
        const before = outcomes.length;
        await (await notifier.look()).served;
        if (outcomes.length === before) return;
      }
    },
    async subscribe(id, more, secret = SECRET) {
      const sealed = secrets.close({ secret, headers: [] });
      await store.addSubscription(
        { ...terms({ sealed, ...more }), id, status: 'requested' },
        clinic.now,
        100,
      );
      await until('it is active', async () => {
        await store.activateSubscriptions(clinic.now);
        return (await store.subscription(id))?.status === 'active';
      });
      return clinic.subscription(id);
    },
    async subscription(id) {
      const found = await store.subscription(id);
      if (!found) throw new Error(`no subscription ${id}`);
      return found;
    },
    write: async (...numbers) => {
      for (const n of numbers) {
        await store.transaction((on) => on.writeSlots([slotOf(n)], clinic.now));
      }
    },
    remove: async (n) => {
      await store.transaction((on) =>
        on.removeSlots('east', [{ externalId: `slot-${n}`, sequence: null }], clinic.now),
      );
    },
    close: () => {
      for (const sender of senders) sender.close();
    },
  };
  return clinic;
}

const DOCUMENTS = documents(directory);

/** As the engine writes it. */
const slotOf = (n: number) => {
  const made = slot(n, span(n * 20, n * 20 + 20));
  return { ...made, document: DOCUMENTS.slot(made) };
};

export const later = (clinic: ToldClinic, milliseconds: number): void => {
  clinic.now = plus(clinic.now, milliseconds);
};

export const SUBSCRIPTION = uuid(0x51);
