import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import type { Busy } from '../../../src/adapter/simulator/records.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { Interval } from '../../../src/domain/interval.ts';

/** What OpenMRS keeps of appointments beside their times. */

export type World = {
  readonly serviceUuid: string;
  readonly locationUuid: string;
  readonly blockPatientUuid: string;
  readonly bookingPatientUuid: string;
};

export type Details = {
  readonly patientUuid: string;
  readonly comments: string | null;
  readonly status: string;
  readonly dateCreated: Instant;
};

export type Entry = {
  readonly uuid: string;
  readonly calendar: string;
  readonly interval: Interval;
} & Details;

/** Appointments in the agenda and, since OpenMRS forgets none, those that were cancelled. */
export class Chart<Offer> {
  readonly agenda: Agenda<Offer>;
  readonly world: World;
  readonly #details = new Map<string, Details>();
  readonly #cancelled = new Map<string, Entry>();

  constructor(agenda: Agenda<Offer>, world: World) {
    this.agenda = agenda;
    this.world = world;
  }

  /** By the start. */
  entries(): readonly Entry[] {
    const standing = this.agenda.calendars
      .flatMap(({ id }) => this.agenda.busy(id))
      .filter((record) => !isUnavailability(record))
      .map((record) => this.#entryOf(record));
    return [...standing, ...this.#cancelled.values()].sort((a, b) => a.interval.start - b.interval.start);
  }

  find(uuid: string): Entry | null {
    const record = this.record(uuid);
    return record ? this.#entryOf(record) : (this.#cancelled.get(uuid) ?? null);
  }

  record(uuid: string): Busy | null {
    const record = this.agenda.find('reservation', uuid) ?? this.agenda.find('block', uuid);
    return record && !isUnavailability(record) ? record : null;
  }

  /** Whatever else is there at the time. */
  add(calendar: string, time: Interval, details: Omit<Details, 'dateCreated'>): Entry {
    const reference = firstLine(details.comments);
    const record =
      details.patientUuid === this.world.blockPatientUuid
        ? this.agenda.block(calendar, time, reference)
        : this.agenda.take({ calendar, interval: time, reference, slotId: null, expiresAt: null });
    this.#details.set(record.id, { ...details, dateCreated: record.changedAt });
    return this.#entryOf(record);
  }

  change(record: Busy, time: Interval, comments: string | null): Entry {
    const before = this.#entryOf(record);
    this.#details.set(record.id, { ...detailsOf(before), comments });
    return this.#entryOf(this.agenda.change(record, { interval: time, reference: firstLine(comments) }));
  }

  setStatus(record: Busy, status: string): Entry {
    const entry = { ...this.#entryOf(record), status };
    this.#details.set(record.id, detailsOf(entry));
    if (status === 'Cancelled') {
      this.#cancelled.set(record.id, entry);
      this.agenda.remove(record);
    }
    return entry;
  }

  #entryOf(record: Busy): Entry {
    const details = this.#details.get(record.id) ?? {
      patientUuid: `patient-${record.ordinal}`,
      comments: record.reference,
      status: 'Scheduled',
      dateCreated: record.changedAt,
    };
    return { uuid: record.id, calendar: record.calendar, interval: record.interval, ...details };
  }
}

/** What staff close by itself stands under no patient. */
export const isUnavailability = (record: Busy): boolean =>
  record.kind === 'block' && record.reference === null;

const firstLine = (comments: string | null): string => (comments ?? '').split('\n')[0] ?? '';

const detailsOf = ({ patientUuid, comments, status, dateCreated }: Details): Details => ({
  patientUuid,
  comments,
  status,
  dateCreated,
});
