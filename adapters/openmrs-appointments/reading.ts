import type { Connect, Platform, ReadRequest } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Mark, ObservedBusy, Page, Rejected } from '../../src/adapter/observation.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import { type Interval, interval, overlaps } from '../../src/domain/interval.ts';
import type { Client } from './client.ts';
import type { Settings } from './manifest.ts';
import type { Normalizer } from './normalize.ts';
import { datesOf, slotsOf } from './plan.ts';
import { Appointment } from './wire.ts';

/** The search goes by the start, so what began before is looked for from so long before. No appointment is longer. */
const LONGEST_DAYS = 7;
/** An unmapped status is reported too, of what was read. */
const isUnread = ({ raw }: Pick<Rejected, 'raw'>): boolean => !Appointment.safeParse(raw).success;
/** How far ahead our mark is looked for. */
const LOOKUP_DAYS = 400;

export type Looks = {
  readonly read: Platform['read'];
  /** What takes the provider's time in the interval: appointments only. @throws Fault when one cannot be read. */
  readonly taking: (calendar: string, time: Interval) => Promise<readonly ObservedBusy[]>;
  readonly marked: (calendar: string, mark: Mark) => Promise<readonly ObservedBusy[]>;
};

export function createLooks(client: Client, normalizer: Normalizer, connect: Connect<Settings>): Looks {
  const { settings, zoneOf, environment } = connect;

  async function* read({ calendars, window, signal }: ReadRequest): AsyncGenerator<Page> {
    const service = await client.service(signal);
    let isNameless = false;
    const page = (rows: Extract<Page, { kind: 'rows' }>['rows'], rejected: readonly Rejected[]): Page => {
      isNameless ||= rejected.some(({ externalId }) => externalId === null);
      return { kind: 'rows', rows, removed: [], rejected };
    };
    for (const calendar of calendars) {
      const zone = zoneOf(calendar);
      const slots = slotsOf(calendar, service, settings.slotDays, environment.clock.now(), zone);
      yield page(slots, []);
      for await (const records of client.search(calendar, since(window), signal)) {
        const { rows, rejected } = normalizer.appointments(records, calendar);
        yield page(rows, rejected);
      }
      if (!settings.hasUnavailability) continue;
      const [from, to] = datesOf(window, zone);
      const closed = await client.unavailability(from, to, signal);
      const { rows, rejected } = normalizer.unavailability(closed, calendar, window, zone);
      yield page(rows, rejected);
    }
    // A record without a readable id may be any of those that are missing, so none of them is known to be gone.
    yield { kind: 'end', complete: isNameless ? null : window, cursor: null };
  }

  /** All appointments of the provider that begin in the interval. @throws Fault when one of those that matter cannot be read. */
  async function appointments(
    calendar: string,
    time: Interval,
    matters: (rejected: Rejected) => boolean,
  ): Promise<readonly ObservedBusy[]> {
    const found: ObservedBusy[] = [];
    for await (const records of client.search(calendar, time)) {
      const { rows, rejected } = normalizer.appointments(records, calendar);
      if (rejected.some(matters))
        throw new Fault('malformed', 'an appointment that matters here cannot be read');
      found.push(...rows);
    }
    return found;
  }

  return {
    read,
    taking: async (calendar, time) =>
      (await appointments(calendar, since(time), isUnread)).filter((row) => overlaps(row.interval, time)),
    // To say that it is not there, where it could only not be read, would have it written a second time.
    marked: async (calendar, mark) => {
      const now = environment.clock.now();
      const ahead = interval(plus(now, -DAY), plus(now, LOOKUP_DAYS * DAY));
      const carries = ({ raw }: Rejected): boolean => isUnread({ raw }) && JSON.stringify(raw).includes(mark);
      return (await appointments(calendar, ahead, carries)).filter((row) => row.mark === mark);
    },
  };
}

const since = ({ start, end }: Interval): Interval => interval(plus(start, -LONGEST_DAYS * DAY), end);
