import type { Block, Operations, Remove, Written } from '../../src/adapter/contract.ts';
import type { Mark } from '../../src/adapter/observation.ts';
import { type Interval, sameInterval } from '../../src/domain/interval.ts';
import { book, hold } from './booking.ts';
import { afterWriting, busyIn, calendar, type Desk, done, GONE, look, TAKEN } from './desk.ts';
import type { Calendar } from './normalize.ts';
import { isRow, place, replaced } from './place.ts';
import { removed } from './removing.ts';
import { blockingAppointment, blockingSlot, timesOf } from './resources.ts';

/** Writes. No FHIR server has to refuse an overlap, and few do, so: look, write, read back, and look again. */

type Offered = Pick<Operations, 'block' | 'unblock' | 'hold' | 'release' | 'book' | 'cancel'>;

export const createOperations = (desk: Desk): Offered => ({
  block: (command) => block(desk, command),
  unblock: (command) => remove(desk, command),
  hold: (command) => hold(desk, command),
  release: (command) => remove(desk, command),
  book: (command) => book(desk, command),
  cancel: (command) => remove(desk, command),
});

async function block(desk: Desk, command: Block): Promise<Written> {
  const where = await calendar(desk, command.calendar);
  if (command.known !== null) {
    const { externalId, revision } = command.known;
    return retime(desk, where, { ...command, externalId, revision });
  }
  const type = desk.settings.blocks === 'slot' ? 'Slot' : 'Appointment';
  const body = type === 'Slot' ? blockingSlot(where, command) : blockingAppointment(where, command);
  const placed = await place(desk, where, { type, purpose: 'block', kind: 'block', body, ...command });
  if (!isRow(placed)) return placed;
  // The same command before, whose time was another one.
  if (sameInterval(placed.interval, command.interval)) return done(placed);
  return afterWriting(() =>
    retime(desk, where, { ...command, externalId: placed.externalId, revision: placed.revision }),
  );
}

type Retiming = {
  readonly mark: Mark;
  readonly interval: Interval;
  readonly externalId: string;
  readonly revision: string | null;
};

async function retime(
  desk: Desk,
  where: Calendar,
  { mark, interval, externalId, revision }: Retiming,
): Promise<Written> {
  const resource = await look(desk, externalId);
  const row = resource && busyIn(desk, where, resource);
  if (!resource || !row) return GONE;
  if (row.mark !== mark) return TAKEN;
  // Also the same command again, whose answer was lost.
  if (sameInterval(row.interval, interval)) return done(row);
  if (revision !== null && revision !== row.revision) return TAKEN;
  return replaced(desk, where, resource, { ...resource, ...timesOf(interval) }, (now) =>
    sameInterval(now.interval, interval),
  );
}

const remove = (desk: Desk, { mark, known }: Remove): Promise<Written> =>
  removed(desk, known.externalId, mark, known.revision);
