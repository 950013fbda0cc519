import { localTime } from '../../mappings/fhir/local-time.ts';
import type { Directory } from '../domain/directory.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { AppointmentRow } from '../engine/ports/front.ts';
import { Refused } from './outcomes.ts';

/** What whoever gives up the time of an appointment is told, by cancelling it or by moving it. */

export const appointmentNotFound = (): Refused =>
  new Refused('not-found', {
    diagnostics: { fr: 'aucun rendez-vous n’a cet id', en: 'no appointment has this id' },
  });

/**
 * Whoever reads it is to know what to do, so it names the place to call where it is known.
 * @param done what it is too late for, as a past participle.
 */
export function tooLate(
  done: Bilingual,
  row: AppointmentRow,
  until: Instant,
  directory: Directory,
): Bilingual {
  const location = directory.hasSchedule(row.scheduleId)
    ? directory.location(directory.schedule(row.scheduleId).locationId)
    : null;
  const moment = location ? localTime(until, location.timeZone) : formatInstant(until);
  const placed = (name: string): string =>
    [location?.name ?? name, location?.phone].filter((part) => part).join(', ');
  return {
    fr: `il pouvait être ${done.fr} d’ici jusqu’à ${moment}; il tient : appelez ${placed('la clinique')}`,
    en: `it could be ${done.en} from here until ${moment}; it stands: call ${placed('the clinic')}`,
  };
}
