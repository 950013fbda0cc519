import type { ReadAppointment } from '../../mappings/fhir/read-appointment.ts';
import type { Directory } from '../domain/directory.ts';
import type { Interval } from '../domain/interval.ts';
import type { AppointmentRow, Bookings, MoveOutcome, Reader } from '../engine/ports/front.ts';
import type { SlotDetails } from '../engine/ports/store.ts';
import type { Answer } from './answer.ts';
import { bookingRefused, refuseDifferences, unknownSlot } from './book.ts';
import { appointmentNotFound, tooLate } from './called-off.ts';
import { Refused } from './outcomes.ts';
import { ANY_SLOT, appointmentAnswer } from './rows.ts';
import type { Context } from './search.ts';
import { textOf } from './stored.ts';
import { isUuid } from './values.ts';

/** `PUT Appointment/<id>` with status booked and another slot: the platform that has it gives it that time. */

export type MoveDependencies = {
  readonly directory: Directory;
  readonly reader: Reader;
  readonly bookings: Bookings;
};

const SLOT = 'Appointment.slot';
/** The new time is kept while nobody knows whether the platform gave it. */
const RETRY_AFTER_SECONDS = { unavailable: '30', unknown: '120' } as const;
/** Slots of one schedule that start at one instant: one of each platform and agenda that offers it. */
const LIMIT = 20;

/** The slot that an appointment is to have; null = it stays where it is. @throws Refused */
export async function newSlot(
  { directory, reader, bookings }: MoveDependencies,
  wanted: ReadAppointment,
  row: AppointmentRow,
): Promise<SlotDetails | null> {
  const present = presentOf(row);
  const { interval, slotId } = wanted;
  const isSameTime = !interval || isAt(row, interval);
  if (isSameTime && (slotId === null || slotId === present)) return null;
  const id = slotId ?? (interval && (await slotAt({ reader, bookings }, row, interval)));
  const slot = id !== null && isUuid(id) ? await bookings.find(id) : null;
  if (!slot) throw unknownSlot(SLOT);
  refuseDifferences(wanted, slot, directory);
  return slot;
}

const presentOf = ({ document }: AppointmentRow): string | null =>
  textOf(document).slot?.[0]?.reference.slice('Slot/'.length) ?? null;

function isAt({ document }: AppointmentRow, { start, end }: Interval): boolean {
  const present = textOf(document);
  return Date.parse(present.start) === start && Date.parse(present.end) === end;
}

/** Who names no slot means the one of these times, on the agenda where it is now. @throws Refused unless there is one. */
async function slotAt(
  { reader, bookings }: Pick<MoveDependencies, 'reader' | 'bookings'>,
  row: AppointmentRow,
  { start, end }: Interval,
): Promise<string> {
  const present = presentOf(row);
  const before = present === null ? null : await bookings.find(present);
  const beginning = { fromMs: start, beforeMs: start + 1 };
  const query = { ...ANY_SLOT, ids: null, scheduleIds: [row.scheduleId], start: beginning, limit: LIMIT };
  const [slot, ...others] = (await reader.searchSlots(query)).filter(
    ({ endMs, connectionId, calendar }) =>
      endMs === end && (!before || (connectionId === before.connectionId && calendar === before.calendar)),
  );
  if (slot && others.length === 0) return slot.id;
  throw new Refused('slot-differs', {
    diagnostics: slot
      ? {
          fr: 'plus d’une plage a ces heures : dites laquelle, slot: [{ reference: "Slot/<id>" }]',
          en: 'more than one slot has these times: say which, slot: [{ reference: "Slot/<id>" }]',
        }
      : {
          fr: 'aucune plage de son agenda n’a ces heures : cherchez les plages libres',
          en: 'no slot of its agenda has these times: search for free slots',
        },
    expression: slot ? SLOT : 'Appointment.start',
  });
}

/** As far as can be told without asking anybody. @throws Refused as move() would. */
export function wouldMove({ directory }: MoveDependencies, row: AppointmentRow, slot: SlotDetails): void {
  if (slot.status === 'free' || isAt(row, slot.interval)) return;
  throw moveRefused({ outcome: 'taken' }, row, slot, directory);
}

/** @throws Refused */
export async function move(
  { directory, bookings }: MoveDependencies,
  row: AppointmentRow,
  slot: SlotDetails,
  context: Context,
): Promise<Answer> {
  const result = await bookings.move({ appointmentId: row.id, slot });
  if (result.outcome === 'moved') return appointmentAnswer(result.appointment, context);
  throw moveRefused(result, row, slot, directory);
}

function moveRefused(
  result: Exclude<MoveOutcome, { outcome: 'moved' }>,
  row: AppointmentRow,
  slot: SlotDetails,
  directory: Directory,
): Refused {
  switch (result.outcome) {
    case 'unknown-appointment':
      return appointmentNotFound();
    case 'too-late': {
      const expression = 'Appointment.start';
      return new Refused('too-late-to-move', {
        diagnostics: tooLate(MOVED, row, result.until, directory),
        expression,
      });
    }
    case 'not-movable':
      return new Refused('not-movable', { diagnostics: result.reason, expression: SLOT });
    case 'refused':
      return new Refused('slot-taken', { diagnostics: result.reason, expression: SLOT });
    case 'unavailable':
    case 'unknown':
      return new Refused(
        'unavailable',
        { diagnostics: result.reason, expression: SLOT },
        { 'retry-after': RETRY_AFTER_SECONDS[result.outcome] },
      );
    case 'taken':
    case 'not-offered':
    case 'not-released':
      return bookingRefused(result, SLOT, directory.zoneOf(slot.scheduleId));
  }
}

const MOVED = { fr: 'déplacé', en: 'moved' };
