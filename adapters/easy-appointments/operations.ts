import { type Claim, loserTo, onceWritten } from '../../src/adapter/claim.ts';
import type { Book, Connect, Known, Move, Operations, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { toLocal } from '../../src/adapter/zone.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import type { Client } from './client.ts';
import { createCustomers } from './customers.ts';
import { isExact, spanOf } from './local.ts';
import type { Settings } from './manifest.ts';
import { createBusy, serviceIn } from './normalize.ts';
import { markIn, noteOf, timeOf } from './note.ts';
import { BY_END, backBeyond } from './order.ts';
import { Appointment } from './wire.ts';

/** Our commands as calls of API v1. */
export function createOperations(
  client: Client,
  { settings, zoneOf }: Connect<Settings>,
): Omit<Operations, 'publish' | 'withdraw' | 'hold' | 'release'> {
  const customers = createCustomers(client, settings.guestEmail);
  const busy = createBusy(zoneOf);

  /** By the rules of its own booking page: the working plan, the notice, and all that is taken or closed. */
  async function isOffered(calendar: string, serviceId: number, { start, end }: Interval): Promise<boolean> {
    const zone = zoneOf(calendar);
    // Nobody can say which half of the repeated hour it would be.
    if (!isExact({ start, end }, zone)) return false;
    const [date = '', time = ''] = toLocal(start, zone).split('T');
    const hours = await client.availabilities({ providerId: calendar, serviceId, date });
    return hours.includes(time.slice(0, 5)) && !(await isClosed(calendar, { start, end }));
  }

  /** Its page looks as far as the service lasts; a booking may last longer. */
  async function isClosed(calendar: string, time: Interval): Promise<boolean> {
    const calendars = new Set([calendar]);
    for (const kind of ['unavailabilities', 'blocked_periods'] as const) {
      const normalize = busy[kind](calendars);
      const { rows, rejected } = normalize(await client.list(kind, BY_END, backBeyond(time)));
      if (rejected.length > 0) throw new Fault('malformed', `one of the ${kind} cannot be read`);
      if (rows.some(({ interval }) => overlaps(interval, time))) return true;
    }
    return false;
  }

  /** What takes some of that time, by the platform's own list: appointments of the days around it. */
  async function claims(calendar: string, time: Interval): Promise<readonly Claim[]> {
    const zone = zoneOf(calendar);
    const dateOf = (days: number) => toLocal(plus(time.start, days * DAY), zone).slice(0, 10);
    const query = { providerId: calendar, from: dateOf(-1), till: dateOf(2) };
    const rows = await client.list('appointments', query, () => false);
    return rows.flatMap((record) => {
      const parsed = Appointment.safeParse(record);
      // It may take the very time: no look, no answer.
      if (!parsed.success) throw new Fault('malformed', 'an appointment of that day cannot be read');
      const { id, notes, start, end } = parsed.data;
      return overlaps(timeOf({ start, end, notes }, zone), time) ? [{ id, mark: markIn(notes) }] : [];
    });
  }

  async function book({ calendar, mark, interval, slot, patient }: Book): Promise<Written> {
    const zone = zoneOf(calendar);
    const serviceId = serviceIn(slot) ?? settings.serviceIds[0] ?? 0;
    if (!(await isOffered(calendar, serviceId, interval))) return { outcome: 'taken' };
    const customerId = await customers.of(patient, mark, zone);
    const written = await client.create('appointments', {
      ...spanOf(interval, zone),
      providerId: Number(calendar),
      serviceId,
      customerId,
      notes: noteOf(mark, interval, zone),
    });
    const id = Number(written.externalId);
    const winner = loserTo({ id }, await onceWritten(() => claims(calendar, interval)));
    if (winner === null) return written;
    // Its customer stays: to delete one deletes all appointments of it, and another process may have given it one.
    await onceWritten(() => client.remove('appointments', String(id)));
    // The same booking of ours, that was sent twice: the first one stands.
    return winner.mark === mark ? { ...written, externalId: String(winner.id) } : { outcome: 'taken' };
  }

  async function move({ calendar, known, interval }: Move): Promise<Written> {
    const zone = zoneOf(calendar);
    const standing = await client.find('appointments', known, Appointment);
    if (standing === null) return { outcome: 'gone' };
    const span = spanOf(interval, zone);
    const done = {
      outcome: 'done',
      externalId: String(standing.id),
      revision: null,
      sequence: null,
    } as const;
    if (standing.start === span.start && standing.end === span.end) return done;
    const serviceId = standing.serviceId ?? settings.serviceIds[0] ?? 0;
    if (!(await isOffered(calendar, serviceId, interval))) return { outcome: 'taken' };
    const written = await client.change('appointments', known, span);
    if (written.outcome !== 'done') return written;
    const others = (await onceWritten(() => claims(calendar, interval))).filter(
      ({ id }) => id !== standing.id,
    );
    if (others.length === 0) return written;
    // Its id says nothing of when it came here, so whoever moves gives way.
    await onceWritten(() =>
      client.change('appointments', known, { start: standing.start, end: standing.end }),
    );
    return { outcome: 'taken' };
  }

  return {
    block: ({ calendar, mark, interval, known }) => {
      const zone = zoneOf(calendar);
      const body = {
        ...spanOf(interval, zone),
        providerId: Number(calendar),
        notes: noteOf(mark, interval, zone),
      };
      return known ? client.change('unavailabilities', known, body) : client.create('unavailabilities', body);
    },
    unblock: ({ known }) => client.remove('unavailabilities', known.externalId),
    book,
    cancel: ({ known }: { known: Known }) => client.remove('appointments', known.externalId),
    move,
  };
}
