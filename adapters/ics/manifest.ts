import { z } from 'zod';
import { BASIC_SETTINGS } from '../../src/adapter/basic-settings.ts';
import type { Manifest } from '../../src/adapter/contract.ts';
import { isFeedAddress } from '../../src/adapter/documents/address.ts';
import { Events, OF_CALENDAR } from '../../src/adapter/icalendar/settings.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';

const CalendarSettings = z
  .strictObject({
    url: z
      .string()
      .refine(isFeedAddress, {
        error:
          'is to be an address of http, https or webcal; user name and password have settings of their own',
      })
      .describe('Address of the feed; webcal: is https:. Whoever has it reads the calendar, so it is secret')
      .meta(IS_SECRET)
      .meta(
        titled(
          'Address',
          'Adresse',
          'Adresse du fichier; webcal: devient https:. Qui l’a lit l’agenda : elle est secrète',
        ),
      ),
    ...BASIC_SETTINGS,
    ...OF_CALENDAR,
  })
  .refine((value) => (value.username === undefined) === (value.password === undefined), {
    error: 'username and password go together',
  });

export const Settings = z.strictObject({
  events: Events.default('appointment')
    .describe(
      'What a timed event stands for. `appointment`: inside the lock, can be in conflict. `block`: time that is ' +
        'closed. All-day events are always blocks',
    )
    .meta(
      titled(
        'Events',
        'Événements',
        'Ce qu’est un événement qui a une heure. « appointment » : dans le verrou, peut être en conflit. « block » : du temps fermé. Les événements d’une journée entière sont toujours du temps fermé',
      ),
    ),
  calendars: z
    .record(z.string(), CalendarSettings)
    .refine((calendars) => Object.keys(calendars).length > 0, { error: 'names no feed' })
    .describe('The feeds, by the id of the calendar')
    .meta(titled('Calendars', 'Agendas', 'Les fichiers, par identifiant de l’agenda')),
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
