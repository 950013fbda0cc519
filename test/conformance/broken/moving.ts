import { randomUUID } from 'node:crypto';
import { markOf } from '../../../src/adapter/observation.ts';
import { type Broken, broken, brokenOnTheWire, doing, mistaking, recast, rethrow } from './broken.ts';

/** Adapters that move bookings wrongly. */

export const MOVING: readonly Broken[] = [
  broken(
    'moves a booking by making a second one',
    'move-stands',
    doing(
      'move',
      (_, { book }) =>
        ({ calendar, interval, slot }) =>
          book({ calendar, mark: markOf(randomUUID()), interval, slot, patient: null, hold: null }),
    ),
  ),
  broken(
    'moves a booking by cancelling it and booking anew',
    ['move-stands', 'move-ours', 'move-taken', 'move-twice'],
    doing('move', (_, { book, cancel }) => async ({ calendar, mark, known, interval, slot }) => {
      const freed = await cancel({ calendar, mark, known });
      if (freed.outcome !== 'done') return freed;
      return book({ calendar, mark, interval, slot, patient: null, hold: null });
    }),
  ),
  brokenOnTheWire('sends the patient along with the new time', 'move-ours', () => {
    let patient: unknown = null;
    return (request) => {
      const body: unknown = JSON.parse(request.data ?? 'null');
      if (typeof body !== 'object' || body === null) return;
      if ('confirmation' in body) patient = body.confirmation;
      else if (request.method?.toUpperCase() === 'PUT') request.data = JSON.stringify({ ...body, patient });
    };
  }),
  broken(
    'takes a new time that is taken for a booking that is gone',
    'move-taken',
    mistaking('move', 'taken', { outcome: 'gone' }),
  ),
  broken(
    'books anew what is there no more',
    'move-gone',
    doing('move', (right, { book }) => async (command) => {
      const answer = await right(command);
      return answer.outcome === 'gone' ? book({ ...command, patient: null, hold: null }) : answer;
    }),
  ),
  broken(
    'takes what it moved before for gone',
    'move-twice',
    doing('move', (right) => {
      const moved = new Set<string>();
      return async (command) => {
        if (moved.has(command.known.externalId)) return { outcome: 'gone' };
        moved.add(command.known.externalId);
        return right(command);
      };
    }),
  ),
  broken(
    'moves what somebody changed meanwhile',
    'move-changed',
    doing('move', (right) => (command) => right({ ...command, known: { ...command.known, revision: null } })),
  ),
  broken(
    'takes a lost answer to a move for a refusal',
    'move-answer-lost',
    doing('move', (right) => (command) => recast(right(command), ['unsure'], () => ({ outcome: 'taken' }))),
  ),
  broken(
    'takes a lost answer to a move for a platform that is down',
    'move-answer-lost',
    doing('move', (right) => (command) => recast(right(command), ['unsure'], rethrow('unavailable'))),
  ),
];
