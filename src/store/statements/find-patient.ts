import type { Queryable } from '../database.ts';

/** $1 appointment. */
const TEXT = 'select sealed_patient from appointment where id = $1';

/** Sealed; null once the platform has them, and of a booking that was made at a platform. */
export async function sealedPatient(on: Queryable, appointmentId: string): Promise<Uint8Array | null> {
  const [row] = await on.query<{ sealed_patient: Uint8Array | null }>(TEXT, [appointmentId]);
  return row?.sealed_patient ?? null;
}
