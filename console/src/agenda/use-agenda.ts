import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { type StreamState, useChanges } from '../api/changes.ts';
import { send } from '../api/send.ts';
import { addDays, type Day, startOf } from '../time/zone.ts';
import { isInFlight } from './entries.ts';
import type { Agenda } from './model.ts';

const AGENDA = 'agenda';
/** While something is on its way to a platform; the stream tells of slots and appointments, not of what platforms know. */
const IN_FLIGHT_MILLISECONDS = 1_000;
/** In case that the stream is lost: nothing is older than this. */
const USUAL_MILLISECONDS = 30_000;

export type AgendaState = {
  readonly agenda: Agenda | undefined;
  readonly error: unknown;
  readonly stream: StreamState;
  readonly refetch: () => void;
};

/** Some days as they stand now, live. @param first in the zone of the clinic. */
export function useAgenda(first: Day, days: number, zone: string): AgendaState {
  const client = useQueryClient();
  const window = new URLSearchParams({
    from: startOf(first, zone),
    before: startOf(addDays(first, days), zone),
  });
  const query = useQuery({
    queryKey: [AGENDA, window.toString()],
    queryFn: ({ signal }) => send<Agenda>('GET', `/api/agenda?${window}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data && isInFlight(state.data) ? IN_FLIGHT_MILLISECONDS : USUAL_MILLISECONDS,
  });
  const schedules = query.data?.schedules.map(({ id }) => `Schedule/${id}`).join(',') ?? '';
  const criteria = schedules === '' ? [] : [`Slot?schedule=${schedules}`, ...appointmentsOf(query.data)];
  const refetch = (): void => void client.invalidateQueries({ queryKey: [AGENDA] });
  const stream = useChanges(criteria, refetch);
  return { agenda: query.data, error: query.error, stream, refetch };
}

function appointmentsOf(agenda: Agenda | undefined): readonly string[] {
  if (!agenda?.shows.appointments) return [];
  const actors = new Set(agenda.schedules.map(({ practitioner }) => `Practitioner/${practitioner.id}`));
  return [`Appointment?actor=${[...actors].join(',')}`];
}
