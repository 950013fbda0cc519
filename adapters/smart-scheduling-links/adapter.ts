import { type Connect, defineAdapter, type Platform } from '../../src/adapter/contract.ts';
import { createClient } from './client.ts';
import { calendarsOn } from './listed.ts';
import { manifest, type Settings } from './manifest.ts';
import { type Reader, readPublication } from './reading.ts';

/** Slots that others publish. They are read, and nothing is written to them. See README.md for what that costs. */
export default defineAdapter({ manifest, connect });

function connect(options: Connect<Settings>): Platform {
  const { settings, maps, environment } = options;
  const client = createClient(options);
  const reader: Reader = { client, settings, maps, clock: environment.clock, askedAt: null };
  return {
    read: (request) => readPublication(reader, request),
    operations: {},
    calendars: (signal) => calendarsOn(client, settings, signal),
    check: async (signal) => {
      await client.manifest(null, signal);
    },
    close: async () => client.close(),
  };
}
