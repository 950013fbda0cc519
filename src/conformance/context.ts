import { expect } from 'chai';
import type { CodeMaps } from '../adapter/concept-map.ts';
import type {
  Adapter,
  Known,
  ListRead,
  OperationName,
  Operations,
  PatientDetails,
  Platform,
  Written,
} from '../adapter/contract.ts';
import { type Fault, isFault } from '../adapter/faults.ts';
import { type Mark, markOf, type Observation, type Page } from '../adapter/observation.ts';
import { createPace } from '../adapter/pace.ts';
import { createTargets } from '../adapter/targets.ts';
import { DAY, type Instant, plus } from '../domain/instant.ts';
import { type Interval, interval, overlaps } from '../domain/interval.ts';
import { hand } from './case.ts';
import { Ear } from './ear.ts';
import type { FaultProxy, Seen } from './proxy.ts';
import type { Staged } from './staging.ts';
import type { Bench, FreeTime, Person, Raw } from './target.ts';

/** The suite's proxy is there, whatever stands behind it. */
const LOOPBACK = createTargets(['127.0.0.0/8']);

/** Made up, and easy to find again wherever it should not be. */
export const PATIENT: PatientDetails = {
  family: 'Zyxwvut-Fictive',
  given: 'Qwerty-Fictive',
  phone: '514-555-0199',
  email: 'qwerty.zyxwvut@example.invalid',
  nam: 'ZYXQ01020317',
  birthDate: '1901-02-03',
};
export const namesPatient = (text: string): boolean =>
  Object.values(PATIENT).some((value) => value !== null && text.includes(value));

export type Reading = Required<Omit<Extract<Page, { kind: 'rows' }>, 'kind'>> & {
  readonly end: Exclude<Page, { kind: 'rows' }>;
};

type Differences = {
  readonly settings?: Record<string, unknown>;
  readonly maps?: CodeMaps;
  readonly clockOffsetMilliseconds?: number;
};

const changesByMethod = ({ method }: Seen): boolean =>
  !['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT'].includes(method);

/** One case's hands: a connection through the proxy, and the second way to the platform. */
export class Context {
  readonly adapter: Adapter;
  readonly bench: Bench;
  readonly proxy: FaultProxy;
  readonly #staged: Staged;
  readonly #opened: Platform[] = [];
  readonly #ears = new Map<Platform, Ear>();

  constructor(adapter: Adapter, staged: Staged, proxy: FaultProxy) {
    this.adapter = adapter;
    this.bench = staged.bench;
    this.proxy = proxy;
    this.#staged = staged;
  }

  get calendar(): string {
    return this.bench.calendar;
  }

  connect(differences: Differences = {}): Platform {
    const { manifest } = this.adapter;
    const { clock } = this.#staged.world;
    const offset = differences.clockOffsetMilliseconds ?? 0;
    // The platform's pace is the subject of other tests; here it would only make them slow.
    const limits = { ...manifest.limits, requests: 100_000 };
    const platform = this.adapter.connect({
      connectionId: 'conformance',
      settings: manifest.settings.parse(differences.settings ?? this.bench.settings(this.proxy.url)),
      limits,
      pace: createPace(limits, clock),
      targets: LOOPBACK,
      environment: { ...this.#staged.world, clock: { ...clock, now: () => plus(clock.now(), offset) } },
      maps: differences.maps ?? this.bench.maps,
      zoneOf: () => this.bench.zone,
      transport: undefined,
    });
    this.#opened.push(platform);
    return platform;
  }

  async close(): Promise<void> {
    for (const ear of this.#ears.values()) await ear.close();
    for (const platform of this.#opened) await platform.close();
  }

  /** Whether the adapter wants something changed by it. */
  readonly isWrite = (request: Seen): boolean => (this.bench.isWrite ?? changesByMethod)(request);

  mark(): Mark {
    return markOf(this.#staged.world.ids.next());
  }

  /** A time that is free at the platform and that no other case uses. */
  free(): Promise<FreeTime> {
    return this.#staged.free();
  }

  /** What hears a platform that cannot be asked; from the first call on. */
  async ear(platform: Platform): Promise<Ear> {
    const found = this.#ears.get(platform) ?? new Ear(platform, hand(this.bench.feed ?? null, 'tell'));
    this.#ears.set(platform, found);
    await found.open();
    return found;
  }

  /** All that one reading gives; of a platform that cannot be asked, all that it has told by now. */
  async read(
    platform: Platform,
    cursor: string | null = null,
    window = this.window(),
    signal = AbortSignal.timeout(10_000),
  ): Promise<Reading> {
    if (this.adapter.manifest.capabilities.lists) return this.#listed(platform, window);
    const pages: Page[] = [];
    for await (const page of platform.read({ calendars: [this.calendar], cursor, window, signal }))
      pages.push(page);
    if (this.adapter.manifest.capabilities.pull === 'none')
      pages.unshift(await (await this.ear(platform)).all());
    const rows = pages.filter((page) => page.kind === 'rows');
    const ends = pages.filter((page) => page.kind !== 'rows');
    expect(ends, 'a reading ends with exactly one end').to.have.length(1);
    const [end] = ends;
    if (!end || pages.at(-1) !== end) throw new Error('the end must come last');
    return {
      rows: rows.flatMap((page) => page.rows),
      removed: rows.flatMap((page) => page.removed),
      rejected: rows.flatMap((page) => page.rejected),
      shifts: rows.flatMap((page) => page.shifts ?? []),
      end,
    };
  }

  /** Who looks after the platform. */
  get person(): Person {
    return hand(this.bench.person ?? null, 'be looked after by a person');
  }

  /** What the platform's screen shows, read as a list. */
  async list(platform: Platform, text?: string): Promise<ListRead> {
    const { readList } = platform;
    if (!readList) throw new Error('lists are declared and not read');
    const given = text ?? (await this.person.copies());
    const { calendar } = this;
    return readList({ kind: 'text', text: given, calendar, calendars: [calendar], seenAt: this.now() });
  }

  /** As a reading gives it: a screen shows all that stands there. */
  async #listed(platform: Platform, window: Interval): Promise<Reading> {
    const { rows, removed, wrong } = await this.list(platform);
    expect(wrong, 'lines that cannot be read').to.deep.equal([]);
    return { rows, removed, rejected: [], shifts: [], end: { kind: 'end', complete: window, cursor: null } };
  }

  now(): Instant {
    return this.#staged.world.clock.now();
  }

  window(): Interval {
    const now = this.now();
    return interval(plus(now, -DAY), plus(now, 60 * DAY));
  }

  /** What stands in the calendar, seen by the second way. */
  async raw(): Promise<Raw> {
    return hand(this.bench.raw, 'be looked at by a second way')();
  }

  async periodsAt(time: Interval): Promise<Raw['periods']> {
    return (await this.raw()).periods.filter((period) => overlaps(period.interval, time));
  }

  async slotsAt(time: Interval): Promise<Raw['slots']> {
    return (await this.raw()).slots.filter((slot) => overlaps(slot.interval, time));
  }

  async patientBooks(time: FreeTime): Promise<string | null> {
    return hand(this.bench.patientBooks, 'be booked on by a patient')(time);
  }

  async patientCancels(bookingId: string): Promise<void> {
    return hand(this.bench.patientCancels, 'have a booking cancelled')(bookingId);
  }
}

/** The operation, which the manifest declares. */
export function operation<Name extends OperationName>(platform: Platform, name: Name): Operations[Name] {
  const found: Operations[Name] | undefined = platform.operations[name];
  if (!found) throw new Error(`${name} is declared and not implemented`);
  return found;
}

/** What was made, named as a later command names it. */
export function known(written: Written): Known {
  expect(written.outcome).to.equal('done');
  if (written.outcome !== 'done' || written.externalId === null) throw new Error('it must name what it made');
  return { externalId: written.externalId, revision: written.revision };
}

export async function faultOf(call: () => Promise<unknown>): Promise<Fault> {
  try {
    await call();
  } catch (error) {
    if (isFault(error)) return error;
    throw new Error('what is thrown must be a Fault', { cause: error });
  }
  throw new Error('no fault was thrown');
}

export const marked = (rows: readonly Observation[], mark: Mark): Observation[] =>
  rows.filter((row) => row.mark === mark);
