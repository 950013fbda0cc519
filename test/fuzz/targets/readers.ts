import fc from 'fast-check';
import { parseCursor } from '../../../adapters/caldav/cursor.ts';
import { DateTimeText, endOf, firstOf } from '../../../mappings/fhir/date-time.ts';
import { retryAfter } from '../../../src/adapter/http.ts';
import { parseCalendars } from '../../../src/adapter/icalendar/jcal.ts';
import { readLocal, toLocal } from '../../../src/adapter/zone.ts';
import { formatInstant, instant, parseInstant } from '../../../src/domain/instant.ts';
import { formatWall, parseWall } from '../../../src/domain/recurrence/wall.ts';
import { isKnown, versionOf } from '../../../src/fhir/conditional.ts';
import { readCursor, writeCursor } from '../../../src/fhir/cursor.ts';
import { dateRange, dateRanges, spanOf } from '../../../src/fhir/dates.ts';
import { readDirective } from '../../../src/fhir/directive.ts';
import { languageOf } from '../../../src/fhir/language.ts';
import {
  negotiate,
  requireForm,
  requireJson,
  requireJsonPatch,
  takesGzip,
} from '../../../src/fhir/negotiation.ts';
import { Refused } from '../../../src/fhir/outcomes.ts';
import { Unusable } from '../../../src/fhir/unusable.ts';
import { NOW } from '../../support/fake-ports.ts';
import { must, outcomeOf, type Target } from '../harness/target.ts';
import { anyText } from '../inputs/text.ts';

/** The small readers: times, cursors, versions and headers, each a function of one text. */

const ZONE = 'America/Toronto';

/** Instants that could not be read: the one RangeError that is a refusal. */
class NoInstant extends Error {}

function readInstant(text: string): void {
  try {
    const at = parseInstant(text);
    must(parseInstant(formatInstant(at)) === at, 'an instant that is not what is written of it');
  } catch (error) {
    throw error instanceof RangeError && error.message.startsWith('not an instant') ? new NoInstant() : error;
  }
}

function readDateTime(text: string): void {
  if (!DateTimeText.safeParse(text).success) throw new NoInstant();
  const [first, end] = [firstOf(text, ZONE), endOf(text, ZONE)];
  must(Number.isSafeInteger(first) && Number.isSafeInteger(end) && first <= end, 'no time');
}

/** Whose RangeError is documented. */
function readLocalTime(text: string): void {
  try {
    toLocal(readLocal(text, ZONE).at, ZONE);
  } catch (error) {
    throw error instanceof RangeError || error instanceof TypeError ? new NoInstant() : error;
  }
}

const READERS: Readonly<
  Record<string, { readonly samples: readonly string[]; readonly read: (text: string) => unknown }>
> = {
  instant: {
    samples: ['2026-11-24T09:00:00-05:00', '2026-11-24T14:00Z', '2026-02-28T23:59:59.999+13:45'],
    read: readInstant,
  },
  dateTime: {
    samples: ['2026', '2026-11', '2026-11-24', '2026-11-24T09:00:00.123Z', '0001', '9999-12-31'],
    read: readDateTime,
  },
  local: { samples: ['2026-11-24T09:20', '2026-11-01T01:30:00', '-271821-04-20T00:00'], read: readLocalTime },
  wall: {
    samples: ['2026-11-24', '2026-11-24T09:20:00', '1000-01-01', '9999-12-31T23:59:60'],
    read: (text) => {
      const at = parseWall(text);
      if (at === null) throw new NoInstant();
      must(parseWall(formatWall(at)) === at, 'a wall that is not what is written of it');
    },
  },
  dates: {
    samples: [
      'ge2026-11-24',
      '2026',
      'ap2026-11',
      'ne2026-11-24T09:00',
      'lt2026-11-24T09:00:00.1-05:00',
      '9999-12-31,0001',
    ],
    read: (text) => {
      for (const { fromMs, beforeMs } of dateRanges(text, ZONE, NOW)) {
        must(
          [fromMs, beforeMs].every((bound) => bound === null || Number.isSafeInteger(bound)),
          'no bound',
        );
      }
      spanOf(text, ZONE);
      dateRange(text, ZONE);
    },
  },
  cursor: {
    samples: [
      writeCursor({ atMs: NOW, id: '00000000-0000-4000-8000-000000000001' }),
      writeCursor({ atMs: -1, id: 'a' }),
    ],
    read: (text) => {
      const read = readCursor(text);
      if (read === null) throw new NoInstant();
      must(Number.isSafeInteger(read.atMs) && writeCursor(read) === text, 'a cursor of another text');
    },
  },
  feedCursor: {
    samples: [
      '{"token":"a","settings":"b","expandedTo":1,"plannedTo":null,"series":[],"probes":[],"inbox":null}',
    ],
    read: (text) => parseCursor(text),
  },
  version: {
    samples: ['W/"1"', '"2"', '*', 'W/"3-0123abcd"', 'W/"1", W/"2"'],
    read: (text) => {
      isKnown({ 'if-none-match': text, 'if-modified-since': text }, { number: 1, updatedMs: NOW });
      versionOf(text);
    },
  },
  accept: {
    samples: [
      'application/fhir+json',
      'application/json;q=0.5, */*;q=0.1',
      'application/fhir+json; fhirVersion=4.0',
    ],
    read: (text) => {
      takesGzip(text);
      for (const read of [requireJson, requireForm, requireJsonPatch]) ignoring(() => read(text));
      negotiate(undefined, ignoring(() => negotiate(text, null)) ?? text);
    },
  },
  language: { samples: ['fr-CA, en;q=0.5', '*', 'en-US;q=0'], read: (text) => languageOf(text) },
  directive: {
    samples: ['Slot:schedule', 'Schedule:actor:Location'],
    read: (text) => readDirective('_include', text),
  },
  retryAfter: {
    samples: ['120', 'Tue, 24 Nov 2026 14:00:00 GMT', '0.5'],
    read: (text) => {
      const wait = retryAfter(text, instant(NOW));
      must(wait === null || wait >= 0, 'a wait that is over before it begins');
    },
  },
  calendar: { samples: ['BEGIN:VCALENDAR\r\nEND:VCALENDAR'], read: (text) => parseCalendars(text) },
};

function ignoring<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

type Read = { readonly reader: string; readonly text: string };

export const readers: Target<Read> = {
  name: 'readers',
  share: 1.5,
  open: async () => ({
    inputs: fc.oneof(
      ...Object.entries(READERS).map(([reader, { samples }]) =>
        fc.record({ reader: fc.constant(reader), text: anyText(samples) }),
      ),
    ),
    run: ({ reader, text }) => outcomeOf(() => READERS[reader]?.read(text), [NoInstant, Unusable, Refused]),
  }),
};
