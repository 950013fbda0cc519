import { useQuery } from '@tanstack/react-query';
import type { Agenda } from '../agenda/model.ts';
import { send } from '../api/send.ts';
import { mayDo, type Session } from '../api/session.ts';
import { type Conflict, type Patient, SIDES, type Side } from './model.ts';

/** `shown`: false = the rights of who asks are not enough. A patient who is not there is known to their platform only. */
export type WhoComes = { readonly shown: boolean; readonly patients: Readonly<Record<Side, Patient | null>> };

const NOBODY: WhoComes = { shown: false, patients: { a: null, b: null } };

/** Who comes to the two bookings of a conflict, to whoever may see it. Asked once, as each time is recorded. */
export function useWhoComes(session: Session, { id, bookings }: Conflict): WhoComes {
  const both = SIDES.map((side) => bookings[side]);
  const times = both.flatMap(({ start, end }) => [Date.parse(start), Date.parse(end)]);
  const window = new URLSearchParams([
    ['from', new Date(Math.min(...times)).toISOString()],
    ['before', new Date(Math.max(...times)).toISOString()],
    ...[...new Set(both.map(({ schedule }) => schedule))].map((schedule) => ['schedule', schedule]),
  ]);
  const { data } = useQuery({
    queryKey: ['who-comes', id, window.toString()],
    queryFn: async ({ signal }): Promise<WhoComes> => {
      const { shows, periods } = await send<Agenda>('GET', `/api/agenda?${window}`, { signal });
      const of = (side: Side) =>
        periods.find((period) => period.id === bookings[side].appointment)?.patient ?? null;
      return { shown: shows.appointments && shows.patients, patients: { a: of('a'), b: of('b') } };
    },
    enabled: mayDo(session, 'Slot', 'r') && mayDo(session, 'Slot', 's'),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  return data ?? NOBODY;
}
