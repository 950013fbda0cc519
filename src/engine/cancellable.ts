import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import type { Listing } from '../domain/listing.ts';
import { type Bilingual, cancellableUntil } from '../domain/schedule.ts';
import { operationFor } from './command.ts';
import { type Context, isConfigured } from './context.ts';
import type { AppointmentStatus } from './ports/appointments.ts';
import { takesNoCancellations } from './reasons.ts';

/** Whether an appointment can be cancelled through Passerelle, for whoever does it and for whoever is shown that they can. */

/** @returns since when it is too late, by the policy of its schedule; null = it is not. Who only holds gives back when they like. */
export function tooLateSince(
  directory: Directory,
  { scheduleId, start, status }: { scheduleId: string; start: Instant; status: AppointmentStatus },
  now: Instant,
): Instant | null {
  const until = cancellableUntil(directory.policyOf(scheduleId), start);
  return status === 'booked' && now >= until ? until : null;
}

/** @param listings all of the appointment. @returns null = the platform where it stands takes it, or none has it. */
export function whyNotTakenOff(
  { directory, platforms }: Pick<Context, 'directory' | 'platforms'>,
  listings: readonly Pick<Listing, 'kind' | 'known' | 'connectionId'>[],
): Bilingual | null {
  for (const { kind, known, connectionId } of listings) {
    // One that is not configured any more can be told nothing, and its appointments are for people to end, here and there.
    if (kind !== 'booking' || !isConfigured({ directory }, connectionId)) continue;
    const { operations } = platforms.get(connectionId).platform;
    if (!operations[operationFor({ kind, known, desired: null })]) return takesNoCancellations(connectionId);
  }
  return null;
}
