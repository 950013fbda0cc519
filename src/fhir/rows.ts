import { EXTENSION } from '../../mappings/fhir/canonical.ts';
import { formatInstant, instant } from '../domain/instant.ts';
import type { AppointmentRow, Reader, SlotRow } from '../engine/ports/front.ts';
import type { AppointmentVersion } from '../engine/ports/versions.ts';
import { type Answer, metaHead, ok } from './answer.ts';
import { maySeePatients } from './patient-access.ts';
import type { Context } from './search.ts';
import { together } from './together.ts';
import { isUuid } from './values.ts';

/** Rows of the store by id, and as they are served. */

export const ANY = {
  scheduleIds: null,
  statuses: null,
  start: { fromMs: null, beforeMs: null },
  after: null,
};

export const ANY_SLOT = { ...ANY, staleCalendars: [], unreleased: [], onlySellable: false };

/** @returns the slot of an id, or null: there is none, or it is no id of ours. */
export function slotsById(reader: Reader): (id: string) => Promise<SlotRow | null> {
  const find = together((ids) =>
    reader.searchSlots({
      ...ANY,
      ids,
      staleCalendars: [],
      unreleased: [],
      onlySellable: false,
      limit: ids.length,
    }),
  );
  return async (id) => (isUuid(id) ? find(id) : null);
}

export async function appointmentById(reader: Reader, id: string): Promise<AppointmentRow | null> {
  if (!isUuid(id)) return null;
  const rows = await reader.searchAppointments({ ...ANY, ids: [id], limit: 1 });
  return rows[0] ?? null;
}

export const appointmentText = (row: AppointmentVersion): string =>
  `${row.document}${identifier(row)}${heldUntil(row)},"status":"${row.status}",${metaHead(row.version, row.updatedMs)}}}`;

/**
 * As it is now, with who comes for whoever may know. That is in no version: it is not kept for as long as those, and goes
 * without one.
 */
export function appointmentTextFor(row: AppointmentRow, context: Pick<Context, 'caller'>): string {
  const text = appointmentText(row);
  const path = patientPath(row, context);
  if (path === null) return text;
  const participant = JSON.stringify({ actor: { reference: path }, status: 'accepted' });
  // No text of JSON has an unescaped quote, so what looks like the element is the element.
  return text.replace(PARTICIPANTS, (beginning) => `${beginning}${participant},`);
}

const PARTICIPANTS = '"participant":[';

/** `Patient/<id>`; null = it is not kept, or not for who asks. */
export const patientPath = (
  { patientId }: AppointmentRow,
  context: Pick<Context, 'caller'>,
): string | null => (patientId !== null && maySeePatients(context) ? `Patient/${patientId}` : null);

/** The same in all of its versions. */
function identifier({ identifiers }: AppointmentVersion): string {
  if (identifiers.length === 0) return '';
  const list = identifiers.map(({ system, value }) => (system === null ? { value } : { system, value }));
  return `,"identifier":${JSON.stringify(list)}`;
}

function heldUntil({ heldUntilMs }: AppointmentVersion): string {
  if (heldUntilMs === null) return '';
  const extension = { url: EXTENSION.heldUntil, valueInstant: formatInstant(instant(heldUntilMs)) };
  return `,"extension":[${JSON.stringify(extension)}]`;
}

export const appointmentAnswer = (row: AppointmentRow, context: Context): Answer =>
  ok(appointmentTextFor(row, context), { number: row.version, updatedMs: row.updatedMs });
