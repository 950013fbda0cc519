import { type Instant, instant } from '../../domain/instant.ts';
import type { Handed, Unit } from '../../domain/schedule.ts';
import type { SlotMark, Stretch } from '../../engine/ports/stretches.ts';
import type { Queryable } from '../database.ts';

/** $1 ids, $2 and $3 the marks, $4 at. Whoever has read the slot must see that it is another now. */
const MARK = `
update slot set withheld = mark.withheld, awaited = mark.awaited,
  version = version + (slot.withheld <> mark.withheld)::integer,
  updated_ms = case when slot.withheld <> mark.withheld then greatest(updated_ms, $4) else updated_ms end
from unnest($1::uuid[], $2::boolean[], $3::boolean[]) as mark(id, withheld, awaited)
where slot.id = mark.id`;

export async function markSlots(on: Queryable, marks: readonly SlotMark[], at: Instant): Promise<void> {
  if (marks.length === 0) return;
  await on.query(MARK, [
    marks.map((mark) => mark.slotId),
    marks.map((mark) => mark.withheld),
    marks.map((mark) => mark.awaited),
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

type StretchRow = { scheduleId: string; startMs: number; endMs: number };

const stretches = async (on: Queryable, text: string, now: Instant): Promise<Stretch[]> =>
  (await on.query<StretchRow>(text, [now])).map(({ scheduleId, startMs, endMs }) => ({
    scheduleId,
    window: { start: instant(startMs), end: instant(endMs) },
  }));

const COLUMNS = 'schedule_id as "scheduleId", min(start_ms) as "startMs", max(end_ms) as "endMs"';

/** $1 now. Looks only for what is being closed: what is being opened changes nothing. */
const AWAITED = `
select ${COLUMNS} from slot
where awaited and end_ms > $1 and not exists (
  select from listing
  where listing.differs and listing.schedule_id = slot.schedule_id
    and listing.start_ms < slot.end_ms and listing.end_ms > slot.start_ms
    and (listing.kind = 'block' and listing.desired is not null or listing.kind = 'offer' and listing.desired is null)
)
group by schedule_id`;

export const awaitedTime = (on: Queryable, now: Instant): Promise<Stretch[]> => stretches(on, AWAITED, now);

/** $1 now. */
const WITHHELD = `
select ${COLUMNS} from slot where (withheld or awaited) and end_ms > $1 group by schedule_id`;

export const withheldTime = (on: Queryable, now: Instant): Promise<Stretch[]> => stretches(on, WITHHELD, now);
