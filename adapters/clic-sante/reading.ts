import type { Platform, ReadRequest } from '../../src/adapter/contract.ts';
import type { Page } from '../../src/adapter/observation.ts';
import { toLocal } from '../../src/adapter/zone.ts';
import { DAY, type Instant, plus } from '../../src/domain/instant.ts';
import type { Client } from './client.ts';
import type { Settings } from './manifest.ts';
import { type createAppointmentReader, type Normalized, readAvailabilities } from './normalize.ts';

export type ReadingOptions = {
  readonly client: Client;
  readonly settings: Settings;
  readonly zoneOf: (calendar: string) => string;
  readonly readAppointments: ReturnType<typeof createAppointmentReader>;
};

/** Day by day: which days can be booked, then the times of each. Full days are not asked for: they show times that are not free. */
export function createReading(options: ReadingOptions): Platform['read'] {
  const { client, settings, zoneOf, readAppointments } = options;

  async function* read(place: string, { window, signal }: ReadRequest): AsyncGenerator<Page> {
    const zone = zoneOf(place);
    const date = (at: Instant): string => toLocal(at, zone).slice(0, 10);
    const met = new Set<string>();
    let nameless = false;
    const page = ({ rows, rejected }: Normalized): Page => {
      nameless ||= rejected.some(({ externalId }) => externalId === null);
      return { kind: 'rows', rows, removed: [], rejected };
    };
    const lengths = await client.services(signal);
    for (const service of settings.services) {
      const asked = { service, place, zone, from: date(window.start), to: date(window.end) };
      for (const day of await client.days(asked, signal)) {
        const records = await client.day({ ...asked, from: day, to: day }, signal);
        yield page(readAvailabilities(records, place, lengths.get(service) ?? 0, met));
      }
    }
    if (client.appointments && settings.appointments?.calendar === place) {
      // What began the day before may still last.
      const around = { start: plus(window.start, -DAY), end: window.end };
      for await (const records of client.appointments(around, signal)) {
        yield page(readAppointments(records, place));
      }
    }
    yield { kind: 'end', complete: nameless ? null : window, cursor: null };
  }

  return (request) => {
    const [place, ...more] = request.calendars;
    // capabilities.feed: each calendar is read by itself.
    if (place === undefined || more.length > 0) throw new RangeError('one calendar at a time');
    return read(place, request);
  };
}
