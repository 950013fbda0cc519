import type { Book, Held, Hold, Written } from '../../src/adapter/contract.ts';
import type { ObservedBusy } from '../../src/adapter/observation.ts';
import { sameInterval } from '../../src/domain/interval.ts';
import {
  afterWriting,
  busyIn,
  calendar,
  type Desk,
  done,
  givesWay,
  isOnOffer,
  look,
  standing,
  TAKEN,
  taking,
} from './desk.ts';
import { withOurs } from './marks.ts';
import { type Calendar, HELD_UNTIL } from './normalize.ts';
import { isRow, type Placed, type Placing, place, replaced } from './place.ts';
import { removed } from './removing.ts';
import { booking, holding, whoComes } from './resources.ts';
import { Appointment, type Raw } from './wire.ts';

/** Time that is taken for somebody: only where nobody has it, which no server is trusted to see to. */

export async function hold(desk: Desk, command: Hold): Promise<Held> {
  const where = await calendar(desk, command.calendar);
  const { mark, interval, slot, expiresAt } = command;
  const body = holding(where, command);
  const row = await claim(desk, where, slot, {
    ...{ type: 'Appointment', purpose: 'hold', kind: 'hold' },
    ...{ mark, interval, body },
  });
  if (!isRow(row)) return row.outcome === 'done' ? { ...row, expiresAt } : row;
  const { externalId, revision } = row;
  return { outcome: 'done', externalId, revision, sequence: null, expiresAt: row.expiresAt ?? expiresAt };
}

export async function book(desk: Desk, command: Book): Promise<Written> {
  const where = await calendar(desk, command.calendar);
  const { mark, interval, slot } = command;
  const before = command.hold && (await look(desk, command.hold.externalId));
  const held = before && busyIn(desk, where, before);
  if (before && held?.busyKind === 'hold' && held.mark !== null && sameInterval(held.interval, interval)) {
    const known = command.hold?.revision ?? null;
    return known !== null && known !== held.revision ? TAKEN : bookHeld(desk, where, command, before);
  }
  const body = booking(where, command);
  const row = await claim(desk, where, slot, {
    ...{ type: 'Appointment', purpose: 'appointment', kind: 'appointment' },
    ...{ mark, interval, body },
  });
  return isRow(row) ? done(row) : row;
}

/**
 * Looks, makes it, and looks again. What stands already is never taken back, whatever was put over it since: a patient may
 * have been told. That is a conflict, for people to settle.
 */
async function claim(desk: Desk, where: Calendar, slot: string | null, placing: Placing): Promise<Placed> {
  const { type, purpose, mark, interval } = placing;
  const before = await standing(desk, where, type, purpose, mark);
  const same = before.find((row) => row.busyKind === placing.kind && sameInterval(row.interval, interval));
  if (same) return same;
  if ((await taking(desk, where, interval, null)).length > 0) return TAKEN;
  if (slot !== null && !(await isOnOffer(desk, slot, interval))) return TAKEN;
  const placed = await place(desk, where, placing);
  return isRow(placed) ? afterWriting(() => kept(desk, where, placed)) : placed;
}

/** Unless somebody else has the time as well, and it is we who give way. */
async function kept(desk: Desk, where: Calendar, mine: ObservedBusy): Promise<Placed> {
  const others = await taking(desk, where, mine.interval, mine.externalId);
  if (!givesWay(mine, others) || mine.mark === null) return mine;
  await removed(desk, mine.externalId, mine.mark, mine.revision);
  return TAKEN;
}

async function bookHeld(desk: Desk, where: Calendar, command: Book, held: Raw): Promise<Written> {
  const { contained: _, ...rest } = held;
  const { identifier } = Appointment.parse(held);
  const extensions = Array.isArray(held['extension']) ? held['extension'] : [];
  const left = extensions.filter((each: { url?: unknown }) => each.url !== HELD_UNTIL);
  const after = {
    ...rest,
    extension: left.length === 0 ? undefined : left,
    identifier: withOurs(identifier, 'appointment', command.mark),
    status: 'booked',
    ...whoComes(where, command.patient),
  };
  const written = await replaced(
    desk,
    where,
    held,
    after,
    (now) => now.busyKind === 'appointment' && now.mark === command.mark,
  );
  if (written.outcome !== 'done' || written.externalId === null) return written;
  const { externalId } = written;
  return afterWriting(async () => {
    const now = await look(desk, externalId);
    const row = now && busyIn(desk, where, now);
    if (!row) return written;
    const placed = await kept(desk, where, row);
    return isRow(placed) ? done(placed) : placed;
  });
}
