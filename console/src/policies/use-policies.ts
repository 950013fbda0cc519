import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { send } from '../api/send.ts';
import { CONFIGURATION } from '../configuration/use-configuration.ts';
import type { Policy, PolicyList, Preview, Week } from './model.ts';

const POLICIES = ['policies'] as const;
/** Who types a number is not interrupted by every digit of it. */
const SETTLED_MILLISECONDS = 600;

export const usePolicies = () =>
  useQuery({
    queryKey: POLICIES,
    queryFn: ({ signal }) => send<PolicyList>('GET', '/api/policies', { signal }),
    // What is in the form stays as it is until somebody asks for it anew.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** To be called after something was saved, or changed by somebody else. */
export function useReadAgain(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all([POLICIES, CONFIGURATION].map((queryKey) => client.invalidateQueries({ queryKey })));
  };
}

/** What a week would have been; as the form was until the new one is known. */
export function usePreview(scheduleId: string, policy: Policy, week: Week) {
  const settled = useSettled(JSON.stringify(policy));
  const query = useQuery({
    queryKey: [...POLICIES, scheduleId, 'preview', week, settled],
    queryFn: ({ signal }) =>
      send<Preview>('POST', `/api/policies/${encodeURIComponent(scheduleId)}/preview?week=${week}`, {
        body: JSON.parse(settled),
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return { ...query, isBehind: query.isPlaceholderData || settled !== JSON.stringify(policy) };
}

/** The text as it has been for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
