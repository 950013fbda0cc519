import type { Book, Connect, Known, Move, Operations, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Mark } from '../../src/adapter/observation.ts';
import { toLocal } from '../../src/adapter/zone.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import { type Claim, loserTo } from './claim.ts';
import type { Client } from './client.ts';
import { createCustomers, type Guest } from './customers.ts';
import { isExact, spanOf } from './local.ts';
import type { Settings } from './manifest.ts';
import { serviceIn } from './normalize.ts';
import { markIn, noteOf, timeOf } from './note.ts';
import { Appointment } from './wire.ts';

/** Our commands as calls of API v1. */
export function createOperations(
  client: Client,
  { settings, zoneOf }: Connect<Settings>,
): Omit<Operations, 'publish' | 'withdraw' | 'hold' | 'release'> {
  const customers = createCustomers(client, settings.guestEmail);

  /** By the rules of its own booking page: the working plan, the notice, and all that is taken or closed. */
  async function isOffered(calendar: string, serviceId: number, { start, end }: Interval): Promise<boolean> {
    const zone = zoneOf(calendar);
    // Nobody can say which half of the repeated hour it would be.
    if (!isExact({ start, end }, zone)) return false;
    const [date = '', time = ''] = toLocal(start, zone).split('T');
    const hours = await client.availabilities({ providerId: calendar, serviceId, date });
    return hours.includes(time.slice(0, 5));
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
      if (!parsed.success) throw new Fault('unsure', 'an appointment of that day cannot be read');
      const { id, notes, start, end } = parsed.data;
      return overlaps(timeOf({ start, end, notes }, zone), time) ? [{ id, mark: markIn(notes) }] : [];
    });
  }

  async function book({ calendar, mark, interval, slot, patient }: Book): Promise<Written> {
    const zone = zoneOf(calendar);
    const serviceId = serviceIn(slot) ?? settings.serviceIds[0] ?? 0;
    if (!(await isOffered(calendar, serviceId, interval))) return { outcome: 'taken' };
    const guest = await customers.of(patient, mark, zone);
    const written = await client.create('appointments', {
      ...spanOf(interval, zone),
      providerId: Number(calendar),
      serviceId,
      customerId: guest.id,
      notes: noteOf(mark, interval, zone),
    });
    const id = Number(written.externalId);
    const winner = loserTo({ id, mark }, await landed(() => claims(calendar, interval)));
    if (winner === null) return written;
    return undo(id, mark, winner, guest);
  }

  async function undo(id: number, mark: Mark, winner: Claim, guest: Guest): Promise<Written> {
    await landed(() => client.remove('appointments', String(id)));
    // The same booking of ours, that was sent twice: the first one stands.
    if (winner.mark === mark) {
      return { outcome: 'done', externalId: String(winner.id), revision: null, sequence: null };
    }
    await landed(() => customers.forget(guest));
    return { outcome: 'taken' };
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
    const others = (await landed(() => claims(calendar, interval))).filter(({ id }) => id !== standing.id);
    if (others.length === 0) return written;
    // Its id says nothing of when it came here, so whoever moves gives way.
    await landed(() => client.change('appointments', known, { start: standing.start, end: standing.end }));
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

/** What stands may be one too many: whatever goes wrong here, it is not known how it ended. */
async function landed<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (cause) {
    throw new Fault('unsure', 'the appointment was written, and what came of it could not be seen', {
      cause,
    });
  }
}
