import type { Clock } from '../../domain/environment.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Interval, overlaps } from '../../domain/interval.ts';
import {
  type AgendaState,
  type Block,
  type Busy,
  type Change,
  isHold,
  type OfferedSlot,
  type RecordKind,
  type Reservation,
  type SimCalendar,
  type SimRecord,
} from './records.ts';

export type SlotState = 'free' | 'held' | 'busy' | 'blocked';

/** How many changes are remembered; whoever comes with an older cursor must read all again. */
const CHANGES_REMEMBERED = 20_000;

/** Where a simulated platform is, unless it is told of another place. */
export const SIMULATED_ZONE = 'America/Toronto';

export type AgendaOptions = {
  readonly clock: Clock;
  /** IANA name. */
  readonly zone?: string;
  readonly idOf: (kind: RecordKind, ordinal: number, seed: string) => string;
  readonly changesRemembered?: number;
};

type Drawer<Offer> = { readonly slots: Map<string, OfferedSlot<Offer>>; readonly busy: Map<string, Busy> };

/** The state of a slot from what overlaps it: busy > blocked > held > free, as in domain/busy.ts. */
export function slotState(slot: Interval, taken: Iterable<Busy>): SlotState {
  let state: SlotState = 'free';
  for (const each of taken) {
    if (!overlaps(slot, each.interval)) continue;
    if (each.kind === 'block') state = 'blocked';
    else if (!isHold(each)) return 'busy';
    else if (state === 'free') state = 'held';
  }
  return state;
}

/**
 * The agenda of a simulated platform. Every method is synchronous, so each request is one transaction. Records are
 * replaced and never altered, so what was handed out stays as it was.
 */
export class Agenda<Offer> {
  /** Told of every change once it stands. */
  onChange: (change: Change<Offer>) => void = () => undefined;
  readonly clock: Clock;
  readonly zone: string;
  readonly #options: AgendaOptions;
  #seed: string;
  #ordinal: number;
  #version: number;
  #forgotten: number;
  #calendars: SimCalendar[];
  #drawers = new Map<string, Drawer<Offer>>();
  #records = new Map<string, SimRecord<Offer>>();
  #holds = new Map<string, Reservation>();
  #changes: Omit<Change<Offer>, 'record'>[];

  constructor(state: AgendaState<Offer>, options: AgendaOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.zone = options.zone ?? SIMULATED_ZONE;
    this.#seed = state.seed;
    this.#ordinal = state.ordinal;
    this.#version = state.version;
    this.#forgotten = state.forgotten;
    this.#calendars = [...state.calendars];
    this.#changes = [...state.changes];
    for (const record of state.records) this.#store(record);
  }

  state(): AgendaState<Offer> {
    return {
      seed: this.#seed,
      ordinal: this.#ordinal,
      version: this.#version,
      forgotten: this.#forgotten,
      calendars: this.#calendars,
      records: [...this.#records.values()],
      changes: this.#changes,
    };
  }

  /** Empties it for a new seed. Versions go on from where they were, and every cursor from before is void. */
  clear(seed: string): void {
    this.#seed = seed;
    this.#ordinal = 0;
    this.#calendars = [];
    this.#drawers.clear();
    this.#records.clear();
    this.#holds.clear();
    this.forget();
  }

  /** Forgets the history, as a platform does of changes long past. */
  forget(): void {
    this.#version += 1;
    this.#forgotten = this.#version;
    this.#changes = [];
  }

  get seed(): string {
    return this.#seed;
  }

  get version(): number {
    return this.#version;
  }

  get calendars(): readonly SimCalendar[] {
    return this.#calendars;
  }

  /** Adds the calendar, or takes note of how far its days are filled. */
  putCalendar(calendar: SimCalendar): void {
    this.#calendars = [...this.#calendars.filter(({ id }) => id !== calendar.id), calendar];
    this.#drawer(calendar.id);
  }

  /** In order of creation. */
  records(calendar?: string): SimRecord<Offer>[] {
    if (calendar === undefined) return [...this.#records.values()];
    const { slots, busy } = this.#drawer(calendar);
    return [...slots.values(), ...busy.values()].sort((a, b) => a.ordinal - b.ordinal);
  }

  slots(calendar: string): OfferedSlot<Offer>[] {
    return [...this.#drawer(calendar).slots.values()];
  }

  busy(calendar: string): Busy[] {
    return [...this.#drawer(calendar).busy.values()];
  }

  find<Kind extends RecordKind>(kind: Kind, id: string): Extract<SimRecord<Offer>, { kind: Kind }> | null {
    const found = this.#records.get(id);
    return found?.kind === kind ? (found as Extract<SimRecord<Offer>, { kind: Kind }>) : null;
  }

  byReference(calendar: string, reference: string): SimRecord<Offer>[] {
    return this.records(calendar).filter((record) => record.reference === reference);
  }

  stateOf(slot: OfferedSlot<Offer>): SlotState {
    return slotState(slot.interval, this.#drawer(slot.calendar).busy.values());
  }

  isFree(calendar: string, wanted: Interval): boolean {
    return slotState(wanted, this.#drawer(calendar).busy.values()) === 'free';
  }

  offer(calendar: string, interval: Interval, offer: Offer, reference: string | null): OfferedSlot<Offer> {
    return this.#put({ ...this.#newborn('slot', calendar, interval, reference), kind: 'slot', offer });
  }

  /** Null when the time is taken: reserved, held or blocked. */
  reserve(
    wanted: Pick<Reservation, 'calendar' | 'interval' | 'reference' | 'slotId' | 'expiresAt'>,
  ): Reservation | null {
    return this.isFree(wanted.calendar, wanted.interval) ? this.take(wanted) : null;
  }

  /** Reserves whoever has the time already, as at a platform that checks nothing. */
  take(
    wanted: Pick<Reservation, 'calendar' | 'interval' | 'reference' | 'slotId' | 'expiresAt'>,
  ): Reservation {
    const { calendar, interval, reference, slotId, expiresAt } = wanted;
    const newborn = this.#newborn('reservation', calendar, interval, reference);
    return this.#put({ ...newborn, kind: 'reservation', slotId, expiresAt });
  }

  /** Gives a reservation another time. Null when anything but itself takes that. */
  move(reservation: Reservation, interval: Interval, slotId: string | null): Reservation | null {
    const others = this.busy(reservation.calendar).filter(({ id }) => id !== reservation.id);
    if (slotState(interval, others) !== 'free') return null;
    return this.change(reservation, { interval, slotId });
  }

  /** Closes what is free in the interval; what is booked in it stays booked. */
  block(calendar: string, interval: Interval, reference: string | null): Block {
    return this.#put({ ...this.#newborn('block', calendar, interval, reference), kind: 'block' });
  }

  /** The record with the changes, as a new version of it. */
  change<R extends SimRecord<Offer>>(record: R, changes: Partial<R>): R {
    return this.#put({ ...record, ...changes, ...this.#stamp() });
  }

  remove(record: SimRecord<Offer>): void {
    const { version } = this.#stamp();
    const drawer = this.#drawer(record.calendar);
    drawer.slots.delete(record.id);
    drawer.busy.delete(record.id);
    this.#records.delete(record.id);
    this.#holds.delete(record.id);
    this.#tell({ version, kind: record.kind, id: record.id, calendar: record.calendar, record: null });
  }

  /** Lets the holds go whose time has come. */
  expire(): void {
    const now = this.clock.now();
    for (const hold of this.#holds.values()) {
      if (hold.expiresAt !== null && hold.expiresAt <= now) this.remove(hold);
    }
  }

  /** When the next hold ends; null when there is none. */
  nextExpiry(): Instant | null {
    let next: Instant | null = null;
    for (const { expiresAt } of this.#holds.values()) {
      if (expiresAt !== null && (next === null || expiresAt < next)) next = expiresAt;
    }
    return next;
  }

  /** What changed after `version`, in order, each record once as it stands now; null = that is too long ago. */
  changesSince(version: number, limit: number): { changes: Change<Offer>[]; more: boolean } | null {
    if (version < this.#forgotten || version > this.#version) return null;
    const tail = this.#changes.filter((change) => change.version > version);
    const last = new Map(tail.map((change) => [change.id, change.version]));
    // A later change of the same record says all that an earlier one would.
    const current = tail.filter((change) => last.get(change.id) === change.version);
    return {
      changes: current
        .slice(0, limit)
        .map((each) => ({ ...each, record: this.#records.get(each.id) ?? null })),
      more: current.length > limit,
    };
  }

  #newborn(kind: RecordKind, calendar: string, interval: Interval, reference: string | null) {
    this.#ordinal += 1;
    const id = this.#options.idOf(kind, this.#ordinal, this.#seed);
    return { id, ordinal: this.#ordinal, calendar, interval, reference, ...this.#stamp() };
  }

  #stamp(): { version: number; changedAt: Instant } {
    this.#version += 1;
    return { version: this.#version, changedAt: this.clock.now() };
  }

  #put<R extends SimRecord<Offer>>(record: R): R {
    this.#store(record);
    this.#tell({
      version: record.version,
      kind: record.kind,
      id: record.id,
      calendar: record.calendar,
      record,
    });
    return record;
  }

  #store(record: SimRecord<Offer>): void {
    const drawer = this.#drawer(record.calendar);
    this.#records.set(record.id, record);
    if (record.kind === 'slot') drawer.slots.set(record.id, record);
    else drawer.busy.set(record.id, record);
    if (record.kind !== 'reservation') return;
    if (record.expiresAt === null) this.#holds.delete(record.id);
    else this.#holds.set(record.id, record);
  }

  #tell(change: Change<Offer>): void {
    const { record: _, ...entry } = change;
    this.#changes.push(entry);
    const remembered = this.#options.changesRemembered ?? CHANGES_REMEMBERED;
    if (this.#changes.length > remembered) {
      // Half at a time: to drop one on each change would copy the whole list each time.
      const dropped = this.#changes.splice(0, Math.ceil(remembered / 2));
      this.#forgotten = dropped.at(-1)?.version ?? this.#forgotten;
    }
    this.onChange(change);
  }

  #drawer(calendar: string): Drawer<Offer> {
    let drawer = this.#drawers.get(calendar);
    if (!drawer) {
      drawer = { slots: new Map(), busy: new Map() };
      this.#drawers.set(calendar, drawer);
    }
    return drawer;
  }
}

export const emptyState = <Offer>(seed: string): AgendaState<Offer> => ({
  seed,
  ordinal: 0,
  version: 0,
  forgotten: 0,
  calendars: [],
  records: [],
  changes: [],
});
