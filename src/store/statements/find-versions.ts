import type { SlotStatus } from '../../domain/slot.ts';
import type { SlotRow } from '../../engine/ports/front.ts';
import type {
  AppointmentVersion,
  FormerSlot,
  ResourceVersion,
  SlotVersion,
  VersionKey,
  VersionQuery,
} from '../../engine/ports/versions.ts';
import type { Queryable, Row } from '../database.ts';
import { identifiersOf } from './search.ts';

/** Versions of one resource, or of all of its type: what is so now and what is kept of before, in one look. */

type Kind = {
  /**
   * Where its versions are: queries of (id, version, updated_ms, …) that end where conditions begin.
   * @param next the place of the first parameter that is theirs.
   */
  readonly sources: (next: number) => readonly string[];
  /** What is told of those that are found. */
  readonly columns: string;
  readonly joins: string;
};

const KEY = 'found.id, found.version, found.updated_ms as "updatedMs"';

/** Most versions have the document of the one after them. */
const documentIn = (table: string): string => `coalesce(found.document, (
    select document from ${table}_version as later
    where later.id = found.id and later.version > found.version and document is not null
    order by version limit 1
  ), (select document from ${table} as latest where latest.id = found.id)) as document`;

/** Of all, or of those that `VersionQuery.within` names. */
type KindOf = (isWithin: boolean) => Kind;

const owned = (isWithin: boolean, column: string, place: number): string =>
  isWithin ? `${column} = any($${place}::text[])` : 'true';

const slotKind: KindOf = (isWithin) => ({
  sources: (next) =>
    ['slot', 'slot_version'].map(
      (table) =>
        `select id, version, updated_ms, connection_id, status, document from ${table} where ${owned(isWithin, 'schedule_id', next)}`,
    ),
  columns: `${KEY}, found.connection_id as "connectionId", found.status, ${documentIn('slot')},
  slot.calendar, slot.schedule_id as "scheduleId", slot.start_ms as "startMs", slot.end_ms as "endMs", slot.withheld`,
  joins: 'left join slot on slot.id = found.id and slot.version = found.version',
});

const appointmentKind: KindOf = (isWithin) => ({
  sources: (next) =>
    ['appointment', 'appointment_version'].map(
      (table) =>
        `select id, version, updated_ms, status, document from ${table} where ${owned(isWithin, 'schedule_id', next)}`,
    ),
  columns: `${KEY}, found.status, ${documentIn('appointment')}, ${identifiersOf('found')}, held.expires_ms as "heldUntilMs"`,
  joins: `left join appointment on appointment.id = found.id and appointment.version = found.version
  left join busy_period as held on held.id = appointment.id and appointment.status = 'pending'
    and held.kind = 'hold' and held.ended_ms is null`,
});

const resourceKind: KindOf = (isWithin) => ({
  sources: (next) => [
    `select id, version, updated_ms, document from resource_version where type = $${next} and ${owned(isWithin, 'id', next + 1)}`,
  ],
  columns: `${KEY}, found.document`,
  joins: '',
});

/** $1 id, $2 version, $3 and $4 the moment, $5 since, $6 the version of the page before, $7 limit; null = any. $8 and on are the kind's. */
const ofOne = ({ sources }: Kind): string => `
select * from (
  select *, lead(updated_ms) over (order by version) as until_ms
  from (${sources(8)
    .map((source) => `${source} and id = $1`)
    .join(' union all ')}) as version
) as version
where ($2::integer is null or version = $2)
  and ($3::bigint is null or until_ms is null or until_ms > $3) and ($4::bigint is null or updated_ms < $4)
  and ($5::bigint is null or updated_ms >= $5) and ($6::integer is null or version < $6)
order by version desc limit $7::integer`;

/** $1 to $3 the last version of the page before, $4 since, $5 limit, $6 and on are the kind's. */
function ofAll({ sources }: Kind): string {
  const page = 'order by updated_ms desc, id desc, version desc limit $5';
  const each = sources(6).map(
    (source) => `(${source} and updated_ms >= $4 and (updated_ms, id, version) < ($1, $2, $3) ${page})`,
  );
  return `select * from (${each.join(' union all ')}) as version ${page}`;
}

/** $1 since, $2 and on are the kind's. */
const countOfAll = ({ sources }: Kind): string =>
  `select (${sources(2)
    .map((source) => `(select count(*) from (${source} and updated_ms >= $1) as version)`)
    .join(' + ')})::integer as total`;

/** The statements of a kind. */
const statementsOf = (kind: Kind) => {
  const told = (found: string, order: string): string =>
    `select ${kind.columns} from (${found}) as found ${kind.joins} order by ${order}`;
  return {
    one: told(ofOne(kind), 'found.version desc'),
    all: told(ofAll(kind), 'found.updated_ms desc, found.id desc, found.version desc'),
    countOne: `select count(*)::integer as total from (${ofOne(kind)}) as found`,
    countAll: countOfAll(kind),
  };
};

type Statements = Readonly<Record<'all' | 'within', ReturnType<typeof statementsOf>>>;

const statements = (kind: KindOf): Statements => ({
  all: statementsOf(kind(false)),
  within: statementsOf(kind(true)),
});

const SLOTS = statements(slotKind);
const APPOINTMENTS = statements(appointmentKind);
const RESOURCES = statements(resourceKind);

/** After anything. */
const LATEST: VersionKey = {
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  version: 2 ** 31 - 1,
  updatedMs: Number.MAX_SAFE_INTEGER,
};

const parametersOfOne = (
  { id, version, at }: NonNullable<VersionQuery['of']>,
  { sinceMs, after, limit }: Omit<VersionQuery, 'of' | 'limit'> & { readonly limit: number | null },
): unknown[] => [id, version, at.fromMs, at.beforeMs, sinceMs, after?.version ?? null, limit];

function find<R extends Row>(on: Queryable, statements: Statements, query: VersionQuery, ...type: string[]) {
  const { of, sinceMs, limit } = query;
  const { one, all } = statements[query.within ? 'within' : 'all'];
  const own = [...type, ...(query.within ? [query.within] : [])];
  if (of) return on.query<R>(one, [...parametersOfOne(of, query), ...own]);
  const { updatedMs, id, version } = query.after ?? LATEST;
  return on.query<R>(all, [updatedMs, id, version, sinceMs ?? 0, limit, ...own]);
}

async function count(
  on: Queryable,
  statements: Statements,
  { of, sinceMs, within }: VersionQuery,
  ...type: string[]
): Promise<number> {
  const { countOne, countAll } = statements[within ? 'within' : 'all'];
  const own = [...type, ...(within ? [within] : [])];
  const everything = { sinceMs, after: null, limit: null };
  const [row] = of
    ? await on.query<{ total: number }>(countOne, [...parametersOfOne(of, everything), ...own])
    : await on.query<{ total: number }>(countAll, [sinceMs ?? 0, ...own]);
  return row?.total ?? 0;
}

type Nullable<T> = { [Key in keyof T]: T[Key] | null };
/** What only the current one has is null of all others; so is the status of one that is gone. */
type SlotVersionRow = VersionKey &
  Pick<FormerSlot, 'connectionId' | 'document'> &
  Nullable<Omit<SlotRow, keyof FormerSlot> & { status: SlotStatus }>;

export async function slotVersions(on: Queryable, query: VersionQuery): Promise<SlotVersion[]> {
  return (await find<SlotVersionRow>(on, SLOTS, query)).map(slotVersionOf);
}

function slotVersionOf(row: SlotVersionRow): SlotVersion {
  const { id, version, updatedMs, connectionId, status, document } = row;
  const { calendar, scheduleId, startMs, endMs, withheld } = row;
  const key = { id, version, updatedMs };
  if (status === null) return { state: 'gone', row: key };
  const former = { ...key, connectionId, status, document };
  if (calendar === null || scheduleId === null || startMs === null || endMs === null || withheld === null) {
    return { state: 'former', row: former };
  }
  return { state: 'current', row: { ...former, calendar, scheduleId, startMs, endMs, withheld } };
}

export const appointmentVersions = (on: Queryable, query: VersionQuery): Promise<AppointmentVersion[]> =>
  find<AppointmentVersion>(on, APPOINTMENTS, query);

export const resourceVersions = (
  on: Queryable,
  query: VersionQuery,
  type: string,
): Promise<ResourceVersion[]> => find<ResourceVersion>(on, RESOURCES, query, type);

export const countSlotVersions = (on: Queryable, query: VersionQuery): Promise<number> =>
  count(on, SLOTS, query);

export const countAppointmentVersions = (on: Queryable, query: VersionQuery): Promise<number> =>
  count(on, APPOINTMENTS, query);

export const countResourceVersions = (on: Queryable, query: VersionQuery, type: string): Promise<number> =>
  count(on, RESOURCES, query, type);
