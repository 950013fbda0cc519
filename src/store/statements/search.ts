import type {
  AppointmentQuery,
  AppointmentRow,
  Order,
  SlotQuery,
  SlotRow,
  StartRange,
} from '../../engine/ports/front.ts';
import type { Queryable } from '../database.ts';

/**
 * Searches by keyset over (start, id), or over (updated, id). The text names only the conditions that a query has, so that each shape is
 * planned by itself and the partial indexes apply; values are always parameters.
 */

const SLOT_COLUMNS = `id, connection_id as "connectionId", calendar, schedule_id as "scheduleId", start_ms as "startMs",
  end_ms as "endMs", status, withheld, version, updated_ms as "updatedMs", document`;
/** @param appointment what the appointment is called in the query. */
export const identifiersOf = (appointment: string): string => `coalesce((
    select jsonb_agg(jsonb_build_object('system', nullif(system, ''), 'value', value) order by place)
    from appointment_identifier where appointment_id = ${appointment}.id
  ), '[]'::jsonb) as identifiers`;

const APPOINTMENT_COLUMNS = `id, schedule_id as "scheduleId", start_ms as "startMs", status, version,
  updated_ms as "updatedMs", slot_id as "slotId", document, ${identifiersOf('appointment')}, case when status = 'pending' then (
    select expires_ms from busy_period where busy_period.id = appointment.id and kind = 'hold' and ended_ms is null
  ) end as "heldUntilMs", patient_id as "patientId"`;

class Conditions {
  readonly #texts: string[] = [];
  readonly parameters: unknown[] = [];

  /** @param text with `?` where the parameter goes. */
  add(text: string, ...values: readonly unknown[]): this {
    const rest = [...values];
    this.#texts.push(
      text.replace(/\?/g, () => {
        this.parameters.push(rest.shift());
        return `$${this.parameters.length}`;
      }),
    );
    return this;
  }

  get where(): string {
    return this.#texts.length === 0 ? '' : `where ${this.#texts.join(' and ')}`;
  }
}

/** @param ranges of which one must hold; none = nothing does. */
function within(found: Conditions, column: string, ranges: readonly StartRange[]): void {
  const values: number[] = [];
  const texts = ranges.map(({ fromMs, beforeMs }) => {
    const bounds: string[] = [];
    if (fromMs !== null) {
      bounds.push(`${column} >= ?`);
      values.push(fromMs);
    }
    if (beforeMs !== null) {
      bounds.push(`${column} < ?`);
      values.push(beforeMs);
    }
    return bounds.length === 0 ? 'true' : bounds.join(' and ');
  });
  found.add(texts.length === 0 ? 'false' : `(${texts.join(' or ')})`, ...values);
}

function common(query: SlotQuery | AppointmentQuery): Conditions {
  const found = new Conditions();
  if (query.ids) found.add('id = any(?::uuid[])', query.ids);
  if (query.scheduleIds?.length === 1) found.add('schedule_id = ?', query.scheduleIds[0]);
  else if (query.scheduleIds) found.add('schedule_id = any(?::text[])', query.scheduleIds);
  // A single status stands in the text, so that the planner can prove that the partial index of free slots serves.
  if (query.statuses?.length === 1 && query.statuses[0] === 'free') found.add("status = 'free'");
  else if (query.statuses) found.add('status = any(?::text[])', query.statuses);
  if (query.start.fromMs !== null) found.add('start_ms >= ?', query.start.fromMs);
  if (query.start.beforeMs !== null) found.add('start_ms < ?', query.start.beforeMs);
  if (query.anyStart) within(found, 'start_ms', query.anyStart);
  if (query.anyUpdated) within(found, 'updated_ms', query.anyUpdated);
  return found;
}

/** By an index each: a value, of a system or of any, or all of a system. */
const IDENTIFIED = `id in (
    select appointment_id from appointment_identifier as named
    join unnest(?::text[], ?::text[]) as wanted(system, value) on wanted.value = named.value
    where coalesce(wanted.system, named.system) = named.system
    union all select appointment_id from appointment_identifier where system = any(?::text[])
  )`;

function identifierParameters(wanted: NonNullable<AppointmentQuery['identifiers']>): unknown[] {
  const values = wanted.filter(({ value }) => value !== '');
  const systems = wanted.flatMap(({ system, value }) => (value === '' && system !== null ? [system] : []));
  return [values.map(({ system }) => system), values.map(({ value }) => value), systems];
}

function appointmentConditions(query: AppointmentQuery): Conditions {
  const found = common(query);
  if (query.slotIds) found.add('slot_id = any(?::uuid[])', query.slotIds);
  if (query.patientIds) found.add('patient_id = any(?::uuid[])', query.patientIds);
  if (query.identifiers) found.add(IDENTIFIED, ...identifierParameters(query.identifiers));
  return found;
}

function slotConditions(query: SlotQuery): Conditions {
  const found = common(query);
  if (query.staleCalendars.length > 0) {
    found.add(
      "not (status = 'free' and (connection_id, calendar) in (select * from unnest(?::text[], ?::text[])))",
      query.staleCalendars.map((stale) => stale.connectionId),
      query.staleCalendars.map((stale) => stale.calendar),
    );
  }
  if (query.externalIds) {
    found.add(
      '(connection_id, external_id) in (select * from unnest(?::text[], ?::text[]))',
      query.externalIds.map(({ connectionId }) => connectionId),
      query.externalIds.map(({ externalId }) => externalId),
    );
  }
  if (query.onlyReasons) {
    const texts = query.onlyReasons.map((reason) => JSON.stringify([reason]));
    found.add("(attributes::json -> 'reasons')::text = any(?::text[])", texts);
  }
  if (query.anyReasons) {
    found.add("jsonb_exists_any(attributes::jsonb -> 'reasons', ?::text[])", query.anyReasons);
  }
  if (query.onlySellable) found.add("not (status = 'free' and withheld)");
  for (const { scheduleIds, fromMs } of query.unreleased) {
    found.add(
      "not (status = 'free' and start_ms >= ? and schedule_id in (select unnest(?::text[])))",
      fromMs,
      scheduleIds,
    );
  }
  return found;
}

const BY_START: Order = { by: 'start', descending: false };

function after(
  found: Conditions,
  { order = BY_START, after: last }: SlotQuery | AppointmentQuery,
): Conditions {
  if (!last) return found;
  return found.add(`(${order.by}_ms, id) ${order.descending ? '<' : '>'} (?, ?::uuid)`, last.atMs, last.id);
}

function sorted({ order: { by, descending } = BY_START }: SlotQuery | AppointmentQuery): string {
  const direction = descending ? 'desc' : 'asc';
  return `order by ${by}_ms ${direction}, id ${direction}`;
}

export function searchSlots(on: Queryable, query: SlotQuery): Promise<SlotRow[]> {
  const { where, parameters } = after(slotConditions(query), query);
  const text = `select ${SLOT_COLUMNS} from slot ${where} ${sorted(query)} limit $${parameters.length + 1}`;
  return on.query<SlotRow>(text, [...parameters, query.limit]);
}

export function searchAppointments(on: Queryable, query: AppointmentQuery): Promise<AppointmentRow[]> {
  const { where, parameters } = after(appointmentConditions(query), query);
  const text = `select ${APPOINTMENT_COLUMNS} from appointment ${where} ${sorted(query)} limit $${parameters.length + 1}`;
  return on.query<AppointmentRow>(text, [...parameters, query.limit]);
}

/** A look into the index for each schedule: most end at the first slot that they meet. */
export async function schedulesOfSlots(on: Queryable, query: SlotQuery): Promise<string[]> {
  const { where, parameters } = slotConditions(query);
  const rest = where === '' ? '' : where.replace(/^where/, 'and');
  const rows = await on.query<{ id: string }>(
    `select id from schedule where exists (select from slot where slot.schedule_id = schedule.id ${rest}) order by id`,
    parameters,
  );
  return rows.map(({ id }) => id);
}

const count = async (
  on: Queryable,
  table: 'slot' | 'appointment',
  conditions: Conditions,
): Promise<number> => {
  const { where, parameters } = conditions;
  const rows = await on.query<{ total: number }>(
    `select count(*)::integer as total from ${table} ${where}`,
    parameters,
  );
  return rows[0]?.total ?? 0;
};

export const countSlots = (on: Queryable, query: SlotQuery): Promise<number> =>
  count(on, 'slot', slotConditions(query));

export const countAppointments = (on: Queryable, query: AppointmentQuery): Promise<number> =>
  count(on, 'appointment', appointmentConditions(query));
