import { z } from 'zod';
import type { CodeMaps } from '../../src/adapter/concept-map.ts';
import { issuesOf } from '../../src/adapter/http.ts';
import type { Observation, Rejected } from '../../src/adapter/observation.ts';
import type { BusyKind } from '../../src/domain/busy.ts';
import { MINUTE, plus } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { Appointment, AVAILABILITY_STATE, Availability } from './wire.ts';

/** Free times and appointments of one place as observations. */

export type Normalized = { readonly rows: Observation[]; readonly rejected: Rejected[] };

const Identified = z.object({ id: z.union([z.int(), z.string().regex(/^[A-Za-z0-9\-.]{1,100}$/)]) });

function reject(raw: unknown, reason: string): Rejected {
  const id = Identified.safeParse(raw).data?.id;
  return { externalId: id === undefined ? null : String(id), reason, raw };
}

/**
 * @param minutes how long the service takes: its answers do not say when a time ends.
 * @param met ids of this reading: variants of a service repeat them.
 */
export function readAvailabilities(
  records: readonly unknown[],
  place: string,
  minutes: number,
  met: Set<string>,
): Normalized {
  const normalized: Normalized = { rows: [], rejected: [] };
  for (const raw of records) {
    const parsed = Availability.safeParse(raw);
    if (!parsed.success) {
      normalized.rejected.push(reject(raw, issuesOf(parsed.error)));
      continue;
    }
    const { id, start, place: there } = parsed.data;
    if (there !== place || met.has(id)) continue;
    met.add(id);
    normalized.rows.push({
      kind: 'slot',
      externalId: id,
      calendar: place,
      interval: interval(start, plus(start, minutes * MINUTE)),
      ...{ mark: null, revision: null, sequence: null },
      attributes: UNKNOWN_ATTRIBUTES,
    });
  }
  return normalized;
}

/** R4's appointmentstatus, as far as it takes time. */
const KINDS: ReadonlyMap<string, BusyKind> = new Map([
  ['pending', 'hold'],
  ['booked', 'appointment'],
  ['arrived', 'appointment'],
  ['fulfilled', 'appointment'],
  ['noshow', 'appointment'],
] as const);
const OVER = new Set(['cancelled', 'entered-in-error']);

/** The guide writes the same codes in capitals with underscores and in small letters with hyphens. */
const CODE = /^[A-Za-z][A-Za-z_-]{0,63}$/;
const plain = (code: string): string =>
  CODE.test(code) ? code.toLowerCase().replaceAll('_', '-') : '(not a code)';

export function createAppointmentReader(
  maps: CodeMaps,
): (records: readonly unknown[], calendar: string) => Normalized {
  const state = maps.map('clic-sante-appointment-state');
  const client = maps.map('clic-sante-client-state');
  const availability = maps.map('clic-sante-availability-state');

  return (records, calendar) => {
    const normalized: Normalized = { rows: [], rejected: [] };
    for (const raw of records) {
      const parsed = Appointment.safeParse(raw);
      if (!parsed.success || !(parsed.data.start < parsed.data.end)) {
        const why = parsed.success ? 'start, end: not a time that passes' : issuesOf(parsed.error);
        normalized.rejected.push(reject(raw, why));
        continue;
      }
      const appointment = parsed.data;
      const externalId = appointment.id;
      const translated = (map: typeof state, code: string, element: string): string | null => {
        const ours = map.toOurs(plain(code));
        if (ours === null) {
          const reason = `unmapped code ${plain(code)} in ${element}`;
          normalized.rejected.push({ externalId, reason, raw });
        }
        return ours;
      };
      const { status, participant } = appointment;
      const clients = participant.map((each) => each.status).filter((code) => plain(code) !== 'undefined');
      const shown = availabilityStateOf(appointment);
      const said = [
        ...(shown === null ? [] : [translated(availability, shown, 'availabilityState')]),
        ...clients.map((code) => translated(client, code, 'participant.status')),
        translated(state, status, 'status'),
      ];
      // Whoever else was to come has to have cancelled too.
      const areAllOver =
        clients.length === participant.length && clients.every((code) => isOver(client.toOurs(plain(code))));
      if (areAllOver || (shown !== null && isOver(availability.toOurs(plain(shown))))) continue;
      normalized.rows.push({
        kind: 'busy',
        externalId,
        calendar,
        interval: interval(appointment.start, appointment.end),
        mark: null,
        // It has no version; its codes, as they came, are what changes.
        revision: [status, ...participant.map((each) => each.status), shown ?? ''].join(' '),
        sequence: null,
        // What nobody understands is closed, and not free.
        busyKind: said.includes(null) ? 'block' : (KINDS.get(state.toOurs(plain(status)) ?? '') ?? 'block'),
        expiresAt: null,
        changedAt: appointment.created ?? null,
      });
    }
    return normalized;
  };
}

const isOver = (status: string | null): boolean => status !== null && OVER.has(status);

const availabilityStateOf = ({ extension }: Appointment): string | null =>
  extension.find(({ url }) => AVAILABILITY_STATE.test(url))?.valueCode ?? null;
