import type { PatientDetails } from '../../src/adapter/contract.ts';
import { type Mark, subjectOf } from '../../src/adapter/observation.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { idOf } from './normalize.ts';
import { KIND_KEY, MARK_KEY } from './wire.ts';

/** The events that we write. Pure. */

export type Writing = {
  readonly mark: Mark;
  readonly interval: Interval;
  readonly kind: 'block' | 'appointment';
  /** Written into the title; null = nobody is named. */
  readonly patient: PatientDetails | null;
};

/** @param zone IANA: in it Google shows the event; when it is follows from the offset. */
export const timesOf = ({ start, end }: Interval, zone: string): object => ({
  start: { dateTime: formatInstant(start), timeZone: zone },
  end: { dateTime: formatInstant(end), timeZone: zone },
});

/**
 * An ordinary event, also to close time: `outOfOffice` exists in the primary calendars of users of an organization alone, and
 * declines the invitations that it meets.
 */
export function eventBody({ mark, interval, kind, patient }: Writing, zone: string): object {
  const title = kind === 'block' ? 'Occupé – Passerelle' : 'Rendez-vous – Passerelle';
  return {
    id: idOf(mark),
    status: 'confirmed',
    eventType: 'default',
    summary: patient === null ? title : `${patient.family}, ${patient.given}`,
    ...(kind === 'appointment' ? { description: `Référence ${subjectOf(mark) ?? ''}` } : {}),
    ...timesOf(interval, zone),
    transparency: 'opaque',
    visibility: 'private',
    reminders: { useDefault: false },
    extendedProperties: { private: { [MARK_KEY]: mark, [KIND_KEY]: kind } },
  };
}
