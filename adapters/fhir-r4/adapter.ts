import { type Connect, defineAdapter, type Platform } from '../../src/adapter/contract.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { calendar, type Desk, standing } from './desk.ts';
import { calendarsOn } from './listed.ts';
import { manifest, type Settings } from './manifest.ts';
import { createNormalizer } from './normalize.ts';
import { createOperations } from './operations.ts';
import { createReading } from './reading.ts';

/** Any server that speaks FHIR R4. See README.md for what such a server can't do. */
export default defineAdapter({ manifest, connect });

function connect(options: Connect<Settings>): Platform {
  const { settings, maps, environment } = options;
  const client = createClient(options);
  const normalize = createNormalizer(maps, settings);
  const desk: Desk = { client, normalize, settings };
  return {
    read: createReading({ client, normalize, settings, clock: environment.clock }),
    operations: createOperations(desk),
    readBack: async (id, mark) => {
      const where = await calendar(desk, id);
      const type = settings.blocks === 'slot' ? 'Slot' : 'Appointment';
      const found = [
        await standing(desk, where, type, 'block', mark),
        await standing(desk, where, 'Appointment', 'hold', mark),
        await standing(desk, where, 'Appointment', 'appointment', mark),
      ];
      return found.flat();
    },
    calendars: (signal) => calendarsOn(client, signal),
    check: (signal) => check(client, settings, signal),
    close: async () => client.close(),
  };
}
