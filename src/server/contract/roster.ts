import { z } from 'zod';
import { complete, count, Day, Instant, TimeZone, time } from './common.ts';
import { parameter, wholeNumber } from './parameter.ts';
import { json, route } from './route.ts';

const DAYS_USUAL = 28;
const DAYS_MAX = 92;

const minutes = z.number().min(0);
const cause = z.enum(['withdrawn', 'outside']);

/** `count` of all of them, of which 500 at the most are told. */
const listed = <S extends z.ZodType>(items: S) => z.strictObject({ count, items: z.array(items) });

export const Roster = z
  .strictObject({
    schedule: z.string(),
    schedules: z.array(z.string()).meta({ description: 'All whose time the roster tells.' }),
    practitioner: z.string(),
    location: z.string(),
    timeZone: TimeZone,
    connections: z.array(z.string()),
    published: z.strictObject(time).nullable(),
    publishedAt: Instant.nullable().meta({ description: 'Null = the roster does not say.' }),
    shifts: count,
    shiftMinutes: minutes,
    coveredMinutes: minutes.meta({ description: 'Of these, on offer or booked.' }),
    days: z.array(z.strictObject({ day: Day, shiftMinutes: minutes, coveredMinutes: minutes })),
    gaps: listed(z.strictObject(time)).meta({ description: 'Shift time with neither slot nor booking.' }),
    phantoms: listed(z.strictObject({ slot: z.uuid(), cause, ...time })).meta({
      description: 'Slots that are free where no shift is.',
    }),
    bookedOutside: listed(z.strictObject({ appointment: z.uuid(), cause, ...time })).meta({
      description: 'Bookings where no shift is.',
    }),
  })
  .meta({ id: 'Roster' });

export const readRoster = route({
  method: 'get',
  path: '/api/roster',
  id: 'readRoster',
  tag: 'rosters',
  summary: 'What rosters publish, beside what is on offer and booked',
  access: 'status',
  query: z.object({
    days: parameter(wholeNumber(1, DAYS_MAX).default(DAYS_USUAL), 'From now on, so many.', {
      fr: `days : un nombre entier de 1 à ${DAYS_MAX}`,
      en: `days: a whole number from 1 to ${DAYS_MAX}`,
    }),
    schedule: parameter(z.string().optional(), 'The id of one schedule; left out = all.', {
      fr: 'schedule : l’id d’un horaire, une fois',
      en: 'schedule: the id of a schedule, once',
    }),
  }),
  answers: {
    200: json(
      z
        .strictObject({
          at: Instant,
          ...time,
          total: z.strictObject({ shiftMinutes: minutes, coveredMinutes: minutes }),
          rosters: z.array(Roster),
          complete,
        })
        .meta({ id: 'Rosters' }),
      '500 at the most.',
    ),
  },
});
