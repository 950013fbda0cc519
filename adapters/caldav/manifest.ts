import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { ELIGIBILITIES, MODES, REASONS, REORIENTATIONS } from '../../src/domain/slot.ts';

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

const Attributes = z
  .object({
    eligibility: z.array(z.enum(ELIGIBILITIES)).nullable().default(null),
    reasons: z.array(z.enum(REASONS)).nullable().default(null),
    reorientation: z.array(z.enum(REORIENTATIONS)).nullable().default(null),
    mode: z.enum(MODES).nullable().default(null),
    bookingUrl: z.url().nullable().default(null),
  })
  .describe('What the regulation (A-2.2, r. 1, s. 4) wants of every slot; null = not said');

const supply = {
  slotMinutes: z.int().min(5).max(480).describe('Length of a slot, in minutes'),
  horizonDays: z.int().min(1).max(366).default(28).describe('How far ahead slots are offered, in local days'),
  attributes: Attributes.prefault({}),
};

const Hours = z.object({
  weekdays: z.array(z.enum(WEEKDAYS)).min(1).describe('Days of the week, as in RFC 5545: MO … SU'),
  from: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .describe('Local time at which work begins, HH:MM'),
  to: z
    .string()
    .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
    .describe('Local time at which it ends, HH:MM, at most 24:00'),
});

const Availability = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('plan'),
    hours: z.array(Hours).min(1).describe('Working hours, cut into slots from each `from` on'),
    ...supply,
  }),
  z.object({ kind: z.literal('vavailability'), ...supply }),
]);

const Events = z.enum(['appointment', 'block']);

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
    password: z.string().min(1).optional().describe('For HTTP Basic, with `username`. Secret'),
    token: z.string().min(1).optional().describe('Bearer token, in place of username and password. Secret'),
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
export type Supply = z.output<typeof Availability>;
export type WorkingPlan = Extract<Supply, { kind: 'plan' }>;

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
