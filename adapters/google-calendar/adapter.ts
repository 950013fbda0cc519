import type { z } from 'zod';
import { type Connect, defineAdapter, type Platform } from '../../src/adapter/contract.ts';
import { foundCalendars } from '../../src/adapter/found-calendars.ts';
import { createClient } from './client.ts';
import { manifest, type Settings } from './manifest.ts';
import { createOperations, type Desk, readBack } from './operations.ts';
import { type Planned, readCalendar } from './reading.ts';
import { Listed } from './wire.ts';

/** Google Calendar, by its API v3. See README.md for what it can't do. */
export default defineAdapter({ manifest, connect });

function connect(options: Connect<Settings>): Platform {
  const { settings, environment, zoneOf } = options;
  const client = createClient(options);
  const calendarOf = (id: string): Planned => {
    const own = settings.calendars[id];
    return {
      id,
      zone: zoneOf(id),
      events: own?.events ?? settings.events,
      owner: own?.owner ?? null,
      plan: own?.availability ?? null,
    };
  };
  const desk: Desk = { client, calendarOf, patientInEvents: settings.patientInEvents };
  return {
    read: (request) => {
      const [id, ...more] = request.calendars;
      // capabilities.feed: each calendar is read by itself.
      if (id === undefined || more.length > 0) throw new RangeError('one calendar at a time');
      return readCalendar(client, calendarOf(id), request, environment.clock.now());
    },
    operations: createOperations(desk),
    readBack: (calendar, mark) => readBack(desk, calendar, mark),
    calendars: async (signal) => {
      const rows = await client.calendars(signal);
      const calendarOf = ({ id, summary, summaryOverride, location }: z.output<typeof Listed>) => ({
        ...{ id, name: summaryOverride ?? summary, location },
      });
      // What was shared with a user, or with a service account, is in no list until they add it.
      return foundCalendars(rows, Listed, calendarOf, false);
    },
    check: (signal) => client.check(Object.keys(settings.calendars)[0] ?? 'primary', signal),
    close: async () => client.close(),
  };
}
