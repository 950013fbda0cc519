import { type Connect, defineAdapter, type Platform } from '../../src/adapter/contract.ts';
import { createZones } from '../../src/adapter/icalendar/zones.ts';
import { createClient } from './client.ts';
import { type IcsSettings, manifest } from './manifest.ts';
import { type Calendar, readFeed } from './reading.ts';

/** Calendar feeds by address. They are read, and nothing is written to them. See README.md for what that costs. */
export default defineAdapter({ manifest, connect });

function connect(options: Connect<IcsSettings>): Platform {
  const { settings, environment, zoneOf } = options;
  const client = createClient(options);
  const calendarOf = (id: string): Calendar => {
    const own = settings.calendars[id];
    return {
      id,
      zone: zoneOf(id),
      zones: createZones(zoneOf(id)),
      events: own?.events ?? settings.events,
      owner: own?.owner ?? null,
      supply: own?.availability ?? null,
    };
  };
  return {
    read: (request) => {
      const [id, ...more] = request.calendars;
      // capabilities.feed: each calendar is read by itself.
      if (id === undefined || more.length > 0) throw new RangeError('one calendar at a time');
      return readFeed(client, calendarOf(id), request, environment.clock.now());
    },
    operations: {},
    check: async (signal) => {
      for (const id of Object.keys(settings.calendars)) await client.check(id, signal);
    },
    close: async () => client.close(),
  };
}
