import { useQuery } from '@tanstack/react-query';
import { send } from './send.ts';

/** Who is signed in, as GET /auth/session tells it. */
export type Session = {
  readonly person: { readonly id: string; readonly name: string; readonly login: string | null };
  /** Null = all organizations. */
  readonly organization: string | null;
  readonly scopes: readonly string[];
  readonly standing: 'second-factor' | 'enrol' | 'full';
  /** What changes something is sent with it (X-CSRF-Token). */
  readonly csrfToken: string;
  readonly expiresAt: string;
};

const SESSION_KEY = ['session'] as const;
/** Often enough that who looks at the page all day stays signed in: a session ends when it is not used. */
const RENEW_MILLISECONDS = 5 * 60_000;

export const useSession = () =>
  useQuery({
    queryKey: SESSION_KEY,
    queryFn: () => send<Session>('GET', '/auth/session'),
    retry: false,
    staleTime: RENEW_MILLISECONDS,
    refetchInterval: RENEW_MILLISECONDS,
  });

export type Duty = 'status' | 'operate' | 'administer';

export const hasDuty = ({ scopes }: Session, duty: Duty): boolean => scopes.includes(`passerelle/${duty}`);

/** @param letter of SMART App Launch 2: c, r, u, d, s. */
export const mayDo = ({ scopes }: Session, type: string, letter: string): boolean =>
  scopes.some((scope) => {
    const [, of, letters = ''] = /^system\/(\*|[A-Za-z]+)\.([a-z]+)$/.exec(scope) ?? [];
    return (of === '*' || of === type) && letters.includes(letter);
  });
