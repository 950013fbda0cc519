import { defineAdapter } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { foundCalendars } from '../../src/adapter/found-calendars.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import { createClient } from './client.ts';
import { manifest } from './manifest.ts';
import { bookingsIn, busyOf } from './normalize.ts';
import { createOperations } from './operations.ts';
import { createReading } from './reading.ts';
import { createWebhook } from './webhook.ts';
import { Owned } from './wire.ts';

export default defineAdapter({
  manifest,
  connect: (options) => {
    const { clock } = options.environment;
    const client = createClient(options);
    return {
      read: createReading(client, options),
      operations: createOperations(client, options),
      // It cannot be searched by metadata, so it is all that is ahead.
      readBack: async (calendar, mark) => {
        const records = await client.bookings({ start: plus(clock.now(), -DAY), end: null });
        const { bookings, rejected } = bookingsIn(records);
        // One of them may be it, and to leave it out would have it written a second time.
        if (rejected.length > 0)
          throw new Fault('malformed', 'a booking cannot be read, and it may carry our mark');
        const rows = bookings.flatMap((booking) => busyOf(booking, new Set([calendar])) ?? []);
        return rows.filter((row) => row.mark === mark);
      },
      webhook: createWebhook(options.settings.webhookSecret, clock),
      calendars: async (signal) =>
        foundCalendars(await client.eventTypes(signal), Owned, ({ ownerId, users }) =>
          ownerId === null || ownerId === undefined
            ? null
            : { id: String(ownerId), practitionerName: users?.find(({ id }) => id === ownerId)?.name },
        ),
      check: async (signal) => {
        await client.eventTypes(signal);
      },
      close: async () => client.close(),
    };
  },
});
