import type { Clock, Ids } from '../../domain/environment.ts';
import type { Instant } from '../../domain/instant.ts';
import type { SignInSettings } from '../../domain/sign-in.ts';
import type { PeopleStore } from '../../engine/ports/people.ts';
import type { Seal } from '../../engine/ports/seal.ts';
import { createPasswords } from './passwords.ts';
import { createProvider, type Provider } from './provider.ts';
import { withRecentSessions } from './recent-sessions.ts';
import { createMac, type Mac, type PurposeSeal, sealFor } from './secrets.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSignIn, type SignIn, type SignInEvent } from './sign-in.ts';

/** All that the pages for signing in stand on. */
export type People = {
  readonly signIn: SignIn;
  /** Who was signed in lately, while the database does not answer. */
  readonly recent: { readonly sessions: Pick<Sessions, 'find'> };
  /** Null = people have passwords here only. */
  readonly provider: Provider | null;
  readonly mac: Mac;
  readonly seal: PurposeSeal;
  readonly store: PeopleStore;
  /** Of the demonstration: whoever has it may do everything. Null = there is no such way in. */
  readonly entryKey: string | null;
};

export type PeopleDependencies = {
  readonly settings: SignInSettings;
  readonly entryKey: string | null;
  /** That all processes share; 32 bytes. */
  readonly key: Uint8Array;
  readonly seal: Pick<Seal, 'closeText' | 'openText'>;
  readonly store: PeopleStore;
  readonly ids: Ids;
  readonly clock: Pick<Clock, 'now'>;
  /** What the audit log is told. */
  readonly onSignIn: (event: SignInEvent) => void;
};

export function createPeople({
  settings,
  entryKey,
  key,
  ids,
  clock,
  onSignIn,
  ...given
}: PeopleDependencies): People {
  const { provider, ...sessions } = settings;
  const mac = createMac(key);
  const seal = sealFor(given.seal);
  const now = (): Instant => clock.now();
  const { store, remembered } = withRecentSessions(given.store, now);
  const signIn = createSignIn({
    store,
    passwords: createPasswords(),
    settings: sessions,
    mac,
    seal,
    ids,
    now,
    onSignIn,
  });
  const recent = { sessions: createSessions(remembered, sessions, ids, now) };
  return { signIn, recent, provider: provider && createProvider(provider), mac, seal, store, entryKey };
}
