import type { AxiosAdapter } from 'axios';
import type { z } from 'zod';
import type { Environment } from '../domain/environment.ts';
import type { Instant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { Bilingual, Identifier } from '../domain/schedule.ts';
import type { SlotAttributes } from '../domain/slot.ts';
import type { CodeMaps } from './concept-map.ts';
import type { Fault } from './faults.ts';
import type { Mark, Observation, Page, Rejected, Removal } from './observation.ts';
import type { Pace } from './pace.ts';
import type { Targets } from './targets.ts';

/** The contract between the engine and a platform. An adapter knows nothing of the store or of other platforms. */

export type Capabilities = {
  /**
   * Where its slots are edited. `there`: at the platform, and they are read. `here`: through our own API, and all that
   * stands in it stands in our database.
   */
  readonly agenda: 'there' | 'here';
  /**
   * `snapshot`: every reading is whole. `delta`: a reading goes on from a cursor. `none`: it cannot be asked, and says by
   * itself what happens (`listen`): nothing of it is ever known to be whole, so absence means nothing.
   */
  readonly pull: 'none' | 'snapshot' | 'delta';
  /**
   * `connection`: one reading serves all calendars. `calendar`: each calendar is read by itself, so that the number
   * of requests grows with the number of doctors.
   */
  readonly feed: 'connection' | 'calendar';
  /** `hint`: says that something changed, so read that feed now. `payload`: says what changed. */
  readonly webhook: 'none' | 'hint' | 'payload';
  /**
   * What makes a write safe to repeat. `key`: the platform knows our mark and answers the same again. `lookup`: we can
   * search by our mark. `none`: neither, so a write whose answer was lost waits for the next complete reading.
   */
  readonly idempotency: 'none' | 'lookup' | 'key';
  /** Honours `known.revision`: refuses to overwrite what changed since we read it. */
  readonly conditionalWrite: boolean;
  /** Exactly the operations that `connect` returns. */
  readonly operations: readonly OperationName[];
  /**
   * `done`: what is written stands once it is answered. `asked`: a person is asked to make it, and it stands once they say
   * so, or a list shows it: nothing is planned that has to be there within seconds, such as a hold. Left out = `done`.
   */
  readonly writes?: 'done' | 'asked';
  /**
   * Whether what a person copied from its screen can be read (`readList`). Where `pull` is `none` too, a list is all that
   * ever confirms its calendars. Left out = it cannot.
   */
  readonly lists?: boolean;
  /**
   * It is a roster: its calendars have shifts, and neither slots nor busy periods. It is only read, so it has no operations
   * and no webhook. Left out = it is none.
   */
  readonly shifts?: boolean;
  /** Whether it can say which calendars it has (`Platform.calendars`), so that nobody has to copy their ids. Left out = it cannot. */
  readonly calendars?: boolean;
};

export type Limits = {
  /** Requests allowed in each `windowMilliseconds`. */
  readonly requests: number;
  readonly windowMilliseconds: number;
  /** Requests under way at once, in each process. */
  readonly concurrency: number;
  readonly timeoutMilliseconds: number;
  /** How long a reading may lag behind a write that was already confirmed. */
  readonly stalenessMilliseconds: number;
};

export const KINDS = ['private', 'public', 'standard'] as const;
export const CONTRACTS = ['published', 'observed', 'assumed'] as const;

export type Manifest<Settings extends z.ZodType = z.ZodType> = {
  /** The platform's id: its folder's name, and `platform:` in the configuration. */
  readonly id: string;
  readonly title: Bilingual;
  readonly kind: (typeof KINDS)[number];
  /** How its contract is known: from a publication, from observing it, or assumed by us. Shown to users. */
  readonly contract: (typeof CONTRACTS)[number];
  readonly capabilities: Capabilities;
  readonly limits: Limits;
  /** `settings:` of a connection. Secrets arrive here already resolved. */
  readonly settings: Settings;
  /** Conformance cases that can't hold on this platform, each with the reason; shown to users. */
  readonly exemptions: Readonly<Record<string, string>>;
};

/** What the platform answered to a write. A refusal is an answer; only a fault of transport is thrown. */
export type Written =
  | {
      readonly outcome: 'done';
      /** Null where a removal leaves nothing to name. */
      readonly externalId: string | null;
      readonly revision: string | null;
      readonly sequence: number | null;
    }
  /** The time is taken there, or the platform's copy changed since we read it: read it again. */
  | { readonly outcome: 'taken' }
  /** What we meant to change is there no more. */
  | { readonly outcome: 'gone' };

/**
 * A person was asked to make it: it is a task, which the engine keeps until they tick it, or until it is no longer wanted.
 * Only of an adapter whose `writes` are `asked`, and never of what has to stand at once, nor of who comes.
 */
export type Asked = {
  readonly outcome: 'asked';
  /** What a list will show it under once it is made; null where nothing will stand. */
  readonly externalId: string | null;
  /** Until when it should be done: no sooner than now and, where that is still possible, before its time begins. */
  readonly dueAt: Instant;
  /** What to do, in one sentence of up to `TASK_CHARACTERS_MAX` characters: when, whose calendar, on which platform. Never a patient. */
  readonly task: Bilingual;
};

export const TASK_CHARACTERS_MAX = 1_000;

/** What the platform answered to a hold: until when it grants it, which may be sooner than was asked. */
export type Held =
  | (Extract<Written, { outcome: 'done' }> & { readonly expiresAt: Instant })
  | Exclude<Written, { outcome: 'done' }>;

/** What we know of our thing at the platform. */
export type Known = { readonly externalId: string; readonly revision: string | null };

type Command = { readonly calendar: string; readonly mark: Mark };

/** The least that a platform needs to honour a booking. Never stored by an adapter, never logged. */
export type PatientDetails = {
  readonly family: string;
  readonly given: string;
  readonly phone: string | null;
  readonly email: string | null;
  /** Numéro d'assurance maladie. */
  readonly nam: string | null;
  /** ISO date. */
  readonly birthDate: string | null;
};

export type Publish = Command & {
  readonly interval: Interval;
  readonly attributes: SlotAttributes;
  /** Null = create; else change what stands there. */
  readonly known: Known | null;
};
export type Block = Command & { readonly interval: Interval; readonly known: Known | null };
export type Remove = Command & {
  readonly known: Known;
  /**
   * Given where writes are `asked`: the time that it takes there, as we know it, without what something else of ours is to
   * keep closed, since a person who opens a time opens all of it. So it may be several, in order.
   */
  readonly times?: readonly Interval[];
};
export type Hold = Command & {
  readonly interval: Interval;
  /** The platform's id of the slot, where it offers slots. */
  readonly slot: string | null;
  readonly expiresAt: Instant;
};
export type Book = Command & {
  readonly interval: Interval;
  readonly slot: string | null;
  readonly patient: PatientDetails | null;
  /** Our hold, which this booking turns into an appointment. */
  readonly hold: Known | null;
};
/** Who comes is not said: the platform knows. */
export type Move = Remove & {
  readonly interval: Interval;
  /** The platform's id of the slot at the new time, where it offers slots. */
  readonly slot: string | null;
};

/** Each is called only if it is declared; each may throw a Fault (faults.ts) and nothing else. */
export type Operations = {
  /** Puts a slot on offer. */
  readonly publish: (command: Publish) => Promise<Written | Asked>;
  /** Takes a slot that we published off the offer; `taken` if somebody booked it there. */
  readonly withdraw: (command: Remove) => Promise<Written | Asked>;
  /** Closes the interval to new bookings, under our mark. What is already booked inside of it stays. */
  readonly block: (command: Block) => Promise<Written | Asked>;
  readonly unblock: (command: Remove) => Promise<Written | Asked>;
  /** Takes the time for a while, without a patient. */
  readonly hold: (command: Hold) => Promise<Held>;
  readonly release: (command: Remove) => Promise<Written>;
  readonly book: (command: Book) => Promise<Written>;
  readonly cancel: (command: Remove) => Promise<Written | Asked>;
  /**
   * Gives a booking, ours or one that was made at the platform, another time on the same calendar: the same booking, under
   * the same id. `taken`: somebody has that time, or the booking is not as we know it; then it stays where it is.
   */
  readonly move: (command: Move) => Promise<Written>;
};
export type OperationName = keyof Operations;

/** A delivery from the platform, exactly as it came; verified by the adapter over the raw bytes. */
export type WebhookRequest = {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
};

export type WebhookOutcome =
  | { readonly outcome: 'refused'; readonly reason: 'signature' | 'replay' | 'malformed' }
  /** Read these feeds again: calendar ids, or null for the whole connection. */
  | { readonly outcome: 'hint'; readonly calendars: readonly string[] | null }
  | {
      readonly outcome: 'payload';
      readonly rows: readonly Observation[];
      readonly removed: readonly Removal[];
      readonly rejected: readonly Rejected[];
    };

/** What a platform says by itself. */
export type News =
  | Exclude<WebhookOutcome, { outcome: 'refused' }>
  /** Nothing waits to be said: all that happened there until now was told. The feeds are confirmed as of now. */
  | { readonly outcome: 'silence' }
  /** It cannot be heard at present, and why, for the log. Nothing is confirmed by it; the adapter tries again by itself. */
  | { readonly outcome: 'deaf'; readonly fault: Fault };

/** Resolves once the news is committed: to be acknowledged then, and never before. Rejects when it could not be. */
export type Receive = (news: News) => Promise<void>;

export type Listening = {
  /** Where it listens, as `host:port`. */
  readonly address: string;
  /** Ends once all that was being received has been answered. */
  readonly close: () => Promise<void>;
};

/** A time as a person saw it on the platform's screen. */
export type ListedTime = {
  readonly calendar: string;
  readonly interval: Interval;
  readonly status: 'free' | 'booked' | 'blocked';
};

/** What a person says stands at the platform: a text that was copied or exported there, or times in our own words. */
export type List =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Of a line that names none; null = each has to. */
      readonly calendar: string | null;
      /** Those that it may name. */
      readonly calendars: readonly string[];
      /** When it was seen: the day of a time that is written without one. */
      readonly seenAt: Instant;
    }
  | { readonly kind: 'times'; readonly times: readonly ListedTime[] };

export type ListRead = {
  /** As a reading gives them, under ids that the next list gives to the same again; no mark, since no person copies one. */
  readonly rows: readonly Observation[];
  /** What cannot stand there beside them: the booking of a time that is listed as free. */
  readonly removed: readonly (Removal & { readonly calendar: string })[];
  /** Lines that could not be read, the first lines first: what was wrong, and no value of it. Nothing of them is in the rows. */
  readonly wrong: readonly WrongLine[];
};

/** `line` counts from 1, as editors do. */
export type WrongLine = { readonly line: number; readonly reason: Bilingual };

/** A calendar that stands at the platform, whether anybody has linked it or not. What the platform does not tell is null. */
export type FoundCalendar = {
  /** As it is written under `calendars` of a connection. */
  readonly id: string;
  readonly name: string | null;
  /** Whose it is, as the platform writes it: in whatever order, with or without a title. Never a patient. */
  readonly practitionerName: string | null;
  /** Of that person, such as the licence number, with the system that gave it. */
  readonly identifiers: readonly Identifier[];
  /** Where, as the platform calls the place. */
  readonly location: string | null;
};

export type FoundCalendars = {
  readonly found: readonly FoundCalendar[];
  /** Whether these are all that the credentials show. */
  readonly complete: boolean;
};

/** More than any establishment has; whoever asks takes no more than so many of them. */
export const FOUND_CALENDARS_MAX = 2_000;

export type ReadRequest = {
  /** The calendars to read: all of the connection, or one (`capabilities.feed`). */
  readonly calendars: readonly string[];
  /** Null = from the start. */
  readonly cursor: string | null;
  /** What matters to us; a platform may give more. */
  readonly window: Interval;
  readonly signal: AbortSignal;
};

/** One open connection to a platform. */
export type Platform = {
  /**
   * Ends with exactly one page of kind `end` or `cursorExpired`; throws a Fault when it can't be read. Where `pull` is
   * `none` it calls nobody, has no rows, and its end confirms nothing (`trueAt` null).
   */
  readonly read: (request: ReadRequest) => AsyncIterable<Page>;
  readonly operations: Partial<Operations>;
  /**
   * Looks for our mark: every row of the calendar that carries it. Empty = nothing does. More than one where a platform
   * that knows no key was written to twice. Present unless idempotency is `none`, or the platform cannot be
   * asked (`pull` is `none`): there a write whose answer was lost is written again under its key. @throws Fault when it could not look.
   */
  readonly readBack?: (calendar: string, mark: Mark) => Promise<readonly Observation[]>;
  /** Present unless `capabilities.webhook` is `none`. */
  readonly webhook?: (request: WebhookRequest) => WebhookOutcome | Promise<WebhookOutcome>;
  /**
   * Takes what the platform says by itself, until it is closed. Present exactly where `capabilities.pull` is `none`, but
   * where lists are read in its place (`capabilities.lists`).
   * @throws Error when it cannot listen there.
   */
  readonly listen?: (receive: Receive) => Promise<Listening>;
  /**
   * Reads what a person copied from its screen. It calls nobody, and a line that cannot be read is named and never guessed.
   * Present exactly where `capabilities.lists` says so.
   */
  readonly readList?: (list: List) => ListRead | Promise<ListRead>;
  /**
   * The calendars that these credentials show, each once. It knows nothing of those that are linked, and needs none to be. Present exactly where
   * `capabilities.calendars` says so. @throws Fault when it cannot tell: never an empty list.
   */
  readonly calendars?: (signal: AbortSignal) => Promise<FoundCalendars>;
  /** The cheapest call that proves that address and credentials work. */
  readonly check: (signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type Connect<Settings> = {
  readonly connectionId: string;
  readonly settings: Settings;
  readonly limits: Limits;
  /** Goes to createHttp, for every call: it keeps the limits, also towards other processes that call the platform. */
  readonly pace: Pace;
  /** Goes to createHttp too: where this connection may call. */
  readonly targets: Targets;
  readonly environment: Environment;
  /** mappings/<platform>/: codes of the platform to ours and back. */
  readonly maps: CodeMaps;
  /** The zone of a calendar (IANA), for platforms that write local times. */
  readonly zoneOf: (calendar: string) => string;
  /** In place of the network, for a simulation; undefined = the real one. */
  readonly transport: AxiosAdapter | undefined;
};

/**
 * Of this contract. It grows by one whenever an adapter that was written for it before would no longer work as it is;
 * what is only added leaves it.
 */
export const CONTRACT_VERSION = 1;

export type Adapter<Settings extends z.ZodType = z.ZodType> = {
  /** The version of the contract that it was written for, which `defineAdapter` notes. */
  readonly contractVersion: number;
  readonly manifest: Manifest<Settings>;
  readonly connect: (options: Connect<z.output<Settings>>) => Platform;
};

/** Checks at compile time that an adapter's settings fit its manifest, then forgets their type. */
export function defineAdapter<Settings extends z.ZodType>(
  adapter: Omit<Adapter<Settings>, 'contractVersion'>,
): Adapter {
  return { ...adapter, contractVersion: CONTRACT_VERSION } as unknown as Adapter;
}
