import type { Instant } from '../../domain/instant.ts';
import type { Passkey, PeopleStore, Person } from '../../engine/ports/people.ts';
import {
  hashOfRecoveryCode,
  isRecoveryCode,
  keyUri,
  newRecoveryCodes,
  stepOf,
  typedSecret,
} from './codes.ts';
import type { Lockout } from './lockout.ts';
import {
  authenticated,
  authenticationOptions,
  registered,
  registrationOptions,
  type Site,
} from './passkeys.ts';
import type { Mac, PurposeSeal } from './secrets.ts';
import type { Sessions, Visitor } from './sessions.ts';
import type { SignInEvent } from './sign-in.ts';

/** What is asked for besides the password: how it is set up, and how it is given. */

/** Given: the session goes on by another cookie. */
export type Given =
  | { readonly outcome: 'in'; readonly secret: string }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'wait'; readonly until: Instant };

/** Set up: the codes are shown this once. Null of them = there are some already. */
export type Added = { readonly secret: string; readonly codes: readonly string[] | null };

export type SecondFactors = {
  /** By a code of the telephone, or one of those on paper. */
  readonly giveCode: (visitor: Visitor, code: string, address: string) => Promise<Given>;
  readonly passkeyOptions: (visitor: Visitor, site: Site) => Promise<object>;
  readonly givePasskey: (visitor: Visitor, site: Site, answer: string, address: string) => Promise<Given>;
  /** What the telephone is told: the same until it is set up. */
  readonly offerTotp: (visitor: Visitor) => { readonly uri: string; readonly typed: string };
  /** Null = the code is wrong. */
  readonly addTotp: (visitor: Visitor, code: string, address: string) => Promise<Added | null>;
  readonly removeTotp: (visitor: Visitor, address: string) => Promise<void>;
  readonly passkeys: (personId: string) => Promise<Passkey[]>;
  readonly newPasskeyOptions: (visitor: Visitor, site: Site) => Promise<object>;
  /** Null = what the browser has sent does not serve. */
  readonly addPasskey: (visitor: Visitor, site: Site, given: NewPasskey) => Promise<Added | null>;
  readonly removePasskey: (visitor: Visitor, id: string, address: string) => Promise<void>;
  /** In place of those before. */
  readonly newRecoveryCodes: (personId: string, address: string) => Promise<readonly string[]>;
};

export type NewPasskey = { readonly answer: string; readonly name: string; readonly address: string };

export type SecondFactorDependencies = {
  readonly store: PeopleStore;
  readonly sessions: Pick<Sessions, 'prove'>;
  readonly lockout: Pick<Lockout, 'countCode' | 'succeedCode'>;
  readonly mac: Mac;
  readonly seal: PurposeSeal;
  readonly now: () => Instant;
  readonly onSignIn: (event: SignInEvent) => void;
};

/** RFC 4226, section 4, R6: 160 bits are recommended. */
const TOTP_BYTES = 20;

export function createSecondFactors(dependencies: SecondFactorDependencies): SecondFactors {
  const { store, sessions, lockout, mac, seal, now, onSignIn } = dependencies;
  const purposeOf = (personId: string): string => `TOTP of ${personId}`;
  const challengeOf = (purpose: 'passkey: new' | 'passkey', { secret }: Visitor): Buffer =>
    mac(purpose, secret);
  /** Follows from the session's cookie, which changes when it is set up: nothing has to be kept until then. */
  const offered = ({ secret }: Visitor): Buffer => mac('TOTP', secret).subarray(0, TOTP_BYTES);

  async function byCode({ id, totp }: Person, code: string): Promise<'code' | 'recovery-code' | null> {
    if (isRecoveryCode(code)) {
      return (await store.useRecoveryCode(id, hashOfRecoveryCode(id, code))) ? 'recovery-code' : null;
    }
    if (totp === null) return null;
    const step = stepOf(code, Buffer.from(seal.open('totp', purposeOf(id), totp), 'base64'), now());
    return step !== null && (await store.useTotpStep(id, step)) ? 'code' : null;
  }

  /** @param check by what it was proved; null = it was not. */
  async function give(
    visitor: Visitor,
    address: string,
    check: () => Promise<SignInEvent['by']>,
  ): Promise<Given> {
    const personId = visitor.person.id;
    const until = await lockout.countCode(personId);
    if (until !== null) {
      onSignIn({ kind: 'made-to-wait', by: null, personId, address });
      return { outcome: 'wait', until };
    }
    const by = await check();
    const secret = by === null ? null : await sessions.prove(visitor, 'both');
    onSignIn({ kind: secret === null ? 'refused' : 'signed-in', by, personId, address });
    if (secret === null) return { outcome: 'wrong' };
    await lockout.succeedCode(personId);
    return { outcome: 'in', secret };
  }

  async function newCodes(personId: string): Promise<readonly string[]> {
    const codes = newRecoveryCodes();
    await store.replaceRecoveryCodes(
      personId,
      codes.map((code) => hashOfRecoveryCode(personId, code)),
    );
    return codes;
  }

  async function added(visitor: Visitor, by: SignInEvent['by'], address: string): Promise<Added | null> {
    const { id: personId, recoveryCodes } = visitor.person;
    onSignIn({ kind: 'second-factor-added', by, personId, address });
    const secret = await sessions.prove(visitor, 'both');
    if (secret === null) return null;
    return { secret, codes: recoveryCodes > 0 ? null : await newCodes(personId) };
  }

  return {
    giveCode: (visitor, code, address) => give(visitor, address, () => byCode(visitor.person, code)),
    async passkeyOptions(visitor, site) {
      const known = await store.passkeysOf(visitor.person.id);
      return authenticationOptions(site, known, challengeOf('passkey', visitor));
    },
    givePasskey: (visitor, site, answer, address) =>
      give(visitor, address, async () => {
        const known = await store.passkeysOf(visitor.person.id);
        const found = await authenticated(site, answer, known, challengeOf('passkey', visitor));
        return found && (await store.passkeyUsed(found.id, found.counter)) ? 'passkey' : null;
      }),
    offerTotp(visitor) {
      const secret = offered(visitor);
      const { login, name } = visitor.person;
      return { uri: keyUri(secret, login ?? name), typed: typedSecret(secret) };
    },
    async addTotp(visitor, code, address) {
      const secret = offered(visitor);
      const step = stepOf(code, secret, now());
      if (step === null) return null;
      const { id } = visitor.person;
      await store.setTotp(id, seal.close('totp', purposeOf(id), secret.toString('base64')), step);
      return added(visitor, 'code', address);
    },
    async removeTotp({ person: { id } }, address) {
      await store.removeTotp(id);
      onSignIn({ kind: 'second-factor-removed', by: 'code', personId: id, address });
    },
    passkeys: store.passkeysOf,
    async newPasskeyOptions(visitor, site) {
      const known = await store.passkeysOf(visitor.person.id);
      return registrationOptions(site, visitor.person, known, challengeOf('passkey: new', visitor));
    },
    async addPasskey(visitor, site, { answer, name, address }) {
      const challenge = challengeOf('passkey: new', visitor);
      const passkey = await registered(site, answer, challenge, { name, at: now() });
      if (!passkey || !(await store.addPasskey(visitor.person.id, passkey))) return null;
      return added(visitor, 'passkey', address);
    },
    async removePasskey({ person: { id } }, passkeyId, address) {
      await store.removePasskey(id, passkeyId);
      onSignIn({ kind: 'second-factor-removed', by: 'passkey', personId: id, address });
    },
    async newRecoveryCodes(personId, address) {
      const codes = await newCodes(personId);
      onSignIn({ kind: 'second-factor-added', by: 'recovery-code', personId, address });
      return codes;
    },
  };
}
