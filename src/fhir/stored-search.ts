import type { After, AppointmentRow, Order, Reader, SlotRow } from '../engine/ports/front.ts';
import type { Confirmations } from './freshness.ts';
import type { Node, Source } from './include.ts';
import type { Releases } from './release.ts';
import { ANY, ANY_SLOT, appointmentTextFor, patientPath } from './rows.ts';
import { COUNT_MAX, type Context, foreignPage, type Page } from './search.ts';
import { slotText } from './slot-text.ts';
import { isUuid, uuids } from './values.ts';

/** What the searches of slots and of appointments share: their order and pages, and how they are included in others. */

type Keyed = Pick<SlotRow, 'id' | 'startMs' | 'updatedMs'>;

export const orderOf = ({ sort }: Page): Order => ({
  by: sort?.by === '_lastUpdated' ? 'updated' : 'start',
  descending: sort?.descending ?? false,
});

export const endOf = (page: Page, last: Keyed): After => ({
  atMs: orderOf(page).by === 'updated' ? last.updatedMs : last.startMs,
  id: last.id,
});

/** @throws Refused on a cursor that no search of these has written: all their ids are UUIDs. */
export function afterIn({ after }: Page): After | null {
  if (after === null || isUuid(after.id)) return after;
  throw foreignPage();
}

export const slotNode = (row: Pick<SlotRow, 'id' | 'scheduleId'>, text: string): Node => ({
  path: `Slot/${row.id}`,
  text,
  references: (parameter) => (parameter === 'schedule' ? [`Schedule/${row.scheduleId}`] : []),
});

export function slotSource(reader: Reader, confirmations: Confirmations, releases: Releases): Source {
  return {
    async byIds(ids) {
      const rows = await reader.searchSlots({ ...ANY_SLOT, ids: uuids(ids), limit: COUNT_MAX });
      const [confirmationOf, bookableFrom] = [confirmations.now(), releases.now()];
      return rows.map((row) => {
        const confirmation = confirmationOf(row.connectionId, row.calendar);
        return slotNode(row, slotText(row, confirmation, bookableFrom, false).text);
      });
    },
    // Those of a schedule are thousands: they are searched for.
    referringTo: async () => [],
  };
}

/** @param actorsOf paths of the actors of a schedule. */
export const appointmentNode =
  (actorsOf: (scheduleId: string) => readonly string[]) =>
  (row: AppointmentRow, context: Context): Node => ({
    path: `Appointment/${row.id}`,
    text: appointmentTextFor(row, context),
    references(parameter) {
      if (parameter === 'slot') return row.slotId === null ? [] : [`Slot/${row.slotId}`];
      const patient = patientPath(row, context);
      const actors = [...actorsOf(row.scheduleId), ...(patient === null ? [] : [patient])];
      if (parameter === 'actor') return actors;
      return actors.filter((path) => path.toLowerCase().startsWith(`${parameter}/`));
    },
  });

export function appointmentSource(reader: Reader, nodeOf: ReturnType<typeof appointmentNode>): Source {
  return {
    async byIds(ids, context) {
      const rows = await reader.searchAppointments({ ...ANY, ids: uuids(ids), limit: COUNT_MAX });
      return rows.map((row) => nodeOf(row, context));
    },
    async referringTo(parameter, ids, context) {
      if (parameter !== 'slot' && parameter !== 'patient') return [];
      const wanted = parameter === 'slot' ? { slotIds: uuids(ids) } : { patientIds: uuids(ids) };
      const rows = await reader.searchAppointments({ ...ANY, ids: null, ...wanted, limit: COUNT_MAX });
      return rows.map((row) => nodeOf(row, context));
    },
  };
}
