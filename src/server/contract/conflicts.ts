import { z } from 'zod';
import { complete, Instant, TimeZone, time } from './common.ts';
import { oneOf } from './parameter.ts';
import { json, route } from './route.ts';

const Side = z.enum(['a', 'b']);

const name = z.string().nullable().meta({
  description: 'As people call it; null of a schedule that is not configured any more.',
});

const Booking = z
  .strictObject({
    appointment: z.uuid(),
    connection: z.string().nullable().meta({ description: 'Where it was made; null = through our own API.' }),
    schedule: z.string(),
    location: name,
    ...time,
    holdsLock: z.boolean(),
  })
  .meta({ id: 'ConflictBooking', description: 'As it was when the conflict was last decided on.' });

const said = { by: z.string(), at: Instant };

export const Settlement = z
  .union([
    z.strictObject({ resolution: z.enum(['keep-a', 'keep-b', 'keep-both']), ...said }),
    z.strictObject({
      resolution: z.literal('move'),
      ...said,
      booking: Side,
      slot: z.uuid(),
      appointment: z.uuid().meta({ description: 'The booking that took its place.' }),
    }),
  ])
  .meta({ id: 'Settlement' });

export const Conflict = z
  .strictObject({
    id: z.uuid(),
    state: z.enum(['open', 'resolved', 'gone']),
    detectedAt: Instant,
    actor: z.string(),
    practitioner: name,
    schedule: z.string(),
    timeZone: TimeZone.nullable().meta({
      description: 'Null of a schedule that is not configured any more.',
    }),
    start: Instant.meta({ description: 'Of the time that both have.' }),
    end: Instant,
    bookings: z.strictObject({ a: Booking, b: Booking }),
    resolution: Settlement.nullable(),
    endedAt: Instant.nullable(),
    endedHow: z
      .enum(['apart', 'passed'])
      .nullable()
      .meta({ description: 'By itself. Null of one that is open or was settled.' }),
  })
  .meta({ id: 'Conflict' });

const Proposal = z
  .strictObject({
    slot: z.uuid(),
    connection: z.string(),
    schedule: z.string(),
    ...time,
    distanceMinutes: z.number().meta({ description: 'From the start of the booking; negative = before.' }),
  })
  .meta({ id: 'Proposal', description: 'A free slot to which a booking could go.' });

export const ConflictWithProposals = z
  .strictObject({
    ...Conflict.shape,
    proposals: z.strictObject({ a: z.array(Proposal), b: z.array(Proposal) }),
  })
  .meta({ id: 'ConflictWithProposals' });

export const listConflicts = route({
  method: 'get',
  path: '/api/conflicts',
  id: 'listConflicts',
  tag: 'conflicts',
  summary: 'Conflicts, upcoming ones first',
  access: 'status',
  query: z.object({ state: oneOf('state', ['open', 'resolved', 'gone', 'all'], 'open') }),
  answers: {
    200: json(
      z.strictObject({ conflicts: z.array(Conflict), complete }).meta({ id: 'Conflicts' }),
      '500 at the most.',
    ),
  },
});

const ofConflict = { id: 'Id of the conflict.' };

export const readConflict = route({
  method: 'get',
  path: '/api/conflicts/:id',
  id: 'readConflict',
  tag: 'conflicts',
  summary: 'One conflict, with what could be done about it',
  access: 'status',
  params: ofConflict,
  answers: { 200: json(ConflictWithProposals, 'Proposals are empty where it is not open.') },
});

/**
 * What settles a conflict. There is no reason in it: whatever is free text names a patient sooner or later, and would stay in
 * the log of events for good.
 */
const Resolve = z
  .discriminatedUnion('resolution', [
    z.strictObject({ resolution: z.enum(['keep-a', 'keep-b', 'keep-both']) }),
    z.strictObject({ resolution: z.literal('move'), booking: Side, slot: z.uuid() }),
  ])
  .meta({ id: 'Resolve', examples: [{ resolution: 'keep-a' }] });

export const resolveConflict = route({
  method: 'post',
  path: '/api/conflicts/:id/resolve',
  id: 'resolveConflict',
  tag: 'conflicts',
  summary: 'Settle a conflict',
  access: 'operate',
  params: ofConflict,
  body: {
    schema: Resolve,
    otherKeys: {
      fr: 'une clé n’est pas prise ici; un motif n’est pas pris, car il pourrait nommer un patient',
      en: 'there is a key that is not taken here; a reason is not taken, as it might name a patient',
    },
  },
  answers: { 200: json(Conflict, 'As it is now.') },
});
