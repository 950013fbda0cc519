import { randomUUID } from 'node:crypto';
import { Fault } from '../../../src/adapter/faults.ts';
import { markOf, type Observation } from '../../../src/adapter/observation.ts';
import { MAKING, type Making, REMOVING } from '../../../src/conformance/commands.ts';
import { HOUR, plus } from '../../../src/domain/instant.ts';
import { interval } from '../../../src/domain/interval.ts';
import {
  type Broken,
  broken,
  brokenOnTheWire,
  DONE,
  doing,
  makingBy,
  mistaking,
  rowPages,
  rows,
  type Spoil,
} from './broken.ts';

/** Adapters that write wrongly. */

const MADE = { block: 'block', hold: 'hold', book: 'appointment', publish: 'slot' } as const;

const isOf = (row: Observation, name: Making): boolean =>
  (row.kind === 'slot' ? 'slot' : row.busyKind) === MADE[name];

/** What is read of what `name` made, in another way. */
const read = (name: Making, change: (row: Observation) => Observation): Spoil =>
  rows((row) => (row.mark !== null && isOf(row, name) ? change(row) : row));

const mistaken = (row: Observation): Observation => {
  if (row.kind === 'slot') return { ...row, attributes: { ...row.attributes, eligibility: ['anyone'] } };
  const instead = { block: 'appointment', hold: 'appointment', appointment: 'hold' } as const;
  return { ...row, busyKind: instead[row.busyKind] };
};

const MISTAKEN: Record<Making, string> = {
  block: 'reads its own block as a booking',
  hold: 'reads its own hold as a booking',
  book: 'reads its own booking as a hold',
  publish: 'publishes what is for some for everybody',
};

const making: readonly Broken[] = MAKING.flatMap((name) => [
  broken(
    `says done of a ${name} that it never sent`,
    [`${name}-stands`, `${name}-echo`],
    makingBy(name, () => async () => DONE),
  ),
  broken(
    `takes the morning of a ${name} for the evening`,
    `${name}-stands`,
    makingBy(name, (right) => (command) => {
      const { start, end } = command.interval;
      return right({ ...command, interval: interval(plus(start, 12 * HOUR), plus(end, 12 * HOUR)) });
    }),
  ),
  broken(
    `names what a ${name} made by a number of its own`,
    `${name}-stands`,
    makingBy(name, (right) => async (command) => {
      const answer = await right(command);
      return answer.outcome === 'done' ? { ...answer, externalId: randomUUID() } : answer;
    }),
  ),
  broken(
    `forgets our mark when it reads what a ${name} made`,
    `${name}-echo`,
    read(name, (row) => ({ ...row, mark: null })),
  ),
  broken(MISTAKEN[name], `${name}-echo`, read(name, mistaken)),
  broken(
    `makes a second thing of the same ${name}`,
    [`${name}-twice`, `${name}-written-again`],
    makingBy(name, (right) => (command) => right({ ...command, mark: markOf(randomUUID()) })),
  ),
  brokenOnTheWire(
    `sends no key with a ${name}`,
    [`${name}-twice`, `${name}-written-again`],
    () =>
      ({ headers }) => {
        headers.delete('idempotency-key');
      },
  ),
  broken(
    `says done and sends no ${REMOVING[name]}`,
    [`${REMOVING[name]}-removes`, `${REMOVING[name]}-gone`],
    doing(REMOVING[name], () => async () => ({ ...DONE, externalId: null })),
  ),
  broken(
    `says done where its ${REMOVING[name]} found nothing`,
    `${REMOVING[name]}-gone`,
    mistaking(REMOVING[name], 'gone', { ...DONE, externalId: null }),
  ),
]);

const taking: readonly Broken[] = (['hold', 'book'] as const).flatMap((name) => [
  broken(
    `throws where a ${name} is refused`,
    `${name}-taken`,
    makingBy(name, (right) => async (command) => {
      const answer = await right(command);
      if (answer.outcome === 'taken') throw new Fault('malformed', 'unexpected HTTP 409');
      return answer;
    }),
  ),
  broken(`says done of a ${name} that was refused`, `${name}-taken`, mistaking(name, 'taken', DONE)),
]);

/** Takes bookings away that are in the way of a block. */
const clearing: Spoil = (platform) => {
  const { block, cancel } = platform.operations;
  if (!block || !cancel) throw new Error('the right adapter blocks and cancels');
  return {
    operations: {
      ...platform.operations,
      block: async (command) => {
        const { calendar, interval: window, mark } = command;
        const signal = AbortSignal.timeout(5_000);
        for await (const page of platform.read({ calendars: [calendar], cursor: null, window, signal })) {
          if (page.kind !== 'rows') continue;
          for (const row of page.rows)
            if (row.kind === 'busy' && row.busyKind === 'appointment')
              await cancel({ calendar, mark, known: row });
        }
        return block(command);
      },
    },
  };
};

const changing: readonly Broken[] = [
  broken(
    'does not read when its hold ends',
    'hold-echo',
    read('hold', (row) => (row.kind === 'busy' ? { ...row, expiresAt: null } : row)),
  ),
  broken(
    'takes the end of its hold, in local time, for UTC',
    'hold-echo',
    read('hold', (row) =>
      row.kind === 'busy' && row.expiresAt !== null
        ? { ...row, expiresAt: plus(row.expiresAt, -4 * HOUR) }
        : row,
    ),
  ),
  broken('declares hold and does not implement it', 'operations-declared', (platform) => {
    const { hold: _, ...operations } = platform.operations;
    return { operations };
  }),
  broken(
    'implements what it does not declare',
    'operations-declared',
    () => ({ webhook: () => ({ outcome: 'hint', calendars: null }) }),
    'establishment',
  ),
  broken('cancels the booking that is in the way of a block', 'block-over-booking', clearing),
  broken(
    'blocks what is free only',
    'block-over-booking',
    doing('block', (right, { hold, release }) => async (command) => {
      const { calendar, interval: time, mark } = command;
      const trial = { calendar, mark: markOf(randomUUID()), interval: time, slot: null };
      const held = await hold({ ...trial, expiresAt: plus(time.start, HOUR) });
      if (held.outcome !== 'done' || held.externalId === null) return { outcome: 'taken' };
      await release({ calendar, mark, known: { externalId: held.externalId, revision: null } });
      return right(command);
    }),
  ),
  broken(
    'makes another block where it should move one',
    'block-moves',
    doing(
      'block',
      (right) =>
        ({ known, ...command }) =>
          right({ ...command, mark: known ? markOf(randomUUID()) : command.mark, known: null }),
    ),
  ),
  broken(
    'says done of a block that was to be moved and is gone',
    'block-changes-gone',
    mistaking('block', 'gone', DONE),
  ),
  broken(
    'takes a booked slot for one that is gone',
    'withdraw-taken',
    mistaking('withdraw', 'taken', { outcome: 'gone' }),
  ),
  broken(
    'books without its hold',
    'book-own-hold',
    doing('book', (right) => (command) => right({ ...command, hold: null })),
  ),
  brokenOnTheWire('leaves the mark of the hold on the booking', 'book-own-hold', () => {
    let held: unknown = null;
    return (request) => {
      const body: unknown = JSON.parse(request.data ?? 'null');
      if (typeof body !== 'object' || body === null || !('referenceExterne' in body)) return;
      if (!request.url?.endsWith('/confirmation')) held = body.referenceExterne;
      else request.data = JSON.stringify({ ...body, referenceExterne: held });
    };
  }),
  broken(
    'releases whatever has that id',
    'release-keeps-booking',
    doing('release', (_, { cancel }) => cancel),
  ),
  broken(
    'removes what somebody changed meanwhile',
    'conditional-write',
    doing(
      'unblock',
      (right) => (command) => right({ ...command, known: { ...command.known, revision: null } }),
    ),
  ),
  brokenOnTheWire('writes on a block for whom the time is closed', 'no-patient-data', () => {
    let patient: unknown = null;
    return (request) => {
      const body: unknown = JSON.parse(request.data ?? 'null');
      if (typeof body !== 'object' || body === null) return;
      if ('confirmation' in body) patient = body.confirmation;
      else request.data = JSON.stringify({ ...body, note: patient });
    };
  }),
  broken('reports with a reading whom it booked for', 'no-patient-data', (platform, options) => {
    const booked: string[] = [];
    const { book } = platform.operations;
    return {
      ...rowPages((page) => ({
        ...page,
        rejected: [...page.rejected, ...booked.map((reason) => ({ externalId: 'x', reason }))],
      }))(platform, options),
      operations: {
        ...platform.operations,
        book: async (command) => {
          booked.push(`booked for ${command.patient?.family}`);
          return (await book?.(command)) ?? { outcome: 'gone' };
        },
      },
    };
  }),
];

export const WRITING: readonly Broken[] = [...making, ...taking, ...changing];
