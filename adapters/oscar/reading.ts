import type { Connect, Platform, ReadRequest } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Mark, Observation, Page } from '../../src/adapter/observation.ts';
import { midnight } from '../../src/adapter/zone.ts';
import { earlier } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import type { Client } from './client.ts';
import { type Day, dayIn, daysAhead, daysOf } from './local.ts';
import type { Settings } from './manifest.ts';
import type { Normalize, Normalized } from './normalize.ts';

/** One request for each day of a provider, and no more days than these, whatever is asked for. */
const DAYS_MAX = 400;
/** So many days are asked for at once; how many requests run is for the pace to say. */
const WEEK = 7;

export type Days = {
  readonly read: Platform['read'];
  /** What carries the mark. @param hint the day on which it should be; null = any of those ahead. */
  readonly marked: (calendar: string, mark: Mark, hint: string | null) => Promise<readonly Observation[]>;
};

export function createDays(client: Client, normalize: Normalize, connect: Connect<Settings>): Days {
  const { zoneOf, environment, settings } = connect;

  async function* each(
    calendar: string,
    days: readonly Day[],
    signal?: AbortSignal,
  ): AsyncGenerator<Normalized> {
    const zone = zoneOf(calendar);
    for (let from = 0; from < days.length; from += WEEK) {
      const week = days.slice(from, from + WEEK);
      const lists = await Promise.all(week.map((day) => client.day(calendar, day, signal)));
      for (const [index, day] of week.entries()) yield normalize(lists[index] ?? [], calendar, day, zone);
    }
  }

  async function* read({ calendars, window, signal }: ReadRequest): AsyncGenerator<Page> {
    let complete: Interval | null = window;
    for (const calendar of calendars) {
      const days = daysOf(within(window, zoneOf(calendar)), zoneOf(calendar));
      for await (const { rows, rejected } of each(calendar, days, signal)) {
        yield { kind: 'rows', rows, removed: [], rejected };
        // A record without a readable id may be any of those that are missing, so none of them is known to be gone.
        if (rejected.some(({ externalId }) => externalId === null)) complete = null;
      }
      if (complete) complete = within(complete, zoneOf(calendar));
    }
    yield { kind: 'end', complete, cursor: null };
  }

  async function marked(calendar: string, mark: Mark, hint: string | null): Promise<readonly Observation[]> {
    const day = dayIn(hint);
    const days = day ? [day] : daysAhead(environment.clock.now(), settings.lookupDays, zoneOf(calendar));
    const found: Observation[] = [];
    for await (const { rows, rejected } of each(calendar, days)) {
      // It may be one of those that cannot be read, and to say that it is not there would have it written once more.
      if (rejected.some(({ raw }) => JSON.stringify(raw).includes(mark))) {
        throw new Fault('malformed', 'a record that carries our mark cannot be read');
      }
      found.push(...rows.filter((row) => row.mark === mark));
    }
    return found;
  }

  return { read, marked };
}

const within = ({ start, end }: Interval, zone: string): Interval =>
  interval(start, earlier(end, midnight(start, zone, DAYS_MAX)));
