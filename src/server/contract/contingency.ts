import { z } from 'zod';
import { PAPERS } from '../../contingency/paper.ts';
import { STATES } from '../../contingency/sheet.ts';
import { REASONS } from '../../domain/slot.ts';
import { Bilingual, Day, Instant, TimeZone, time } from './common.ts';
import { oneOf, parameter } from './parameter.ts';
import { json, other, route } from './route.ts';

const Visit = z
  .strictObject({
    kind: z.literal('visit'),
    appointment: z.uuid(),
    ...time,
    state: z.enum(STATES).meta({
      description:
        'pending: accepted here, and its platform has not confirmed it yet. held: kept for somebody who has not booked.',
    }),
    conflict: z.boolean().meta({ description: 'The same time was sold to somebody else too.' }),
    heldUntil: Instant.nullable(),
    platform: Bilingual.nullable().meta({ description: 'Where it was made; null = here.' }),
    confirmation: z.string().nullable().meta({ description: 'By which that platform knows it.' }),
    patient: z
      .strictObject({
        id: z.uuid().nullable().meta({ description: 'Of a Patient that is kept.' }),
        family: z.string(),
        given: z.string(),
        phone: z.string().nullable(),
        nam: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Null = only its platform knows who comes, or namesPatients is false.' }),
    comment: z.string().nullable(),
    reasons: z.array(z.enum(REASONS)),
  })
  .meta({ id: 'SheetVisit' });

const Free = z
  .strictObject({
    kind: z.literal('free'),
    ...time,
    places: z.int().min(1).meta({ description: 'For so many patients.' }),
    platforms: z.array(Bilingual),
    stale: z.boolean().meta({ description: 'None of the platforms has confirmed it lately.' }),
    bookableFrom: Instant.nullable().meta({ description: 'It is not on offer before; null = it is.' }),
  })
  .meta({ id: 'SheetFree', description: 'No two of one schedule overlap.' });

export const Sheet = z
  .strictObject({
    at: Instant,
    stale: z.boolean().meta({ description: 'The database does not answer: all of it is as of asOf.' }),
    asOf: Instant,
    organization: z.strictObject({ id: z.string(), name: z.string() }),
    namesPatients: z.boolean().meta({ description: 'False = who asks may not know who comes.' }),
    sources: z
      .array(
        z.strictObject({
          connection: z.string(),
          title: Bilingual,
          confirmedAt: Instant.nullable(),
          stale: z.boolean(),
        }),
      )
      .meta({ description: 'How fresh the part of each platform was as of asOf.' }),
    locations: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        phone: z.string().nullable(),
        timeZone: TimeZone,
        schedules: z.array(
          z.strictObject({
            id: z.string(),
            practitioner: z.string(),
            service: Bilingual,
            capacity: z.int(),
            days: z
              .array(
                z.strictObject({ date: Day, entries: z.array(z.discriminatedUnion('kind', [Visit, Free])) }),
              )
              .meta({ description: 'Today, then tomorrow, where it is.' }),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'ContingencySheet' });

const organization = parameter(
  z.string().optional(),
  'The id of an organization; may be left out where who asks sees one only.',
  {
    fr: 'organization : l’id d’une organisation, une fois, comme les donne GET /api/status',
    en: 'organization: the id of one organization, once, as GET /api/status gives them',
  },
);
const lang = parameter(z.enum(['fr', 'en']).optional(), 'Left out = as Accept-Language says.', {
  fr: 'lang : fr ou en',
  en: 'lang: fr or en',
});

const ABOUT =
  'From memory: also while the database does not answer, to who was known to it within 12 hours. Needs ' +
  'system/Appointment.s; who comes is shown to who also has system/Patient.r. Each answer is audited.';

export const readContingency = route({
  method: 'get',
  path: '/api/contingency',
  id: 'readContingency',
  tag: 'contingency',
  summary: 'Today’s and tomorrow’s appointments by doctor, and what is still free',
  description: ABOUT,
  access: 'caller',
  query: z.object({ organization }),
  answers: { 200: json(Sheet, 'The latest that can be had.') },
});

export const readContingencyCsv = route({
  method: 'get',
  path: '/api/contingency.csv',
  id: 'readContingencyCsv',
  tag: 'contingency',
  summary: 'The same for a spreadsheet',
  description: `${ABOUT} Cells are parted by semicolons in French, by commas in English, as Excel wants them.`,
  access: 'caller',
  query: z.object({ organization, lang }),
  answers: {
    200: other('text/csv', z.string(), 'UTF-8 with a mark; where it is stale the first line says so.'),
  },
});

export const readContingencyPdf = route({
  method: 'get',
  path: '/api/contingency.pdf',
  id: 'readContingencyPdf',
  tag: 'contingency',
  summary: 'The same to be printed, with room to write in',
  description: ABOUT,
  access: 'caller',
  query: z.object({ organization, lang, paper: oneOf('paper', PAPERS, 'letter') }),
  answers: {
    200: other(
      'application/pdf',
      z.string().meta({ contentMediaType: 'application/pdf' }),
      'Tagged; where it is stale each page says so.',
    ),
  },
});
