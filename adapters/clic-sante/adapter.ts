import { defineAdapter } from '../../src/adapter/contract.ts';
import { createClient } from './client.ts';
import { manifest } from './manifest.ts';
import { createAppointmentReader } from './normalize.ts';
import { createReading } from './reading.ts';

/** Clic Santé, to read: nothing that is known of it says how to write. See README.md for how it is known. */
export default defineAdapter({
  manifest,
  connect: (options) => {
    const { settings, zoneOf, maps } = options;
    const client = createClient(options);
    return {
      read: createReading({ client, settings, zoneOf, readAppointments: createAppointmentReader(maps) }),
      operations: {},
      check: async (signal) => {
        await client.services(signal);
      },
      close: async () => client.close(),
    };
  },
});
