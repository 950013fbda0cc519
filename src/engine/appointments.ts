import type { AppointmentRow, Reader } from './ports/front.ts';

export async function findAppointment(reader: Reader, id: string): Promise<AppointmentRow | null> {
  const [row] = await reader.searchAppointments({
    ids: [id],
    scheduleIds: null,
    statuses: null,
    start: { fromMs: null, beforeMs: null },
    after: null,
    limit: 1,
  });
  return row ?? null;
}

/** One that was written. @throws Error when it was not. */
export async function appointmentOf(reader: Reader, id: string): Promise<AppointmentRow> {
  const found = await findAppointment(reader, id);
  if (!found) throw new Error(`the appointment ${id} was not written`);
  return found;
}
