import type { Instant } from '../../domain/instant.ts';
import { MINUTE } from '../../domain/instant.ts';
import type { AttemptLimit, AttemptStore } from '../../engine/ports/people.ts';
import type { Mac } from './secrets.ts';

/**
 * Guessing is made slow (OWASP, «Authentication Cheat Sheet», account lockout) so that it never locks out for good: a wait
 * doubles up to a quarter of an hour. Attempts are counted by account, whether there is such an account or not, and by address.
 * A browser that the person has signed in by before is counted by itself (OWASP, «Slow Down Online Guessing Attacks with
 * Device Cookies»), so that strangers who guess at an account make only strangers wait.
 */

const ACCOUNT: AttemptLimit = { free: 5, waitMilliseconds: MINUTE, waitMillisecondsMax: 15 * MINUTE };
/** A whole clinic may come from one address. */
const NETWORK: AttemptLimit = { free: 50, waitMilliseconds: MINUTE, waitMillisecondsMax: 15 * MINUTE };

export type Attempt = {
  readonly login: string;
  readonly network: string;
  /** What marks a browser that the person has signed in by before; null = it is a stranger's. */
  readonly device: string | null;
};

export type Lockout = {
  /** Counts one. @returns from when on another may be made, where this one may not be. Null = it may. */
  readonly count: (attempt: Attempt) => Promise<Instant | null>;
  /** It was right: those before are forgotten. */
  readonly succeed: (attempt: Attempt) => Promise<void>;
  /** Of codes, by the person: whoever guesses at these has the password. */
  readonly countCode: (personId: string) => Promise<Instant | null>;
  readonly succeedCode: (personId: string) => Promise<void>;
  /** An administrator has invited it anew. */
  readonly forget: (login: string, personId: string) => Promise<void>;
};

export function createLockout(store: AttemptStore, mac: Mac, now: () => Instant): Lockout {
  const byAccount = (login: string): Buffer => mac('attempts by account', login);
  const byCode = (personId: string): Buffer => mac('attempts by code', personId);
  const byNetwork = (network: string): Buffer => mac('attempts by network', network);
  const ownOf = ({ login, device }: Attempt): Buffer =>
    device === null ? byAccount(login) : mac('attempts by device', login, device);
  return {
    async count(attempt) {
      const refused = await store.countAttempt(ownOf(attempt), ACCOUNT, now());
      if (refused !== null || attempt.device !== null) return refused;
      return store.countAttempt(byNetwork(attempt.network), NETWORK, now());
    },
    async succeed(attempt) {
      await store.forgetAttempts(ownOf(attempt));
      if (attempt.device === null) await store.takeBackAttempt(byNetwork(attempt.network));
    },
    countCode: (personId) => store.countAttempt(byCode(personId), ACCOUNT, now()),
    succeedCode: (personId) => store.forgetAttempts(byCode(personId)),
    async forget(login, personId) {
      await store.forgetAttempts(byAccount(login));
      await store.forgetAttempts(byCode(personId));
    },
  };
}
