import { z } from 'zod';
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
  id: Words.describe('Labels of the confirmation number, by which a later notice means the same booking'),
  calendar: Words.optional().describe('Labels of whose agenda it is; left out = the calendar of the sender'),
  date: Words.describe('Labels of the date, or of the date and the time'),
  start: Words.optional().describe('Labels of the time, or of the start and the end'),
  end: Words.optional().describe('Labels of the time at which it ends'),
  duration: Words.optional().describe('Labels of how long it lasts'),
  replaces: Words.optional().describe('Labels of the number that a moved booking had before'),
};
const Fields = z.strictObject(fields);
export type Field = keyof typeof fields;

export const KINDS = ['booked', 'moved', 'cancelled', 'other'] as const;

const Kind = z.strictObject({
  kind: z
    .enum(KINDS)
    .describe('What such a notice says. other = it changes nothing: a reminder, a newsletter'),
  subject: Words.describe('How its subject begins; accents, case and spaces do not count'),
  fields: z
    .partialRecord(z.enum(Object.keys(fields) as [Field, ...Field[]]), Words)
    .default({})
    .describe('Labels that are others here'),
});

const id = z
  .string()
  .regex(/^[a-z\d]+(?:-[a-z\d]+)*$/)
  .max(60)
  .describe('By which a sender names it');

export const Lines = z.strictObject({
  id,
  reads: z.literal('lines').describe('Labelled lines of the text'),
  order: z
    .enum(['ymd', 'dmy', 'mdy'])
    .default('ymd')
    .describe('Of a date in numbers; with ymd one that does not begin with its year is not read'),
  notices: z.array(Kind).min(1).max(30).describe('The first whose subject fits counts'),
  fields: Fields.describe('Its labels, the words before a colon'),
});
export type Lines = z.output<typeof Lines>;

export const Invitation = z.strictObject({
  id,
  reads: z.literal('invitation').describe('The calendar part (RFC 6047)'),
  calendar: z
    .enum(['organizer', 'location', 'resources'])
    .nullable()
    .default(null)
    .describe('The property that says whose agenda it is; null = the calendar of the sender'),
});
export type Invitation = z.output<typeof Invitation>;

export const Template = z.discriminatedUnion('reads', [Lines, Invitation]);
export type Template = z.output<typeof Template>;
