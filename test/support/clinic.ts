import { DEFAULT_LIMIT } from '../../src/domain/absence.ts';
import type { BusyKind, BusyPeriod } from '../../src/domain/busy.ts';
import type { Conflict } from '../../src/domain/conflict.ts';
import { Directory, type DirectoryEntries } from '../../src/domain/directory.ts';
import { DAY, HOUR, type Instant, instant, MINUTE, parseInstant, SECOND } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { busyFingerprint, type Listing } from '../../src/domain/listing.ts';
import { type Calendar, DEFAULT_POLICY, type Policy } from '../../src/domain/schedule.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { conflictId } from '../../src/engine/conflicts.ts';
import { NOTHING, type SlotWrite } from '../../src/engine/ports/store.ts';
import { slotDocument } from './parted-text.ts';

/** A small clinic that is made up: one doctor, a walk-in with two lanes, and two platforms `east` and `west`. */

export const NINE = parseInstant('2026-11-24T09:00:00-05:00');

/** @param minutes after 09:00 in Montréal on 24 November 2026 */
export const at = (minutes: number): Instant => instant(NINE + minutes * MINUTE);

export const span = (from: number, to: number): Interval => ({ start: at(from), end: at(to) });

export const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

const connection = (id: string) => ({
  id,
  platform: 'test',
  title: { fr: id, en: id },
  pollMilliseconds: 15 * SECOND,
  freshnessMilliseconds: HOUR,
  horizonMilliseconds: 28 * DAY,
  isEditedHere: false,
  asksPeople: false,
  isListed: false,
  suspect: DEFAULT_LIMIT,
});

export function entries(calendars: readonly Calendar[] = CALENDARS): DirectoryEntries {
  const schedule = {
    locationId: 'here',
    serviceId: 'family',
    policy: DEFAULT_POLICY,
  } as const;
  return {
    organizations: [{ id: 'clinic', name: 'Clinique fictive' }],
    practitioners: ['doctor', 'walk-in'].map((id) => ({
      id,
      family: id,
      given: id,
      prefix: null,
      identifiers: [],
    })),
    locations: [
      {
        id: 'here',
        name: 'Ici',
        organizationId: 'clinic',
        timeZone: 'America/Toronto',
        address: null,
        phone: null,
        position: null,
      },
    ],
    services: [{ id: 'family', name: { fr: 'Médecine familiale', en: 'Family medicine' } }],
    schedules: [
      { ...schedule, id: 'doctor-here', practitionerId: 'doctor', capacity: 1 },
      { ...schedule, id: 'walk-in-here', practitionerId: 'walk-in', capacity: 2 },
    ],
    connections: ['east', 'west'].map(connection),
    calendars,
  };
}

export const CALENDARS: readonly Calendar[] = [
  { connectionId: 'east', externalId: 'e-doctor', scheduleId: 'doctor-here', topology: 'block' },
  { connectionId: 'west', externalId: 'w-doctor', scheduleId: 'doctor-here', topology: 'block' },
  { connectionId: 'east', externalId: 'e-walk-in', scheduleId: 'walk-in-here', topology: 'block' },
];

export const directory = new Directory(entries());

/** The same clinic under other rules. */
export const under = (policy: Partial<Policy>, calendars: readonly Calendar[] = CALENDARS): Directory => {
  const { schedules, ...rest } = entries(calendars);
  return new Directory({
    ...rest,
    schedules: schedules.map((schedule) => ({ ...schedule, policy: { ...DEFAULT_POLICY, ...policy } })),
  });
};

export const busy = (n: number, interval: Interval, more: Partial<BusyPeriod> = {}): BusyPeriod => ({
  id: uuid(n),
  actorId: 'doctor',
  scheduleId: 'doctor-here',
  kind: 'appointment' as BusyKind,
  interval,
  lane: 0,
  originId: 'east',
  expiresAt: null,
  changedAt: at(-60),
  ...more,
});

/** A booking is at home; one that its platform does not have has been asked for only. */
export const listing = (n: number, interval: Interval, more: Partial<Listing> = {}): Listing => ({
  connectionId: 'east',
  calendar: 'e-doctor',
  subjectId: uuid(n),
  kind: 'booking',
  home: (more.kind ?? 'booking') !== 'booking' ? null : more.known === null ? 'asked' : 'stands',
  scheduleId: 'doctor-here',
  interval,
  desired: busyFingerprint('appointment', interval),
  known: busyFingerprint('appointment', interval),
  unsure: false,
  externalId: `e-${n}`,
  revision: null,
  sequence: null,
  knownAt: at(-60),
  ...more,
});

/** Two bookings that meet, by their ids; the smaller comes first. */
export const conflict = (a: string, b: string, more: Partial<Conflict> = {}): Conflict => ({
  id: conflictId(a, b),
  a: { busyId: a, interval: span(0, 20) },
  b: { busyId: b, interval: span(10, 30) },
  scheduleId: 'doctor-here',
  connectionId: 'east',
  detectedAt: at(-30),
  settlement: null,
  endedAt: null,
  ...more,
});

export const slot = (n: number, interval: Interval, more: Partial<SlotWrite> = {}): SlotWrite => ({
  id: uuid(n),
  connectionId: 'east',
  calendar: 'e-doctor',
  externalId: `slot-${n}`,
  scheduleId: 'doctor-here',
  interval,
  attributes: UNKNOWN_ATTRIBUTES,
  content: `content-${n}`,
  revision: null,
  sequence: null,
  document: slotDocument(uuid(n)),
  ...more,
});

export const NO_CHANGES = NOTHING;
