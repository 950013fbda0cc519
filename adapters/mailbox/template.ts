import { z } from 'zod';
import { titled } from '../../src/adapter/titled.ts';
import { fold } from './fold.ts';

/**
 * How the notices of a platform are written in one language: data, and no code. By the words at their begin and the labels before
 * a colon, never by patterns: a clinic can write one by itself, and none takes more time than its text.
 */

const Words = z
  .array(
    z
      .string()
      .max(100)
      .refine((text) => fold(text) !== '', { error: 'has no letter in it' }),
  )
  .min(1)
  .max(20);

const fields = {
  id: Words.describe(
    'Labels of the confirmation number, by which a later notice means the same booking',
  ).meta(
    titled(
      'Number',
      'Numéro',
      'Étiquettes du numéro de confirmation, par lequel un avis suivant parle de la même réservation',
    ),
  ),
  calendar: Words.optional()
    .describe('Labels of whose agenda it is; left out = the calendar of the sender')
    .meta(
      titled('Agenda', 'Agenda', 'Étiquettes de qui est l’agenda; sans réponse = l’agenda de l’expéditeur'),
    ),
  date: Words.describe('Labels of the date, or of the date and the time').meta(
    titled('Date', 'Date', 'Étiquettes de la date, ou de la date et de l’heure'),
  ),
  start: Words.optional()
    .describe('Labels of the time, or of the start and the end')
    .meta(titled('Start', 'Début', 'Étiquettes de l’heure, ou du début et de la fin')),
  end: Words.optional()
    .describe('Labels of the time at which it ends')
    .meta(titled('End', 'Fin', 'Étiquettes de l’heure de la fin')),
  duration: Words.optional()
    .describe('Labels of how long it lasts')
    .meta(titled('Length', 'Durée', 'Étiquettes de la durée')),
  replaces: Words.optional()
    .describe('Labels of the number that a moved booking had before')
    .meta(titled('Former number', 'Ancien numéro', 'Étiquettes du numéro qu’avait une réservation déplacée')),
};
const Fields = z.strictObject(fields);
export type Field = keyof typeof fields;

export const KINDS = ['booked', 'moved', 'cancelled', 'other'] as const;

const Kind = z.strictObject({
  kind: z
    .enum(KINDS)
    .describe('What such a notice says. other = it changes nothing: a reminder, a newsletter')
    .meta(
      titled(
        'Kind',
        'Genre',
        'Ce que dit un tel avis. other = il ne change rien : un rappel, une infolettre',
      ),
    ),
  subject: Words.describe('How its subject begins; accents, case and spaces do not count').meta(
    titled('Subject', 'Objet', 'Comment commence son objet; accents, majuscules et espaces ne comptent pas'),
  ),
  fields: z
    .partialRecord(z.enum(Object.keys(fields) as [Field, ...Field[]]), Words)
    .default({})
    .describe('Labels that are others here')
    .meta(titled('Labels', 'Étiquettes', 'Étiquettes qui sont autres ici')),
});

const id = z
  .string()
  .regex(/^[a-z\d]+(?:-[a-z\d]+)*$/)
  .max(60)
  .describe('By which a sender names it')
  .meta(titled('Id', 'Identifiant', 'Par lequel un expéditeur le nomme'));

export const Lines = z.strictObject({
  id,
  reads: z
    .literal('lines')
    .describe('Labelled lines of the text')
    .meta(titled('Lines', 'Lignes', 'Des lignes étiquetées du texte')),
  order: z
    .enum(['ymd', 'dmy', 'mdy'])
    .default('ymd')
    .describe('Of a date in numbers; with ymd one that does not begin with its year is not read')
    .meta(
      titled(
        'Order of dates',
        'Ordre des dates',
        'D’une date en chiffres; avec ymd, une date qui ne commence pas par son année n’est pas lue',
      ),
    ),
  notices: z
    .array(Kind)
    .min(1)
    .max(30)
    .describe('The first whose subject fits counts')
    .meta(titled('Notices', 'Avis', 'Le premier dont l’objet convient compte')),
  fields: Fields.describe('Its labels, the words before a colon').meta(
    titled('Labels', 'Étiquettes', 'Ses étiquettes, les mots avant un deux-points'),
  ),
});
export type Lines = z.output<typeof Lines>;

export const Invitation = z.strictObject({
  id,
  reads: z
    .literal('invitation')
    .describe('The calendar part (RFC 6047)')
    .meta(titled('Invitation', 'Invitation', 'La partie agenda du message (RFC 6047)')),
  calendar: z
    .enum(['organizer', 'location', 'resources'])
    .nullable()
    .default(null)
    .describe('The property that says whose agenda it is; null = the calendar of the sender')
    .meta(
      titled('Agenda', 'Agenda', 'La propriété qui dit de qui est l’agenda; vide = l’agenda de l’expéditeur'),
    ),
});
export type Invitation = z.output<typeof Invitation>;

export const Template = z.discriminatedUnion('reads', [Lines, Invitation]);
export type Template = z.output<typeof Template>;
