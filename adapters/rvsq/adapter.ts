import { defineAdapter } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { foundCalendars, words } from '../../src/adapter/found-calendars.ts';
import type { Mark, Observation } from '../../src/adapter/observation.ts';
import { createClient } from './client.ts';
import { manifest } from './manifest.ts';
import { createNormalizer } from './normalize.ts';
import { createOperations } from './operations.ts';
import { createReading } from './reading.ts';
import { Professional } from './wire.ts';

/** Of the Collège des médecins du Québec: the OID that a clinic writes under `identifiers` of a practitioner (docs/configuration.md). */
const LICENCE = 'urn:oid:2.16.840.1.113883.4.347';

export default defineAdapter({
  manifest,
  connect: (options) => {
    const client = createClient(options);
    const normalize = createNormalizer(options.maps);
    const readBack = async (calendar: string, mark: Mark): Promise<readonly Observation[]> => {
      const records = await client.byMark(calendar, mark);
      const { rows, removed } = normalize(records);
      const ours = rows.filter((row) => row.mark === mark);
      // Something stands there, and to leave it out would have it written a second time.
      if (records.length > ours.length + removed.length) {
        throw new Fault('malformed', 'a record that carries our mark cannot be read');
      }
      return ours;
    };
    return {
      read: createReading(client, normalize),
      operations: createOperations({ client, maps: options.maps, readBack }),
      readBack,
      calendars: async (signal) =>
        foundCalendars(
          await client.professionals(signal),
          Professional,
          ({ id, firstName, lastName, licenceNumber, locationName: location }) => ({
            id,
            practitionerName: words(firstName, lastName),
            identifiers: licenceNumber === null ? [] : [{ system: LICENCE, value: licenceNumber }],
            location,
          }),
        ),
      check: client.check,
      close: async () => client.close(),
    };
  },
});
