import { z } from 'zod';
import { BASIC_SETTINGS } from '../../src/adapter/basic-settings.ts';
import type { Manifest } from '../../src/adapter/contract.ts';
import { Events, OF_CALENDAR } from '../../src/adapter/icalendar/settings.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';

const CalendarSettings = z.object(OF_CALENDAR);

export const Settings = z
  .object({
    serverUrl: z
      .url({ protocol: /^https?$/ })
      .describe('The CalDAV server; calendars are paths on it. Credentials go to no other host')
      .meta(
        titled(
          'Server',
          'Serveur',
          'Le serveur CalDAV, dont les agendas sont des chemins. Les accès ne vont à aucun autre hôte',
        ),
      ),
    ...BASIC_SETTINGS,
    token: z
      .string()
      .min(1)
      .optional()
      .describe('Bearer token, in place of username and password. Secret')
      .meta(IS_SECRET)
      .meta(titled('Token', 'Jeton', 'Jeton d’accès, à la place du nom et du mot de passe. Secret')),
    events: Events.default('appointment')
      .describe(
        'What a timed event of the clinic stands for. `appointment`: inside the lock, can be in conflict. `block`: ' +
          'time that is closed. All-day events are always blocks',
      )
      .meta(
        titled(
          'Events',
          'Événements',
          'Ce qu’est un événement de la clinique qui a une heure. « appointment » : dans le verrou, peut être en conflit. « block » : du temps fermé. Les événements d’une journée entière sont toujours du temps fermé',
        ),
      ),
    patientInEvents: z
      .boolean()
      .default(false)
      .describe("Whether the patient's name is written into events that book; false = a reference only")
      .meta(
        titled(
          'Patient’s name in events',
          'Nom du patient dans les événements',
          'Si le nom du patient est écrit dans les événements qui réservent; non = une référence seulement',
        ),
      ),
    calendars: z
      .record(z.string(), CalendarSettings)
      .default({})
      .describe('By the id of the calendar (the path or URL of its collection)')
      .meta(
        titled(
          'Calendars',
          'Agendas',
          'Par identifiant de l’agenda (le chemin ou l’adresse de sa collection)',
        ),
      ),
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
