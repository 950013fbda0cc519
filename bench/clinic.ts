import type { ObservedSlot } from '../src/adapter/observation.ts';
import { DEFAULT_LIMIT } from '../src/domain/absence.ts';
import type { DirectoryEntries } from '../src/domain/directory.ts';
import { DAY, HOUR, type Instant, instant, MINUTE, plus } from '../src/domain/instant.ts';
import type { Interval } from '../src/domain/interval.ts';
import { DEFAULT_POLICY } from '../src/domain/schedule.ts';
import type { SlotAttributes } from '../src/domain/slot.ts';
import { derivedId } from '../src/engine/identity.ts';

/** A made-up clinic whose slots can be counted off: every process of the bench makes the same ones from this. */
export type ClinicSize = {
  /** Midnight UTC of the first day. */
  readonly from: Instant;
  readonly doctors: number;
  readonly days: number;
};

export type ClinicSlot = {
  readonly id: string;
  readonly externalId: string;
  readonly calendar: string;
  readonly scheduleId: string;
  readonly actorId: string;
  readonly interval: Interval;
  readonly attributes: SlotAttributes;
};

export const HOME = 'home';
export const SLOTS_A_DAY = 36;
const FIRST_HOUR_UTC = 13;
const STEP_MINUTES = 15;

export const nextMidnight = (): Instant => instant((Math.floor(Date.now() / DAY) + 1) * DAY);

export const slotCount = ({ doctors, days }: ClinicSize): number => doctors * days * SLOTS_A_DAY;

const doctorId = (doctor: number): string => `dr-${doctor}`;
export const scheduleId = (doctor: number): string => `${doctorId(doctor)}-clinique`;
export const calendarId = (doctor: number): string => `ag-${doctorId(doctor)}`;

export function intervalAt({ from }: ClinicSize, day: number, position: number): Interval {
  const start = plus(from, day * DAY + FIRST_HOUR_UTC * HOUR + position * STEP_MINUTES * MINUTE);
  return { start, end: plus(start, STEP_MINUTES * MINUTE) };
}

/** @param index 0 … slotCount − 1; neighbours are of different doctors, so that callers in a row do not wait for one. */
export function slotAt(size: ClinicSize, index: number): ClinicSlot {
  const doctor = index % size.doctors;
  const place = Math.floor(index / size.doctors);
  const day = Math.floor(place / SLOTS_A_DAY);
  const externalId = `pla-${index}`;
  return {
    id: derivedId('slot', HOME, externalId),
    externalId,
    calendar: calendarId(doctor),
    scheduleId: scheduleId(doctor),
    actorId: doctorId(doctor),
    interval: intervalAt(size, day, place % SLOTS_A_DAY),
    attributes: attributesAt(size, index),
  };
}

/** The slot as an adapter gives it to the engine. */
export function observedAt(size: ClinicSize, index: number): ObservedSlot {
  const doctor = index % size.doctors;
  const place = Math.floor(index / size.doctors);
  return {
    kind: 'slot',
    externalId: `pla-${index}`,
    calendar: calendarId(doctor),
    interval: intervalAt(size, Math.floor(place / SLOTS_A_DAY), place % SLOTS_A_DAY),
    mark: null,
    revision: '1',
    sequence: 1,
    attributes: attributesAt(size, index),
  };
}

const REASONS = [['urgent', 'semi-urgent'], ['regular-follow-up'], ['urgent']] as const;

const attributesAt = ({ from }: ClinicSize, index: number): SlotAttributes => ({
  availableSince: plus(from, -14 * DAY),
  eligibility: index % 3 === 0 ? ['anyone'] : ['registered-doctor', 'registered-place'],
  reasons: REASONS[index % REASONS.length] ?? null,
  reorientation: [],
  mode: index % 4 === 0 ? 'phone' : 'in-person',
  bookingUrl: null,
});

/** One connection that offers every slot, and no other: what is measured is not the mirror. */
export function directoryOf({ doctors }: ClinicSize): DirectoryEntries {
  const numbers = Array.from({ length: doctors }, (_, doctor) => doctor);
  return {
    organizations: [{ id: 'clinique-banc', name: 'Clinique fictive du banc' }],
    practitioners: numbers.map((doctor) => ({
      id: doctorId(doctor),
      family: `Fictif-${doctor}`,
      given: 'Camille',
      prefix: 'Dre',
      identifiers: [],
    })),
    locations: [
      {
        id: 'ici',
        name: 'Ici',
        organizationId: 'clinique-banc',
        timeZone: 'America/Toronto',
        address: null,
        phone: null,
        position: null,
      },
    ],
    services: [{ id: 'famille', name: { fr: 'Médecine familiale', en: 'Family medicine' } }],
    schedules: numbers.map((doctor) => ({
      id: scheduleId(doctor),
      practitionerId: doctorId(doctor),
      locationId: 'ici',
      serviceId: 'famille',
      capacity: 1,
      policy: DEFAULT_POLICY,
    })),
    connections: [
      {
        id: HOME,
        platform: HOME,
        title: { fr: 'Maison', en: 'Home' },
        pollMilliseconds: DAY,
        freshnessMilliseconds: 2 * DAY,
        horizonMilliseconds: 60 * DAY,
        isEditedHere: false,
        asksPeople: false,
        isListed: false,
        suspect: DEFAULT_LIMIT,
      },
    ],
    calendars: numbers.map((doctor) => ({
      connectionId: HOME,
      externalId: calendarId(doctor),
      scheduleId: scheduleId(doctor),
      topology: 'block',
    })),
  };
}
