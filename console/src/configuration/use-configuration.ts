import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Problem } from '../api/problem.ts';
import { hasDuty, type Session } from '../api/session.ts';
import { type Change, make, readConfiguration, Superseded } from './commands.ts';
import type { Configuration } from './model.ts';

/** Of the query that has it. */
export const CONFIGURATION = ['configuration'] as const;

/** For who may administer. Null = this gateway runs by no file that could be changed. */
export const useConfiguration = (session: Session) =>
  useQuery({
    queryKey: CONFIGURATION,
    queryFn: ({ signal }) =>
      readConfiguration(signal).catch((error: unknown) => {
        // Who is of one organization of several may not change the file of all.
        if (error instanceof Problem && (error.status === 404 || error.status === 403)) return null;
        throw error;
      }),
    enabled: hasDuty(session, 'administer'),
    // What somebody else changes is told by the gateway once it is to be written over.
    refetchOnWindowFocus: false,
  });

/** Makes changes of what was read, and has everything looked at anew that may have changed with them. */
export function useChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ changes, seen }: { changes: readonly Change[]; seen: Configuration }) =>
      make(changes, seen),
    onSuccess: (configuration) => {
      client.setQueryData(CONFIGURATION, configuration);
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== CONFIGURATION[0] });
    },
    onError: (error) => {
      if (error instanceof Superseded) client.setQueryData(CONFIGURATION, error.latest);
      // Of several changes the first ones may have been made.
      else void client.invalidateQueries({ queryKey: CONFIGURATION });
    },
  });
}
