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

/** What is blocked says why by a code: free text names a patient sooner or later. */
export const CloseTime = z
  .strictObject({ schedule: z.string(), ...time, reason: z.enum(BLOCK_REASONS).optional() })
  .meta({ id: 'CloseTime' });

export const TimeClosed = z
  .strictObject({
    period: Period,
    meets: z
      .array(
        z.strictObject({
          id: z.uuid(),
          kind: z.enum(['appointment', 'hold']),
          schedule: z.string(),
          ...time,
        }),
      )
      .nullable()
      .meta({ description: 'What stands in that time, and stays; null for who may not read appointments.' }),
  })
  .meta({ id: 'TimeClosed' });

const override = z
  .strictObject({ reason: z.enum(OVERRIDE_REASONS) })
  .optional()
  .meta({ description: 'Over time that is taken or closed. Left out = only where it is free.' });

export const PlaceAppointment = z
  .strictObject({
    schedule: z.string(),
    ...time,
    patient: z.looseObject({}).optional().meta({
      description:
        'A FHIR Patient as a booking contains one, or {"reference": "Patient/<id>"} of one who is kept.',
    }),
    comment: z.string().max(2_000).optional(),
    override,
  })
  .meta({ id: 'PlaceAppointment' });

export const ReplaceAppointment = z.strictObject({ ...time, override }).meta({ id: 'ReplaceAppointment' });

export const PeriodAnswer = z.strictObject({ period: Period }).meta({ id: 'PeriodAnswer' });

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

const NO_OTHER_KEYS = {
  fr: 'une clé n’est pas prise ici; un motif est l’un des codes de docs/agenda.md, car un texte pourrait nommer un patient',
  en: 'there is a key that is not taken here; a reason is one of the codes of docs/agenda.md, as text might name a patient',
};
const ONCE = 'With Idempotency-Key, the same request sent twice is done once.';

export const closeTime = route({
  method: 'post',
  path: '/api/blocks',
  id: 'closeTime',
  tag: 'agendas',
  summary: 'Close the time of a practitioner on every platform',
  description: `system/Slot.c. ${ONCE}`,
  access: 'caller',
  body: { schema: CloseTime, otherKeys: NO_OTHER_KEYS },
  answers: { 201: json(TimeClosed, 'As it stands; platforms follow.') },
});

export const openTime = route({
  method: 'delete',
  path: '/api/blocks/:id',
  id: 'openTime',
  tag: 'agendas',
  summary: 'Open again what was closed here',
  description: 'system/Slot.d.',
  access: 'caller',
  params: { id: 'Id of the period.' },
  answers: { 200: json(PeriodAnswer, 'As it is now, also where it was opened before.') },
});

export const placeAppointment = route({
  method: 'post',
  path: '/api/appointments',
  id: 'placeAppointment',
  tag: 'agendas',
  summary: 'Book a patient where no slot is, or over time that is taken',
  description: `system/Appointment.c; with override also passerelle/operate. Into a slot one books by FHIR. ${ONCE}`,
  access: 'caller',
  body: { schema: PlaceAppointment, otherKeys: NO_OTHER_KEYS },
  answers: { 201: json(PeriodAnswer, 'As it stands; platforms follow.') },
});

export const replaceAppointment = route({
  method: 'post',
  path: '/api/appointments/:id/move',
  id: 'replaceAppointment',
  tag: 'agendas',
  summary: 'Give an appointment that stands here another time',
  description:
    'system/Appointment.u; with override also passerelle/operate. One that a platform has is moved by FHIR.',
  access: 'caller',
  params: { id: 'Id of the appointment.' },
  body: { schema: ReplaceAppointment, otherKeys: NO_OTHER_KEYS },
  answers: { 200: json(PeriodAnswer, 'As it is now.') },
});
