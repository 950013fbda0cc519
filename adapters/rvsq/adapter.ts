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

/**
 * Of the Collège des médecins du Québec, as a clinic writes it under `identifiers` of a practitioner: the URI by the convention of
 * Canada Health Infoway for licences of a province (Ontario Health, DHDR FHIR implementation guide 4.0.0, Identifiers).
 */
const LICENCE = 'https://fhir.infoway-inforoute.ca/NamingSystem/ca-qc-license-physician';

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
