import { z } from 'zod';
import { type CodeMaps, translate } from '../../src/adapter/concept-map.ts';
import { issuesOf } from '../../src/adapter/http.ts';
import type { ObservedBusy, Rejected } from '../../src/adapter/observation.ts';
import { storableText } from '../../src/adapter/texts.ts';
import {
  APPOINTMENT_STATUSES,
  type AppointmentStatus,
  takesTime,
} from '../../src/domain/appointment-status.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import type { Settings } from './manifest.ts';
import { isClosing, markIn } from './note.ts';
import { closedBy } from './plan.ts';
import { Appointment, Unavailability } from './wire.ts';

export type Normalized = { readonly rows: ObservedBusy[]; readonly rejected: Rejected[] };

export type Normalizer = ReturnType<typeof createNormalizer>;

const Identified = z.object({ uuid: storableText(64).min(1) });
const CODE = /^[A-Za-z]{1,40}$/;
/** Who said no, or was taken off the appointment, is not taken by it. */
const NOT_THERE = new Set(['CANCELLED', 'REJECTED']);

export function createNormalizer(maps: CodeMaps, settings: Settings) {
  const statuses = maps.map('openmrs-appointments-status');

  /** Null = it has no equivalent. */
  const statusOf = (
    { status }: Appointment,
    unmapped: () => void = () => undefined,
  ): AppointmentStatus | null => translate([status], statuses, APPOINTMENT_STATUSES, unmapped)?.[0] ?? null;

  function busyOf(appointment: Appointment, calendar: string): ObservedBusy {
    const { uuid, startDateTime, endDateTime, comments, patient, dateCreated } = appointment;
    const isBlock = patient.uuid === settings.blockPatientUuid;
    return {
      kind: 'busy',
      busyKind: isBlock ? 'block' : 'appointment',
      externalId: uuid,
      calendar,
      interval: interval(startDateTime, endDateTime),
      // Staff may give time that we closed to somebody, and leave the comments as they are: then it is theirs.
      mark: !isBlock && isClosing(comments) ? null : markIn(comments),
      ...{ revision: null, sequence: null, expiresAt: null },
      changedAt: dateCreated ?? null,
    };
  }

  const isFor = ({ providers }: Appointment, calendar: string): boolean =>
    providers.some(
      ({ uuid, response }) => uuid === calendar && !NOT_THERE.has(response?.toUpperCase() ?? ''),
    );

  function appointments(records: readonly unknown[], calendar: string): Normalized {
    const normalized: Normalized = { rows: [], rejected: [] };
    for (const raw of records) {
      const parsed = Appointment.safeParse(raw);
      if (!parsed.success) {
        normalized.rejected.push(setAside(raw, parsed.error));
        continue;
      }
      const appointment = parsed.data;
      if (appointment.voided || !isFor(appointment, calendar)) continue;
      const status = statusOf(appointment, () => {
        const shown = CODE.test(appointment.status) ? appointment.status : '(not a code)';
        const reason = `unmapped code ${shown} in status`;
        normalized.rejected.push({ externalId: appointment.uuid, reason, raw });
      });
      if (takesTime(status)) normalized.rows.push(busyOf(appointment, calendar));
    }
    return normalized;
  }

  /** What is closed for the provider, and for the whole location: what is closed for one service leaves the others. */
  function unavailability(
    records: readonly unknown[],
    calendar: string,
    window: Interval,
    zone: string,
  ): Normalized {
    const normalized: Normalized = { rows: [], rejected: [] };
    for (const raw of records) {
      const parsed = Unavailability.safeParse(raw);
      if (!parsed.success) {
        normalized.rejected.push(setAside(raw, parsed.error));
        continue;
      }
      const { provider, location, service, voided } = parsed.data;
      const isHere = provider === null ? location === (settings.locationUuid ?? '') : provider === calendar;
      if (voided || !isHere || (service !== null && service !== settings.serviceUuid)) continue;
      try {
        normalized.rows.push(...closedBy(parsed.data, calendar, window, zone));
      } catch {
        normalized.rejected.push({
          externalId: parsed.data.uuid,
          reason: 'endTime: not after startTime',
          raw,
        });
      }
    }
    return normalized;
  }

  return { appointments, unavailability, busyOf, statusOf, isFor };
}

const setAside = (raw: unknown, error: z.ZodError): Rejected => ({
  externalId: Identified.safeParse(raw).data?.uuid ?? null,
  reason: issuesOf(error),
  raw,
});
