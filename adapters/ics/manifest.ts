import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { isFeedAddress } from '../../src/adapter/documents/address.ts';
import { Availability, Events } from '../../src/adapter/icalendar/settings.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';

const CalendarSettings = z
  .strictObject({
    url: z
      .string()
      .refine(isFeedAddress, {
        error:
          'is to be an address of http, https or webcal; user name and password have settings of their own',
      })
      .describe('Address of the feed; webcal: is https:. Whoever has it reads the calendar, so it is secret')
      .meta(IS_SECRET),
    username: z.string().min(1).optional().describe('For HTTP Basic, with `password`'),
    password: z
      .string()
      .min(1)
      .optional()
      .describe('For HTTP Basic, with `username`. Secret')
      .meta(IS_SECRET),
    events: Events.optional().describe('Overrides `events` of the connection for this calendar'),
    owner: z
      .email()
      .optional()
      .describe('Whose calendar it is: an invitation that this attendee declined takes no time'),
    availability: Availability.optional().describe(
      'Where slots come from: a working plan, or VAVAILABILITY (RFC 7953). Left out = only busy time is read',
    ),
  })
  .refine((value) => (value.username === undefined) === (value.password === undefined), {
    error: 'username and password go together',
  });

export const Settings = z.strictObject({
  events: Events.default('appointment').describe(
    'What a timed event stands for. `appointment`: inside the lock, can be in conflict. `block`: time that is ' +
      'closed. All-day events are always blocks',
  ),
  calendars: z
    .record(z.string(), CalendarSettings)
    .refine((calendars) => Object.keys(calendars).length > 0, { error: 'names no feed' })
    .describe('The feeds, by the id of the calendar'),
});

export type IcsSettings = z.output<typeof Settings>;

export const manifest: Manifest<typeof Settings> = {
  id: 'ics',
  title: { fr: 'Calendrier par adresse (ICS)', en: 'Calendar feed (ICS)' },
  kind: 'standard',
  // RFC 5545 (iCalendar), RFC 7953 (VAVAILABILITY), over HTTP (RFC 9110, conditional requests).
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'delta',
    feed: 'calendar',
    webhook: 'none',
    idempotency: 'none',
    conditionalWrite: false,
    operations: [],
  },
  limits: {
    requests: 60,
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
