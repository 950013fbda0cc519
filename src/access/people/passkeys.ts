import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Instant } from '../../domain/instant.ts';
import type { Passkey, Person } from '../../engine/ports/people.ts';

/**
 * Passkeys (Web Authentication) as second factor. A challenge is a MAC of the session's cookie, which is another as soon as a
 * challenge has been met: so nothing is kept of it, and none serves twice.
 */

export type Site = {
  /** As `https://passerelle.example`. */
  readonly origin: string;
  /** Its host name: what passkeys are bound to. */
  readonly hostname: string;
};

/** An address is no relying party (Web Authentication 3, section 5.1.2: a valid domain). */
export const takesPasskeys = ({ hostname }: Site): boolean => !/^[\d.]+$|^\[/.test(hostname);

export const registrationOptions = (
  site: Site,
  person: Person,
  known: readonly Passkey[],
  challenge: Buffer,
): Promise<object> =>
  generateRegistrationOptions({
    rpName: 'Passerelle',
    rpID: site.hostname,
    userName: person.login ?? person.name,
    userDisplayName: person.name,
    userID: new Uint8Array(Buffer.from(person.id)),
    challenge: new Uint8Array(challenge),
    excludeCredentials: known.map(described),
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
  });

/** @param answer as the page sent it. @returns null = it is none of now and here. */
export async function registered(
  site: Site,
  answer: string,
  challenge: Buffer,
  { name, at }: { readonly name: string; readonly at: Instant },
): Promise<Passkey | null> {
  try {
    const verified = await verifyRegistrationResponse({
      response: JSON.parse(answer) as RegistrationResponseJSON,
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: site.origin,
      expectedRPID: site.hostname,
      requireUserVerification: false,
    });
    if (!verified.verified) return null;
    const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
    return { id, name, publicKey, counter, transports, createdAt: at };
  } catch {
    // Whatever a stranger sends is no passkey; the library says so by errors without a common kind.
    return null;
  }
}

export const authenticationOptions = (
  site: Site,
  known: readonly Passkey[],
  challenge: Buffer,
): Promise<object> =>
  generateAuthenticationOptions({
    rpID: site.hostname,
    challenge: new Uint8Array(challenge),
    allowCredentials: known.map(described),
    userVerification: 'preferred',
  });

/** @returns which of them has signed, and its new counter; null = none has. */
export async function authenticated(
  site: Site,
  answer: string,
  known: readonly Passkey[],
  challenge: Buffer,
): Promise<{ readonly id: string; readonly counter: number } | null> {
  try {
    const response = JSON.parse(answer) as AuthenticationResponseJSON;
    const passkey = known.find(({ id }) => id === response.id);
    if (!passkey) return null;
    const verified = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: site.origin,
      expectedRPID: site.hostname,
      credential: {
        ...described(passkey),
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.counter,
      },
      requireUserVerification: false,
    });
    return verified.verified ? { id: passkey.id, counter: verified.authenticationInfo.newCounter } : null;
  } catch {
    return null;
  }
}

const described = ({ id, transports }: Passkey): { id: string; transports: string[] } => ({
  id,
  transports: [...transports],
});
