import type { Agenda } from '../adapter/simulator/agenda.ts';
import type { Busy } from '../adapter/simulator/records.ts';
import { DAY, HOUR, type Instant, instant, MINUTE, plus } from '../domain/instant.ts';
import { interval } from '../domain/interval.ts';
import { freeSlots } from './free-slots.ts';
import type { Bench, Raw } from './target.ts';

/** The hands on a platform that is an agenda in this process, with one calendar: whatever else is true of it, its target says. */

const DAYS = 20;
const SLOT_MINUTES = 20;

export type AgendaHands = Pick<
  Bench,
  'calendar' | 'freeTimes' | 'patientBooks' | 'patientCancels' | 'staffBooks'
> & { readonly raw: () => Promise<Raw> };

/**
 * Puts the calendar there, with free slots.
 * @param idOf what the platform calls a period to others.
 */
export function agendaHands(
  agenda: Agenda<null>,
  calendar: string,
  idOf: (busy: Busy) => string = ({ id }) => id,
): AgendaHands {
  agenda.putCalendar({ id: calendar, actor: calendar, through: null });
  for (const start of slotStarts(agenda.clock.now()))
    agenda.offer(calendar, interval(start, plus(start, SLOT_MINUTES * MINUTE)), null, null);
  const taking = { calendar, reference: null, slotId: null, expiresAt: null };
  const raw = async (): Promise<Raw> => ({
    slots: agenda
      .slots(calendar)
      .map((slot) => ({ id: slot.id, interval: slot.interval, status: agenda.stateOf(slot) })),
    periods: agenda.busy(calendar).map((busy) => ({
      id: idOf(busy),
      kind: busy.kind === 'block' ? 'blocked' : 'booked',
      interval: busy.interval,
      reference: busy.reference,
    })),
  });
  return {
    calendar,
    raw,
    // It is told by its time where a platform has no ids of slots that others know.
    freeTimes: async () => freeSlots(await raw()).map((time) => ({ ...time, slot: null })),
    patientBooks: async (time) => agenda.reserve({ ...taking, interval: time.interval })?.id ?? null,
    patientCancels: async (id) => {
      const found = agenda.busy(calendar).find((each) => each.id === id);
      if (!found) throw new Error(`there is no ${id}`);
      agenda.remove(found);
    },
    staffBooks: async (time) => agenda.take({ ...taking, interval: time }).id,
  };
}

/** From the next hour but one, and never at night. */
function slotStarts(now: Instant): Instant[] {
  const first = Math.ceil(now / HOUR) * HOUR + HOUR;
  const starts = Array.from({ length: (DAYS * DAY) / (SLOT_MINUTES * MINUTE) }, (_, index) =>
    instant(first + index * SLOT_MINUTES * MINUTE),
  );
  return starts.filter((start) => new Date(start).getUTCHours() >= 14 && new Date(start).getUTCHours() < 21);
}
