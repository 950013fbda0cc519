import { writeScopes } from '../../domain/access.ts';
import type { Ids } from '../../domain/environment.ts';
import { HOUR, type Instant, plus } from '../../domain/instant.ts';
import type { SessionSettings } from '../../domain/sign-in.ts';
import type { Invitation, PeopleStore, Person } from '../../engine/ports/people.ts';
import { commonPasswords } from './common-passwords.ts';
import { createLockout, type Lockout } from './lockout.ts';
import { type PasswordProblem, passwordProblem } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import type { Identified, Unentitled } from './provider.ts';
import { createSecondFactors, type SecondFactors } from './second-factors.ts';
import { hashOf, isSame, type Mac, newSecret, type PurposeSeal } from './secrets.ts';
import { createSessions, type Sessions, type Visitor } from './sessions.ts';

/** How people sign in, and what they sign in by. Knows no HTTP. */

/** For the audit log: never with a login that somebody typed, since it may be a password in the wrong field. */
export type SignInEvent = {
  readonly kind:
    | 'signed-in'
    | 'refused'
    | 'made-to-wait'
    | 'signed-out'
    | 'password-set'
    | 'second-factor-added'
    | 'second-factor-removed';
  readonly by: 'password' | 'code' | 'recovery-code' | 'passkey' | 'provider' | null;
  /** Null = nobody that is known. */
  readonly personId: string | null;
  readonly address: string;
};

export type Credentials = {
  readonly login: string;
  readonly password: string;
  /** The cookie of browsers that somebody has signed in by before; empty = it has none. */
  readonly device: string;
  readonly from: From;
};

export type From = {
  readonly address: string;
  /** That the address stands for: of IPv6 the /64. */
  readonly network: string;
  readonly agent: string;
};

export type SignedIn =
  | { readonly outcome: 'in'; readonly secret: string; readonly device: string }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'wait'; readonly until: Instant };

export type SignIn = {
  readonly sessions: Sessions;
  readonly secondFactors: SecondFactors;
  readonly lockout: Lockout;
  /** @throws Busy */
  readonly withPassword: (credentials: Credentials) => Promise<SignedIn>;
  /** Null = an administrator has shut it out. */
  readonly withProvider: (identified: Identified, from: From) => Promise<string | null>;
  /** The provider knows who it is, and gives it nothing: what it had here before ends. */
  readonly withoutRights: (who: Unentitled, from: From) => Promise<void>;
  readonly newInvitation: () => { readonly secret: string; readonly invitation: Invitation };
  readonly invited: (secret: string) => Promise<Person | null>;
  /** Takes the invitation and signs in. Null = it was used meanwhile, or is over. @throws Busy */
  readonly accept: (
    secret: string,
    password: string,
    from: From,
  ) => Promise<PasswordProblem | { readonly secret: string; readonly device: string } | null>;
  /** Ends all sessions, and begins another where the password of now is right. @throws Busy */
  readonly changePassword: (
    visitor: Visitor,
    passwords: { readonly now: string; readonly next: string },
    from: From,
  ) => Promise<PasswordProblem | 'wrong' | { readonly wait: Instant } | { readonly secret: string }>;
  readonly signOut: (visitor: Visitor, address: string) => Promise<{ readonly idToken: string | null }>;
  readonly onSignIn: (event: SignInEvent) => void;
};

export type SignInDependencies = {
  readonly store: PeopleStore;
  readonly passwords: Passwords;
  readonly settings: SessionSettings;
  readonly mac: Mac;
  readonly seal: PurposeSeal;
  readonly ids: Ids;
  readonly now: () => Instant;
  readonly onSignIn: (event: SignInEvent) => void;
};

const INVITATION_MILLISECONDS = 72 * HOUR;
const ID_TOKEN = 'ID token';

export function createSignIn(dependencies: SignInDependencies): SignIn {
  const { store, passwords, settings, mac, seal, ids, now, onSignIn } = dependencies;
  const sessions = createSessions(store, settings, ids, now);
  const lockout = createLockout(store, mac, now);
  const devices = knownDevices(mac);

  async function begin(person: Person, by: 'password' | 'provider', from: From, idToken: string | null) {
    const proof = by === 'password' ? 'password' : 'provider';
    const sealed = idToken === null ? null : seal.close('sign-in', ID_TOKEN, idToken);
    const secret = await sessions.begin(person, proof, { agent: from.agent, idToken: sealed });
    if (secret === null) return null;
    await store.personSignedIn(person.id, now());
    onSignIn({ kind: 'signed-in', by, personId: person.id, address: from.address });
    return secret;
  }

  /** With a hash by the parameters of now. @throws Busy */
  async function rehashed(person: Person, password: string): Promise<Person> {
    const { id, passwordHash: from } = person;
    if (from === null || passwords.isCurrent(from)) return person;
    const to = await passwords.hash(password);
    await store.rehashPassword(id, { from, to });
    return { ...person, passwordHash: to };
  }

  const problemOf = async (password: string, { login, name }: Person): Promise<PasswordProblem | null> => {
    const common = await commonPasswords();
    return passwordProblem(password, ['passerelle', login ?? '', name], (text) => common.has(text));
  };

  return {
    sessions,
    lockout,
    secondFactors: createSecondFactors({ store, sessions, lockout, mac, seal, now, onSignIn }),
    onSignIn,
    async withPassword({ login: typed, password, device, from }) {
      const login = loginOf(typed);
      const attempt = { login, network: from.network, device: devices.of(device, login) };
      const until = await lockout.count(attempt);
      if (until !== null) {
        onSignIn({ kind: 'made-to-wait', by: 'password', personId: null, address: from.address });
        return { outcome: 'wait', until };
      }
      const person = await store.personByLogin(login);
      const isRight = await passwords.verify(person?.passwordHash ?? null, password);
      const isIn = isRight && person !== null && !person.isDisabled;
      if (isIn) await lockout.succeed(attempt);
      const secret = isIn ? await begin(await rehashed(person, password), 'password', from, null) : null;
      if (secret !== null) return { outcome: 'in', secret, device: devices.with(device, login) };
      onSignIn({ kind: 'refused', by: 'password', personId: person?.id ?? null, address: from.address });
      return { outcome: 'wrong' };
    },
    async withProvider(identified, from) {
      const { idToken, scopes, ...who } = identified;
      const given = { ...who, id: ids.next(), scopes: writeScopes(scopes) };
      const person = await store.personFromProvider(given, now());
      const secret = person.isDisabled ? null : await begin(person, 'provider', from, idToken);
      if (secret === null)
        onSignIn({ kind: 'refused', by: 'provider', personId: person.id, address: from.address });
      return secret;
    },
    async withoutRights({ issuer, subject }, from) {
      const personId = await store.takeRights(issuer, subject);
      onSignIn({ kind: 'refused', by: 'provider', personId, address: from.address });
    },
    newInvitation() {
      const secret = newSecret();
      return {
        secret,
        invitation: { hash: hashOf(secret), expiresAt: plus(now(), INVITATION_MILLISECONDS) },
      };
    },
    invited: (secret) => store.invitedPerson(hashOf(secret), now()),
    async accept(secret, password, from) {
      const invited = await store.invitedPerson(hashOf(secret), now());
      if (!invited) return null;
      const problem = await problemOf(password, invited);
      if (problem !== null) return problem;
      const person = await store.acceptInvitation(hashOf(secret), await passwords.hash(password), now());
      if (!person) return null;
      onSignIn({ kind: 'password-set', by: null, personId: person.id, address: from.address });
      const begun = await begin(person, 'password', from, null);
      return begun === null ? null : { secret: begun, device: devices.with('', person.login ?? '') };
    },
    async changePassword({ person, session }, { now: current, next }, from) {
      const told = (kind: SignInEvent['kind']): void =>
        onSignIn({ kind, by: 'password', personId: person.id, address: from.address });
      const wait = await lockout.countCode(person.id);
      if (wait !== null) {
        told('made-to-wait');
        return { wait };
      }
      if (!(await passwords.verify(person.passwordHash, current))) {
        told('refused');
        return 'wrong';
      }
      await lockout.succeedCode(person.id);
      const problem = await problemOf(next, person);
      if (problem !== null) return problem;
      const passwordHash = await passwords.hash(next);
      if (!(await store.setPassword(person.id, { from: person.passwordHash, to: passwordHash })))
        return 'wrong';
      told('password-set');
      // A password does not stand for the second factor by which it was proved who this is.
      const proved = session.proof === 'both' ? { provedAt: session.provedAt } : {};
      const how = { agent: from.agent, idToken: null, ...proved };
      const secret = await sessions.begin({ ...person, passwordHash }, session.proof, how);
      return secret === null ? 'wrong' : { secret };
    },
    async signOut({ person, session }, address) {
      await store.endSession(person.id, session.id);
      onSignIn({ kind: 'signed-out', by: null, personId: person.id, address });
      return { idToken: session.idToken && seal.open('sign-in', ID_TOKEN, session.idToken) };
    },
  };
}

/** As it is kept: whoever types capitals or a space after it means the same. */
export const loginOf = (typed: string): string => typed.normalize('NFKC').trim().toLowerCase();

/** So many people of one browser are known. */
const DEVICES_MAX = 5;
const BETWEEN = '~';

/** A cookie of `<nonce>.<mac>` for each person that has signed in by this browser; it lets nobody in. */
function knownDevices(mac: Mac) {
  const signed = (nonce: string, login: string): string =>
    `${nonce}.${mac('device', login, nonce).toString('base64url')}`;
  const entries = (cookie: string): string[] =>
    cookie
      .split(BETWEEN)
      .filter((each) => each !== '')
      .slice(0, DEVICES_MAX);
  const nonceOf = (entry: string): string => entry.split('.')[0] ?? '';
  const isOf = (entry: string, login: string): boolean => isSame(entry, signed(nonceOf(entry), login));
  return {
    /** Null = nobody of this login has signed in by it. */
    of(cookie: string, login: string): string | null {
      const entry = entries(cookie).find((each) => isOf(each, login));
      return entry === undefined ? null : nonceOf(entry);
    },
    with(cookie: string, login: string): string {
      const others = entries(cookie).filter((each) => !isOf(each, login));
      return [signed(newSecret(), login), ...others].slice(0, DEVICES_MAX).join(BETWEEN);
    },
  };
}
