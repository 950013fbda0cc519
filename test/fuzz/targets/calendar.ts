import fc from 'fast-check';
import { busyOf } from '../../../adapters/caldav/icalendar.ts';
import { manifest } from '../../../adapters/caldav/manifest.ts';
import { wallClock } from '../../../mappings/fhir/local-time.ts';
import { slotsOfAvailability } from '../../../src/adapter/icalendar/availability.ts';
import type { Supply } from '../../../src/adapter/icalendar/settings.ts';
import { createZones } from '../../../src/adapter/icalendar/zones.ts';
import { DAY, parseInstant } from '../../../src/domain/instant.ts';
import type { Interval } from '../../../src/domain/interval.ts';
import { expand } from '../../../src/domain/recurrence/expand.ts';
import { parseWall, type Wall, wall } from '../../../src/domain/recurrence/wall.ts';
import { UNKNOWN_ATTRIBUTES } from '../../../src/domain/slot.ts';
import { SLOTS_MAX, slotsOfWeek } from '../../../src/domain/template.ts';
import { readRule } from '../../../src/fhir/operations/generate-slots/rule.ts';
import { event, withOverride, ZONE } from '../../support/caldav-text.ts';
import { must, type Target } from '../harness/target.ts';
import { spoiltText } from '../inputs/text.ts';
import { published } from './samples.ts';

/** iCalendar (RFC 5545, 7953) and recurrence rules: what they make of any text is bounded, and is time. */

const RULES: readonly string[] = [
  ...[
    'FREQ=DAILY',
    'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    'FREQ=MONTHLY;BYDAY=-1FR',
    'FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24',
  ],
  // They never end, never match, or match more than anybody could want.
  ...[
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=1000',
    'FREQ=SECONDLY',
  ],
  ...['FREQ=MINUTELY;INTERVAL=1', 'FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO', 'FREQ=MONTHLY;BYSETPOS=366;BYDAY=MO'],
  ...['FREQ=YEARLY;BYDAY=53MO', 'FREQ=DAILY;COUNT=2147483647', 'FREQ=DAILY;UNTIL=99991231T235959Z'],
  `FREQ=DAILY;BYHOUR=${numbers(0, 23)};BYMINUTE=${numbers(0, 59)};BYSECOND=${numbers(0, 59)}`,
];

function numbers(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index).join(',');
}

const PART_VALUES = [
  '1',
  '-1',
  '0',
  '366',
  '-366',
  '31',
  '53',
  'MO',
  '1MO,-1FR',
  '20261231',
  '20261231T235959Z',
  '10000',
  '99999999999',
  '',
];
const PARTS = [
  'INTERVAL',
  'COUNT',
  'UNTIL',
  'WKST',
  'BYMONTH',
  'BYMONTHDAY',
  'BYYEARDAY',
  'BYWEEKNO',
  'BYDAY',
  'BYHOUR',
  'BYMINUTE',
  'BYSECOND',
  'BYSETPOS',
];

/** A rule as its parts, or a text that was one. */
const ruleText: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('SECONDLY', 'MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
      fc.uniqueArray(
        fc.tuple(
          fc.constantFrom(...PARTS),
          fc.oneof(
            fc.constantFrom(...PART_VALUES),
            fc
              .array(fc.integer({ min: -60, max: 366 }), { minLength: 1, maxLength: 40 })
              .map((all) => all.join(',')),
          ),
        ),
        { selector: ([part]) => part, maxLength: 5 },
      ),
    )
    .map(([frequency, parts]) =>
      [`FREQ=${frequency}`, ...parts.map(([part, value]) => `${part}=${value}`)].join(';'),
    ),
  spoiltText(RULES, [';', '=', ',', 'FREQ=', ...PARTS, ...PART_VALUES]),
  fc.constantFrom(...RULES),
);

const AT = 'DTSTART;TZID=America/Toronto:20261124T090000';
const AVAILABILITY = [
  ...[
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'BEGIN:VAVAILABILITY',
    'UID:a',
    'DTSTAMP:20261001T000000Z',
    'PRIORITY:1',
  ],
  ...[
    'BEGIN:AVAILABLE',
    'UID:b',
    'DTSTAMP:20261001T000000Z',
    AT,
    'DTEND;TZID=America/Toronto:20261124T120000',
  ],
  ...['RRULE:FREQ=WEEKLY;BYDAY=MO,TU', 'EXDATE;TZID=America/Toronto:20261201T090000', 'END:AVAILABLE'],
  ...['END:VAVAILABILITY', 'END:VCALENDAR'],
].join('\r\n');
const ZONED = [
  ...['BEGIN:VCALENDAR', 'BEGIN:VTIMEZONE', 'TZID:Ours', 'BEGIN:STANDARD', 'DTSTART:19701101T020000'],
  ...['RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11', 'TZOFFSETFROM:-0400', 'TZOFFSETTO:-0500', 'END:STANDARD'],
  ...['BEGIN:DAYLIGHT', 'DTSTART:19700308T020000', 'RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3'],
  ...['TZOFFSETFROM:-0500', 'TZOFFSETTO:-0400', 'END:DAYLIGHT', 'END:VTIMEZONE', 'BEGIN:VEVENT', 'UID:z'],
  ...[
    'DTSTART;TZID=Ours:20261124T090000',
    'DURATION:PT20M',
    'RRULE:FREQ=DAILY',
    'END:VEVENT',
    'END:VCALENDAR',
  ],
].join('\r\n');

/** Ours in the form of the RFCs' examples; with the 46 of ical.js (kewisch/ical.js, samples) where they are. */
const CALENDARS: readonly string[] = [
  event('DTSTART:20261124T142000Z', 'DTEND:20261124T144000Z', 'LAST-MODIFIED:20261101T100000Z'),
  event(AT, 'DURATION:PT20M', 'RRULE:FREQ=WEEKLY;BYDAY=TU', 'EXDATE;VALUE=DATE:20261201'),
  event('DTSTART;VALUE=DATE:20261125', 'RDATE;VALUE=PERIOD:20261126T140000Z/PT1H', 'TRANSP:OPAQUE'),
  withOverride(
    [AT, 'DURATION:PT20M', 'RRULE:FREQ=DAILY;COUNT=10'],
    [
      'RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/Toronto:20261126T090000',
      AT.replace('24T09', '26T10'),
      'DURATION:PT40M',
    ],
  ),
  AVAILABILITY,
  ZONED,
];

const CALENDAR_WORDS: readonly string[] = [
  ...[
    'BEGIN:VEVENT\r\n',
    'END:VEVENT\r\n',
    'BEGIN:VCALENDAR\r\n',
    'END:VCALENDAR\r\n',
    'BEGIN:AVAILABLE\r\n',
    '\r\n ',
    ';',
    ':',
  ],
  ...[
    'DURATION:-P1D\r\n',
    'DURATION:P99999999999D\r\n',
    'DTEND:19000101T000000Z\r\n',
    'DTSTART:99991231T235959Z\r\n',
  ],
  ...[
    'TZID=Nowhere/Town',
    'TZID=UTC',
    'VALUE=DATE',
    'VALUE=PERIOD',
    'VALUE=BINARY',
    'RANGE=THISANDFUTURE',
    'TZOFFSETTO:+9959\r\n',
  ],
  ...RULES.map((rule) => `RRULE:${rule}\r\n`),
];

const RANGE: Interval = {
  start: parseInstant('2026-11-01T00:00:00Z'),
  end: parseInstant('2027-01-01T00:00:00Z'),
};
/** Of one text: each group of events of one UID has so many instances at the most. */
const ROWS_MAX = 100_000;

const supplyOf = (availability: object): Supply => {
  const found = manifest.settings.parse({
    ...{ serverUrl: 'https://dav.example.org/', token: 'made-up' },
    calendars: { '/c/': { availability } },
  }).calendars['/c/']?.availability;
  if (!found) throw new Error('no availability');
  return found;
};

export const icalendar: Target<string> = {
  name: 'icalendar',
  share: 2,
  open: async () => {
    const supply = supplyOf({ kind: 'vavailability', slotMinutes: 20 });
    const ruled = ruleText.map((rule) => event(AT, 'DURATION:PT20M', `RRULE:${rule}`));
    return {
      inputs: fc.oneof(
        {
          weight: 3,
          arbitrary: spoiltText([...CALENDARS, ...published('icalendar', '.ics')], CALENDAR_WORDS),
        },
        { weight: 1, arbitrary: ruled },
      ),
      run: (text) => {
        const zones = createZones(ZONE);
        const resource = { href: '/c/e.ics', etag: null, modifiedAt: null, text };
        const reading = {
          calendar: '/c/',
          zones,
          events: 'appointment',
          owner: 'a@example.org',
          range: RANGE,
        } as const;
        const { rows, rejected } = busyOf(resource, reading);
        const offered = slotsOfAvailability('/c/', [resource], supply, zones, RANGE);
        must(rows.length <= ROWS_MAX, `${rows.length} rows of one text`);
        for (const row of [...rows, ...offered.slots]) lasts(row.interval);
        must(new Set(rows.map(({ externalId }) => externalId)).size === rows.length, 'two rows of one name');
        return rejected.length + offered.rejected.length > 0 ? 'set aside' : 'read';
      },
    };
  },
};

function lasts({ start, end }: Interval): void {
  must(
    Number.isSafeInteger(start) && Number.isSafeInteger(end) && start < end,
    `no interval: ${start} to ${end}`,
  );
}

const TEMPLATE = {
  fromMinute: 480,
  toMinute: 1_020,
  slotMinutes: 20,
  breakMinutes: 0,
  attributes: UNKNOWN_ATTRIBUTES,
};
const FROM = parseWall('2026-11-01') ?? wall(0);

type Ruled = { readonly rule: string; readonly days: number; readonly since: string };

/** The rules of $generate-slots, and what they expand to. */
export const recurrence: Target<Ruled> = {
  name: 'recurrence',
  open: async () => ({
    inputs: fc.record({
      rule: ruleText,
      days: fc.integer({ min: 1, max: 400 }),
      since: fc.constantFrom('2026-11-02', '1000-01-01', '9999-12-31', '2024-02-29'),
    }),
    run: ({ rule: text, days, since }) => {
      const read = readRule(text);
      if (read.outcome === 'invalid') {
        must(read.message.fr !== '' && read.message.en !== '', 'refused without a word');
        return 'refused';
      }
      const to = wall(FROM + days * DAY);
      const template = { ...TEMPLATE, rule: read.rule, since: parseWall(since) ?? FROM };
      const week = {
        templates: [template],
        ownHours: new Map(),
        closed: [],
        holidays: 'easter-monday' as const,
      };
      const offering = slotsOfWeek(week, { from: FROM, to }, wallClock(ZONE));
      if (typeof offering === 'string') return offering;
      must(offering.slots.length <= SLOTS_MAX, `${offering.slots.length} slots`);
      for (const { interval } of offering.slots) lasts(interval);
      const walls = expand(read.rule, template.since, null, { from: FROM, to });
      if (walls !== 'unbounded') inOrder(walls.walls, FROM, to);
      return 'expanded';
    },
  }),
};

function inOrder(walls: readonly Wall[], from: Wall, to: Wall): void {
  for (const [index, at] of walls.entries()) {
    must(from <= at && at < to, 'an instance outside of the range');
    must(index === 0 || (walls[index - 1] ?? at) <= at, 'instances out of order');
  }
}
