import { z } from 'zod';
import { BLOCK_REASONS, OVERRIDE_REASONS } from '../../domain/staff-reason.ts';
import { NO_INSTANT } from '../period.ts';
import { Bilingual, Instant, time } from './common.ts';
import { instantText, parameter } from './parameter.ts';
import { json, route } from './route.ts';

/** What the page of an agenda reads, and what staff do with time there. */

const SHOWN = ['open', 'closed', 'booked', 'held', 'nothing'] as const;

export const Listing = z
  .strictObject({
    connection: z.string(),
    schedule: z.string().meta({ description: 'Whose calendar it is there: a connection may have several.' }),
    kind: z.enum(['booking', 'block', 'offer']),
    wanted: z.enum(SHOWN),
    known: z.enum(SHOWN).meta({ description: 'What stands there, as far as it is known.' }),
    state: z.enum(['agrees', 'waiting', 'failing', 'unsure', 'asked']).meta({
      description:
        'agrees: it stands as it is wanted. waiting: about to be written. failing: tried without success so far. ' +
        'unsure: the answer of a write was lost, and it is looked for. asked: a person has been asked.',
    }),
    since: Instant.meta({ description: 'As it is.' }),
    differsSince: Instant.nullable(),
    attempts: z.int().min(0),
    nextAttemptAt: Instant.nullable(),
    error: Bilingual.nullable(),
    externalId: z.string().nullable(),
  })
  .meta({ id: 'AgendaListing', description: 'How a slot or a period stands on one calendar of a platform.' });

const Can = z
  .union([
    z.strictObject({ can: z.literal(true) }),
    z.strictObject({ can: z.literal(false), why: Bilingual }),
  ])
  .meta({
    id: 'Can',
    description: 'Whether it can be done through Passerelle; what the caller may is for their scopes to say.',
  });

export const Period = z
  .strictObject({
    id: z.uuid().meta({ description: 'Of an appointment or a hold: of the FHIR Appointment as well.' }),
    schedule: z.string(),
    kind: z.enum(['appointment', 'hold', 'block']),
    ...time,
    lane: z
      .int()
      .min(0)
      .nullable()
      .meta({ description: 'Null = outside of the lock: a block, or a booking in conflict.' }),
    origin: z.string().nullable().meta({ description: 'The connection where it was made; null = here.' }),
    reason: z.enum([...new Set([...BLOCK_REASONS, ...OVERRIDE_REASONS])]).nullable(),
    endedAt: Instant.nullable().meta({
      description: 'It is over, and a platform is still to be brought there; null = it stands.',
    }),
    status: z.enum(['pending', 'booked', 'cancelled', 'noshow', 'entered-in-error']).nullable(),
    version: z.int().nullable().meta({ description: 'Of the FHIR Appointment.' }),
    slot: z.uuid().nullable(),
    patient: z
      .strictObject({
        id: z.uuid(),
        name: z.string(),
        phone: z.string().nullable(),
        healthNumber: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'While the clinic keeps that, for who may read patients.' }),
    comment: z.string().nullable(),
    expiresAt: Instant.nullable(),
    conflicts: z.array(z.strictObject({ id: z.uuid(), with: z.uuid(), state: z.enum(['open', 'resolved']) })),
    canCancel: Can,
    canMove: Can,
    listings: z.array(Listing),
  })
  .meta({ id: 'AgendaPeriod', description: 'Time of a practitioner that is taken.' });

export const Slot = z
  .strictObject({
    id: z.uuid(),
    schedule: z.string(),
    connection: z.string().meta({ description: 'Where it stands.' }),
    ...time,
    status: z.enum(['free', 'busy', 'busy-unavailable', 'busy-tentative']),
    withheld: z.boolean().meta({ description: 'Another platform’s to sell, or not on offer.' }),
    bookableFrom: Instant.nullable().meta({ description: 'Not released until then; null = it is.' }),
    version: z.int(),
    listings: z.array(Listing).meta({ description: 'Its copies on other platforms.' }),
  })
  .meta({ id: 'AgendaSlot' });

const Named = z.strictObject({ id: z.string(), name: z.string() });

export const Schedule = z
  .strictObject({
    id: z.string(),
    practitioner: Named,
    location: Named,
    service: z.strictObject({ id: z.string(), name: Bilingual }),
    timeZone: z.string(),
    capacity: z.int().min(1),
    onOffer: z.boolean(),
    editedHere: z.boolean().meta({ description: 'Slots can be offered by POST /fhir/Slot.' }),
    calendars: z.array(
      z.strictObject({
        connection: z.string(),
        title: Bilingual,
        topology: z.enum(['block', 'publish', 'shifts']),
        editedHere: z.boolean(),
        asksPeople: z.boolean(),
        confirmedAt: Instant.nullable(),
        stale: z.boolean(),
        canBook: z.boolean(),
        canCancel: z.boolean(),
        canMove: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'AgendaSchedule' });

export const Agenda = z
  .strictObject({
    at: Instant,
    shows: z.strictObject({ appointments: z.boolean(), patients: z.boolean() }),
    schedules: z.array(Schedule),
    slots: z.array(Slot),
    periods: z.array(Period),
  })
  .meta({ id: 'Agenda' });

export const readAgenda = route({
  method: 'get',
  path: '/api/agenda',
  id: 'readAgenda',
  tag: 'agendas',
  summary: 'The time of practitioners, and how each part stands at every platform',
  description:
    'As reading Slot through FHIR: system/Slot.rs. Appointments and patients for who may read those.',
  access: 'caller',
  query: z.object({
    from: parameter(instantText, 'With its offset.', NO_INSTANT),
    before: parameter(instantText, 'With its offset, 35 days after from at the most.', NO_INSTANT),
    schedule: parameter(z.array(z.string()).optional(), 'Ids of schedules; left out = all.'),
  }),
  answers: { 200: json(Agenda, 'All of it, or a refusal where that is too much for one answer.') },
});
