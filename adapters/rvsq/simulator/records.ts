import type { Change, Reservation, SimRecord } from '../../../src/adapter/simulator/records.ts';
import { toLocal } from '../../../src/adapter/zone.ts';
import { DAY, formatInstant, MINUTE, plus } from '../../../src/domain/instant.ts';
import type { Offer } from '../wire.ts';

/** The simulator's records in RVSQ's JSON. */

export const TYPES = {
  slot: 'availability',
  reservation: 'activity',
  block: 'unavailability',
} as const;

/** A made-up clinic. Coordinates are strings with a decimal comma, as RVSQ writes them. */
const LOCATION = {
  id: '3f0c2b7e-6a51-4e0f-8f3e-2b9d4c1a7001',
  label: 'Clinique fictive du Vieux-Moulin',
  noEstablishment: '99999',
  clscTerritory: '06000',
  address: { streetName: '1, rue Imaginaire', city: 'Montréal', latitude: '45,5089', longitude: '-73,5617' },
  anonymizeProfGMF: false,
  allowNoNam: false,
};

/** @param zone of its clinics, IANA name. */
export function recordOf(record: SimRecord<Offer>, zone: string) {
  const { start, end } = record.interval;
  const common = {
    type: TYPES[record.kind],
    id: record.id,
    professionalId: record.calendar,
    changeNumber: record.version,
    externalReference: record.reference,
    modifiedUtc: formatInstant(record.changedAt),
    date: toLocal(start, zone),
    dateUtc: formatInstant(start),
    duration: (end - start) / MINUTE,
    timeZone: zone,
  };
  switch (record.kind) {
    case 'slot':
      return {
        ...common,
        ...record.offer,
        location: LOCATION,
        bookingUrl: `https://rvsq.invalid/prendre-rendez-vous/${record.id}`,
      };
    case 'reservation':
      return { ...common, ...activityOf(record) };
    case 'block':
      return common;
  }
}

function activityOf(record: Reservation) {
  return {
    referenceNumber: `R${String(record.ordinal).padStart(9, '0')}`,
    consultingReasonTitle: null,
    isConfirmed: record.expiresAt === null,
    isDeclined: false,
    isRemoved: false,
    isDeleted: false,
    lockedUntilUtc: record.expiresAt === null ? null : formatInstant(record.expiresAt),
    canBeCancelled: true,
    cancelLimit: formatInstant(plus(record.interval.start, -DAY)),
    clientPresenceIndicator: null,
    reminderEmailStatus: 'NONE',
    reminderSmsStatus: 'NONE',
    professionalKind: 'MD',
    location: LOCATION,
  };
}

export const changeOf = ({ record, kind, id, version }: Change<Offer>, zone: string) =>
  record ? recordOf(record, zone) : { type: TYPES[kind], id, changeNumber: version, isDeleted: true };
