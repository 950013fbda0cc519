import type { AppointmentRow, Reader, SlotRow } from '../engine/ports/front.ts';
import { type Answer, metaHead, ok } from './answer.ts';
import { isUuid } from './values.ts';

/** Rows of the store by id, and as they are served. */

const ANY = {
  scheduleIds: null,
  statuses: null,
  start: { fromMs: null, beforeMs: null },
  after: null,
  limit: 1,
};

export async function slotById(reader: Reader, id: string): Promise<SlotRow | null> {
  if (!isUuid(id)) return null;
  const rows = await reader.searchSlots({ ...ANY, ids: [id], staleCalendars: [] });
  return rows[0] ?? null;
}

export async function appointmentById(reader: Reader, id: string): Promise<AppointmentRow | null> {
  if (!isUuid(id)) return null;
  const rows = await reader.searchAppointments({ ...ANY, ids: [id] });
  return rows[0] ?? null;
}

export const appointmentText = (row: AppointmentRow): string =>
  `${row.document},"status":"${row.status}",${metaHead(row.version, row.updatedMs)}}}`;

export const appointmentAnswer = (row: AppointmentRow): Answer =>
  ok(appointmentText(row), { number: row.version, updatedMs: row.updatedMs });
