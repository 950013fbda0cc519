import { z } from 'zod';
import { instantText, storableText } from '../../src/adapter/texts.ts';

/** The JSON of Cal.com's API v2, by its published reference. What we do not use is not checked. */

/** Each resource has a version of its own, and without it an older one answers. */
export const VERSIONS = { slots: '2024-09-04', bookings: '2024-08-13', eventTypes: '2024-06-14' } as const;

/** Rows of a page at most. */
export const TAKE_MAX = 250;

const Id = z.number().int().min(1);
export const Uid = storableText(200).min(1);

const answer = <Data extends z.ZodType>(data: Data) => z.object({ status: z.literal('success'), data });

export const EventType = z.object({
  id: Id,
  ownerId: Id,
  slug: storableText(200).min(1),
  lengthInMinutes: z.number().int().min(1),
  /** Where several attendees share a time. */
  seats: z.object({ seatsPerTimeSlot: z.number().int().nullish() }).nullish(),
});
export type EventType = z.output<typeof EventType>;
/** Whose it is; one of a team has no owner. */
export const Owned = z.object({
  ownerId: Id.nullish(),
  users: z.array(z.object({ id: Id, name: storableText(500).nullish() })).nullish(),
});
export const EventTypes = answer(z.array(z.unknown()));

/** `format=range`, by local date. */
export const FreeSlots = answer(
  z.record(z.string(), z.array(z.object({ start: instantText, end: instantText }))),
);

export const STATUSES = ['accepted', 'pending', 'cancelled', 'rejected'] as const;
export const Booking = z
  .object({
    id: Id,
    uid: Uid,
    status: z.enum(STATUSES),
    start: instantText,
    end: instantText,
    hosts: z.array(z.object({ id: Id })).min(1),
    eventType: z.object({ id: Id }).nullish(),
    createdAt: instantText.optional(),
    updatedAt: instantText.nullish(),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  })
  .refine(({ start, end }) => start < end, { path: ['end'], message: 'is not after start' });
export type Booking = z.output<typeof Booking>;

/** Rows are checked one by one, so that a bad one does not hide the others. */
export const BookingPage = answer(z.array(z.unknown()).max(TAKE_MAX)).extend({
  pagination: z.object({ hasNextPage: z.boolean() }),
});
export const OneBooking = answer(Booking);

/** What we wrote ourselves: `payload` is ignored, and a template of the clinic's may leave it out. */
export const Delivery = z.object({ triggerEvent: z.string().max(100), createdAt: instantText });
