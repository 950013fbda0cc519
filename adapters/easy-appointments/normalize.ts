import { z } from 'zod';
import { type CodeMap, type CodeMaps, translate } from '../../src/adapter/concept-map.ts';
import { issuesOf } from '../../src/adapter/http.ts';
import type { Observation, ObservedBusy, Rejected } from '../../src/adapter/observation.ts';
import type { BusyKind } from '../../src/domain/busy.ts';
import {
  ELIGIBILITIES,
  MODES,
  REASONS,
  type SlotAttributes,
  UNKNOWN_ATTRIBUTES,
} from '../../src/domain/slot.ts';
import { markIn, timeOf } from './note.ts';
import type { PlannedSlot } from './plan.ts';
import { Appointment, BlockedPeriod, Id, type Service, Unavailability } from './wire.ts';

export type Normalized = { readonly rows: Observation[]; readonly rejected: Rejected[] };

const Identified = z.object({ id: Id });

/** The name of a service as a code: names are the clinic's own, and the only thing that says what it is for. */
export const codeOf = ({ name }: Pick<Service, 'name'>): string =>
  name
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/(?<![^-])-|-(?![^-])/g, '')
    .slice(0, 64) || 'unnamed';

export const slotId = (calendar: string, { id }: Service, local: string): string =>
  `${calendar}/${id}#${local}`;

/** The service of a slot of ours; null where it is none. */
export function serviceIn(slot: string | null): number | null {
  const found = /^\d+\/(\d{1,10})#/.exec(slot ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

/** Slots of a service, as its name and the ConceptMaps describe it; a code that is unmapped is reported on each. */
export function createSlots(
  maps: CodeMaps,
): (calendar: string, service: Service, planned: readonly PlannedSlot[]) => Normalized {
  const reason = maps.map('easy-appointments-reason');
  const eligibility = maps.map('easy-appointments-eligibility');
  const mode = maps.map('easy-appointments-mode');
  return (calendar, service, planned) => {
    const unmapped: string[] = [];
    const code = codeOf(service);
    const of = <Ours extends string>(map: CodeMap, allowed: readonly Ours[], what: string) =>
      translate([code], map, allowed, () =>
        unmapped.push(`unmapped code ${code} of a service, for its ${what}`),
      );
    const attributes: SlotAttributes = {
      ...UNKNOWN_ATTRIBUTES,
      reasons: of(reason, REASONS, 'reason'),
      eligibility: of(eligibility, ELIGIBILITIES, 'eligibility'),
      mode: of(mode, MODES, 'mode')?.[0] ?? null,
    };
    const normalized: Normalized = { rows: [], rejected: [] };
    for (const { local, interval } of planned) {
      const externalId = slotId(calendar, service, local);
      normalized.rows.push({
        kind: 'slot',
        externalId,
        calendar,
        interval,
        mark: null,
        revision: null,
        sequence: null,
        attributes,
      });
      for (const why of unmapped) normalized.rejected.push({ externalId, reason: why, raw: service });
    }
    return normalized;
  };
}

type Timed = {
  readonly id: number;
  readonly start: string;
  readonly end: string;
  readonly notes?: string | null;
};

/**
 * Rows of one of its lists as busy periods of the calendars that we read; those of others are none of our business.
 * @param calendarsOf the calendars in which a row takes time.
 */
function busyOf<Row extends Timed>(
  schema: z.ZodType<Row>,
  busyKind: BusyKind,
  idOf: (row: Row, calendar: string) => string,
  calendarsOf: (row: Row) => readonly string[],
  zoneOf: (calendar: string) => string,
): (records: readonly unknown[]) => { rows: ObservedBusy[]; rejected: Rejected[] } {
  return (records) => {
    const rows: ObservedBusy[] = [];
    const rejected: Rejected[] = [];
    for (const record of records) {
      const parsed = schema.safeParse(record);
      if (!parsed.success) {
        const id = Identified.safeParse(record).data?.id ?? null;
        rejected.push({
          externalId: id === null ? null : String(id),
          reason: issuesOf(parsed.error),
          raw: record,
        });
        continue;
      }
      for (const calendar of calendarsOf(parsed.data)) {
        const externalId = idOf(parsed.data, calendar);
        try {
          const interval = timeOf(parsed.data, zoneOf(calendar));
          const mark = markIn(parsed.data.notes ?? null);
          const common = { calendar, interval, mark, revision: null, sequence: null };
          rows.push({ kind: 'busy', externalId, ...common, busyKind, expiresAt: null, changedAt: null });
        } catch {
          rejected.push({
            externalId,
            reason: 'start, end: no times of a clock, or it ends first',
            raw: record,
          });
        }
      }
    }
    return { rows, rejected };
  };
}

/** Appointments and unavailabilities are numbered together; blocked periods by themselves, and they close every provider. */
export function createBusy(zoneOf: (calendar: string) => string) {
  return {
    appointments: (calendars: ReadonlySet<string>) =>
      busyOf(Appointment, 'appointment', plainId, own(calendars), zoneOf),
    unavailabilities: (calendars: ReadonlySet<string>) =>
      busyOf(Unavailability, 'block', plainId, own(calendars), zoneOf),
    blocked_periods: (calendars: ReadonlySet<string>) =>
      busyOf(
        BlockedPeriod,
        'block',
        ({ id }, calendar) => `blocked-${id}#${calendar}`,
        () => [...calendars],
        zoneOf,
      ),
  };
}

const plainId = ({ id }: Timed): string => String(id);

const own =
  (calendars: ReadonlySet<string>) =>
  ({ providerId }: { readonly providerId: number }): readonly string[] =>
    calendars.has(String(providerId)) ? [String(providerId)] : [];
