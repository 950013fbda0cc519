import { defineAdapter } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Mark, Observation } from '../../src/adapter/observation.ts';
import { createClient } from './client.ts';
import { manifest } from './manifest.ts';
import { createNormalizer } from './normalize.ts';
import { createOperations } from './operations.ts';
import { createReading } from './reading.ts';

export default defineAdapter({
  manifest,
  connect: (options) => {
    const client = createClient(options);
    const normalize = createNormalizer(options.maps);
    const readBack = async (calendar: string, mark: Mark): Promise<Observation | null> => {
      const records = await client.byMark(calendar, mark);
      const { rows, removed } = normalize(records);
      const row = rows.find((each) => each.mark === mark);
      if (row) return row;
      // Not null: something stands there, and to say otherwise would have it written a second time.
      if (records.length > removed.length) {
        throw new Fault('malformed', 'the record that carries our mark cannot be read');
      }
      return null;
    };
    return {
      read: createReading(client, normalize),
      operations: createOperations({ client, maps: options.maps, readBack }),
      readBack,
      check: client.check,
      close: async () => client.close(),
    };
  },
});
