import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { Availability, Events } from '../../src/adapter/icalendar/settings.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';

const CalendarSettings = z.object({
  availability: Availability.optional().describe(
    'Where slots come from: a working plan, or VAVAILABILITY (RFC 7953). Left out = only busy time is read',
  ),
  events: Events.optional().describe('Overrides `events` of the connection for this calendar'),
  owner: z
    .email()
    .optional()
    .describe('Whose calendar it is: an invitation that this attendee declined takes no time'),
});

export const Settings = z
  .object({
    serverUrl: z
      .url({ protocol: /^https?$/ })
      .describe('The CalDAV server; calendars are paths on it. Credentials go to no other host'),
    username: z.string().min(1).optional().describe('For HTTP Basic, with `password`'),
    password: z
      .string()
      .min(1)
      .optional()
      .describe('For HTTP Basic, with `username`. Secret')
      .meta(IS_SECRET),
    token: z
      .string()
      .min(1)
      .optional()
      .describe('Bearer token, in place of username and password. Secret')
      .meta(IS_SECRET),
    events: Events.default('appointment').describe(
      'What a timed event of the clinic stands for. `appointment`: inside the lock, can be in conflict. `block`: ' +
        'time that is closed. All-day events are always blocks',
    ),
    patientInEvents: z
      .boolean()
      .default(false)
      .describe("Whether the patient's name is written into events that book; false = a reference only"),
    calendars: z
      .record(z.string(), CalendarSettings)
      .default({})
      .describe('By the id of the calendar (the path or URL of its collection)'),
  })
  .refine((value) => (value.token === undefined) !== (value.username === undefined), {
    error: 'give either username and password, or token',
  })
  .refine((value) => (value.username === undefined) === (value.password === undefined), {
    error: 'username and password go together',
  });

export type CaldavSettings = z.output<typeof Settings>;
export type CalendarSettings = z.output<typeof CalendarSettings>;

export const manifest: Manifest<typeof Settings> = {
  id: 'caldav',
  title: { fr: 'Calendrier CalDAV', en: 'CalDAV calendar' },
  kind: 'standard',
  // RFC 4791 (CalDAV), RFC 6578 (sync-collection), RFC 5545 (iCalendar), RFC 7953 (VAVAILABILITY).
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'delta',
    feed: 'calendar',
    webhook: 'none',
    idempotency: 'key',
    conditionalWrite: true,
    operations: ['block', 'unblock', 'book', 'cancel', 'move'],
    calendars: true,
  },
  limits: {
    requests: 600,
    windowMilliseconds: 60_000,
    concurrency: 4,
    timeoutMilliseconds: 30_000,
    stalenessMilliseconds: 0,
  },
  settings: Settings,
  exemptions: {
    'unmapped-code':
      'A calendar has no codes for who may book, why or how: what is said of a slot comes from the settings of the ' +
      'connection, in words that Passerelle knows, so there is no code that could be unknown.',
  },
};
