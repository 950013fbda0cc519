import { defineAdapter } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { foundCalendars, words } from '../../src/adapter/found-calendars.ts';
import type { Mark, Observation } from '../../src/adapter/observation.ts';
import { createClient, type Kind } from './client.ts';
import { manifest } from './manifest.ts';
import { createBusy } from './normalize.ts';
import { createOperations } from './operations.ts';
import { createReading } from './reading.ts';
import { createWebhook } from './webhook.ts';
import { Named } from './wire.ts';

export default defineAdapter({
  manifest,
  connect: (options) => {
    const client = createClient(options);
    const busy = createBusy(options.zoneOf);

    async function marked(kind: Kind, calendar: string, mark: Mark): Promise<readonly Observation[]> {
      // It looks into the notes, among others, for the text.
      const records = await client.list(kind, { q: mark }, () => false);
      const { rows, rejected } = busy[kind](new Set([calendar]))(records);
      // Something stands there, and to leave it out would have it written a second time.
      if (rejected.length > 0) throw new Fault('malformed', 'a record that carries our mark cannot be read');
      return rows.filter((row) => row.mark === mark);
    }

    return {
      read: createReading(client, options),
      operations: createOperations(client, options),
      readBack: async (calendar, mark) => [
        ...(await marked('appointments', calendar, mark)),
        ...(await marked('unavailabilities', calendar, mark)),
      ],
      webhook: createWebhook(options.settings),
      calendars: async (signal) =>
        foundCalendars(
          await client.list('providers', {}, () => false, signal),
          Named,
          ({ id, firstName, lastName }) => ({ id: String(id), practitionerName: words(firstName, lastName) }),
        ),
      check: async (signal) => {
        await client.setting('company_name', signal);
      },
      close: async () => client.close(),
    };
  },
});
