import { DAY, formatInstant, plus } from '../../src/domain/instant.ts';
import { type ClinicSize, scheduleId, slotAt, slotCount } from '../clinic.ts';
import { run } from '../load.ts';
import { compare, type Settings } from '../rounds.ts';
import { type Line, lineOf } from '../table.ts';
import type { Front } from './front.ts';

/** Slot search of 50 results by schedule, start and status, and Slot read. */

const CALLERS = 16;
const COUNT = '50';
const DAYS = 2;
const TARGET = { of: 'floor', least: 0.75 } as const;
const SEARCH = { callers: CALLERS, requests: 10_000, milliseconds: 1_500 };
const READ = { callers: CALLERS, requests: 20_000, milliseconds: 1_000 };
const DIFFERENT_READS = 2_000;

/** The header lines of every request; the same Host for both servers, since it goes into the links of an answer. */
export const headersOf = (token: string): string =>
  `Host: banc\r\nAuthorization: Bearer ${token}\r\nAccept: application/fhir+json\r\n`;

export const read = (head: string, id: string): string => `GET /fhir/Slot/${id} HTTP/1.1\r\n${head}\r\n`;

/** Each doctor, and each pair of days. */
export function searches(size: ClinicSize, head: string): string[] {
  return Array.from({ length: size.doctors * (size.days - DAYS) }, (_, index) => {
    const from = plus(size.from, (index % (size.days - DAYS)) * DAY);
    const query = new URLSearchParams([
      ['schedule', `Schedule/${scheduleId(index % size.doctors)}`],
      ['start', `ge${formatInstant(from)}`],
      ['start', `lt${formatInstant(plus(from, DAYS * DAY))}`],
      ['status', 'free'],
      ['_count', COUNT],
    ]);
    return `GET /fhir/Slot?${query} HTTP/1.1\r\n${head}\r\n`;
  });
}

export async function* measureSearch(
  { size, head, servers }: Front,
  settings: Settings,
): AsyncGenerator<Line> {
  const searching = searches(size, head);
  const reading = Array.from({ length: DIFFERENT_READS }, (_, index) =>
    read(head, slotAt(size, (index * 7) % slotCount(size)).id),
  );
  for (const { name, bounds, requests } of [
    { name: 'Slot search of 50', bounds: SEARCH, requests: searching },
    { name: 'Slot read', bounds: READ, requests: reading },
  ]) {
    const send = (number: number): string => requests[number % requests.length] ?? '';
    const measure = async (url: string) => {
      const done = await run(url, bounds, 200, send);
      return { value: done.perSecond, operations: done.requests };
    };
    // Both are warm before the first round.
    await measure(servers.floor.url);
    await measure(servers.passerelle.url);
    const compared = await compare(name, servers, settings, (side) => measure(servers[side].url));
    yield lineOf(`${name}, ${CALLERS} callers`, 'requests/s', compared, TARGET);
  }
}
