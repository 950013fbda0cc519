import { defineAdapter } from '../../src/adapter/contract.ts';
import { foundCalendars } from '../../src/adapter/found-calendars.ts';
import { createClient } from './client.ts';
import { manifest } from './manifest.ts';
import { createNormalizer } from './normalize.ts';
import { createOperations } from './operations.ts';
import { createLooks } from './reading.ts';
import { NamedProvider } from './wire.ts';

export default defineAdapter({
  manifest,
  connect: (options) => {
    const client = createClient(options);
    const normalizer = createNormalizer(options.maps, options.settings);
    const looks = createLooks(client, normalizer, options);
    return {
      read: looks.read,
      operations: createOperations(client, normalizer, looks, options),
      readBack: looks.marked,
      calendars: async (signal) =>
        foundCalendars(await client.providers(signal), NamedProvider, ({ uuid, person }) => ({
          id: uuid,
          practitionerName: person?.display,
        })),
      check: async (signal) => {
        await client.service(signal);
      },
      close: async () => client.close(),
    };
  },
});
