import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem.ts';

const TRIES = 3;

/** What was refused is refused again; what nobody answered, or a server that is not well, is asked once more. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      retry: (count, error) =>
        count < TRIES && error instanceof Problem && (error.status === 0 || error.status >= 500),
    },
    mutations: { retry: false },
  },
});
