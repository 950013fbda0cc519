import type { Instant } from '../../domain/instant.ts';

/** What is kept of the people who sign in: who they are, by what they prove it, and where they are signed in. */

export type Person = {
  readonly id: string;
  /** By what it signs in here, in lower case; null = its provider signs it in (OpenID Connect). */
  readonly login: string | null;
  readonly name: string;
  /** With spaces between (src/domain/access.ts). */
  readonly scopes: string;
  /** Null = of all. */
  readonly organizationId: string | null;
  readonly isDisabled: boolean;
  readonly createdAt: Instant;
  /** Kind and id of the principal. */
  readonly createdBy: string;
  /** Of argon2id, as text with its parameters; null = it has none (yet, or any more). */
  readonly passwordHash: string | null;
  /** The sealed secret of its codes (RFC 6238); null = it has none. */
  readonly totp: Uint8Array | null;
  readonly passkeys: number;
  /** Those that have not been used. */
  readonly recoveryCodes: number;
  /** The last time that it signed in; null = never. */
  readonly signedInAt: Instant | null;
};

export type NewPerson = Pick<
  Person,
  'id' | 'name' | 'scopes' | 'organizationId' | 'createdAt' | 'createdBy'
> & {
  readonly login: string;
};

/** A link that serves once, to choose a password by. */
export type Invitation = { readonly hash: Uint8Array; readonly expiresAt: Instant };

/** Of hashes. */
export type PasswordChange = { readonly from: string | null; readonly to: string };

export type FromProvider = Pick<Person, 'id' | 'name' | 'scopes' | 'organizationId'> & {
  readonly issuer: string;
  readonly subject: string;
};

export type PersonStore = {
  /** False = another has the login. */
  readonly addPerson: (person: NewPerson, invitation: Invitation) => Promise<boolean>;
  /** By name. */
  readonly people: () => Promise<Person[]>;
  readonly personById: (id: string) => Promise<Person | null>;
  readonly personByLogin: (login: string) => Promise<Person | null>;
  /** Found by issuer and subject, or made; name, scopes and organization become what the provider says now. */
  readonly personFromProvider: (given: FromProvider, at: Instant) => Promise<Person>;
  /** Whom a provider gives nothing any more: no scopes are left, and its sessions end. @returns its id; null = it was never here. */
  readonly takeRights: (issuer: string, subject: string) => Promise<string | null>;
  /** Ends its sessions, and what it was invited by. */
  readonly disablePerson: (id: string) => Promise<void>;
  readonly enablePerson: (id: string) => Promise<void>;
  /** Takes its password away, ends its sessions, and invites it to choose another. */
  readonly invitePerson: (id: string, invitation: Invitation) => Promise<void>;
  readonly invitedPerson: (hash: Uint8Array, at: Instant) => Promise<Person | null>;
  /** The invitation is used up and the password set, at once; ends its sessions. Null = it was used, or is over. */
  readonly acceptInvitation: (hash: Uint8Array, passwordHash: string, at: Instant) => Promise<Person | null>;
  /** Ends its sessions. False = meanwhile it was disabled, or the password is another than `from`. */
  readonly setPassword: (id: string, change: PasswordChange) => Promise<boolean>;
  /** The same password by another hash, where it is still the one of `from`. */
  readonly rehashPassword: (id: string, change: PasswordChange) => Promise<void>;
  readonly personSignedIn: (id: string, at: Instant) => Promise<void>;
};

export type Passkey = {
  /** Credential id, base64url. */
  readonly id: string;
  readonly name: string;
  /** In COSE. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly createdAt: Instant;
};

export type SecondFactorStore = {
  /** @param step that its first code was of. */
  readonly setTotp: (personId: string, sealed: Uint8Array, step: number) => Promise<void>;
  readonly removeTotp: (personId: string) => Promise<void>;
  /** False = a code of this step or of a later one was taken before (RFC 6238, section 5.2). */
  readonly useTotpStep: (personId: string, step: number) => Promise<boolean>;
  readonly replaceRecoveryCodes: (personId: string, hashes: readonly Uint8Array[]) => Promise<void>;
  /** False = there is none such. */
  readonly useRecoveryCode: (personId: string, hash: Uint8Array) => Promise<boolean>;
  readonly passkeysOf: (personId: string) => Promise<Passkey[]>;
  /** False = the credential is known already. */
  readonly addPasskey: (personId: string, passkey: Passkey) => Promise<boolean>;
  /** False = its counter did not grow: it was copied (WebAuthn 3, section 7.2, step 22). */
  readonly passkeyUsed: (id: string, counter: number) => Promise<boolean>;
  readonly removePasskey: (personId: string, id: string) => Promise<void>;
  /** All of it, and ends its sessions. */
  readonly removeSecondFactors: (personId: string) => Promise<void>;
};

/** `password` alone, with a second factor (`both`), or whatever its provider asks for. */
export type Proof = 'password' | 'both' | 'provider';

export type Session = {
  readonly id: string;
  readonly personId: string;
  readonly proof: Proof;
  readonly createdAt: Instant;
  /** When it was last proved who this is. */
  readonly provedAt: Instant;
  /** To a minute or so. */
  readonly usedAt: Instant;
  readonly expiresAt: Instant;
  /** What the browser says of itself. */
  readonly agent: string;
  /** The provider's ID token, sealed, by which it is told of the end; null = there is none. */
  readonly idToken: Uint8Array | null;
};

export type SessionStore = {
  /**
   * @param hash of the cookie, which is not kept.
   * @param passwordHash of the password that was given, which takes its time to check; null = a provider signs it in.
   * False = meanwhile it was disabled, or its password is another.
   */
  readonly addSession: (session: Session, hash: Uint8Array, passwordHash: string | null) => Promise<boolean>;
  /** With who it is of. Null = there is none, it has ended, or was not used since `unusedSince`. */
  readonly sessionByHash: (
    hash: Uint8Array,
    at: Instant,
    unusedSince: Instant,
  ) => Promise<{ readonly session: Session; readonly person: Person } | null>;
  readonly sessionUsed: (id: string, at: Instant) => Promise<void>;
  /** The same session by another cookie: the former serves no more. False = it has ended meanwhile. */
  readonly renewSession: (
    id: string,
    hash: Uint8Array,
    to: Pick<Session, 'proof' | 'provedAt' | 'expiresAt'>,
  ) => Promise<boolean>;
  /** The latest first. */
  readonly sessionsOf: (personId: string, at: Instant, unusedSince: Instant) => Promise<Session[]>;
  readonly endSession: (personId: string, id: string) => Promise<void>;
  readonly endSessionsOf: (personId: string) => Promise<void>;
};

/** How often may be guessed before it has to be waited, and for how long. */
export type AttemptLimit = {
  readonly free: number;
  /** After the first that is not free; doubled with each that follows. */
  readonly waitMilliseconds: number;
  readonly waitMillisecondsMax: number;
};

export type AttemptStore = {
  /**
   * Counts one attempt, before it is known how it ends, so that many at once are counted too.
   * @returns from when on another may be made, where this one may not be: it is not counted then. Null = it may.
   */
  readonly countAttempt: (key: Uint8Array, limit: AttemptLimit, at: Instant) => Promise<Instant | null>;
  /** Those of a key are forgotten. */
  readonly forgetAttempts: (key: Uint8Array) => Promise<void>;
  /** One is taken back: it was right. */
  readonly takeBackAttempt: (key: Uint8Array) => Promise<void>;
};

export type PeopleStore = PersonStore & SecondFactorStore & SessionStore & AttemptStore;
