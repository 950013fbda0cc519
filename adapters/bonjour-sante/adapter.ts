import { defineAdapter } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { foundCalendars, words } from '../../src/adapter/found-calendars.ts';
import { createClient } from './client.ts';
import { manifest } from './manifest.ts';
import { createNormalizer } from './normalize.ts';
import { createOperations } from './operations.ts';
import { createReading } from './reading.ts';
import { createWebhook } from './webhook.ts';
import { Agenda } from './wire.ts';

export default defineAdapter({
  manifest,
  connect: (options) => {
    const client = createClient(options);
    const normalize = createNormalizer(options.maps);
    return {
      read: createReading(client, normalize),
      operations: createOperations(client, options.maps),
      readBack: async (calendar, mark) => {
        const element = await client.byMark(calendar, mark);
        if (element === null) return [];
        const { rows } = normalize([element]);
        // It stands there, and to say otherwise would have it written a second time.
        if (rows.length === 0)
          throw new Fault('malformed', 'the record that carries our mark cannot be read');
        return rows;
      },
      webhook: createWebhook(options.settings.webhookSecret, options.environment.clock, normalize),
      calendars: async (signal) =>
        foundCalendars(await client.agendas(signal), Agenda, ({ id, nom, professionnel, clinique }) => ({
          id,
          name: nom,
          practitionerName: words(professionnel?.titre, professionnel?.prenom, professionnel?.nom),
          location: clinique,
        })),
      check: client.check,
      close: async () => client.close(),
    };
  },
});
