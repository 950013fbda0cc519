import { z } from 'zod';
import { Listing } from './agenda.ts';
import { complete, count, Instant, TimeZone, time } from './common.ts';
import { oneOf, parameter, wholeNumber } from './parameter.ts';
import { json, route } from './route.ts';

/** One connection looked at closely: how it was, what it is still to be told, and to stop it. */

const ofConnection = { id: 'Id of a connection, as GET /api/status has it.' };

const milliseconds = z.number().min(0).nullable();

export const HistoryPoint = z
  .strictObject({
    at: Instant.meta({ description: 'When the first minute of it began.' }),
    delivered: count.meta({ description: 'Changes that were confirmed there.' }),
    lagMillisecondsMedian: milliseconds.meta({
      description: 'From a change where it was made to its confirmation here. Null = nothing was confirmed.',
    }),
    lagMillisecondsMax: milliseconds,
    ageMilliseconds: milliseconds.meta({
      description: 'Of the calendar that was confirmed longest ago; null = one was never read.',
    }),
    differing: count,
    failures: count,
    circuitOpen: z.boolean(),
    paused: z.boolean(),
  })
  .meta({
    id: 'HistoryPoint',
    description: 'Of each figure the worst of the minutes that it puts together.',
  });

const HOURS_MAX = 7 * 24;

export const readHistory = route({
  method: 'get',
  path: '/api/connections/:id/history',
  id: 'readConnectionHistory',
  tag: 'connections',
  summary: 'How the connection was in the last hours',
  description: 'A sample a minute, of which as many are put together that there are no more than 300 points.',
  access: 'status',
  params: ofConnection,
  query: z.object({
    hours: parameter(wholeNumber(1, HOURS_MAX).default(24), '24 unless it says otherwise; 168 at the most.', {
      fr: `hours : un nombre d’heures, de 1 à ${HOURS_MAX}`,
      en: `hours: a number of hours, from 1 to ${HOURS_MAX}`,
    }),
  }),
  answers: {
    200: json(
      z
        .strictObject({
          connection: z.string(),
          from: Instant,
          before: Instant,
          stepSeconds: z.int().min(60).meta({ description: 'How much time is one point.' }),
          points: z.array(HistoryPoint),
        })
        .meta({ id: 'ConnectionHistory' }),
      'Oldest first; there is no point of time in which nobody worked.',
    ),
  },
});

export const DifferingListing = z
  .strictObject({
    ...Listing.shape,
    ...time,
    practitioner: z
      .string()
      .nullable()
      .meta({ description: 'Whose time; null = its schedule is configured no more.' }),
    timeZone: TimeZone.nullable(),
  })
  .meta({ id: 'DifferingListing', description: 'What is to be brought to a platform.' });

export const listListings = route({
  method: 'get',
  path: '/api/connections/:id/listings',
  id: 'listConnectionListings',
  tag: 'connections',
  summary: 'What stands there otherwise than it is wanted, the soonest time first',
  access: 'status',
  params: ofConnection,
  query: z.object({ state: oneOf('state', ['differing'], 'differing') }),
  answers: {
    200: json(
      z.strictObject({ listings: z.array(DifferingListing), complete }).meta({ id: 'ConnectionListings' }),
      '200 at the most. No patient is in it.',
    ),
  },
});

const Paused = z
  .strictObject({ connection: z.string(), pausedAt: Instant.nullable() })
  .meta({ id: 'PausedConnection' });

export const pause = route({
  method: 'post',
  path: '/api/connections/:id/pause',
  id: 'pauseConnection',
  tag: 'connections',
  summary: 'Neither ask the platform nor write to it, until it is resumed',
  description:
    'Its slots grow old and are no longer served as free; bookings there are refused, unless their schedule accepts them on ' +
    'its behalf. What it tells by itself is taken in. It stays so over restarts.',
  access: 'operate',
  params: ofConnection,
  answers: { 200: json(Paused, 'It is paused, since then.') },
});

export const resume = route({
  method: 'post',
  path: '/api/connections/:id/resume',
  id: 'resumeConnection',
  tag: 'connections',
  summary: 'Go on with a connection that was paused',
  description: 'It is read at once, and written what it missed.',
  access: 'operate',
  params: ofConnection,
  answers: { 200: json(Paused, 'It is not paused.') },
});
