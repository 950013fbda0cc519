import { z } from 'zod';

/** Conflicts as the gateway tells of them. */

const Booking = z.object({
  appointment: z.string(),
  connection: z.string().nullable(),
  start: z.string(),
  end: z.string(),
  holdsLock: z.boolean(),
});
export type Booking = z.output<typeof Booking>;

const Proposal = z.object({ slot: z.string(), connection: z.string(), start: z.string(), end: z.string() });
export type Proposal = z.output<typeof Proposal>;

export const Conflict = z.object({
  id: z.string(),
  detectedAt: z.string(),
  actor: z.string(),
  timeZone: z.string().nullable(),
  bookings: z.object({ a: Booking, b: Booking }),
});
export type Conflict = z.output<typeof Conflict>;

export const ConflictList = z.object({ conflicts: z.array(Conflict), complete: z.boolean() });

export const ConflictDetails = Conflict.extend({
  proposals: z.object({ a: z.array(Proposal), b: z.array(Proposal) }),
});
export type ConflictDetails = z.output<typeof ConflictDetails>;
