import type { CodeMaps } from '../adapter/concept-map.ts';
import type { Adapter, OperationName } from '../adapter/contract.ts';
import type { Interval } from '../domain/interval.ts';
import type { FaultProxy, Pass, Seen } from './proxy.ts';
import type { Recording } from './recording.ts';

/**
 * What an adapter brings to the suite: itself, and a platform that it can be tried on with a second way to look at it.
 * The suite puts its own proxy between the two, and makes the faults of transport there: so it works on a simulator, on
 * a recorded exchange and on a live server alike.
 */
export type Target = PlatformTarget | RecordedTarget;

type Common = {
  readonly adapter: Adapter;
  /** As reports name it: what stands there, and its version. */
  readonly name: string;
};

export type PlatformTarget = Common & {
  /** `simulator`: what stands in for it. `server`: the platform's own program. `live`: the platform as clinics use it. */
  readonly stage: 'simulator' | 'server' | 'live';
  /** A fresh platform, with a calendar in that zone (IANA). A target that has one zone only gives that one. */
  readonly open: (options: { readonly zone: string }) => Promise<Bench>;
};

/** Plays what a simulator or a live server once answered. */
export type RecordedTarget = Common & {
  readonly stage: 'recorded';
  readonly recording: Recording;
} & Pick<Bench, 'settings' | 'expired' | 'maps' | 'emptyMaps' | 'tamper' | 'isWrite'>;

/** The suite's hands on the platform. What is null cannot be done there; the cases that need it are left untried. */
export type Bench = {
  /** Where the platform answers. */
  readonly baseUrl: string;
  /** `settings:` of a connection that works, for a platform that answers at `baseUrl`. */
  readonly settings: (baseUrl: string) => Record<string, unknown>;
  /** The same with credentials that the platform refuses. Null = it asks for none. */
  readonly expired: ((baseUrl: string) => Record<string, unknown>) | null;
  readonly maps: CodeMaps;
  /** Maps with the same ids and no code in them; null where the platform has no codes. */
  readonly emptyMaps: CodeMaps | null;
  /** The calendar that the suite uses, and the zone (IANA) of its clinic. */
  readonly calendar: string;
  readonly zone: string;
  /** What stands in that calendar, by another way than the adapter. */
  readonly raw: (() => Promise<Raw>) | null;
  /** Future times at which a patient could book now. */
  readonly freeTimes: () => Promise<readonly FreeTime[]>;
  /** A patient books on the platform's own site. Answers the id of the booking, or null: refused. */
  readonly patientBooks: ((time: FreeTime) => Promise<string | null>) | null;
  /** Somebody at the platform cancels it. */
  readonly patientCancels: ((bookingId: string) => Promise<void>) | null;
  /** Somebody at the clinic books whatever time they like, at the platform. Answers the id of the booking. */
  readonly staffBooks: ((interval: Interval) => Promise<string>) | null;
  /** Changes to what the platform answers to a reading. */
  readonly tamper: {
    /** Adds to a page one record that does not fit the contract, and carries SECRET in one of its fields. */
    readonly addMalformed: (body: string) => string;
  } | null;
  /** Sends the platform's webhooks to this address; null where it has none. */
  readonly pointWebhook: ((url: string) => Promise<void>) | null;
  /** Which requests change something there, where the method does not tell: many a platform is searched by POST. */
  readonly isWrite?: (request: Seen) => boolean;
  /** Present where the platform cannot be asked (`pull` is `none`). */
  readonly feed?: Feed;
  /** Present where lists are read (`lists`), or a person is asked to write (`writes` is `asked`). */
  readonly person?: Person;
  /** Present where it is a roster (`capabilities.shifts`). */
  readonly planner?: Planner;
  /** In place of the proxy for HTTP, where the platform speaks something else. */
  readonly startProxy?: (pass: Pass) => Promise<FaultProxy>;
  readonly close: () => Promise<void>;
};

/** Who looks after the platform: copies what is on its screen, and does what was asked. */
export type Person = {
  /** What the clinic calls the calendar. */
  readonly calendarName: string;
  /** All that is on the screen, as it is copied. */
  readonly copies: () => Promise<string>;
  /** A line that cannot be read, with SECRET in it, to be put after the others. */
  readonly badLine: string;
  /** Makes, or takes away, what a task is about. */
  readonly does: (operation: OperationName, interval: Interval) => Promise<void>;
};

/** Who plans the shifts of the calendar that the suite uses, and publishes them at once. */
export type Planner = {
  /** Those that are published, by another way than the adapter. */
  readonly shifts: () => Promise<readonly { readonly id: string; readonly interval: Interval }[]>;
  /** Answers the id of the shift. */
  readonly publish: (interval: Interval) => Promise<string>;
  readonly move: (id: string, interval: Interval) => Promise<void>;
  readonly withdraw: (id: string) => Promise<void>;
  /** Publishes those of that period alone, and says so; null = all of them again. Null hand = it has no periods. */
  readonly publishOnly: ((period: Interval | null) => Promise<void>) | null;
};

/** The platform's own mouth: what it tells whoever listens. */
export type Feed = {
  /** Tells all that stands there, and from then on all that changes, to that address alone; null = to nobody any more. */
  readonly point: (address: string | null) => void;
  /** Resolves once nothing waits to be told: all of it was acknowledged, or refused for good. */
  readonly told: () => Promise<void>;
  /** Tells the last thing again, byte for byte. */
  readonly repeat: () => void;
  /** Tells of a record that does not fit the contract, and carries SECRET in one of its fields. */
  readonly tellMalformed: () => void;
  /** Sends what is no message of the contract; each resolves once it was answered, or the connection ended. */
  readonly hostile: readonly (() => Promise<FeedAnswer>)[];
  /** How it was answered so far, in order. `failed`: it is told again. */
  readonly answers: readonly FeedAnswer[];
  /** Whether it is answered `failed` at all; default: yes. What lies in a mailbox just stays there. */
  readonly hearsFailures?: boolean;
};

export type FeedAnswer = 'accepted' | 'failed' | 'refused' | 'none';

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
