import { z } from 'zod';
import { type Instant, instant } from '../../domain/instant.ts';
import { type Interval, interval } from '../../domain/interval.ts';

/** What a simulated platform keeps: slots on offer, reservations and blocks. Nothing of the patient is kept. */

type Common = {
  readonly id: string;
  /** Order of creation: pages of a list go by it, so a change between two pages skips no row. */
  readonly ordinal: number;
  readonly calendar: string;
  readonly interval: Interval;
  /** What the caller wrote on it: the mark of a gateway. */
  readonly reference: string | null;
  /** From one counter for all records, so it grows on each and orders them all. */
  readonly version: number;
  readonly changedAt: Instant;
};

/** @typeParam Offer the attributes of a slot, in the platform's own codes. */
export type OfferedSlot<Offer> = Common & { readonly kind: 'slot'; readonly offer: Offer };
export type Reservation = Common & {
  readonly kind: 'reservation';
  readonly slotId: string | null;
  /** When a hold ends by itself; null once it is booked. */
  readonly expiresAt: Instant | null;
};
export type Block = Common & { readonly kind: 'block' };
export type Busy = Reservation | Block;
export type SimRecord<Offer> = OfferedSlot<Offer> | Busy;
export type RecordKind = SimRecord<unknown>['kind'];

export const isHold = (record: Busy): boolean => record.kind === 'reservation' && record.expiresAt !== null;

/** A change as it stands now: `record` is null once it is removed. */
export type Change<Offer> = {
  readonly version: number;
  readonly kind: RecordKind;
  readonly id: string;
  readonly calendar: string;
  readonly record: SimRecord<Offer> | null;
};

export type SimCalendar = {
  readonly id: string;
  readonly actor: string;
  /** The last day that has its slots, ISO date; null = none yet. */
  readonly through: string | null;
};

/** The whole of a simulator's memory, as it stands in the state file. */
export type AgendaState<Offer> = {
  readonly seed: string;
  readonly ordinal: number;
  readonly version: number;
  /** Changes up to this version are forgotten: an older cursor cannot be served. */
  readonly forgotten: number;
  readonly calendars: readonly SimCalendar[];
  readonly records: readonly SimRecord<Offer>[];
  readonly changes: readonly Omit<Change<Offer>, 'record'>[];
};

const at = z.number().transform(instant);

export function agendaState<Offer>(offer: z.ZodType<Offer>): z.ZodType<AgendaState<Offer>> {
  const common = {
    id: z.string(),
    ordinal: z.number().int(),
    calendar: z.string(),
    interval: z.object({ start: at, end: at }).transform(({ start, end }) => interval(start, end)),
    reference: z.string().nullable(),
    version: z.number().int(),
    changedAt: at,
  };
  const change = {
    version: z.number().int(),
    kind: z.enum(['slot', 'reservation', 'block']),
    id: z.string(),
    calendar: z.string(),
  };
  return z.object({
    seed: z.string(),
    ordinal: z.number().int(),
    version: z.number().int(),
    forgotten: z.number().int(),
    calendars: z.array(z.object({ id: z.string(), actor: z.string(), through: z.string().nullable() })),
    records: z.array(
      z.discriminatedUnion('kind', [
        z.object({ ...common, kind: z.literal('slot'), offer }),
        z.object({
          ...common,
          kind: z.literal('reservation'),
          slotId: z.string().nullable(),
          expiresAt: at.nullable(),
        }),
        z.object({ ...common, kind: z.literal('block') }),
      ]),
    ),
    changes: z.array(z.object(change)),
  });
}
