import { defineAdapter } from '../../src/adapter/contract.ts';
import type { Mark } from '../../src/adapter/observation.ts';
import { createClient } from './client.ts';
import { manifest } from './manifest.ts';
import { createNormalizer } from './normalize.ts';
import { createOperations } from './operations.ts';
import { createDays } from './reading.ts';

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
      check: client.check,
      close: async () => client.close(),
    };
  },
});
