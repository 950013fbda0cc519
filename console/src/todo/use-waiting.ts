import { useQuery, useQueryClient } from '@tanstack/react-query';
import { send } from '../api/send.ts';
import type { Conflict, Status, Task, Waiting } from './model.ts';

/** What the page and the count beside its name are both made of: asked once for the two. */

export const WAITING = ['todo'] as const;
const AGAIN_MILLISECONDS = 15_000;

export const useWaiting = () =>
  useQuery({ queryKey: WAITING, queryFn: ({ signal }) => look(signal), refetchInterval: AGAIN_MILLISECONDS });

/** Has it looked at anew, also what is asked of single conflicts. */
export function useLookAgain(): () => void {
  const client = useQueryClient();
  // What is being asked already will tell it too.
  return () => void client.invalidateQueries({ queryKey: WAITING }, { cancelRefetch: false });
}

async function look(signal: AbortSignal): Promise<Waiting> {
  type Listed<Key extends string, Each> = Readonly<Record<Key, readonly Each[]>> & {
    readonly complete: boolean;
  };
  const [conflicts, tasks, status] = await Promise.all([
    send<Listed<'conflicts', Conflict>>('GET', '/api/conflicts', { signal }),
    send<Listed<'tasks', Task>>('GET', '/api/tasks', { signal }),
    send<Status>('GET', '/api/status', { signal }),
  ]);
  return {
    conflicts: conflicts.conflicts,
    tasks: tasks.tasks,
    status,
    complete: conflicts.complete && tasks.complete,
  };
}
