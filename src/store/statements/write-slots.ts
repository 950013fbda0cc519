import type { Instant } from '../../domain/instant.ts';
import type { SlotWrite } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';

/** $1 at, then one column after the other, $9 and $13 as joined texts. A new slot gets its status by trigger. */
const INSERT = `
insert into slot (id, connection_id, calendar, external_id, schedule_id, start_ms, end_ms, attributes, content, revision,
  sequence, document, updated_ms)
select wanted.*, $1
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
  string_to_array($9, E'\\x01'), $10::text[], $11::text[], $12::bigint[], string_to_array($13, E'\\x01')) as wanted`;

/** One that moved gets its status here. */
const UPSERT = `${INSERT}
on conflict (connection_id, external_id) do update set
  calendar = excluded.calendar, schedule_id = excluded.schedule_id, start_ms = excluded.start_ms,
  end_ms = excluded.end_ms, attributes = excluded.attributes, content = excluded.content,
  revision = excluded.revision, sequence = excluded.sequence, document = excluded.document,
  status = (
    select slot_status(schedule.actor_id, schedule.capacity, excluded.start_ms, excluded.end_ms)
    from schedule where schedule.id = excluded.schedule_id
  ),
  version = slot.version + 1, updated_ms = excluded.updated_ms`;

export const writeSlots = (on: Queryable, slots: readonly SlotWrite[], at: Instant): Promise<void> =>
  write(on, UPSERT, slots, at);

/** Without looking for what is there already, which costs a seventh of it. */
export const insertSlots = (on: Queryable, slots: readonly SlotWrite[], at: Instant): Promise<void> =>
  write(on, INSERT, slots, at);

async function write(on: Queryable, text: string, slots: readonly SlotWrite[], at: Instant): Promise<void> {
  if (slots.length === 0) return;
  const column = <T>(pick: (slot: SlotWrite) => T): T[] => slots.map(pick);
  await on.query(text, [
    at,
    column((slot) => slot.id),
    column((slot) => slot.connectionId),
    column((slot) => slot.calendar),
    column((slot) => slot.externalId),
    column((slot) => slot.scheduleId),
    column((slot) => slot.interval.start),
    column((slot) => slot.interval.end),
    joined(column((slot) => JSON.stringify(slot.attributes))),
    column((slot) => slot.content),
    column((slot) => slot.revision),
    column((slot) => slot.sequence),
    joined(column((slot) => slot.document)),
  ]);
}

/**
 * JSON texts as one: the driver escapes each element of an array, which takes longer than all the rest, and no JSON text
 * has a control character in it (RFC 8259, section 7).
 */
const joined = (texts: readonly string[]): string => texts.join('\u0001');
