import { z } from 'zod';
import { Bilingual, complete, count, Instant, TimeZone, time } from './common.ts';
import { EntryBody, ProblemAnswer } from './configuration.ts';
import { oneOf } from './parameter.ts';
import { json, route } from './route.ts';

/** The policies of schedules, and what the last days would have been under another. No patient in any of it. */

const minutes = z.number().min(0);

const PolicyBody = EntryBody.meta({
  id: 'Policy',
  description: 'As under `policy` of a schedule in the configuration file; what is left out has its default.',
});

const RuledSchedule = z
  .strictObject({
    id: z.string(),
    practitioner: z.string().meta({ description: 'As people call them.' }),
    location: z.string(),
    service: Bilingual,
    timeZone: TimeZone,
    calendars: z.array(
      z.strictObject({
        connection: z.string(),
        title: Bilingual,
        topology: z.enum(['block', 'publish']),
      }),
    ),
    policy: PolicyBody,
  })
  .meta({ id: 'RuledSchedule' });

const Verdict = z
  .strictObject({
    outcome: z
      .enum(['possible', 'refused', 'unknown', 'prevented', 'settled', 'asked', 'shorter', 'longer'])
      .meta({
        description:
          'possible: as it was. Of a conflict: prevented, settled by the policy, or asked of a person. Of a hold: shorter or longer.',
      }),
    reason: Bilingual.nullable(),
  })
  .meta({ id: 'PreviewVerdict' });

const Case = z
  .strictObject({
    kind: z.enum(['booking', 'cancellation', 'move', 'accepted', 'conflict', 'hold']).meta({
      description: 'accepted: on behalf of a platform that was down, for a later week.',
    }),
    at: Instant.meta({ description: 'When it happened.' }),
    ...time,
    connection: z.string().nullable(),
    how: z.enum(['passerelle', 'platform', 'clinic']).meta({
      description: 'Booked through Passerelle, on the platform itself, or by the clinic.',
    }),
    current: Verdict,
    candidate: Verdict,
  })
  .meta({ id: 'PreviewCase' });

const refused = z.strictObject({ made: count, refused: count });

const Forecast = z
  .strictObject({
    bookings: z.strictObject({
      made: count,
      refused: count.meta({ description: 'That could not have been made where they were.' }),
      reasons: z.strictObject({ share: count, across: count, release: count, outage: count }),
    }),
    cancellations: refused,
    moves: refused,
    conflicts: z.strictObject({ arose: count, prevented: count, settled: count, asked: count }),
    accepted: z.strictObject({ made: count, refused: count, unknown: count }).meta({
      description: 'On behalf of a platform that was down, in these days, whenever the visit is.',
    }),
    outages: z.array(
      z.strictObject({
        connection: z.string(),
        kind: z.enum(['down', 'paused']),
        ...time,
        minutesAccepting: minutes.meta({
          description: 'Of it, in which a booking for a later day is accepted on its behalf.',
        }),
      }),
    ),
    holds: z.strictObject({
      made: count,
      shorter: count,
      longer: count,
      minutes: minutes.meta({ description: 'For which they kept time closed.' }),
    }),
    platforms: z.array(
      z.strictObject({
        connection: z.string(),
        title: Bilingual,
        takesPart: z.boolean().meta({ description: 'False = the rule deals no time to it.' }),
        bookings: count,
        refused: count,
        minutesOffered: minutes.meta({
          description: 'Of its slots, or of those in its share; before all is pooled.',
        }),
        minutesSold: minutes,
        minutesSoldElsewhere: minutes,
      }),
    ),
  })
  .meta({ id: 'PolicyForecast' });

export const PolicyPreviewAnswer = z
  .strictObject({
    schedule: z.string(),
    timeZone: TimeZone,
    problems: z.array(ProblemAnswer).meta({
      description:
        'What is wrong with the policy, `field` within it; where there is any, nothing is previewed.',
    }),
    preview: z
      .strictObject({
        from: Instant,
        before: Instant,
        since: Instant.nullable().meta({
          description: 'Nothing is known of before that; null = of all these days it is.',
        }),
        current: Forecast.meta({ description: 'Under the policy as it is.' }),
        candidate: Forecast,
        cases: z
          .array(Case)
          .meta({ description: 'All that is not as it was under either; the earliest first.' }),
        casesTotal: count,
        complete,
        unknowns: z.array(Bilingual).meta({ description: 'What cannot be known, in words.' }),
      })
      .nullable(),
  })
  .meta({ id: 'PolicyPreview' });

export const listPolicies = route({
  method: 'get',
  path: '/api/policies',
  id: 'listPolicies',
  tag: 'policies',
  summary: 'The schedules, with their policies and the platforms that share them',
  access: 'status',
  answers: {
    200: json(
      z.strictObject({ schedules: z.array(RuledSchedule) }).meta({ id: 'PolicyList' }),
      'As they run now; what the file says meanwhile is in GET /api/configuration.',
    ),
  },
});

export const previewPolicy = route({
  method: 'post',
  path: '/api/policies/:id/preview',
  id: 'previewPolicy',
  tag: 'policies',
  summary: 'What a week would have been under a policy',
  description:
    'week=last: the seven whole days before today; next: seven from today on, as far as they are booked. Nothing is written. By the functions that the engine decides by, on what is kept of these days; the policy as it is beside it.',
  access: 'status',
  params: { id: 'Id of a schedule, as GET /api/policies has it.' },
  query: z.object({ week: oneOf('week', ['last', 'next'], 'last') }),
  body: {
    schema: PolicyBody,
    otherKeys: {
      fr: 'une clé n’est pas prise ici : voyez docs/policies.md',
      en: 'there is a key that is not taken here: see docs/policies.md',
    },
  },
  answers: { 200: json(PolicyPreviewAnswer, 'Both, side by side; or what is wrong with the policy.') },
});
