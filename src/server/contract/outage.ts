import { z } from 'zod';
import { OUTAGE_STATES } from '../../contingency/connection-state.ts';
import { Bilingual, count, Instant, time } from './common.ts';
import { FaultMeaning } from './connections.ts';
import { json, route } from './route.ts';

const free = z
  .strictObject({ today: count, tomorrow: count })
  .meta({ description: 'Free slots that are served, from now on.' });

const Queued = z
  .strictObject({
    close: count,
    open: count,
    book: count,
    cancel: count,
    change: count,
    verify: count.meta({ description: 'Begun, and its answer lost: it is looked at first.' }),
    total: count,
    oldestSince: Instant.nullable(),
  })
  .meta({ id: 'QueuedAtPlatform', description: 'What is to be done there as soon as it answers.' });

export const Outage = z
  .strictObject({
    connection: z.string(),
    title: Bilingual,
    state: z.enum(OUTAGE_STATES).meta({
      description:
        'down: its circuit is open. failing: its last calls failed. paused by a person. in-doubt: what it says cannot be relied on. ' +
        'stale: nothing confirms what was read. unread: never read to its end.',
    }),
    since: Instant.nullable().meta({ description: 'Null of what was never read.' }),
    lastSuccessAt: Instant.nullable(),
    confirmedAt: Instant.nullable(),
    nextAttemptAt: Instant.nullable(),
    error: FaultMeaning.nullable(),
    queued: Queued,
    waiting: z
      .strictObject({
        count,
        bookings: z.array(
          z.strictObject({ appointment: z.uuid(), schedule: z.string(), ...time, since: Instant }),
        ),
      })
      .meta({ description: 'Bookings that were accepted on its behalf; of these the soonest are told.' }),
    schedules: z.array(
      z.strictObject({
        id: z.string(),
        practitioner: z.string(),
        location: z.string(),
        failover: z
          .enum(['refuse', 'accept'])
          .meta({ description: 'Whether bookings are accepted on its behalf meanwhile.' }),
        stillAt: z
          .array(z.string())
          .meta({ description: 'Connections where its time can still be booked; none = nowhere.' }),
      }),
    ),
  })
  .meta({ id: 'Outage' });

export const readOutage = route({
  method: 'get',
  path: '/api/outage',
  id: 'readOutage',
  tag: 'contingency',
  summary: 'Which platforms are down, since when, what waits for them, and what still works',
  access: 'status',
  answers: {
    200: json(
      z
        .strictObject({
          at: Instant,
          down: z.array(Outage).meta({ description: 'Empty when all is well.' }),
          working: z.array(z.strictObject({ connection: z.string(), title: Bilingual, free })),
        })
        .meta({ id: 'OutageReport' }),
      'All connections of the organization.',
    ),
  },
});
