import type { CodeMaps } from '../../src/adapter/concept-map.ts';
import type { Adapter } from '../../src/adapter/contract.ts';
import type { Interval } from '../../src/domain/interval.ts';

/**
 * What an adapter brings to the shared suite: itself, and a platform that it can be tried on with a second way to
 * look at it. The suite puts its own proxy between the two, and makes the faults of transport there: so it works on
 * a simulator and on a real server alike.
 */
export type Target = {
  readonly adapter: Adapter;
  /** A fresh platform for one run of the suite. */
  readonly open: () => Promise<Bench>;
};

export type Bench = {
  /** Where the platform answers. */
  readonly baseUrl: string;
  /** `settings:` of a connection that works, for a platform that answers at `baseUrl`. */
  readonly settings: (baseUrl: string) => Record<string, unknown>;
  /** The same with credentials that the platform refuses. */
  readonly expired: (baseUrl: string) => Record<string, unknown>;
  readonly maps: CodeMaps;
  /** Maps with the same ids and no code in them; null where the platform has no codes. */
  readonly emptyMaps: CodeMaps | null;
  /** The calendar that the suite uses. */
  readonly calendar: string;
  readonly zone: string;
  /** What stands in that calendar, by another way than the adapter. */
  readonly raw: () => Promise<Raw>;
  /** Future times at which a patient could book now. */
  readonly freeTimes: () => Promise<readonly FreeTime[]>;
  /** A patient books on the platform's own site. Answers the id of the booking, or null: refused. */
  readonly patientBooks: (time: FreeTime) => Promise<string | null>;
  /** Somebody at the platform cancels it. */
  readonly patientCancels: (bookingId: string) => Promise<void>;
  /** Changes to what the platform answers to a reading. */
  readonly tamper: {
    /** Adds to a page one record that does not fit the contract, and carries SECRET in one of its fields. */
    readonly addMalformed: (body: string) => string;
  };
  /** Sends the platform's webhooks to this address; null where it has none. */
  readonly pointWebhook: ((url: string) => Promise<void>) | null;
  readonly close: () => Promise<void>;
};

/** Stands in a field of a malformed record: no report may repeat it. */
export const SECRET = 'TREMBLAY-FICTIVE-SECRET';

export type FreeTime = { readonly interval: Interval; readonly slot: string | null };

export type Raw = {
  readonly slots: readonly {
    readonly id: string;
    readonly interval: Interval;
    readonly status: 'free' | 'held' | 'busy' | 'blocked';
  }[];
  readonly periods: readonly {
    readonly id: string;
    readonly kind: 'held' | 'booked' | 'blocked';
    readonly interval: Interval;
    /** What was written on it, our mark or another's. */
    readonly reference: string | null;
  }[];
};
