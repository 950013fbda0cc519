import { earlier, HOUR, type Instant, plus } from '../../domain/instant.ts';
import type { PeopleStore, Session } from '../../engine/ports/people.ts';

/**
 * Which sessions were found in the database lately, so that who was signed in can be told while it does not answer. For what needs
 * that and nothing else: docs/decisions/0034.
 */

type Found = NonNullable<Awaited<ReturnType<PeopleStore['sessionByHash']>>>;

export type RecentSessions = {
  /** The same store; what it finds is remembered, and what it ends is forgotten. */
  readonly store: PeopleStore;
  /** The same store as if it were away: it finds what is remembered, and writes down nothing of it. */
  readonly remembered: PeopleStore;
};

/** Since it was last found. */
const REMEMBERED_MILLISECONDS = 12 * HOUR;
/** More are not signed in at one process; who comes then is not remembered. */
const REMEMBERED_MAX = 10_000;

export function withRecentSessions(store: PeopleStore, now: () => Instant): RecentSessions {
  const recent = new Map<string, { readonly found: Found; readonly until: Instant }>();
  /** How often something was forgotten: what was read before that may be over. */
  let changes = 0;
  const keyOf = (hash: Uint8Array): string => Buffer.from(hash).toString('base64');

  function forget(isIt: (session: Session) => boolean): void {
    changes += 1;
    for (const [key, { found }] of recent) if (isIt(found.session)) recent.delete(key);
  }

  function remember(key: string, found: Found | null): void {
    recent.delete(key);
    if (!found) return;
    if (recent.size >= REMEMBERED_MAX) {
      for (const [each, { until }] of recent) if (until <= now()) recent.delete(each);
    }
    if (recent.size >= REMEMBERED_MAX) return;
    const until = earlier(found.session.expiresAt, plus(now(), REMEMBERED_MILLISECONDS));
    const { session, person } = found;
    recent.set(key, {
      found: { session: { ...session, idToken: null }, person: { ...person, passwordHash: null } },
      until,
    });
  }

  /** Before it is done, since it may be done though the answer is lost. */
  const forgetting =
    <Rest extends unknown[], Result>(change: (personId: string, ...rest: Rest) => Promise<Result>) =>
    (personId: string, ...rest: Rest): Promise<Result> => {
      forget((session) => session.personId === personId);
      return change(personId, ...rest);
    };

  return {
    store: {
      ...store,
      async sessionByHash(hash, at, unusedSince) {
        const before = changes;
        const found = await store.sessionByHash(hash, at, unusedSince);
        remember(keyOf(hash), before === changes ? found : null);
        return found;
      },
      renewSession: (id, ...rest) => {
        forget((session) => session.id === id);
        return store.renewSession(id, ...rest);
      },
      disablePerson: forgetting(store.disablePerson),
      invitePerson: forgetting(store.invitePerson),
      setPassword: forgetting(store.setPassword),
      removeSecondFactors: forgetting(store.removeSecondFactors),
      endSession: forgetting(store.endSession),
      endSessionsOf: forgetting(store.endSessionsOf),
    },
    remembered: {
      ...store,
      async sessionByHash(hash) {
        const kept = recent.get(keyOf(hash));
        return kept && kept.until > now() ? kept.found : null;
      },
      sessionUsed: async () => undefined,
    },
  };
}
