import type { Instant } from '../../domain/instant.ts';

/** Who is told of changes, and what is still to be told (docs/decisions/0017). */

/**
 * A place in the changes: the transaction that made one, as a decimal (it does not fit a number), and its id. Everything
 * up to it has been told, or passed over.
 */
export type Position = { readonly xact: string; readonly id: number };

export type ChangedType = 'Slot' | 'Appointment';

/** A slot or an appointment was made, changed or removed. */
export type Change = {
  readonly position: Position;
  readonly resourceType: ChangedType;
  readonly resourceId: string;
  /** Of the resource, by this change; null = it is gone. */
  readonly version: number | null;
  /** Of what is gone, whose it was. Null = it is there, or nobody's who is configured. */
  readonly organizationId: string | null;
  /** No later change of the resource is known: it is told with its last one. */
  readonly isLast: boolean;
};

export type ChangePage = {
  /** In the order of their positions. */
  readonly changes: readonly Change[];
  /** Where who has dealt with them is. */
  readonly through: Position;
  /** There may be more of them now. */
  readonly isFull: boolean;
  /** Some that lie after the position have been erased, or were never written. Never so of an active subscription. */
  readonly isGapBefore: boolean;
};

export type SubscriptionStatus = 'requested' | 'active' | 'error' | 'off';
export type Payload = 'application/fhir+json' | 'application/json';

/** Why a subscriber could not be told, or is told no more. */
export type Trouble =
  | { readonly kind: 'status'; readonly status: number }
  /** By the code of the error: ECONNREFUSED, CERT_HAS_EXPIRED. */
  | { readonly kind: 'unreachable'; readonly code: string }
  /** It answered 410. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'redirect' | 'timeout' }
  /** The target has an address that may not be called. */
  | { readonly kind: 'forbidden-address' }
  /** Too much waits for it. */
  | { readonly kind: 'backlog' }
  /** Who made it may not ask any more. */
  | { readonly kind: 'owner' }
  /** A search with its criteria is refused by now. */
  | { readonly kind: 'criteria' }
  /** What was sealed can't be opened: the sealing key is another. */
  | { readonly kind: 'sealed' };

/** A resource as a search gives it. */
export type Matched = { readonly version: number; readonly text: string };

/**
 * What a search with the criteria finds among these ids, by their ids; null = it is refused.
 * @param wanted `Slot?…`, without a base; the URL that references in it may begin with; and the organization that is told of
 * nothing else, null = of all.
 */
export type Match = (
  wanted: Pick<SubscriptionTerms, 'criteria' | 'base' | 'organizationId'>,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, Matched> | null>;

/** What whoever made it says of it. */
export type SubscriptionTerms = {
  /** Kind and id of the principal that made it; that stays. */
  readonly owner: string;
  /** The only organization of which it is told anything, and that stays; null = of all. */
  readonly organizationId: string | null;
  readonly resourceType: ChangedType;
  /** `Slot?…`, as in R4. */
  readonly criteria: string;
  /** URL of this server as its client calls it, without a slash at its end. */
  readonly base: string;
  readonly endpoint: string;
  /** Null = a notification has no body. */
  readonly payload: Payload | null;
  readonly reason: string;
  /** ContactPoints as JSON. */
  readonly contact: string | null;
  readonly end: Instant | null;
  /** Names of the headers whose values are sealed. */
  readonly headers: readonly string[];
  /** By `SecretsSeal`. */
  readonly sealed: Uint8Array;
};

/** Never served and never logged. */
export type SubscriptionSecrets = {
  /** `whsec_` and base64, as Standard Webhooks has it. */
  readonly secret: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
};

export type SecretsSeal = {
  readonly close: (secrets: SubscriptionSecrets) => Uint8Array;
  /** Null = it cannot be opened. */
  readonly open: (sealed: Uint8Array) => SubscriptionSecrets | null;
};

export type Subscription = SubscriptionTerms & {
  readonly id: string;
  readonly status: SubscriptionStatus;
  readonly version: number;
  readonly updatedAt: Instant;
  /** Failures in a row, and since when; 0 and null = the last notification arrived. */
  readonly attempts: number;
  readonly failingSince: Instant | null;
  readonly trouble: Trouble | null;
};

/** One that is being served. */
export type Served = Subscription & { readonly seen: Position };

/** What the REST resource does with them. */
export type SubscriptionRegistry = {
  /** In the order of their ids. */
  readonly subscriptions: () => Promise<Subscription[]>;
  readonly subscription: (id: string) => Promise<Subscription | null>;
  /** Null = there are `most` already. */
  readonly addSubscription: (
    added: SubscriptionTerms & { readonly id: string; readonly status: 'requested' | 'off' },
    at: Instant,
    most: number,
  ) => Promise<Subscription | null>;
  /**
   * Its terms are these now. One that was served goes on from where it is, and is tried again at once; one that was off
   * and is requested begins anew. Null = it is gone, or no longer of that version.
   */
  readonly changeSubscription: (
    id: string,
    version: number,
    changed: SubscriptionTerms & { readonly status: 'requested' | 'off' },
    at: Instant,
  ) => Promise<Subscription | null>;
  /** False = there is none. */
  readonly removeSubscription: (id: string) => Promise<boolean>;
  /**
   * Has every subscription that was requested active, once all transactions that may not have seen it are over. Takes
   * two looks.
   */
  readonly activateSubscriptions: (at: Instant) => Promise<void>;
  readonly subscriptionFigures: () => Promise<SubscriptionFigures>;
};

/** What whoever tells subscribers does with them. */
export type SubscriptionStore = SubscriptionRegistry & {
  /** @param position null = before all of them. */
  readonly changesAfter: (position: Position | null, limit: number) => Promise<ChangePage>;
  /** Those for whom there is something, whose time has come and whom nobody serves: who waited longest first. */
  readonly claimSubscriptions: (claim: {
    readonly by: string;
    readonly now: Instant;
    readonly leaseUntil: Instant;
    readonly limit: number;
  }) => Promise<Served[]>;
  /** Up to there it has been told. False = it is not ours any more: off, removed, or claimed by another. */
  readonly passSubscription: (
    id: string,
    by: string,
    seen: Position,
    told: { readonly at: Instant; readonly leaseUntil: Instant; readonly isNotified: boolean },
  ) => Promise<boolean>;
  /** It could not be told, and is left to others. */
  readonly failSubscription: (
    id: string,
    by: string,
    failed: {
      readonly at: Instant;
      readonly trouble: Trouble;
      /** Null = it is off. */
      readonly nextAttemptAt: Instant | null;
    },
  ) => Promise<void>;
  readonly releaseSubscription: (id: string, by: string, at: Instant) => Promise<void>;
  /** Those whose end has come, for whom more than so many changes wait, or whose owner is shut out, are off. @returns how many */
  readonly endSubscriptions: (at: Instant, waitingMost: number) => Promise<number>;

  /**
   * Has the changes written as long as the lease lasts. @returns where one may begin: all that lies after it is there. Null
   * = nowhere yet, since transactions are under way that may not have heard of it.
   */
  readonly listen: (listenerId: string, leaseUntil: Instant) => Promise<Position | null>;
  /**
   * Erases what nobody waits for, but for the last `retained` while somebody listens, and listeners whose lease is over.
   * @returns how many were erased: `limit` at the most.
   */
  readonly eraseChanges: (options: {
    readonly now: Instant;
    readonly retained: number;
    readonly limit: number;
  }) => Promise<number>;
  /** The database was restored from another's dump: positions that lie in its future are put back to the beginning. */
  readonly mendPositions: () => Promise<void>;
  /** Of an embedded database, whose owner has just started. */
  readonly endClaims: () => Promise<void>;
};

/** What became of an attempt to tell a subscriber. */
export type NotificationOutcome = {
  readonly subscriptionId: string;
  /** `ended`: it failed, and is tried no more. */
  readonly outcome: 'delivered' | 'failed' | 'ended';
  /** Null = delivered. */
  readonly trouble: Trouble | null;
};

export type SubscriptionFigures = {
  readonly byStatus: Readonly<Record<SubscriptionStatus, number>>;
  /** Changes that some subscriber is still to be told of, or to pass over. */
  readonly waiting: number;
};

/** One of the searches of a stream. */
export type Streamed = Pick<SubscriptionTerms, 'resourceType' | 'criteria' | 'base' | 'organizationId'>;

export type StreamEvent =
  /** What came before is not told: search now. */
  | { readonly type: 'reset'; readonly id: string }
  /** A resource as it is now, or `{ resourceType, id, deleted: true }`, as JSON. */
  | { readonly type: ChangedType; readonly id: string; readonly data: string }
  /** Nothing has happened up to there. */
  | { readonly type: 'alive'; readonly id: string };

/** Changes as they happen. By the id of an event a stream goes on after it, also in another process. */
export type Streams = {
  /**
   * Ends when the signal is aborted, or all are closed. It must be read to its end, or be returned. Null = there are too many,
   * of all or of this caller.
   * @param by kind and id of the principal. @param lastEventId null = from now on.
   */
  readonly open: (
    by: string,
    wanted: readonly Streamed[],
    lastEventId: string | null,
    left: AbortSignal,
  ) => AsyncGenerator<StreamEvent> | null;
  readonly close: () => void;
};
