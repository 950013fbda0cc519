import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { BASIC_SETTINGS } from '../../src/adapter/basic-settings.ts';
import type { Manifest } from '../../src/adapter/contract.ts';
import { isFeedAddress } from '../../src/adapter/documents/address.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';

export const FORMATS = ['json', 'csv', 'ics'] as const;
export type Format = (typeof FORMATS)[number];

const DocumentSettings = z
  .strictObject({
    url: z
      .string()
      .refine(isFeedAddress, {
        error:
          'is to be an address of http, https or webcal; user name and password have settings of their own',
      })
      .optional()
      .describe('Its address; webcal: is https:. Secret where whoever has it reads the roster')
      .meta(IS_SECRET)
      .meta(
        titled(
          'Address',
          'Adresse',
          'Son adresse; webcal: devient https:. Secrète quand qui l’a lit l’horaire',
        ),
      ),
    file: z
      .string()
      .refine(isAbsolute, { error: 'is to be an absolute path' })
      .optional()
      .describe('In place of `url`: its absolute path on the machine that Passerelle runs on')
      .meta(
        titled('File', 'Fichier', 'À la place de « url » : son chemin absolu sur la machine de Passerelle'),
      ),
    ...BASIC_SETTINGS,
    format: z
      .enum(FORMATS)
      .describe('`json`, `csv` or `ics`: adapters/roster/README.md says how each is written')
      .meta(
        titled(
          'Format',
          'Format',
          '« json », « csv » ou « ics » : adapters/roster/README.md dit comment chacun s’écrit',
        ),
      ),
    calendar: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The calendar whose shifts all of it are; left out = each says whose it is. Required for `ics`',
      )
      .meta(
        titled(
          'Calendar',
          'Agenda',
          'L’agenda dont ce sont tous les quarts; sans réponse = chacun dit de qui il est. Obligatoire pour « ics »',
        ),
      ),
  })
  .refine(({ url, file }) => (url === undefined) !== (file === undefined), {
    error: 'has one of url and file',
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), {
    error: 'username and password go together',
  })
  .refine(({ format, calendar }) => format !== 'ics' || calendar !== undefined, {
    error: 'calendar is required: an event does not say whose it is',
  });

const CalendarSettings = z.strictObject({
  practitioner: z
    .string()
    .min(1)
    .optional()
    .describe('How the roster names them; left out = as the calendar is called')
    .meta(
      titled(
        'Practitioner',
        'Professionnel',
        'Comment l’horaire nomme la personne; sans réponse = comme s’appelle l’agenda',
      ),
    ),
  place: z
    .string()
    .min(1)
    .optional()
    .describe('Only shifts at this place, as the roster names it; left out = at any')
    .meta(
      titled(
        'Place',
        'Lieu',
        'Seulement les quarts à ce lieu, comme l’horaire le nomme; sans réponse = à tous',
      ),
    ),
});

export const Settings = z.strictObject({
  documents: z
    .array(DocumentSettings)
    .min(1)
    .max(200)
    .describe('What the roster is published in: one document for all, or one for each')
    .meta(
      titled('Documents', 'Documents', 'Où l’horaire est publié : un document pour tous, ou un pour chacun'),
    ),
  calendars: z
    .record(z.string(), CalendarSettings)
    .default({})
    .describe('Whose shifts a calendar has, by its id, where it is not called as the roster calls them')
    .meta(
      titled(
        'Calendars',
        'Agendas',
        'De qui sont les quarts d’un agenda, par son identifiant, quand il ne s’appelle pas comme l’horaire nomme la personne',
      ),
    ),
});

export type RosterSettings = z.output<typeof Settings>;
export type DocumentSettings = RosterSettings['documents'][number];

export const manifest: Manifest<typeof Settings> = {
  id: 'roster',
  title: { fr: 'Horaire de travail (ICS, CSV, JSON)', en: 'Roster (ICS, CSV, JSON)' },
  kind: 'standard',
  // RFC 5545 (iCalendar), RFC 4180 (CSV), and the formats of README.md, over HTTP (RFC 9110) or in a file.
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'delta',
    feed: 'connection',
    webhook: 'none',
    idempotency: 'none',
    conditionalWrite: false,
    operations: [],
    shifts: true,
  },
  limits: {
    requests: 60,
    windowMilliseconds: 60_000,
    concurrency: 4,
    timeoutMilliseconds: 30_000,
    stalenessMilliseconds: 0,
  },
  settings: Settings,
  exemptions: {},
};
