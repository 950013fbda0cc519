import type { LogEntry } from '../../src/adapter/simulator/control.ts';
import { DAY } from '../../src/domain/instant.ts';

/** The made-up doctors of the simulated clinic. */
export const ACTORS = ['dr-tremblay', 'dre-gagnon'] as const;

export type SimSlot = {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly status: 'free' | 'held' | 'busy' | 'blocked';
  readonly actor: string;
};

/** Whatever takes time on a platform, with the reference that a gateway wrote on it. */
export type SimPeriod = {
  readonly id: string;
  readonly kind: 'held' | 'booked' | 'blocked';
  readonly start: string;
  readonly end: string;
  readonly reference: string | null;
  readonly actor: string;
};

/** A platform as its patients and its staff see it: by the simulator's control API only. */
export class SimulatedSite {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; json: T }> {
    const response = await fetch(`${this.url}/_sim/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    return { status: response.status, json: (text === '' ? null : JSON.parse(text)) as T };
  }

  /** Those that have not begun: what has is no longer on offer, whoever has it. */
  async slots(actor: string = ACTORS[0]): Promise<SimSlot[]> {
    const { json } = await this.call<SimSlot[]>('GET', 'slots');
    return json
      .filter((slot) => slot.actor === actor && Date.parse(slot.start) > Date.now())
      .sort((a, b) => a.start.localeCompare(b.start));
  }

  async slot(id: string): Promise<SimSlot> {
    const found = (await this.call<SimSlot[]>('GET', 'slots')).json.find((slot) => slot.id === id);
    if (!found) throw new Error(`no slot ${id}`);
    return found;
  }

  /** Of every doctor, from tomorrow on: what the clock can't end while a test runs. */
  async periods(): Promise<SimPeriod[]> {
    const { json } = await this.call<SimPeriod[]>('GET', 'periods');
    return json.filter(isLater);
  }

  /** The requests that the platform's own API received. */
  async log(): Promise<readonly LogEntry[]> {
    return (await this.call<LogEntry[]>('GET', 'log')).json;
  }

  async writes(): Promise<readonly LogEntry[]> {
    return (await this.log()).filter((entry) => entry.method !== 'GET');
  }

  /** @returns the id of the booking. @throws Error when the platform refuses. */
  async book(slotId: string, patient?: unknown): Promise<string> {
    const { status, json } = await this.call<{ id: string }>('POST', 'bookings', { slotId, patient });
    if (status !== 201) throw new Error(`the booking was answered ${status}`);
    return json.id;
  }

  async cancel(id: string): Promise<void> {
    const { status } = await this.call('DELETE', `bookings/${id}`);
    if (status !== 204) throw new Error(`the cancellation was answered ${status}`);
  }

  faults(faults: Record<string, unknown>): Promise<unknown> {
    return this.call('PUT', 'faults', faults);
  }

  /** The free slots of later days, so that a test can't meet the slots of this very hour. */
  async laterSlots(actor: string = ACTORS[0]): Promise<SimSlot[]> {
    return (await this.slots(actor)).filter((slot) => slot.status === 'free' && isLater(slot));
  }

  async laterSlot(index = 0): Promise<SimSlot> {
    const found = (await this.laterSlots())[index];
    if (!found) throw new Error('no free slot');
    return found;
  }

  /** Those that overlap the time of a slot of another grid, by status. */
  async overlapping(time: Pick<SimSlot, 'start' | 'end' | 'actor'>): Promise<SimSlot[]> {
    return (await this.slots(time.actor)).filter(
      (slot) =>
        Date.parse(slot.start) < Date.parse(time.end) && Date.parse(time.start) < Date.parse(slot.end),
    );
  }
}

const isLater = (time: { readonly start: string }): boolean => Date.parse(time.start) > Date.now() + DAY;

/**
 * Where two platforms disagree, empty when all is well: each shows everything that stands on the other of itself, once,
 * under a mark of ours, and nothing else under such a mark.
 */
export async function disagreements(one: SimulatedSite, other: SimulatedSite): Promise<string[]> {
  const [here, there] = await Promise.all([one.periods(), other.periods()]);
  return [...differences('one, on the other', here, there), ...differences('the other, on one', there, here)];
}

function differences(what: string, source: readonly SimPeriod[], mirror: readonly SimPeriod[]): string[] {
  const timeOf = ({ actor, start, end }: SimPeriod): string => `${actor} ${start} ${end}`;
  const isBlockOfOurs = ({ kind, reference }: SimPeriod): boolean => kind === 'blocked' && reference !== null;
  const left = new Map<string, number>();
  const count = (time: string, by: number) => left.set(time, (left.get(time) ?? 0) + by);
  for (const period of source) if (!isBlockOfOurs(period)) count(timeOf(period), 1);
  for (const period of mirror) if (isBlockOfOurs(period)) count(timeOf(period), -1);
  return [...left].flatMap(([time, balance]) =>
    balance === 0 ? [] : [`${what}: ${time} ${balance > 0 ? 'is missing' : 'is too many'}`],
  );
}
