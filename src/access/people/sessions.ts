import {
  hasDuty,
  PERMISSIONS,
  type Principal,
  permits,
  readScopes,
  type Scopes,
} from '../../domain/access.ts';
import type { Ids } from '../../domain/environment.ts';
import { earlier, type Instant, MINUTE, plus } from '../../domain/instant.ts';
import type { SessionSettings } from '../../domain/sign-in.ts';
import type { Person, Proof, Session, SessionStore } from '../../engine/ports/people.ts';
import { hashOf, newSecret } from './secrets.ts';

/** Where people are signed in (OWASP, «Session Management Cheat Sheet»). */

/** `second-factor`: it still has to be given. `enrol`: one has to be set up first. `full`: all that the scopes allow. */
export type Standing = 'second-factor' | 'enrol' | 'full';

/** Who is signed in by a cookie. */
export type Visitor = {
  readonly session: Session;
  readonly person: Person;
  readonly standing: Standing;
  /** The cookie. */
  readonly secret: string;
};

/** To give the second factor, or to set one up. */
const PENDING_MILLISECONDS = 15 * MINUTE;
/** How often it is written that a session is in use. */
const USED_MILLISECONDS = 1 * MINUTE;
/** For so long after it was proved who this is, passwords and second factors may be changed. */
const FRESH_MILLISECONDS = 15 * MINUTE;
const AGENT_MAX = 300;

export type Sessions = {
  /** @returns the cookie; null = meanwhile it was disabled, or its password is another. */
  readonly begin: (person: Person, proof: Proof, how: Begun) => Promise<string | null>;
  /** Null = nobody is signed in by this cookie, or not any more. */
  readonly find: (secret: string) => Promise<Visitor | null>;
  /** All that is asked for has been proved. @returns the cookie from now on; null = the session has ended meanwhile. */
  readonly prove: (visitor: Visitor, proof: Proof) => Promise<string | null>;
  readonly of: (personId: string) => Promise<Session[]>;
  readonly isFresh: (visitor: Visitor) => boolean;
};

type Begun = {
  readonly agent: string;
  readonly idToken: Uint8Array | null;
  /** When it was last proved who this is; left out = just now. */
  readonly provedAt?: Instant;
};

export function createSessions(
  store: SessionStore,
  settings: SessionSettings,
  ids: Ids,
  now: () => Instant,
): Sessions {
  const { idleMilliseconds, absoluteMilliseconds, secondFactor } = settings;
  const unusedSince = (at: Instant): Instant => plus(at, -idleMilliseconds);
  const endOf = (session: Pick<Session, 'createdAt'>, standing: Standing, at: Instant): Instant => {
    const end = plus(session.createdAt, absoluteMilliseconds);
    return standing === 'full' ? end : earlier(end, plus(at, PENDING_MILLISECONDS));
  };
  return {
    async begin(person, proof, { agent, idToken, provedAt }) {
      const at = now();
      const secret = newSecret();
      const standing = standingOf(person, proof, secondFactor);
      const expiresAt = endOf({ createdAt: at }, standing, at);
      const times = { createdAt: at, provedAt: provedAt ?? at, usedAt: at, expiresAt };
      const session = {
        id: ids.next(),
        personId: person.id,
        proof,
        ...times,
        agent: agent.slice(0, AGENT_MAX),
      };
      const isAdded = await store.addSession({ ...session, idToken }, hashOf(secret), person.passwordHash);
      return isAdded ? secret : null;
    },
    async find(secret) {
      const at = now();
      const found = await store.sessionByHash(hashOf(secret), at, unusedSince(at));
      if (!found) return null;
      const { session, person } = found;
      if (at - session.usedAt >= USED_MILLISECONDS) await store.sessionUsed(session.id, at);
      return { session, person, standing: standingOf(person, session.proof, secondFactor), secret };
    },
    async prove({ session }, proof) {
      const at = now();
      const secret = newSecret();
      const expiresAt = endOf(session, 'full', at);
      const isThere = await store.renewSession(session.id, hashOf(secret), {
        proof,
        provedAt: at,
        expiresAt,
      });
      return isThere ? secret : null;
    },
    of: (personId) => store.sessionsOf(personId, now(), unusedSince(now())),
    isFresh: ({ session }) => now() - session.provedAt <= FRESH_MILLISECONDS,
  };
}

/**
 * Follows from what there is at this moment: who has set up a second factor elsewhere is asked for it here too, and who has taken
 * away one that is demanded sets up another.
 */
export function standingOf(
  person: Pick<Person, 'totp' | 'passkeys' | 'scopes'>,
  proof: Proof,
  secondFactor: SessionSettings['secondFactor'],
): Standing {
  if (proof === 'provider') return 'full';
  if (hasSecondFactor(person)) return proof === 'both' ? 'full' : 'second-factor';
  const isDemanded = secondFactor === 'everyone' || isSensitive(readScopes(person.scopes).scopes);
  return isDemanded ? 'enrol' : 'full';
}

export const hasSecondFactor = ({ totp, passkeys }: Pick<Person, 'totp' | 'passkeys'>): boolean =>
  totp !== null || passkeys > 0;

/** Records that were set aside, which `operate` opens, may name patients too. */
const isSensitive = (scopes: Scopes): boolean =>
  (['administer', 'operate'] as const).some((duty) => hasDuty({ scopes }, duty)) ||
  PERMISSIONS.some((permission) => permits({ scopes }, { type: 'Patient', permission }));

/** What the person may, by whichever session. */
export const principalOf = ({ id, name, organizationId, scopes }: Person): Principal => ({
  kind: 'user',
  id,
  name,
  organizationId,
  scopes: readScopes(scopes).scopes,
});
