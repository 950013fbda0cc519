import { Temporal } from 'temporal-polyfill';
import type { Busy } from '../../../src/adapter/simulator/records.ts';
import { readLocal, toLocal } from '../../../src/adapter/zone.ts';
import { type Instant, MINUTE, plus } from '../../../src/domain/instant.ts';

/** The simulator's records in OSCAR's JSON, with what Java makes of local times. */

const NOBODY = 0;
/** Made-up patients have numbers from here on. */
const FIRST_PATIENT = 5000;

export const STATUSES = [
  ['t', 'To Do'],
  ['T', 'Daysheet Printed'],
  ['H', 'Here'],
  ['P', 'Picked'],
  ['E', 'Empty Room'],
  ['N', 'No Show'],
  ['C', 'Cancelled'],
  ['B', 'Billed'],
] as const;

/** One row of a day. */
export function rowOf(record: Busy, status: string, zone: string, placeholder: number) {
  const { start } = record.interval;
  const demographicNo = demographicOf(record, placeholder);
  return {
    demographicNo,
    appointmentNo: Number(record.id),
    name: demographicNo === NOBODY ? 'DÎNER' : 'FICTIF, Patient',
    status,
    startTime: halfDay(toLocal(start, zone)),
    reason: '',
    duration: durationOf(record, zone),
    type: '',
    notes: record.reference ?? '',
    date: start,
  };
}

export function demographicOf(record: Busy, placeholder: number): number {
  if (record.kind === 'reservation') return FIRST_PATIENT + record.ordinal;
  // What staff close themselves stands under no patient; by this interface that cannot be done.
  return record.reference === null ? NOBODY : placeholder;
}

/** `hh:mm aa` */
function halfDay(local: string): string {
  const hours = Number(local.slice(11, 13));
  return `${String(hours % 12 || 12).padStart(2, '0')}:${local.slice(14, 16)} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** From the time of the start to that of the last minute, which have no date: past midnight it comes out empty. */
function durationOf({ interval: { start, end } }: Busy, zone: string): string {
  const minutes = minuteOf(toLocal(plus(end, -MINUTE), zone)) - minuteOf(toLocal(start, zone));
  const hours = Math.trunc(minutes / 60);
  const rest = minutes % 60;
  return (hours > 0 ? `${hours}H ` : '') + (rest > 0 ? `${rest}m ` : '');
}

const minuteOf = (local: string): number => Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));

/** As java.util.Calendar: of a time that happens twice it takes the second, of one that is skipped what comes as much later. */
export function javaInstant(date: string, time: string, zone: string): Instant {
  const reading = readLocal(Temporal.PlainDateTime.from(`${date}T${time}`).toString(), zone);
  return reading.kind === 'repeated' ? reading.second : reading.at;
}
