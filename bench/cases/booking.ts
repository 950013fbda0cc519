import { formatInstant } from '../../src/domain/instant.ts';
import { type ClinicSlot, slotAt } from '../clinic.ts';
import { Caller, run } from '../load.ts';
import { compare, type Sample, type Settings, SIDES, type Side } from '../rounds.ts';
import { median } from '../statistics.ts';
import { type Line, lineOf } from '../table.ts';
import type { Front } from './front.ts';

/** POST Appointment: claim, book at home, confirm. */

const TARGET = { of: 'floor', least: 0.6 } as const;
const BOOKINGS = [
  { callers: 1, requests: 400, milliseconds: 4_000 },
  { callers: 16, requests: 1_200, milliseconds: 4_000 },
];
/** Enough for the compiler to have seen both sides: a server is measured as it runs, not as it starts. */
const WARM_UP = { callers: 16, requests: 1_500, milliseconds: 10_000 };
const CONTENDERS = 16;
const CONTESTS = 10;

export async function* measureBooking(
  { size, head, servers }: Front,
  settings: Settings,
): AsyncGenerator<Line> {
  let taken = 0;
  // Every booking of the run is on a slot of its own.
  const next = (): string => {
    const slot = slotAt(size, taken);
    taken += 1;
    return booking(head, slot);
  };
  for (const side of SIDES) await run(servers[side].url, WARM_UP, 201, next);
  for (const bounds of BOOKINGS) {
    const name = `booking on distinct slots by ${bounds.callers}`;
    const compared = await compare(name, servers, settings, async (side) => {
      const done = await run(servers[side].url, bounds, 201, next);
      return { value: done.perSecond, operations: done.requests };
    });
    yield lineOf(name, 'bookings/s', compared, TARGET);
  }
  const name = `${CONTENDERS} contenders for one slot, until all are answered`;
  const compared = await compare(name, servers, settings, (side: Side) => contest(servers[side].url, next));
  yield lineOf(name, 'ms', compared);
}

async function contest(url: string, next: () => string): Promise<Sample> {
  const callers = Array.from({ length: CONTENDERS }, () => new Caller(url));
  const times: number[] = [];
  try {
    for (let contest = 0; contest < CONTESTS; contest += 1) {
      const request = next();
      const began = performance.now();
      const replies = await Promise.all(callers.map((caller) => caller.call(request)));
      times.push(performance.now() - began);
      const winners = replies.filter((reply) => reply.status === 201).length;
      if (winners !== 1) throw new Error(`${winners} callers were given the same slot`);
    }
  } finally {
    for (const caller of callers) caller.close();
  }
  return { value: median(times), operations: CONTESTS * CONTENDERS };
}

/** The patient is made up. */
const PATIENT = {
  resourceType: 'Patient',
  id: 'patient',
  name: [{ use: 'official', family: 'Fictif', given: ['Anne'] }],
  telecom: [{ system: 'phone', value: '+1 514 555-0199' }],
  birthDate: '2001-01-01',
};

function booking(head: string, { id, interval }: ClinicSlot): string {
  const body = JSON.stringify({
    resourceType: 'Appointment',
    status: 'booked',
    contained: [PATIENT],
    slot: [{ reference: `Slot/${id}` }],
    start: formatInstant(interval.start),
    end: formatInstant(interval.end),
    participant: [{ actor: { reference: '#patient' }, status: 'accepted' }],
  });
  const length = Buffer.byteLength(body);
  return `POST /fhir/Appointment HTTP/1.1\r\n${head}Content-Type: application/fhir+json\r\nContent-Length: ${length}\r\n\r\n${body}`;
}
