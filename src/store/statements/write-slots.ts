import type { Instant } from '../../domain/instant.ts';
import type { SlotWrite } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';

/**
 * What the slots of a schedule have in common is sent once, as a form, and the database puts the documents together:
 * as whole texts they would be nine tenths of all that is sent.
 */

/** Places of a document where a slot has a value of its own: id, start, end, since when it is offered, booking page. */
const VALUES_MAX = 5;
const places = Array.from({ length: VALUES_MAX }, (_, index) => index + 1);

/** $1 at, $2 to $5 the forms, then one column after the other. A new slot gets its status by trigger. */
const INSERT = `
with form as materialized (
  select number, connection_id, calendar, schedule_id, string_to_array(joined, E'\\x02') as pieces
  from unnest($2::text[], $3::text[], $4::text[], ${column(5, 'text')})
    with ordinality as forms(connection_id, calendar, schedule_id, joined, number)
)
insert into slot (id, connection_id, calendar, external_id, schedule_id, start_ms, end_ms, attributes, content, revision,
  sequence, document, version, updated_ms)
select wanted.id, form.connection_id, form.calendar, wanted.external_id, form.schedule_id, wanted.start_ms, wanted.end_ms,
  wanted.attributes, wanted.content, wanted.revision, wanted.sequence,
  concat(${places.map((place) => `pieces[${place}], value_${place}, `).join('')}pieces[${VALUES_MAX + 1}]),
  coalesce((
    select version + 1 from slot_version where slot_version.id = wanted.id and status is null order by version desc limit 1
  ), 1), $1
from unnest(${column(6, 'uuid')}, $7::text[], ${column(8, 'bigint')}, ${column(9, 'bigint')}, ${column(10, 'text')},
  ${column(11, 'text')}, $12::text[], $13::bigint[], ${column(14, 'integer')},
  ${places.map((place) => column(14 + place, 'text')).join(', ')}
) as wanted(id, external_id, start_ms, end_ms, attributes, content, revision, sequence, form,
  ${places.map((place) => `value_${place}`).join(', ')})
join form on form.number = wanted.form`;

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
  const { forms, numbers } = formsOf(slots);
  await on.query(text, [
    at,
    forms.map((form) => form.connectionId),
    forms.map((form) => form.calendar),
    forms.map((form) => form.scheduleId),
    joined(forms, (form) => form.document.pieces.join('\u0002')),
    joined(slots, (slot) => slot.id),
    slots.map((slot) => slot.externalId),
    joined(slots, (slot) => slot.interval.start),
    joined(slots, (slot) => slot.interval.end),
    joined(slots, (slot) => JSON.stringify(slot.attributes)),
    joined(slots, (slot) => slot.content),
    slots.map((slot) => slot.revision),
    slots.map((slot) => slot.sequence),
    joined(numbers, (number) => number),
    ...places.map((place) => joined(slots, (slot) => slot.document.values[place - 1] ?? '')),
  ]);
}

type Forms = {
  /** The first slot of each form: what it has in common with the others. */
  readonly forms: readonly SlotWrite[];
  /** For each slot the number of its form, from 1. */
  readonly numbers: readonly number[];
};

function formsOf(slots: readonly SlotWrite[]): Forms {
  const forms: SlotWrite[] = [];
  const byPieces = new Map<readonly string[], number[]>();
  const numbers = slots.map((slot) => {
    const { pieces, values } = slot.document;
    const candidates = byPieces.get(pieces) ?? [];
    const known = candidates.find((number) => isAlike(forms[number - 1], slot));
    if (known !== undefined) return known;
    if (values.length > VALUES_MAX || pieces.length !== values.length + 1) {
      throw new RangeError(`a document of ${pieces.length} pieces and ${values.length} values`);
    }
    const number = forms.push(slot);
    byPieces.set(pieces, [...candidates, number]);
    return number;
  });
  return { forms, numbers };
}

const isAlike = (form: SlotWrite | undefined, slot: SlotWrite): boolean =>
  form?.connectionId === slot.connectionId &&
  form.calendar === slot.calendar &&
  form.scheduleId === slot.scheduleId;

/**
 * Texts as one: the driver escapes each element of an array, which takes longer than all the rest. Only of what has no
 * control characters: JSON texts (RFC 8259, section 7), numbers, and ids and hashes of ours.
 */
const joined = <T>(list: readonly T[], textOf: (element: T) => string | number): string =>
  list.map(textOf).join('\u0001');

function column(parameter: number, type: 'uuid' | 'bigint' | 'integer' | 'text'): string {
  const texts = `string_to_array($${parameter}, E'\\x01')`;
  return type === 'text' ? texts : `${texts}::${type}[]`;
}
