import { z } from 'zod';
import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import type { Busy } from '../../../src/adapter/simulator/records.ts';
import { fromLocal, midnight, toOffset } from '../../../src/adapter/zone.ts';
import { formatInstant, parseInstant } from '../../../src/domain/instant.ts';
import { type Interval, interval } from '../../../src/domain/interval.ts';
import type { Offer } from './platform.ts';

/** Events on a simulated agenda: what takes time stands there, and the rest of each event here. */

const Time = z.union([
  z.object({
    dateTime: z.iso.datetime({ offset: true }),
    timeZone: z.string().optional(),
    date: z.null().optional(),
  }),
  z.object({ date: z.iso.date(), dateTime: z.null().optional() }),
]);
type Time = z.output<typeof Time>;

/** The part of the resource that clients may write, as far as it is played. */
export const Wanted = z.looseObject({
  id: z
    .string()
    .regex(/^[0-9a-v]{5,1024}$/)
    .optional(),
  start: Time,
  end: Time,
  status: z.enum(['confirmed', 'tentative']).default('confirmed'),
  transparency: z.enum(['opaque', 'transparent']).default('opaque'),
  eventType: z.enum(['default', 'outOfOffice', 'focusTime', 'workingLocation']).default('default'),
  recurrence: z.array(z.string()).optional(),
  extendedProperties: z
    .object({
      private: z.record(z.string().max(44), z.string().max(1024)).optional(),
      shared: z.record(z.string().max(44), z.string().max(1024)).optional(),
    })
    .optional(),
});
export type Wanted = z.output<typeof Wanted>;

export class Book {
  /** The id of the next record, where the client chose one. */
  nextId: string | null = null;
  readonly #details = new Map<string, Wanted>();
  /** Deleted events keep their ids for good. */
  readonly #deleted = new Map<string, { readonly calendar: string; readonly version: number }>();
  readonly agenda: Agenda<Offer>;
  #seen: number;

  constructor(agenda: Agenda<Offer>) {
    this.agenda = agenda;
    this.#seen = agenda.version;
  }

  /** Takes note of what was removed since, by whomever. */
  refresh(): void {
    const changes = this.agenda.changesSince(this.#seen, Number.POSITIVE_INFINITY)?.changes ?? [];
    for (const { id, kind, calendar, version, record } of changes) {
      if (kind === 'slot') continue;
      if (record) this.#deleted.delete(id);
      else this.#deleted.set(id, { calendar, version });
    }
    this.#seen = this.agenda.version;
  }

  /** Null: it never was. */
  find(calendar: string, id: string): { readonly busy: Busy } | { readonly deleted: number } | null {
    const busy = this.agenda.busy(calendar).find((each) => each.id === id);
    if (busy) return { busy };
    const deleted = this.#deleted.get(id);
    return deleted?.calendar === calendar ? { deleted: deleted.version } : null;
  }

  /** It looks at no other event: Google lets events overlap. */
  put(calendar: string, id: string | null, wanted: Wanted): Busy {
    const time = intervalOf(wanted, this.agenda.zone);
    const properties = wanted.extendedProperties?.private ?? {};
    const reference = properties['passerelle'] ?? null;
    this.nextId = id;
    const isBlock = wanted.eventType !== 'default' || properties['passerelleKind'] === 'block';
    const made = isBlock
      ? this.agenda.block(calendar, time, reference)
      : this.agenda.take({ calendar, interval: time, reference, slotId: null, expiresAt: null });
    this.nextId = null;
    this.#details.set(made.id, wanted);
    return made;
  }

  change(busy: Busy, wanted: Wanted): Busy {
    this.#details.set(busy.id, wanted);
    return this.agenda.change(busy, { interval: intervalOf(wanted, this.agenda.zone) });
  }

  /**
   * As clients may write it. Of what somebody booked by the control API, and of what a state file brought back, it is the least
   * that such an event has.
   */
  detailsOf(busy: Busy): Wanted {
    const found = this.#details.get(busy.id);
    if (found) return found;
    const { zone } = this.agenda;
    const { kind, reference, interval: time } = busy;
    const timed = (at: Interval['start']) => ({ dateTime: toOffset(at, zone), timeZone: zone });
    const ours = reference !== null && {
      extendedProperties: {
        private: { passerelle: reference, passerelleKind: kind === 'block' ? 'block' : 'appointment' },
      },
    };
    return Wanted.parse({
      start: timed(time.start),
      end: timed(time.end),
      eventType: kind === 'block' && !ours ? 'outOfOffice' : 'default',
      summary: kind === 'block' ? 'Dîner' : 'Patiente Fictive',
      ...(ours || {}),
    });
  }

  resource(busy: Busy): object {
    const { zone } = this.agenda;
    const { start, end, ...rest } = this.detailsOf(busy);
    const timeOf = (time: Time, at: Interval['start']) =>
      typeof time.date === 'string'
        ? time
        : { dateTime: toOffset(at, zone), timeZone: time.timeZone ?? zone };
    return {
      ...rest,
      kind: 'calendar#event',
      id: busy.id,
      etag: etagOf(busy.version),
      created: formatInstant(busy.changedAt),
      updated: formatInstant(busy.changedAt),
      iCalUID: `${busy.id}@google.com`,
      sequence: 0,
      start: timeOf(start, busy.interval.start),
      end: timeOf(end, busy.interval.end),
    };
  }
}

export const etagOf = (version: number): string => `"${3_300_000_000_000_000 + version * 1000}"`;

export const tombstone = (id: string, version: number): object => ({
  kind: 'calendar#event',
  etag: etagOf(version),
  id,
  status: 'cancelled',
});

/** @throws RangeError when it ends before it begins. */
function intervalOf({ start, end }: Pick<Wanted, 'start' | 'end'>, zone: string): Interval {
  const at = (time: Time) =>
    typeof time.date === 'string'
      ? midnight(fromLocal(`${time.date}T12:00:00`, zone), zone, 0)
      : parseInstant(String(time.dateTime));
  return interval(at(start), at(end));
}
