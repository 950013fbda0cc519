import { z } from 'zod';
import { type CodeMaps, translate } from '../../src/adapter/concept-map.ts';
import { issuesOf } from '../../src/adapter/http.ts';
import {
  type Mark,
  markOf,
  type ObservedBusy,
  type Rejected,
  subjectOf,
} from '../../src/adapter/observation.ts';
import { APPOINTMENT_STATUSES, takesTime } from '../../src/domain/appointment-status.ts';
import { type Day, intervalOf } from './local.ts';
import { DayAppointment, Id } from './wire.ts';

export type Normalized = { readonly rows: ObservedBusy[]; readonly rejected: Rejected[] };
export type Normalize = (records: readonly unknown[], calendar: string, day: Day, zone: string) => Normalized;

const Numbered = z.object({ appointmentNo: Id });
/** A status is a letter, with S once the note is signed and V once it is verified. */
const STATUS = /^[A-Za-z0-9]{1,2}$/;

/** @param placeholder the made-up patient under whom we close time. */
export function createNormalizer(maps: CodeMaps, placeholder: number): Normalize {
  const statuses = maps.map('oscar-status');

  function busyOf(appointment: DayAppointment, calendar: string, day: Day, zone: string): ObservedBusy {
    const { appointmentNo, demographicNo, startTime, duration, notes } = appointment;
    // Staff may give our time to somebody and leave the note as it is: then it is theirs.
    const mark = demographicNo === placeholder ? markIn(notes) : null;
    return {
      kind: 'busy',
      busyKind: mark === null ? 'appointment' : 'block',
      externalId: String(appointmentNo),
      calendar,
      interval: intervalOf(day, startTime, duration, zone),
      mark,
      // It has no version; by its day it is found again.
      revision: day,
      sequence: null,
      expiresAt: null,
      changedAt: null,
    };
  }

  return (records, calendar, day, zone) => {
    const normalized: Normalized = { rows: [], rejected: [] };
    for (const raw of records) {
      const parsed = DayAppointment.safeParse(raw);
      if (!parsed.success) {
        const number = Numbered.safeParse(raw).data?.appointmentNo;
        const externalId = number === undefined ? null : String(number);
        normalized.rejected.push({ externalId, reason: issuesOf(parsed.error), raw });
        continue;
      }
      const { status, appointmentNo } = parsed.data;
      const report = () => {
        const shown = STATUS.test(status) ? status.slice(0, 1) : '(not a code)';
        const reason = `unmapped code ${shown} in status`;
        normalized.rejected.push({ externalId: String(appointmentNo), reason, raw });
      };
      const known = translate([status.slice(0, 1)], statuses, APPOINTMENT_STATUSES, report)?.[0] ?? null;
      if (takesTime(known)) normalized.rows.push(busyOf(parsed.data, calendar, day, zone));
    }
    return normalized;
  };
}

/** Staff may write before or after it. */
function markIn(notes: string | null | undefined): Mark | null {
  for (const word of notes?.split(/\s+/) ?? []) {
    const subject = subjectOf(word);
    if (subject !== null) return markOf(subject);
  }
  return null;
}
