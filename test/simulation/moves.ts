import { type Evidence, MARK, when } from './checker.ts';
import { CONNECTIONS, type ConnectionId } from './clinic.ts';
import type { Party, Settled } from './settlements.ts';
import type { Visit } from './visits.ts';

/** Bookings that their own platform gave another time, since it knows who comes. */

/** Whose booking its own platform gave another time: it is the same one there. */
export const movedIds = (rows: readonly Settled[]): ReadonlySet<string> =>
  new Set(rows.flatMap((row) => movedOf(row)?.id ?? []));

export const movedOf = ({ movedSide, movedTo, a, b }: Settled): Party | null => {
  const party = movedSide === 'a' ? a : movedSide === 'b' ? b : null;
  return party?.id === movedTo ? party : null;
};

/**
 * Of moves by the platforms themselves: each that we say has been stood at another time there, also where the patient was
 * faster with the same wish, and each that they did for us was asked for, whether or not its answer ever came.
 */
export async function moves(evidence: Evidence, rows: readonly Settled[]): Promise<string[]> {
  const { sites, database, orders, moves: asked } = evidence;
  const known = await database.query<{
    connection_id: ConnectionId;
    external_id: string;
    subject_id: string;
  }>(
    `select connection_id, external_id, subject_id from listing where kind = 'booking' and external_id is not null`,
  );
  const everMoved = (id: string): boolean =>
    known
      .filter(({ subject_id }) => subject_id === id)
      .some(({ connection_id, external_id }) => sites[connection_id].visits.wasMoved(external_id));
  const ordered = new Set(
    rows.flatMap(({ conflictId, a, b }) =>
      orders.some((order) => order.conflictId === conflictId && order.resolution === 'move')
        ? [a.id, b.id]
        : [],
    ),
  );
  const isOrdered = (connectionId: ConnectionId, { id, reference }: Visit): boolean =>
    asked.some(({ appointmentId }) => reference === `${MARK}${appointmentId}`) ||
    known.some(
      (row) => row.connection_id === connectionId && row.external_id === id && ordered.has(row.subject_id),
    );
  return [
    ...rows.flatMap((row) => {
      const moved = movedOf(row);
      if (!moved || everMoved(moved.id)) return [];
      return [`said to be moved, and never was: ${when(row.actor, moved.interval)}`];
    }),
    ...CONNECTIONS.flatMap((connectionId) =>
      sites[connectionId].visits.moved
        .filter((visit) => !isOrdered(connectionId, visit))
        .map(
          ({ calendar, interval }) => `moved by us, for nobody: ${connectionId} ${when(calendar, interval)}`,
        ),
    ),
  ];
}
