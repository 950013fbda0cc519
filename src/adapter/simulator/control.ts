import { z } from 'zod';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { type Interval, interval } from '../../domain/interval.ts';
import { toOffset } from '../zone.ts';
import type { Agenda, SlotState } from './agenda.ts';
import { FaultPlan } from './fault-plan.ts';
import { type Busy, isHold, type OfferedSlot } from './records.ts';
import { createRouter, type SimReply, type SimRequest, withBody } from './router.ts';
import type { WebhookTarget } from './webhooks.ts';

/** The control API, the same words on every simulator, so that one script drives them all. */

/** A request that the platform's own API received. `status` null: its answer was destroyed on the way. */
export type LogEntry = {
  readonly time: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number | null;
  readonly body: unknown;
};

export type Controls = {
  readonly faults: () => FaultPlan;
  readonly setFaults: (plan: FaultPlan) => void;
  readonly log: () => readonly LogEntry[];
  readonly reset: (seed: string, actors: readonly string[] | number, days: number) => void;
  readonly point: (target: WebhookTarget | null) => void;
};

const Seed = z.union([z.string(), z.number()]).transform(String);
export const Actors = z.union([z.array(z.string().min(1)).min(1), z.number().int().min(1).max(10_000)]);
export const Days = z.number().int().min(1).max(400);

const Reset = z.object({ seed: Seed.default('1'), actors: Actors.default(2), days: Days.default(14) });
// A patient's details are taken, as on the platform's own site, and not kept.
const Time = z.iso.datetime({ offset: true }).transform(parseInstant);
const Booking = z.union([
  z.object({ slotId: z.string(), patient: z.unknown().optional() }),
  z
    .object({ calendar: z.string(), start: Time, end: Time })
    .refine(({ start, end }) => start < end, { error: 'ends before it begins' }),
]);
const Target = z.object({ url: z.url().nullable(), secret: z.string().default('') });

export function createControl<Offer>(
  agenda: Agenda<Offer>,
  controls: Controls,
): (request: SimRequest) => SimReply {
  return createRouter({
    'GET /_sim/slots': () => ({ status: 200, body: slotsOf(agenda) }),
    'GET /_sim/periods': () => ({ status: 200, body: periodsOf(agenda) }),
    'POST /_sim/bookings': ({ body }) =>
      withBody(Booking, body, (wanted) => {
        if (controls.faults().down) return { status: 503 };
        return 'slotId' in wanted ? patientBooks(agenda, wanted.slotId) : staffBooks(agenda, wanted);
      }),
    'DELETE /_sim/bookings/:id': (_, [id = '']) => {
      if (controls.faults().down) return { status: 503 };
      const booking = agenda.find('reservation', id);
      if (!booking) return { status: 404 };
      agenda.remove(booking);
      return { status: 204 };
    },
    'PUT /_sim/faults': ({ body }) =>
      withBody(FaultPlan, body, (plan) => {
        controls.setFaults(plan);
        return { status: 200, body: plan };
      }),
    'GET /_sim/log': () => ({ status: 200, body: controls.log() }),
    'POST /_sim/reset': ({ body }) =>
      withBody(Reset, body ?? {}, ({ seed, actors, days }) => {
        controls.reset(seed, actors, days);
        return { status: 200, body: { slots: slotsOf(agenda).length } };
      }),
    'PUT /_sim/webhook': ({ body }) =>
      withBody(Target, body, ({ url, secret }) => {
        controls.point(url === null ? null : { url, secret });
        return { status: 204 };
      }),
  });
}

/** A patient on the platform's own site, who takes a slot that is shown as free. */
function patientBooks<Offer>(agenda: Agenda<Offer>, slotId: string): SimReply {
  const slot = agenda.find('slot', slotId);
  if (!slot) return { status: 404 };
  if (!isAhead(agenda, slot)) return { status: 409 };
  const { calendar, interval } = slot;
  const booking = agenda.reserve({ calendar, interval, slotId, reference: null, expiresAt: null });
  return booking ? { status: 201, body: { id: booking.id } } : { status: 409 };
}

/** Somebody at the clinic, who books whatever time they like, on offer or not. */
function staffBooks<Offer>(
  agenda: Agenda<Offer>,
  { calendar, start, end }: { readonly calendar: string; readonly start: Instant; readonly end: Instant },
): SimReply {
  if (!agenda.calendars.some(({ id }) => id === calendar)) return { status: 404 };
  const wanted = { calendar, interval: interval(start, end), slotId: null, reference: null, expiresAt: null };
  const booking = agenda.reserve(wanted);
  return booking ? { status: 201, body: { id: booking.id } } : { status: 409 };
}

const TEXTS_KEPT = 50_000;
const texts = new Map<string, Map<Instant, string>>();

/** As text with offset; kept, because scripts ask for all slots many times over and zone arithmetic is slow. */
function textOf(at: Instant, zone: string): string {
  const ofZone = texts.get(zone) ?? new Map<Instant, string>();
  texts.set(zone, ofZone);
  const kept = ofZone.get(at);
  if (kept !== undefined) return kept;
  if (ofZone.size >= TEXTS_KEPT) ofZone.clear();
  const text = toOffset(at, zone);
  ofZone.set(at, text);
  return text;
}

/** No platform sells what has begun. */
const isAhead = <Offer>(agenda: Agenda<Offer>, slot: { readonly interval: Interval }): boolean =>
  slot.interval.start > agenda.clock.now();

/** Free time that has begun is open to nobody any more, and so shown as what it is: closed. */
function shownState<Offer>(agenda: Agenda<Offer>, slot: OfferedSlot<Offer>): SlotState {
  const state = agenda.stateOf(slot);
  return state === 'free' && !isAhead(agenda, slot) ? 'blocked' : state;
}

/** Every slot with what it is now, by start. */
export function slotsOf<Offer>(agenda: Agenda<Offer>) {
  return agenda.calendars
    .flatMap(({ id: calendar, actor }) =>
      agenda.slots(calendar).map((slot) => ({
        id: slot.id,
        start: textOf(slot.interval.start, agenda.zone),
        end: textOf(slot.interval.end, agenda.zone),
        status: shownState(agenda, slot),
        actor,
        calendar,
        at: slot.interval.start,
      })),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ at: _, ...slot }) => slot);
}

/** Everything that takes time, with the reference that was written on it. */
export function periodsOf<Offer>(agenda: Agenda<Offer>) {
  return agenda.calendars.flatMap(({ id: calendar, actor }) =>
    agenda.busy(calendar).map((busy) => ({
      id: busy.id,
      kind: kindOf(busy),
      start: textOf(busy.interval.start, agenda.zone),
      end: textOf(busy.interval.end, agenda.zone),
      reference: busy.reference,
      actor,
      calendar,
    })),
  );
}

function kindOf(busy: Busy): 'held' | 'booked' | 'blocked' {
  if (busy.kind === 'block') return 'blocked';
  return isHold(busy) ? 'held' : 'booked';
}
