import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { CodeMaps } from '../../src/adapter/concept-map.ts';
import type {
  Adapter,
  Capabilities,
  Known,
  OperationName,
  Operations,
  PatientDetails,
  Platform,
  Written,
} from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { type Mark, markOf, type Observation, type Page } from '../../src/adapter/observation.ts';
import { createPace } from '../../src/adapter/pace.ts';
import { systemClock } from '../../src/adapter/simulator/system-clock.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import { type Interval, interval, overlaps } from '../../src/domain/interval.ts';
import { loopback } from '../support/loopback.ts';
import type { FaultProxy } from './proxy.ts';
import type { Bench, FreeTime } from './target.ts';

export type Case = {
  /** The key of `exemptions` in a manifest. */
  readonly id: string;
  readonly title: string;
  /** Whether the adapter declares what the case is about. */
  readonly applies: (capabilities: Capabilities) => boolean;
  readonly run: (context: Context) => Promise<void>;
};

export const always = (): boolean => true;
export const declares =
  (...names: readonly OperationName[]) =>
  ({ operations }: Capabilities): boolean =>
    names.every((name) => operations.includes(name));

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

export type Reading = Omit<Extract<Page, { kind: 'rows' }>, 'kind'> & {
  readonly end: Exclude<Page, { kind: 'rows' }>;
};

type Differences = {
  readonly settings?: Record<string, unknown>;
  readonly maps?: CodeMaps;
  readonly clockOffsetMilliseconds?: number;
};

/** One case's hands: a connection through the proxy, and the second way to the platform. */
export class Context {
  readonly adapter: Adapter;
  readonly bench: Bench;
  readonly proxy: FaultProxy;
  readonly #opened: Platform[] = [];
  /** Of the whole run: no two cases use the same time. */
  readonly #used: Interval[];

  constructor(adapter: Adapter, bench: Bench, proxy: FaultProxy, used: Interval[]) {
    this.adapter = adapter;
    this.bench = bench;
    this.proxy = proxy;
    this.#used = used;
  }

  get calendar(): string {
    return this.bench.calendar;
  }

  connect(differences: Differences = {}): Platform {
    const { manifest } = this.adapter;
    const offset = differences.clockOffsetMilliseconds ?? 0;
    // The platform's pace is the subject of other tests; here it would only make them slow.
    const limits = { ...manifest.limits, requests: 100_000 };
    const platform = this.adapter.connect({
      connectionId: 'conformance',
      settings: manifest.settings.parse(differences.settings ?? this.bench.settings(this.proxy.url)),
      limits,
      pace: createPace(limits, systemClock),
      targets: loopback,
      environment: {
        clock: { ...systemClock, now: () => plus(systemClock.now(), offset) },
        random: { next: Math.random },
        ids: { next: randomUUID },
      },
      maps: differences.maps ?? this.bench.maps,
      zoneOf: () => this.bench.zone,
      transport: undefined,
    });
    this.#opened.push(platform);
    return platform;
  }

  async close(): Promise<void> {
    for (const platform of this.#opened) await platform.close();
  }

  mark(): Mark {
    return markOf(randomUUID());
  }

  /** A time that is free at the platform and that no other case uses. */
  async free(): Promise<FreeTime> {
    const times = await this.bench.freeTimes();
    const found = times.find((time) => !this.#used.some((used) => overlaps(used, time.interval)));
    if (!found) throw new Error('the bench has no free time left');
    this.#used.push(found.interval);
    return found;
  }

  /** All that one reading gives. */
  async read(platform: Platform, cursor: string | null = null, window = this.window()): Promise<Reading> {
    const pages: Page[] = [];
    const signal = AbortSignal.timeout(10_000);
    for await (const page of platform.read({ calendars: [this.calendar], cursor, window, signal }))
      pages.push(page);
    const rows = pages.filter((page) => page.kind === 'rows');
    const ends = pages.filter((page) => page.kind !== 'rows');
    expect(ends, 'a reading ends with exactly one end').to.have.length(1);
    const [end] = ends;
    if (!end || pages.at(-1) !== end) throw new Error('the end must come last');
    return {
      rows: rows.flatMap((page) => page.rows),
      removed: rows.flatMap((page) => page.removed),
      rejected: rows.flatMap((page) => page.rejected),
      end,
    };
  }

  window(): Interval {
    const now = systemClock.now();
    return interval(plus(now, -DAY), plus(now, 60 * DAY));
  }

  /** What stands at that time, seen by the second way. */
  async periodsAt(time: Interval) {
    return (await this.bench.raw()).periods.filter((period) => overlaps(period.interval, time));
  }

  async slotsAt(time: Interval) {
    return (await this.bench.raw()).slots.filter((slot) => overlaps(slot.interval, time));
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
    if (error instanceof Fault) return error;
    throw new Error('what is thrown must be a Fault', { cause: error });
  }
  throw new Error('no fault was thrown');
}

export const marked = (rows: readonly Observation[], mark: Mark): Observation[] =>
  rows.filter((row) => row.mark === mark);
