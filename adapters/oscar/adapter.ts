import { defineAdapter } from '../../src/adapter/contract.ts';
import { foundCalendars, words } from '../../src/adapter/found-calendars.ts';
import type { Mark } from '../../src/adapter/observation.ts';
import { createClient } from './client.ts';
import { manifest } from './manifest.ts';
import { createNormalizer } from './normalize.ts';
import { createOperations } from './operations.ts';
import { createDays } from './reading.ts';
import { Provider } from './wire.ts';

export default defineAdapter({
  manifest,
  connect: (options) => {
    const client = createClient(options);
    const normalize = createNormalizer(options.maps, options.settings.placeholderDemographicNo);
    const days = createDays(client, normalize, options);
    return {
      read: days.read,
      operations: createOperations(client, days, options),
      readBack: (calendar: string, mark: Mark) => days.marked(calendar, mark, null),
      calendars: async (signal) =>
        foundCalendars(await client.providers(signal), Provider, ({ providerNo, firstName, lastName }) => ({
          id: providerNo,
          practitionerName: words(firstName, lastName),
        })),
      check: client.check,
      close: async () => client.close(),
    };
  },
});
