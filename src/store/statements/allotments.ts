import type { Instant } from '../../domain/instant.ts';
import type { Handed, Unit } from '../../domain/schedule.ts';
import type { SlotMark } from '../../engine/ports/stretches.ts';
import type { Queryable } from '../database.ts';

/** $1 ids, $2 and $3 the marks, $4 at. Whoever has read the slot must see that it is another now. */
const MARK = `
update slot set withheld = mark.withheld, awaited_by = mark.awaited_by,
  version = version + (slot.withheld <> mark.withheld)::integer,
  updated_ms = case when slot.withheld <> mark.withheld then greatest(updated_ms, $4) else updated_ms end
from unnest($1::uuid[], $2::boolean[], $3::text[]) as mark(id, withheld, awaited_by)
where slot.id = mark.id`;

export async function markSlots(on: Queryable, marks: readonly SlotMark[], at: Instant): Promise<void> {
  if (marks.length === 0) return;
  await on.query(MARK, [
    marks.map((mark) => mark.slotId),
    marks.map((mark) => mark.withheld),
    marks.map((mark) => mark.awaitedBy),
    at,
  ]);
}

/** $1 schedules. */
const HANDED = `
select schedule_id as "scheduleId", unit, connection_id as "connectionId" from allotment
where schedule_id = any($1::text[])`;

export const handedUnits = (on: Queryable, scheduleIds: readonly string[]): Promise<Handed[]> =>
  on.query<Handed>(HANDED, [scheduleIds]);

/** $1 schedules, $2 units, $3 connections. */
const HAND = `
insert into allotment (schedule_id, unit, connection_id)
select * from unnest($1::text[], $2::text[], $3::text[])
on conflict (schedule_id, unit) do update set connection_id = excluded.connection_id`;

export async function handUnits(on: Queryable, units: readonly Handed[]): Promise<void> {
  if (units.length === 0) return;
  await on.query(HAND, [
    units.map((each) => each.scheduleId),
    units.map((each) => each.unit),
    units.map((each) => each.connectionId),
  ]);
}

/** $1 unit: as texts they are in order. */
const FORGET = 'delete from allotment where unit < $1';

export async function forgetHanded(on: Queryable, before: Unit): Promise<void> {
  await on.query(FORGET, [before]);
}
