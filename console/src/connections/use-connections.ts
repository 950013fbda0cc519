import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { send } from '../api/send.ts';
import type { Adapter, History, Listings, Status } from './model.ts';

const STATUS = ['connections'] as const;
/** How they are: who looks at this page in an outage waits for it. */
const STATUS_MILLISECONDS = 3_000;
const LISTINGS_MILLISECONDS = 5_000;
/** There is a sample a minute. */
const HISTORY_MILLISECONDS = 30_000;

const pathOf = (id: string): string => `/api/connections/${encodeURIComponent(id)}`;

export const useStatus = () =>
  useQuery({
    queryKey: STATUS,
    queryFn: ({ signal }) => send<Status>('GET', '/api/status', { signal }),
    refetchInterval: STATUS_MILLISECONDS,
  });

/** To be called after something was done. */
export function useLookAgain(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: STATUS });
}

export const useHistory = (id: string, hours: number) =>
  useQuery({
    queryKey: [...STATUS, id, 'history', hours],
    queryFn: ({ signal }) => send<History>('GET', `${pathOf(id)}/history?hours=${hours}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: HISTORY_MILLISECONDS,
  });

export const useListings = (id: string) =>
  useQuery({
    queryKey: [...STATUS, id, 'listings'],
    queryFn: ({ signal }) => send<Listings>('GET', `${pathOf(id)}/listings?state=differing`, { signal }),
    refetchInterval: LISTINGS_MILLISECONDS,
  });

export const useAdapter = (platform: string) =>
  useQuery({
    queryKey: ['adapter', platform],
    queryFn: ({ signal }) =>
      send<Adapter>('GET', `/api/adapters/${encodeURIComponent(platform)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
